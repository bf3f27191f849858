"""A case's ledger as Fava keeps it: refused where it is unsafe, read anew as soon as anything of the case changed."""

from __future__ import annotations

import datetime
import os
import sys
import threading
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.core import UnknownLocaleError
from fava.core import FavaLedger
from fava.core.fava_options import FavaOptions
from fava.core.watcher import WatcherBase

import audit.fava  # noqa: F401 -- imported from where it is installed, before a case's folder can come first
from ledger.errors import GrantError
from ledger.files.writer import CaseWriter
from ledger.loading.load_errors import in_our_words
from ledger.loading.parser_crash import fatal_division
from ledger.util.i18n import _
from server.queries import ReadingShell

_JOURNAL = ".grant/journal.json"  # left where a writing was cut off
_NOT_READ = frozenset({".git", ".grant", "inbox"})  # nothing in there decides what a page shows
_DEEPEST = 8

# Loading changes what belongs to the whole process (the import path), so one case is loaded at a time.
_loading = threading.Lock()


class BrokenCaseError(GrantError):
    """A case that cannot be shown; the message says why."""


class CaseWatcher(WatcherBase):
    """Looks at every file of the case whenever it is asked: no thread, nothing missed.

    Beancount's own list of files does not name a book that was added since, and an older file put in place of a
    newer one has an older time: so what counts is any difference, not a later time.
    """

    def __init__(self, folder: Path) -> None:
        """A watcher of everything in `folder`."""
        self.last_checked = 0
        self.last_notified = 0
        self._folder = folder
        self._seen = 0

    def update(self, files: Iterable[Path], folders: Iterable[Path]) -> None:
        """Fava's list is not needed: all of the case is looked at."""

    def check(self) -> bool:
        """Whether anything of the case changed since the last look, or Fava was told of a change."""
        latest, seen = _look(self._folder)
        latest = max(latest, self.last_notified)
        if seen == self._seen and latest <= self.last_checked:
            return False
        self._seen = seen
        self.last_checked = max(latest, self.last_checked + 1)
        return True

    def is_behind(self) -> bool:
        """Whether something changed since the last look; this is none."""
        return _look(self._folder)[1] != self._seen or self.last_notified > self.last_checked

    def _get_latest_mtime(self) -> int:
        return _look(self._folder)[0]


def state_of(folder: Path) -> int:
    """A number that differs where any file of a case is another, or the day."""
    return _look(folder)[1]


def _look(folder: Path) -> tuple[int, int]:
    """The newest time in a folder (ns), and a number that differs where any file in it is another."""
    marks = sorted(_marks(str(folder), _DEEPEST))
    newest = max((mark[0] for _path, mark in marks), default=0)
    return newest, hash((datetime.date.today(), *marks))  # what the checks say is of today


def _marks(folder: str, depth: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Each file below a folder with its time, size and number; no link is followed."""
    try:
        found = os.scandir(folder)
    except OSError:
        return
    with found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if depth and not (depth == _DEEPEST and entry.name in _NOT_READ):
                    yield from _marks(entry.path, depth - 1)
                continue
            try:
                at = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            yield entry.path, (at.st_mtime_ns, at.st_size, at.st_ino)


class CaseLedger(FavaLedger):
    """Fava's ledger of one case."""

    __slots__ = ("_options_in_use",)

    def __init__(self, main: Path) -> None:
        """Load the case whose top file is `main`. Raises GrantError where it cannot be shown."""
        self._options_in_use = FavaOptions()
        super().__init__(str(main), poll_watcher=True)
        self.query_shell.shell = ReadingShell(self)

    @property
    def fava_options(self) -> FavaOptions:
        """The case's options for Fava, as Fava's pages understand them."""
        return self._options_in_use

    @fava_options.setter
    def fava_options(self, options: FavaOptions) -> None:
        options.locale = browser_locale(options.locale)
        self._options_in_use = options

    @property
    def is_behind(self) -> bool:
        """Whether the case on disk is another than the one that is loaded."""
        return isinstance(self.watcher, CaseWatcher) and self.watcher.is_behind()

    def load_file(self) -> None:
        """Load the case anew. Raises GrantError where it may not or cannot be shown."""
        main = Path(self.beancount_file_path)
        if not isinstance(self.watcher, CaseWatcher):
            watcher: Any = CaseWatcher(main.parent)  # Fava knows two kinds of its own
            self.watcher = watcher
        self.watcher.check()  # before the reading: what changes while it is read is read again
        with _loading:
            refuse_what_cannot_be_loaded(main)
            path = list(sys.path)
            try:
                super().load_file()
            except Exception as error:
                raise BrokenCaseError(in_our_words(f"{type(error).__name__}: {error}")) from error
            finally:
                sys.path[:] = path  # Fava leaves the case's folder there where an extension is missing
        self.misc.sidebar_links = [(_("所有案件"), "/"), *self.misc.sidebar_links]


def refuse_what_cannot_be_loaded(main: Path) -> None:
    """Raise GrantError where a case is unsafe, would stop the whole server, or could not be put in order."""
    if (main.parent / _JOURNAL).is_file():
        with CaseWriter(main.parent):
            pass  # entering finishes a writing that was cut off
    division = fatal_division(main)
    if division is not None:
        file, line = division
        raise BrokenCaseError(_("{file} 第 {line} 行:除以零").format(file=Path(file).name, line=line))


def browser_locale(locale: str | None) -> str | None:
    """A locale as browsers take it: language and region, no script (`zh_Hant_TW` is no tag they know)."""
    if locale is None or locale.count("_") < 2:
        return locale
    try:
        read = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return None
    return f"{read.language}_{read.territory}" if read.territory else str(read.language)
