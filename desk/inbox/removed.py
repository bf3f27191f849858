"""Files that were taken out of the inbox: kept in the case's work folder for a while, so that each can be put back.

They bear another suffix there: what is no file of a case (a program that somebody dropped) makes none of it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from desk.inbox.store import InboxError
from desk.inbox.store import file_named
from desk.inbox.store import inbox_of
from desk.inbox.store import move_without_overwriting
from ledger.files import INBOX
from ledger.files.writer import WORK_FOLDER
from ledger.files.writer import file_digest
from ledger.util.i18n import _

DAYS = 30
"""How long a removed file can be put back."""
_PLACE = f"{WORK_FOLDER}/removed"
_SUFFIX = ".kept"
_DIGITS = 16
_SECONDS = DAYS * 24 * 3600


class Removed(NamedTuple):
    """A file that was taken out: its name in the inbox, the mark that tells it from others of that name, where it lies."""

    name: str
    mark: str
    path: Path
    when: float


def removed_files(folder: Path) -> list[Removed]:
    """What was taken out of the inbox and can be put back, the last one first. No link is followed."""
    return sorted(_kept(folder), key=lambda each: (-each.when, each.name))


def _kept(folder: Path) -> Iterator[Removed]:
    place = folder / _PLACE
    if any(path.is_symlink() for path in (place, place.parent)) or not place.is_dir():
        return
    for marked in place.iterdir():
        if marked.is_symlink() or not marked.is_dir():
            continue
        for path in marked.rglob(f"*{_SUFFIX}"):
            if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(place.resolve()):
                name = path.relative_to(marked).as_posix().removesuffix(_SUFFIX)
                yield Removed(name, marked.name, path, marked.stat().st_mtime)


def take_out(folder: Path, name: str) -> None:
    """Take a file out of the inbox; what was taken out long ago goes for good. Raises InboxError.

    Called with the case's lock held. One renaming each, so nothing is half done when the machine stops.
    """
    path = file_named(folder, name)
    digest = file_digest(path)
    kept = folder / _PLACE / str(digest)[:_DIGITS] / f"{name}{_SUFFIX}"
    if digest is None or any(place.is_symlink() for place in (folder / WORK_FOLDER, folder / _PLACE)):
        raise InboxError(_("收件匣不能寫入:{reason}").format(reason=name))
    for each in list(_kept(folder)):
        if time.time() - each.when > _SECONDS:
            _remove(each)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.replace(kept)
        os.utime(folder / _PLACE / digest[:_DIGITS])
    except OSError as error:
        raise InboxError(_("收件匣不能寫入:{reason}").format(reason=error.strerror)) from error


def put_back(folder: Path, name: str, mark: str) -> None:
    """Put a removed file back, with the case's lock held. Raises InboxError as `to_put_back`."""
    found = to_put_back(folder, name, mark)
    target = inbox_of(folder) / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        move_without_overwriting(found.path, target)
    except FileExistsError:
        raise InboxError(_taken(name)) from None
    except OSError as error:
        raise InboxError(_("收件匣不能寫入:{reason}").format(reason=error.strerror)) from error
    _remove(found)


def to_put_back(folder: Path, name: str, mark: str) -> Removed:
    """A removed file that can be put back. Raises InboxError where it is gone, or its name is taken meanwhile."""
    found = next((each for each in _kept(folder) if (each.name, each.mark) == (name, mark)), None)
    if found is None:
        raise InboxError(_("「{name}」已經不在;請把原來的檔案再放進收件匣").format(name=name))
    if os.path.lexists(folder / INBOX / name):
        raise InboxError(_taken(name))
    return found


def _taken(name: str) -> str:
    return _("收件匣已有另一個「{name}」;請先匯入或移除它,再放回這一個").format(name=name)


def _remove(kept: Removed) -> None:
    """Remove a kept file, and the folders that are empty then."""
    kept.path.unlink(missing_ok=True)
    folder = kept.path.parent
    with contextlib.suppress(OSError):
        while folder.name != Path(_PLACE).name:
            folder.rmdir()
            folder = folder.parent
