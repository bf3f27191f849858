"""A case's ledger as Fava keeps it: refused where it is unsafe, read anew as soon as anything of the case changed."""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import fava.core
from babel.core import Locale
from babel.core import UnknownLocaleError
from fava.core import FavaLedger
from fava.core.extensions import ExtensionModule
from fava.core.fava_options import FavaOptions
from fava.core.watcher import WatcherBase

import audit.fava  # noqa: F401 -- imported from where it is installed, before a case's folder can come first
from checks.engine.plugin import few_of_each
from desk.fava import Desk
from ledger.errors import GrantError
from ledger.loading.load_errors import in_our_words
from ledger.loading.loader import prepared
from ledger.loading.read_books import Read
from ledger.loading.read_books import read_books
from ledger.loading.safe_folder import is_trusted
from ledger.loading.safe_folder import trusting
from ledger.util.i18n import _
from ledger.util.i18n import current_language
from server.journal import is_plain
from server.queries import ReadingShell

_NOT_READ = frozenset({".git", ".grant", "inbox"})  # nothing in there decides what a page shows
_DEEPEST = 8
_PAPERS_SECONDS = 3.0
_MOST_OF_A_CHECK = 100  # errors of one check that Fava is told
Mark = tuple[int, int, int]  # time (ns), size, number of a file

# Loading changes what belongs to the whole process (the import path), so one case is loaded at a time.
_loading = threading.Lock()


class BrokenCaseError(GrantError):
    """A case that cannot be shown; the message says why."""


class CaseWatcher(WatcherBase):
    """Looks at the case whenever it is asked: no thread, nothing missed.

    Beancount's own list of files does not name a book that was added since, and an older file put in place of a
    newer one has an older time: so what counts is any difference, not a later time. Every look sees the books, the
    settings and which papers there are; a paper whose content alone was exchanged is seen within three seconds.
    """

    def __init__(self, folder: Path) -> None:
        """A watcher of everything in `folder`."""
        self.last_checked = 0
        self.last_notified = 0
        self._folder = folder
        self._seen = 0
        self._quick: list[tuple[str, Mark]] = []
        self._walked = 0.0

    def update(self, files: Iterable[Path], folders: Iterable[Path]) -> None:
        """Fava's list is not needed: all of the case is looked at."""

    def check(self) -> bool:
        """Whether anything of the case changed since the last look, or Fava was told of a change."""
        if self.last_notified <= self.last_checked and self._is_fresh():
            return False
        marks = _marks(self._folder)
        seen, latest = _state(marks), max(self.last_notified, *(mark[0] for mark in marks.values()), 0)
        self._quick = [(path, mark) for path, mark in marks.items() if not _is_paper(path, self._folder)]
        self._walked = time.monotonic()
        if seen == self._seen and latest <= self.last_checked:
            return False
        self._seen = seen
        self.last_checked = max(latest, self.last_checked + 1)
        return True

    def is_behind(self) -> bool:
        """Whether something changed since the last look; this is none."""
        return _state(_marks(self._folder)) != self._seen or self.last_notified > self.last_checked

    def _is_fresh(self) -> bool:
        """Whether all was looked at just now, and nothing but a paper's content can have changed since."""
        return time.monotonic() - self._walked < _PAPERS_SECONDS and all(
            _mark(path) == mark for path, mark in self._quick
        )

    def _get_latest_mtime(self) -> int:
        return max((mark[0] for mark in _marks(self._folder).values()), default=0)


def state_of(folder: Path) -> int:
    """A number that differs where any file of a case is another, or the day."""
    return _state(_marks(folder))


def _state(marks: dict[str, Mark]) -> int:
    return hash((_today(), *sorted(marks.items())))  # what the checks say is of today


def _today() -> str:
    return datetime.date.today().isoformat()


def _marks(folder: Path) -> dict[str, Mark]:
    """Each file and folder of a case with its time, size and number; no link is followed."""
    found: dict[str, Mark] = {}
    waiting = [(str(folder), 0)]
    while waiting:
        place, depth = waiting.pop()
        mark = _mark(place)
        if mark is None:
            continue
        found[place] = mark
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if depth < _DEEPEST and not (depth == 0 and entry.name in _NOT_READ):
                        waiting.append((entry.path, depth + 1))
                    continue
                at = entry.stat(follow_symlinks=False)
                found[entry.path] = (at.st_mtime_ns, at.st_size, at.st_ino)
    return found


def _mark(path: str) -> Mark | None:
    try:
        at = os.lstat(path)
    except OSError:
        return None
    return at.st_mtime_ns, at.st_size, at.st_ino


def _is_paper(path: str, folder: Path) -> bool:
    """Whether a path is a file among the documents: hundreds of them, whose coming and going their folders tell."""
    return path.startswith(f"{folder}{os.sep}documents{os.sep}") and not Path(path).is_dir()


class _Extensions(ExtensionModule):
    """The case's extensions, and the accountant's pages where it does not name them itself."""

    def load_file(self) -> None:
        """Make those that are new."""
        super().load_file()
        if Desk not in self._loaded_extensions:
            self._loaded_extensions.add(Desk)
            desk = Desk(self.ledger)
            self._instances[desk.name] = desk


class CaseLedger(FavaLedger):
    """Fava's ledger of one case."""

    __slots__ = ("_options_in_use", "_trusted", "hashes", "plain_entries")

    def __init__(self, main: Path) -> None:
        """Load the case whose top file is `main`. Raises GrantError where it cannot be shown."""
        self._options_in_use = FavaOptions()
        self._trusted = is_trusted()
        self.plain_entries: frozenset[int] = frozenset()
        self.hashes: dict[int, str] = {}
        super().__init__(str(main), poll_watcher=True)
        self.query_shell.shell = ReadingShell(self)

    @property
    def fava_options(self) -> FavaOptions:
        """The case's options for Fava, as Fava's pages understand them."""
        return self._options_in_use

    @fava_options.setter
    def fava_options(self, options: FavaOptions) -> None:
        options.locale = browser_locale(options.locale)
        if current_language() == "en":  # the server was asked to speak English: the case's own pages too
            options.language = "en"
        self._options_in_use = options

    @property
    def errors(self) -> list[Any]:
        """What Fava counts and lists as errors, which each of its pages carries along; our own pages have them all."""
        return few_of_each(super().errors, _MOST_OF_A_CHECK)

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
        if not isinstance(self.extensions, _Extensions):
            self.extensions = _Extensions(self)
        self.watcher.check()  # before the reading: what changes while it is read is read again
        with _loading, trusting() if self._trusted else contextlib.nullcontext():
            path = list(sys.path)
            judged = _is_judged.set(True)
            try:
                super().load_file()
            except GrantError:
                raise
            except Exception as error:
                raise BrokenCaseError(in_our_words(f"{type(error).__name__}: {error}")) from error
            finally:
                _is_judged.reset(judged)
                sys.path[:] = path  # Fava leaves the case's folder there where an extension is missing
        self.hashes = {}
        self.plain_entries = frozenset(id(entry) for entry in self.all_entries if is_plain(entry))
        self.misc.sidebar_links = [(_("所有案件"), "/"), *self.misc.sidebar_links]


_is_judged: ContextVar[bool] = ContextVar(
    "is_judged", default=False
)  # whether it is a case's ledger that loads
_load_of_fava: Callable[..., Read] = vars(fava.core)["load_uncached"]


def _load_judged(path: str, *, is_encrypted: bool) -> Read:
    """What Fava shows of a case: read once, judged, and loaded from these very bytes. Other ledgers load as ever.

    Beancount would read the files again, which may be others by then, and take `[ ] * ?` in the case's own path for a
    pattern. Raises GrantError where the case may not be opened or would stop the whole server.
    """
    if not _is_judged.get():
        return _load_of_fava(path, is_encrypted=is_encrypted)
    main = Path(path)
    return read_books(main, prepared(main).files)


vars(fava.core)["load_uncached"] = _load_judged  # by which every ledger of Fava's is loaded


def browser_locale(locale: str | None) -> str | None:
    """A locale as browsers take it: language and region, no script (`zh_Hant_TW` is no tag they know)."""
    if locale is None or locale.count("_") < 2:
        return locale
    try:
        read = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return None
    return f"{read.language}_{read.territory}" if read.territory else str(read.language)
