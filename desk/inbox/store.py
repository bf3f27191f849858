"""Files that a browser sends, put into the case's inbox: under a cleaned name, never over another file, each told apart.

What was taken in before is known by its bytes and not put there again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import Literal
from typing import NamedTuple

from desk.web.uploads import clean_name
from importers.sources.limits import MEGABYTE
from importers.sources.limits import MOST_BYTES
from importers.sources.limits import MOST_MEMBERS
from importers.sources.walk import is_litter
from ledger.errors import GrantError
from ledger.files import INBOX
from ledger.files import SUMS
from ledger.files.writer import WORK_FOLDER
from ledger.files.writer import file_digest
from ledger.util.i18n import _

Outcome = Literal["new", "renamed", "same", "known", "litter", "refused"]
"""What became of a file: put into the inbox; put there under another name; there already; imported before; the system's
own litter (left out); not taken."""
_MOST_NAMES = 10_000


class InboxError(GrantError):
    """An inbox that nothing can be put into, or a file that is not in it."""


class Put(NamedTuple):
    """A file that was sent: its name as the browser gives it, the name it has in the inbox, what became of it and why."""

    given: str
    name: str
    outcome: Outcome
    reason: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the file lies in the inbox now."""
        return self.outcome in {"new", "renamed", "same"}


def inbox_of(folder: Path) -> Path:
    """The inbox of a case, made where there is none. Raises InboxError where it is no folder of the case."""
    inbox = folder / INBOX
    try:
        inbox.mkdir(exist_ok=True)
    except OSError as error:
        raise InboxError(_("收件匣不能寫入:{reason}").format(reason=error.strerror)) from error
    if inbox.is_symlink():
        raise InboxError(_("{place} 是連結(symbolic link),沒有寫入任何東西").format(place=inbox))
    return inbox


def put(folder: Path, given: str, content: bytes) -> Put:
    """Put the bytes of a file into the inbox of the case in `folder`. Raises InboxError."""
    if is_litter(given.replace("\\", "/").rpartition("/")[2]):
        return Put(given, "", "litter")
    name = clean_name(given)
    if not content:
        return Put(given, name, "refused", _("是空的檔案"))
    if len(content) > MOST_BYTES:
        return Put(given, name, "refused", _("檔案太大,最多 {most} MB").format(most=MOST_BYTES // MEGABYTE))
    digest = hashlib.sha256(content).hexdigest()
    if digest in _filed(folder):
        return Put(given, name, "known", _("這個檔案已經匯入過,不用再放"))
    inbox = inbox_of(folder)
    stored = _stored(inbox)
    if len(stored) >= MOST_MEMBERS:
        return Put(given, name, "refused", _("收件匣的檔案太多,請先匯入"))
    same = next(
        (path for path in stored if path.stat().st_size == len(content) and file_digest(path) == digest),
        None,
    )
    if same is not None:
        return Put(given, same.relative_to(inbox).as_posix(), "same", _("同樣的檔案已經在收件匣"))
    placed = _place(folder, inbox, name, content)
    if placed == name:
        return Put(given, name, "new")
    return Put(given, placed, "renamed", _("已有同名但內容不同的檔案,這一個存成 {name}").format(name=placed))


def _filed(folder: Path) -> set[str]:
    """The digests of the originals that are filed."""
    with contextlib.suppress(OSError):
        return {line.partition(" ")[0] for line in (folder / SUMS).read_text("utf-8").splitlines()}
    return set()


def _stored(inbox: Path) -> list[Path]:
    return [path for path in sorted(inbox.rglob("*")) if path.is_file() and not path.is_symlink()]


def _place(folder: Path, inbox: Path, name: str, content: bytes) -> str:
    """Write the bytes whole, under the name or the next free one; the name it got. Raises InboxError."""
    work = folder / WORK_FOLDER
    if work.is_symlink():
        raise InboxError(_("{place} 是連結(symbolic link),沒有寫入任何東西").format(place=work))
    aside = work / f"inbox-{secrets.token_hex(8)}"
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    try:
        work.mkdir(exist_ok=True)
        aside.write_bytes(content)
        for number in range(1, _MOST_NAMES):
            wanted = name if number == 1 else f"{stem}-{number}{dot}{suffix}"
            with contextlib.suppress(FileExistsError):
                move_without_overwriting(aside, inbox / wanted)
                return wanted
    except OSError as error:
        raise InboxError(_("收件匣不能寫入:{reason}").format(reason=error.strerror)) from error
    finally:
        aside.unlink(missing_ok=True)
    raise InboxError(_("收件匣裡同名的檔案太多,請先匯入"))


def move_without_overwriting(source: Path, target: Path) -> None:
    """Put the file at `target` too; `source` is the caller's to remove. Raises FileExistsError where something is there."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        with target.open("xb") as file:
            file.write(source.read_bytes())


def file_named(folder: Path, name: str) -> Path:
    """A file of the inbox by its place in it. Raises InboxError where there is none; no link is followed."""
    inbox = folder / INBOX
    found = next((path for path in _stored(inbox) if path.relative_to(inbox).as_posix() == name), None)
    if found is None or inbox.is_symlink() or found.resolve() != inbox.resolve() / name:
        raise InboxError(_("收件匣裡沒有「{name}」").format(name=name))
    return found
