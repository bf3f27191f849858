"""What a case's figures come from, told apart by digests: whether anything in the folder of a case has changed.

Two answers. The stamp is of what the file system says of every file, and costs no reading; where it is the same as it
was, nothing changed. Where it is not (the case was copied, saved again, or changed), the content decides.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ledger.errors import GrantError
from ledger.files import MAIN
from ledger.files import SUMS
from ledger.files.disk import read_file
from ledger.util.i18n import N_
from ledger.util.i18n import _

_LINK = N_("案件資料夾已換成連結;沒有讀取連結所指的地方")
_TEXTS = (".beancount", ".toml", ".jsonl")
_MOST_BYTES = 50_000_000  # a larger text makes a case unsafe; it is told by its size
_OWN = frozenset({".git", ".grant"})  # folders that no figure comes from: history and work in hand
_SETTLED = (
    2_000_000_000  # nanoseconds: what was touched since may be touched again within one tick of the clock
)


class Found(NamedTuple):
    """A case below a portfolio: its folder, and what the index calls it."""

    folder: str
    path: str


class _File(NamedTuple):
    name: str  # below the case
    said: os.stat_result | None  # none of a folder, whose times tell of other things


def find_cases(folder: str) -> Iterator[Found]:
    """The case folders below a folder, in order; nothing within a case, behind a link or hidden is looked at."""
    waiting = [(folder, "")]
    while waiting:
        place, below = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = list(entries)
        except OSError:  # gone since, or not ours to read: there is no telling whether it holds cases
            continue
        if any(entry.name == MAIN and not entry.is_dir(follow_symlinks=False) for entry in found):
            yield Found(place, below or ".")
            continue
        waiting += [
            (entry.path, f"{below}/{entry.name}" if below else entry.name)
            for entry in sorted(found, key=lambda each: each.name, reverse=True)
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
        ]


def as_text(path: str) -> str:
    """A path to be shown, whatever bytes are in it."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def refuse_link(case: str, path: str) -> None:
    """Raise GrantError where a case, or a folder between it and the portfolio, is a link: it leads elsewhere."""
    portfolio = Path(case if path == "." else case[: -len(path)])
    if Path(case).resolve() != portfolio.resolve() / path:
        raise GrantError(_(_LINK))


class Content:
    """The files of one case as they are now. Raises OSError where they cannot be listed, GrantError for a link."""

    def __init__(self, case: str) -> None:
        """`case` is its folder."""
        if not stat.S_ISDIR(os.lstat(case).st_mode):
            raise GrantError(_(_LINK))
        self._case = case
        self._files = sorted(_files(case))

    @property
    def stamp(self) -> str:
        """The digest of names, sizes, times and numbers of all files; empty while one was touched just now."""
        told, newest = [], 0
        for name, said in self._files:
            if said is None:
                told.append(f"{name}\0")
                continue
            changed, noted = said.st_mtime_ns, said.st_ctime_ns
            newest = max(newest, changed, noted)
            told.append(f"{name}\0{said.st_mode} {said.st_size} {changed} {noted} {said.st_ino}")
        return "" if newest > time.time_ns() - _SETTLED else _digest("\n".join(told))

    @property
    def digest(self) -> str:
        """The digest of all that figures come from: texts by their bytes, papers by name and size.

        What is in a paper is in the case's own list of their digests.
        """
        return _digest("\n".join(f"{file.name}\0{self._told(file)}" for file in self._files))

    def _told(self, file: _File) -> str:
        if file.said is None or not stat.S_ISREG(file.said.st_mode):
            return "-"
        size = file.said.st_size
        if size > _MOST_BYTES or not (file.name.endswith(_TEXTS) or file.name == SUMS):
            return str(size)
        try:
            return hashlib.sha256(read_file(f"{self._case}/{file.name}", _MOST_BYTES)).hexdigest()
        except OSError as error:
            return f"- {error.errno}"


def _files(case: str) -> Iterator[_File]:
    """Everything in a case; a link is told as such and not followed."""
    waiting = [(case, "")]
    while waiting:
        place, below = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                name = f"{below}/{entry.name}" if below else entry.name
                if not entry.is_dir(follow_symlinks=False):
                    yield _File(name, entry.stat(follow_symlinks=False))
                elif name not in _OWN:
                    waiting.append((entry.path, name))
                    yield _File(name, None)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
