"""The cases that are served: found below a folder, opened on demand, and at most so many kept open."""

from __future__ import annotations

import contextlib
import fnmatch
import hashlib
import os
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fava.util import slugify

from ledger.files import MAIN
from ledger.loading.loader import CaseNotFoundError
from ledger.loading.safe_folder import is_trusted
from ledger.loading.safe_folder import trusting
from ledger.util.i18n import _
from server.case_ledger import CaseLedger

MOST_ALIVE = 50
_DEEPEST = 6  # folders below the one that is served
RESERVED = frozenset(
    {"static", "grant", "jump", "login", "logout", "favicon.ico"}
)  # addresses of the server's own


class ServedCase(NamedTuple):
    """A case on the server.

    `key` is its address, `name` its place below the served folder (what a user's globs are held against).
    """

    key: str
    name: str
    folder: Path

    @property
    def main(self) -> Path:
        """Its top file."""
        return self.folder / MAIN

    def below(self, place: Path) -> str:
        """Its path below a served folder, which is what the index of that folder calls it."""
        return str(self.folder)[len(str(place)) + 1 :].replace("\\", "/") or "."


class Cases:
    """The cases below some folders."""

    def __init__(
        self, places: Sequence[Path], most_alive: int = MOST_ALIVE, *, may_be_empty: bool = False
    ) -> None:
        """`places` are case folders, or folders that hold cases.

        Raises CaseNotFoundError for a place that is no folder, or (unless it `may_be_empty`) without any case.
        """
        self._places = [place.resolve() for place in places]
        for place in self._places:
            if not place.is_dir():
                raise CaseNotFoundError(_("找不到資料夾 {folder}").format(folder=place))
            if not may_be_empty and next(_found(place), None) is None:
                raise CaseNotFoundError(
                    _("{folder} 不是案件資料夾,底下也沒有案件(找不到 {main})").format(folder=place, main=MAIN)
                )
        self._most_alive = most_alive
        self._trusted = is_trusted()
        self._alive: OrderedDict[str, CaseLedger] = OrderedDict()
        self._listed: dict[str, ServedCase] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._lock = threading.Lock()

    @property
    def only(self) -> str | None:
        """The key of the case, where one case and no folder of cases is served."""
        if len(self._places) != 1 or not (self._places[0] / MAIN).is_file():
            return None
        return next(iter(self.listed()), None)

    @property
    def folders(self) -> list[Path]:
        """The served places that are no case themselves: where a new case can be made."""
        return [place for place in self._places if not (place / MAIN).is_file()]

    def place_of(self, case: ServedCase) -> Path:
        """The served place that a case lies in."""
        return next(place for place in self._places if case.folder.is_relative_to(place))

    def would_be(self, folder: Path) -> ServedCase:
        """A case as it will be served from a folder below a place."""
        place = next(place for place in self._places if folder.is_relative_to(place))
        below = folder.relative_to(place).as_posix()
        return ServedCase("", f"{place.name}/{below}" if len(self._places) > 1 else below, folder)

    def listed(self) -> dict[str, ServedCase]:
        """The cases that are on disk now, by key, in order of their names."""
        found = {
            name: folder for place in self._places for name, folder in _named(place, len(self._places) > 1)
        }
        stems: dict[str, list[str]] = {}
        for name in sorted(found):
            stems.setdefault(slugify(name.replace("/", " ")) or "case", []).append(name)
        listed: dict[str, ServedCase] = {}
        for stem, names in stems.items():
            for name in names:
                key = stem if len(names) == 1 and stem not in RESERVED else f"{stem}-{_short(name)}"
                listed[key] = ServedCase(key, name, found[name])
        self._listed = dict(sorted(listed.items(), key=lambda item: item[1].name))
        return self._listed

    def get(self, key: str) -> ServedCase | None:
        """A case by its address; None where there is none."""
        case = self._listed.get(key)
        if case is None or not case.main.is_file():
            case = self.listed().get(key)
        return case

    @contextlib.contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Hold a case for one request: nobody sees it half loaded."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.RLock())
        with lock:
            yield

    def ledger(self, key: str) -> CaseLedger:
        """The case's ledger, loaded where it is not alive. Raises KeyError, and GrantError where it cannot be shown."""
        with self.held(key):
            case, alive = self.get(key), self.alive(key)
            if case is None:
                raise KeyError(key)
            # What is alive may be of a case that had this address before.
            if alive is None or Path(alive.beancount_file_path) != case.main:
                with trusting() if self._trusted else contextlib.nullcontext():
                    alive = CaseLedger(case.main)
                with self._lock:
                    self._alive[key] = alive
                    while len(self._alive) > self._most_alive:
                        self._alive.popitem(last=False)
            return alive

    def alive(self, key: str) -> CaseLedger | None:
        """The case's ledger where it is loaded already, and is then the last to be let go."""
        with self._lock:
            ledger = self._alive.get(key)
            if ledger is not None:
                self._alive.move_to_end(key)
            return ledger

    def let_go(self, key: str) -> None:
        """Forget a loaded case: it is loaded anew when it is asked for."""
        with self._lock:
            self._alive.pop(key, None)


def matches(case: ServedCase, pattern: str) -> bool:
    """Whether a user's glob means this case."""
    return fnmatch.fnmatchcase(_plain(case.name), _plain(pattern))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _short(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:6]


def _named(place: Path, several: bool) -> Iterator[tuple[str, Path]]:
    """The cases of a place with their names; those of several places begin with the place's own."""
    for folder in _found(place):
        below = folder.relative_to(place).as_posix()
        if below == ".":
            yield place.name or "case", folder
        else:
            yield f"{place.name}/{below}" if several else below, folder


def _found(folder: Path, depth: int = _DEEPEST) -> Iterator[Path]:
    """The case folders at and below a folder. No link is followed, and a case holds no other."""
    if (folder / MAIN).is_file():
        yield folder
        return
    if not depth:
        return
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        below = [
            each for each in found if each.is_dir(follow_symlinks=False) and not each.name.startswith(".")
        ]
    for each in sorted(below, key=lambda entry: entry.name):
        yield from _found(Path(each.path), depth - 1)
