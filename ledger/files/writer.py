"""The one writer of a case's files: locked, all or nothing, and careful with what the user wrote.

Changes are staged, written aside and flushed to disk, listed in a journal, and only then put in place. Killed
at any moment, the case is what it was, or the next writer finishes what the journal lists.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import filelock

from ledger.errors import GrantError
from ledger.files.disk import digest_of
from ledger.files.disk import file_digest
from ledger.files.disk import flush_folder
from ledger.files.disk import longest_name
from ledger.files.disk import make_folder
from ledger.files.disk import put
from ledger.files.disk import read_file
from ledger.files.disk import write_file
from ledger.files.disk_errors import reason_of
from ledger.util.i18n import _

WORK_FOLDER = ".grant"
_JOURNAL = "journal.json"
_LOCK = "lock"
_WAIT_SECONDS = 10
_BOM = b"\xef\xbb\xbf"
_OURS = re.compile(r"new-\d+")  # what is written aside

__all__ = [
    "WORK_FOLDER",
    "CaseWriter",
    "Places",
    "WriteRefusedError",
    "WriteUnfinishedError",
    "file_digest",
    "recover",
]


_Step = tuple[
    Path, Path | None, str
]  # from where, to where (nowhere: it is removed), the SHA-256 of its bytes


class WriteRefusedError(GrantError):
    """Nothing was written; the message says why."""


class WriteUnfinishedError(WriteRefusedError):
    """The writing was stopped half way; what is left of it is done by whatever opens the case next."""


class Places:
    """Paths of a case, links followed; each folder is followed once, for thousands of files lie in one."""

    def __init__(self, folder: Path) -> None:
        self.base = folder.resolve()
        self._base = str(self.base)
        self._within = self._base.rstrip(os.sep) + os.sep  # compared as text: thousands of paths are
        self._work = self._within + WORK_FOLDER
        self._folders: dict[str, Path] = {}

    def resolved(self, path: Path) -> Path:
        """`path.resolve()`."""
        parent, name = os.path.split(path)  # by text: thousands of paths are asked about
        if name in {"", ".", ".."} or os.path.islink(path):  # noqa: PTH114 -- as above
            return path.resolve()
        if parent not in self._folders:
            self._folders[parent] = path.parent.resolve()
        return self._folders[parent] / name

    def inside(self, name: str) -> Path:
        """The place of a name within the case. Raises ValueError where it lies elsewhere."""
        if "\0" in name:
            raise ValueError(name)
        path = self.resolved(self.base / name)
        if not self.holds(path):
            raise ValueError(name)
        return path

    def holds(self, path: Path) -> bool:
        """Whether a resolved path is the case's folder or below it."""
        shown = str(path)
        return shown == self._base or shown.startswith(self._within)

    def is_ours(self, path: Path) -> bool:
        """Whether a resolved path is our own folder in the case, or in it."""
        shown = str(path)
        return shown == self._work or shown.startswith(self._work + os.sep)

    def for_writing(self, name: str) -> Path:
        """The place of a file that may be written: inside the case, and not in our own folder. Raises ValueError."""
        path = self.inside(name)
        if str(path) == self._base or self.is_ours(path):
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
        self._name_bytes: dict[Path, int] = {}
        self._lock = filelock.FileLock(str(self._work / _LOCK), timeout=_WAIT_SECONDS)
        self._reset()

    def _reset(self) -> None:
        self._seen: dict[Path, str | None] = {}  # as read, for what is written
        self._expected: dict[Path, str | None] = {}  # as the caller knows it, written or not
        self._new: dict[Path, bytes] = {}
        self._added: set[Path] = set()  # of what is written: papers, which never take another's place
        self._moves: list[tuple[Path, Path]] = []
        self._taken: list[
            tuple[Path, str | None]
        ] = []  # files to remove once their bytes are in the case, as they were
        self._gone: list[tuple[Path, str | None]] = []  # files of the case to remove, as they were
        self._moved_bytes: dict[Path, str] = {}  # of what is moved: the digest of what was read

    def __enter__(self) -> Self:
        try:
            self._work.mkdir(parents=True, exist_ok=True)
            for place in (self._work, self._work / _LOCK, self._work / _JOURNAL):
                if place.is_symlink():
                    raise WriteRefusedError(
                        _("{place} 是連結(symbolic link),沒有寫入任何東西").format(place=place)
                    )
            self._lock.acquire()
        except filelock.Timeout:
            raise WriteRefusedError(_("另一個程式正在寫入這個案件,請稍後再試")) from None
        except OSError as error:
            raise WriteRefusedError(
                _("案件資料夾不能寫入:{reason}").format(reason=reason_of(error))
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
        """The text of a file of the case, as it will be after what is staged; empty where there is none.

        Raises WriteRefusedError where it is not UTF-8.
        """
        path = self._path(name)
        data = self._new.get(path)
        if data is None:
            data = read_file(path) if path.is_file() else None
            self._seen.setdefault(path, digest_of(data))
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

    def move(self, source: Path, name: str, digest: str | None = None) -> None:
        """Stage moving a file (of the case, or from outside) to a place in the case that is still free.

        `digest` is the SHA-256 of the bytes that were read of it: a file that changed since stays where it is, and
        nothing is written. Raises WriteRefusedError for a file of our own.
        """
        source = self._not_ours(source)
        if self._place.holds(source):
            target = self._path(name)
            self._moves.append((source, target))
            if digest is not None:
                self._moved_bytes[source] = digest
        else:
            self._taken.append((source, self.copy(source, name, digest)))

    def copy(self, source: Path, name: str, digest: str | None = None) -> str | None:
        """Stage a copy of a file to a place in the case that is still free; `digest` as in `move`. Gives its SHA-256.

        Raises WriteRefusedError where the file changed meanwhile.
        """
        content = read_file(source)
        if digest is not None and digest_of(content) != digest:
            raise _changed_meanwhile(source)
        self.add(content, name)
        return digest_of(content)

    def add(self, content: bytes, name: str) -> None:
        """Stage a new file at a place in the case that is still free."""
        path = self._path(name)
        self._new[path] = content
        self._added.add(path)

    def discard(self, source: Path, digest: str | None = None) -> None:
        """Stage the removal of a file, as it is or with this SHA-256; one that changes meanwhile stays.

        A link stays, and what it leads to: only a regular file has a digest. Raises WriteRefusedError for a file of
        our own: what is being written lies there.
        """
        digest = digest or file_digest(source)
        place = self._not_ours(source)
        if place.is_relative_to(self._place.base) and not source.is_symlink():
            self._gone.append((place, digest))
        else:
            self._taken.append((source, digest))

    def _not_ours(self, source: Path) -> Path:
        place = self._place.resolved(source)
        if self._place.is_ours(place):
            raise WriteRefusedError(
                _("{file} 在 {folder}/ 裡,那是本程式自己的資料夾;請把檔案放到別處再做").format(
                    file=source.name, folder=WORK_FOLDER
                )
            )
        return place

    def _path(self, name: str) -> Path:
        try:
            path = self._place.for_writing(name)
        except ValueError:
            raise WriteRefusedError(_("檔案不在案件資料夾內:{name}").format(name=name)) from None
        if len(os.fsencode(path.name)) > self._longest(path.parent):
            raise WriteRefusedError(_("檔名太長,沒有寫入任何東西;請改短:{name}").format(name=path.name))
        return path

    def _longest(self, folder: Path) -> int:
        if folder not in self._name_bytes:
            self._name_bytes[folder] = longest_name(folder)
        return self._name_bytes[folder]

    @property
    def texts(self) -> dict[str, str]:
        """The files of the books and settings that are staged, by name, each with its new text."""
        base = self._place.base
        names = {path.relative_to(base).as_posix() for path in self._new if path not in self._added}
        return {name: self.text(name) for name in sorted(names)}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is staged."""
        return not (self._new or self._moves or self._taken or self._gone)

    @property
    def moved(self) -> list[tuple[str, str]]:
        """The files that a commit will move: from where (an inbox name for a file from outside), to where."""
        base = self._place.base
        names = {path: content for path, content in self._new.items() if path in self._added}
        outside = {digest: source for source, digest in [*self._taken, *self._gone]}
        moved = [
            (_below(base, source).replace(os.sep, "/"), _below(base, target).replace(os.sep, "/"))
            for source, target in self._moves
        ]
        for target, content in names.items():
            source = outside.get(digest_of(content))
            if source is not None:
                moved.append((f"inbox/{source.name}", target.relative_to(base).as_posix()))
        return moved

    # --- committing ------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Put everything staged in place.

        Raises WriteRefusedError, with nothing written, where a file changed since it was read, a place for a paper is
        taken by another, or the disk refuses; WriteUnfinishedError where the disk refuses half way.
        """
        try:
            self._refuse_changed()
            steps = self._written_aside()
        except OSError as error:
            self._clear()
            raise WriteRefusedError(
                _("沒有寫入任何東西:{reason}({file})").format(
                    reason=reason_of(error), file=os.fsdecode(error.filename or self.folder)
                )
            ) from error
        if steps:
            self._put_in_place()
        for path, digest in self._taken:
            if (
                digest is not None and file_digest(path) == digest
            ):  # else it is another file by now, and stays
                path.unlink(missing_ok=True)
        self._reset()

    def _written_aside(self) -> list[dict[str, str]]:
        """Write everything aside and the journal of it; the case is still what it was. Raises OSError."""
        base = self.folder.resolve()
        steps: list[dict[str, str]] = []
        for index, (path, content) in enumerate(self._new.items()):
            aside = base / WORK_FOLDER / f"new-{index}"
            write_file(aside, content)
            steps.append(_step(base, aside, path, digest_of(content)))
        for source, target in self._moves:
            steps.append(_step(base, source, target, self._moved_bytes.get(source) or file_digest(source)))
        for path, digest in self._gone:  # last: what they hold is in place by then
            if digest is not None and file_digest(path) == digest:
                steps.append(_step(base, path, None, digest))
        if steps:
            targets = [*self._new, *(target for _source, target in self._moves)]
            for folder in dict.fromkeys(target.parent for target in targets):
                make_folder(folder)
            draft = self._work / (_JOURNAL + ".draft")
            write_file(draft, json.dumps(steps).encode("ascii"))
            draft.replace(self._work / _JOURNAL)
        return steps

    def _put_in_place(self) -> None:
        """What the journal lists. Where not even its first step can be done, the journal is taken back."""
        try:
            flush_folder(self._work)
            recover(self.folder)
        except OSError as error:
            told = {"reason": reason_of(error), "file": os.fsdecode(error.filename or self.folder)}
            if self._is_untouched():
                (self._work / _JOURNAL).unlink()
                self._clear()
                raise WriteRefusedError(_("沒有寫入任何東西:{reason}({file})").format(**told)) from error
            raise WriteUnfinishedError(
                _(
                    "寫入到一半停下:{reason}({file})。這次的更動都已記下:排除原因後,下一個開啟案件的指令會把它做完,"
                    "請勿再做一次"
                ).format(**told)
            ) from error

    def _is_untouched(self) -> bool:
        """Whether no step of the journal was done yet."""
        journal = self._work / _JOURNAL
        try:
            steps = _journal_steps(self.folder.resolve(), journal)
            return all(file_digest(source) == digest for source, _target, digest in steps)
        except (OSError, WriteRefusedError):
            return False

    def _clear(self) -> None:
        """Take away what was written aside."""
        with contextlib.suppress(OSError):
            for leftover in _left_over(self._work):
                leftover.unlink()

    def _refuse_changed(self) -> None:
        seen = {path: digest for path, digest in self._seen.items() if path in self._new} | self._expected
        for path, digest in seen.items():
            if file_digest(path) != digest:
                raise WriteRefusedError(
                    _("{name} 在這期間被別的程式改過,沒有寫入任何東西;請重試").format(name=path.name)
                )
        papers = {path: digest_of(self._new[path]) for path in self._added}
        for source, target in self._moves:
            papers[target] = file_digest(source)
            if self._moved_bytes.get(source, papers[target]) != papers[target]:
                raise _changed_meanwhile(source)
        for path, digest in papers.items():
            if os.path.lexists(path) and file_digest(path) != digest:
                raise WriteRefusedError(
                    _("{name} 已有內容不同的檔案,沒有寫入任何東西").format(name=path.name)
                )


def _changed_meanwhile(source: Path) -> WriteRefusedError:
    return WriteRefusedError(
        _("{name} 在讀取之後被改過,留在原處,沒有寫入任何東西;請再做一次").format(name=source.name)
    )


def _step(base: Path, source: Path, target: Path | None, digest: str | None) -> dict[str, str]:
    """A step of the journal: a file moves, or without a target is removed.

    Its paths are the case's own, so that a case moved elsewhere still mends itself.
    """
    if digest is None:
        raise WriteRefusedError(_("{name} 不見了,沒有寫入任何東西").format(name=source.name))
    return {
        "from": _below(base, source),
        "to": "" if target is None else _below(base, target),
        "sha256": digest,
    }


def _below(base: Path, path: Path) -> str:
    """The name of a path within a folder; it is there. (`Path.relative_to` takes many times as long.)"""
    within, shown = str(base).rstrip(os.sep) + os.sep, str(path)
    return shown[len(within) :] if shown.startswith(within) else str(path.relative_to(base))


def _left_over(work: Path) -> Iterator[Path]:
    """The files of ours that were written aside."""
    if work.is_dir() and not work.is_symlink():
        for path in work.iterdir():
            if _OURS.fullmatch(path.name) and (path.is_symlink() or path.is_file()):
                yield path


def recover(folder: Path) -> None:
    """Finish a writing that was cut off after its journal was complete; undo nothing else.

    Raises WriteRefusedError where the journal is none of ours: a case may come from anywhere, and its journal
    moves and removes files.
    """
    work = folder / WORK_FOLDER
    journal = work / _JOURNAL
    if journal.is_file():
        steps = _journal_steps(folder.resolve(), journal)
        for source, target, digest in steps:
            if file_digest(source) != digest:
                continue  # done before the writing was cut off
            if target is None:
                source.unlink()
            else:
                put(source, target)
        # each folder once, not once a file: thousands of files move in one import
        for touched in sorted({path.parent for *paths, _sum in steps for path in paths if path is not None}):
            if touched.is_dir():
                flush_folder(touched)
        journal.unlink()
        flush_folder(work)
    for leftover in _left_over(work):
        leftover.unlink()


def _journal_steps(base: Path, journal: Path) -> list[_Step]:
    place = Places(base)

    def read(step: dict[str, str]) -> _Step:
        if step["to"]:
            return place.inside(step["from"]), place.for_writing(step["to"]), str(step["sha256"])
        return place.for_writing(step["from"]), None, str(step["sha256"])

    try:
        return [read(step) for step in json.loads(read_file(journal).decode("ascii"))]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WriteRefusedError(
            _("{journal} 不是本程式留下的寫入紀錄,沒有更動任何檔案").format(journal=journal)
        ) from error
