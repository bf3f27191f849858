"""The one writer of a case's files: locked, all or nothing, and careful with what the user wrote.

Changes are staged, written aside and flushed to disk, listed in a journal, and only then put in place. Killed
at any moment, the case is what it was, or the next writer finishes what the journal lists.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any
from typing import Self

import filelock

from ledger.i18n import _

WORK_FOLDER = ".grant"
_JOURNAL = "journal.json"
_LOCK = "lock"
_WAIT_SECONDS = 10
_BOM = b"\xef\xbb\xbf"


class WriteRefusedError(Exception):
    """Nothing was written; the message says why."""


class CaseWriter:
    """Writes to one case folder: `with CaseWriter(folder) as writer: … writer.commit()`.

    Entering takes the case's lock (WriteRefusedError where another writer keeps it) and finishes a writing that was
    cut off. Without `commit` nothing is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._work = folder / WORK_FOLDER
        self._lock = filelock.FileLock(str(self._work / _LOCK), timeout=_WAIT_SECONDS)
        self._seen: dict[Path, str | None] = {}
        self._new: dict[Path, bytes] = {}
        self._moves: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        self._work.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except filelock.Timeout:
            raise WriteRefusedError(_("另一個程式正在寫入這個案件,請稍後再試")) from None
        recover(self.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    # --- staging ---------------------------------------------------------------------------------------

    def text(self, name: str) -> str:
        """The text of a file of the case, as it will be after what is staged; empty where there is none."""
        path = self._path(name)
        if path in self._new:
            return self._new[path].decode("utf-8")
        data = path.read_bytes() if path.is_file() else None
        self._seen.setdefault(path, _digest(data))
        return (data or b"").removeprefix(_BOM).decode("utf-8")

    def write(self, name: str, text: str) -> None:
        """Stage a file's whole new text."""
        self.text(name)
        self._new[self._path(name)] = text.encode("utf-8")

    def append(self, name: str, text: str) -> None:
        """Stage an addition at a file's end; what stands there, and its kind of line ends, is kept."""
        old = self.text(name)
        if "\r\n" in old:
            text = text.replace("\n", "\r\n")
        gap = "" if not old or old.endswith("\n") else ("\r\n" if "\r\n" in old else "\n")
        self._new[self._path(name)] = (old + gap + text).encode("utf-8")

    def expect(self, name: str, digest: str | None) -> None:
        """Refuse at commit unless the file still has this digest (see `file_digest`)."""
        self._seen[self._path(name)] = digest

    def move(self, source: Path, name: str) -> None:
        """Stage moving a file (of the case, or from outside) to a place in the case."""
        self._moves.append((source.resolve(), self._path(name)))

    def copy(self, source: Path, name: str) -> None:
        """Stage a copy of a file from outside the case."""
        self._new[self._path(name)] = source.read_bytes()

    def _path(self, name: str) -> Path:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise WriteRefusedError(_("檔案不在案件資料夾內:{name}").format(name=name))
        return path

    @property
    def staged(self) -> list[Path]:
        """The files that a commit will write, relative to the case."""
        base = self.folder.resolve()
        return sorted(path.relative_to(base) for path in self._new)

    # --- committing ------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Put everything staged in place. Raises WriteRefusedError where a file changed since it was read."""
        for path, digest in self._seen.items():
            if path in self._new and file_digest(path) != digest:
                raise WriteRefusedError(
                    _("{name} 在這期間被別的程式改過,沒有寫入任何東西;請重試").format(name=path.name)
                )
        steps: list[dict[str, str]] = []
        for index, (path, content) in enumerate(self._new.items()):
            aside = self._work / f"new-{index}"
            _write_through(aside, content)
            steps.append({"from": str(aside), "to": str(path)})
        steps += [{"from": str(source), "to": str(target)} for source, target in self._moves]
        if not steps:
            return
        journal = self._work / _JOURNAL
        draft = self._work / (_JOURNAL + ".draft")
        _write_through(draft, json.dumps(steps, ensure_ascii=False).encode("utf-8"))
        draft.replace(journal)
        _flush_folder(self._work)
        recover(self.folder)
        self._seen, self._new, self._moves = {}, {}, []


def recover(folder: Path) -> None:
    """Finish a writing that was cut off after its journal was complete; undo nothing else."""
    work = folder / WORK_FOLDER
    journal = work / _JOURNAL
    if journal.is_file():
        steps: list[dict[str, Any]] = json.loads(journal.read_text(encoding="utf-8"))
        for step in steps:
            _put(Path(step["from"]), Path(step["to"]))
        journal.unlink()
        _flush_folder(work)
    for leftover in work.glob("new-*"):
        leftover.unlink()


def _put(source: Path, target: Path) -> None:
    """Move into place; a source that is gone was moved before the writing was cut off."""
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError:  # another file system: copy aside first, so that the target is never half a file
        aside = target.with_name(target.name + ".part")
        shutil.copyfile(source, aside)
        aside.replace(target)
        source.unlink()
    _flush_folder(target.parent)


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    """Make renames durable where the system can (POSIX); Windows has no such call."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None where there is no file."""
    return _digest(path.read_bytes() if path.is_file() else None)
