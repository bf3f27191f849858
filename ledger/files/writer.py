"""The one writer of a case's files: locked, all or nothing, and careful with what the user wrote.

Changes are staged, written aside and flushed to disk, listed in a journal, and only then put in place. Killed
at any moment, the case is what it was, or the next writer finishes what the journal lists.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

import filelock

from ledger.errors import GrantError
from ledger.util.i18n import _

WORK_FOLDER = ".grant"
_JOURNAL = "journal.json"
_LOCK = "lock"
_WAIT_SECONDS = 10
_BOM = b"\xef\xbb\xbf"


class WriteRefusedError(GrantError):
    """Nothing was written; the message says why."""


class Places:
    """Paths of a case, links followed; each folder is followed once, for thousands of files lie in one."""

    def __init__(self, folder: Path) -> None:
        self.base = folder.resolve()
        self._folders: dict[str, Path] = {}

    def resolved(self, path: Path) -> Path:
        """`path.resolve()`."""
        if path.name in {"", ".."} or path.is_symlink():
            return path.resolve()
        parent = str(path.parent)
        if parent not in self._folders:
            self._folders[parent] = path.parent.resolve()
        return self._folders[parent] / path.name

    def inside(self, name: str) -> Path:
        """The place of a name within the case. Raises ValueError where it lies elsewhere."""
        path = self.resolved(self.base / name)
        if not path.is_relative_to(self.base):
            raise ValueError(name)
        return path


class CaseWriter:
    """Writes to one case folder: `with CaseWriter(folder) as writer: … writer.commit()`.

    Entering takes the case's lock (WriteRefusedError where another writer keeps it) and finishes a writing that was
    cut off. Without `commit` nothing is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = Places(folder)
        self._work = folder / WORK_FOLDER
        self._lock = filelock.FileLock(str(self._work / _LOCK), timeout=_WAIT_SECONDS)
        self._reset()

    def _reset(self) -> None:
        self._seen: dict[Path, str | None] = {}  # as read, for what is written
        self._expected: dict[Path, str | None] = {}  # as the caller knows it, written or not
        self._new: dict[Path, bytes] = {}
        self._added: set[Path] = set()  # of what is written: papers, which never take another's place
        self._moves: list[tuple[Path, Path]] = []
        self._taken: list[Path] = []  # files to remove once their bytes are in the case

    def __enter__(self) -> Self:
        try:
            self._work.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except filelock.Timeout:
            raise WriteRefusedError(_("另一個程式正在寫入這個案件,請稍後再試")) from None
        except OSError as error:
            raise WriteRefusedError(
                _("案件資料夾不能寫入:{reason}").format(reason=error.strerror or error)
            ) from error
        try:
            recover(self.folder)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    # --- staging ---------------------------------------------------------------------------------------

    def text(self, name: str) -> str:
        """The text of a file of the case, as it will be after what is staged; empty where there is none."""
        path = self._path(name)
        data = self._new.get(path)
        if data is None:
            data = path.read_bytes() if path.is_file() else None
            self._seen.setdefault(path, _digest(data))
        try:
            return (data or b"").removeprefix(_BOM).decode("utf-8")
        except UnicodeDecodeError:
            raise WriteRefusedError(_("{name} 不是 UTF-8 文字檔,沒有更動").format(name=name)) from None

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
        self._expected[self._path(name)] = digest

    def move(self, source: Path, name: str) -> None:
        """Stage moving a file (of the case, or from outside) to a place in the case that is still free."""
        source = self._place.resolved(source)
        if source.is_relative_to(self._place.base):
            self._moves.append((source, self._path(name)))
        else:
            self.copy(source, name)
            self._taken.append(source)

    def copy(self, source: Path, name: str) -> None:
        """Stage a copy of a file to a place in the case that is still free."""
        self.add(source.read_bytes(), name)

    def add(self, content: bytes, name: str) -> None:
        """Stage a new file at a place in the case that is still free."""
        path = self._path(name)
        self._new[path] = content
        self._added.add(path)

    def discard(self, source: Path) -> None:
        """Stage the removal of a file whose very bytes stand in the case already."""
        self._taken.append(source)

    def _path(self, name: str) -> Path:
        base = self._place.base
        path = self._place.resolved(base / name)
        if not path.is_relative_to(base) or path.is_relative_to(base / WORK_FOLDER) or path == base:
            raise WriteRefusedError(_("檔案不在案件資料夾內:{name}").format(name=name))
        return path

    @property
    def is_empty(self) -> bool:
        """Whether nothing is staged."""
        return not (self._new or self._moves or self._taken)

    @property
    def moved(self) -> list[tuple[str, str]]:
        """The files that a commit will move: from where (an inbox name for a file from outside), to where."""
        base = self._place.base
        names = {path: content for path, content in self._new.items() if path in self._added}
        outside = {_digest(source.read_bytes()): source for source in self._taken}
        moved = [
            (source.relative_to(base).as_posix(), target.relative_to(base).as_posix())
            for source, target in self._moves
        ]
        for target, content in names.items():
            source = outside.get(_digest(content))
            if source is not None:
                moved.append((f"inbox/{source.name}", target.relative_to(base).as_posix()))
        return moved

    # --- committing ------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Put everything staged in place.

        Raises WriteRefusedError, with nothing written, where a file changed since it was read or a place for
        a paper is taken by another.
        """
        self._refuse_changed()
        base = self.folder.resolve()
        steps: list[dict[str, str]] = []
        for index, (path, content) in enumerate(self._new.items()):
            aside = base / WORK_FOLDER / f"new-{index}"
            _write_through(aside, content)
            steps.append(_step(base, aside, path, content))
        steps += [_step(base, source, target, source.read_bytes()) for source, target in self._moves]
        if steps:
            journal = self._work / _JOURNAL
            draft = self._work / (_JOURNAL + ".draft")
            _write_through(draft, json.dumps(steps).encode("ascii"))
            draft.replace(journal)
            _flush_folder(self._work)
            recover(self.folder)
        for path in self._taken:
            path.unlink(missing_ok=True)
        self._reset()

    def _refuse_changed(self) -> None:
        seen = {path: digest for path, digest in self._seen.items() if path in self._new} | self._expected
        for path, digest in seen.items():
            if file_digest(path) != digest:
                raise WriteRefusedError(
                    _("{name} 在這期間被別的程式改過,沒有寫入任何東西;請重試").format(name=path.name)
                )
        papers = {path: _digest(self._new[path]) for path in self._added}
        papers |= {target: file_digest(source) for source, target in self._moves}
        for path, digest in papers.items():
            if path.exists() and file_digest(path) != digest:
                raise WriteRefusedError(
                    _("{name} 已有內容不同的檔案,沒有寫入任何東西").format(name=path.name)
                )


def _step(base: Path, source: Path, target: Path, content: bytes) -> dict[str, str]:
    """A step of the journal; its paths are the case's own, so that a case moved elsewhere still mends itself."""
    places = {"from": str(source.relative_to(base)), "to": str(target.relative_to(base))}
    return places | {"sha256": hashlib.sha256(content).hexdigest()}


def recover(folder: Path) -> None:
    """Finish a writing that was cut off after its journal was complete; undo nothing else.

    Raises WriteRefusedError where the journal is none of ours: a case may come from anywhere, and its journal
    moves files.
    """
    work = folder / WORK_FOLDER
    journal = work / _JOURNAL
    if journal.is_file():
        steps = _journal_steps(folder.resolve(), journal)
        for source, target, digest in steps:
            if file_digest(source) == digest:  # else moved before the writing was cut off
                _put(source, target)
        # each folder once, not once a file: thousands of files move in one import
        for touched in sorted({path.parent for source, target, _sum in steps for path in (source, target)}):
            if touched.is_dir():
                _flush_folder(touched)
        journal.unlink()
        _flush_folder(work)
    for leftover in work.glob("new-*"):
        leftover.unlink()


def _journal_steps(base: Path, journal: Path) -> list[tuple[Path, Path, str]]:
    place = Places(base)
    try:
        steps: list[tuple[Path, Path, str]] = []
        for step in json.loads(journal.read_text(encoding="ascii")):
            source, target = place.inside(step["from"]), place.inside(step["to"])
            steps.append((source, target, str(step["sha256"])))
    except (ValueError, TypeError, KeyError) as error:
        raise WriteRefusedError(
            _("{journal} 不是本程式留下的寫入紀錄,沒有更動任何檔案").format(journal=journal)
        ) from error
    return steps


def _put(source: Path, target: Path) -> None:
    """Move into place; the folders are not flushed yet."""
    _make_folder(target.parent)
    try:
        source.replace(target)
    except OSError:  # another file system: copy aside first, so that the target is never half a file
        aside = target.with_name(target.name + ".part")
        _write_through(aside, source.read_bytes())
        aside.replace(target)
        source.unlink()


def _make_folder(path: Path) -> None:
    if path.is_dir():
        return
    _make_folder(path.parent)
    path.mkdir(exist_ok=True)
    _flush_folder(path.parent)


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
