"""What the portfolio's index says of the served cases, read once and kept in memory until one of its files changes."""

from __future__ import annotations

import contextlib
import datetime
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import duckdb

from ledger.errors import GrantError
from ledger.util.i18n import current_language
from portfolio import FILE
from portfolio import dismissals
from portfolio import rules
from portfolio.cross_checks import CrossFinding
from portfolio.crossed import kept
from portfolio.dismissals import Dismissal
from portfolio.index import BusyIndexError
from portfolio.index import reading
from portfolio.reporting.rates import ErrorRate
from portfolio.reporting.rates import error_rates
from portfolio.risk import CaseRisk
from portfolio.risk import rank

_FILES = (FILE, rules.FILE, dismissals.FILE)
_Stamp = tuple[object, ...]


class IndexState(NamedTuple):
    """An index as read: by the path of a case below the served folder, its risk, or why it could not be read.

    `crossed` are the findings across cases that are about it; `is_current` whether they are of the cases as indexed.
    `problem` says why nothing, or nothing newer, could be read.
    """

    ranked: dict[str, CaseRisk]
    broken: dict[str, str]
    crossed: dict[str, list[CrossFinding]]
    dismissed: dict[str, Dismissal]
    is_current: bool
    day: datetime.date | None
    problem: str = ""

    @property
    def was_read(self) -> bool:
        """Whether anything is known of it; where not, no sum of it is a sum."""
        return bool(self.ranked or self.broken)

    @property
    def findings(self) -> list[CrossFinding]:
        """All findings across cases, each once."""
        return list({each.id: each for found in self.crossed.values() for each in found}.values())


_NOTHING = IndexState({}, {}, {}, {}, is_current=False, day=None)
_KNOWN: dict[tuple[Path, str], tuple[_Stamp, IndexState]] = {}


def index_state(place: Path) -> IndexState | None:
    """What the index of the served folder `place` says; None where there is none.

    While another program writes the index what was read last is given.
    """
    if not (place / FILE).is_file():
        return None
    stamp, key = tuple(map(_state, (place / name for name in _FILES))), (place, current_language())
    known = _KNOWN.get(key)
    if known is not None and known[0] == stamp:
        return known[1]
    try:
        read = _read(place)
    except (GrantError, duckdb.Error) as error:
        before = known[1] if known and isinstance(error, BusyIndexError) else _NOTHING
        return before._replace(problem=str(error))
    _KNOWN[key] = (stamp, read)
    return read


def rates_of(place: Path, paths: set[str]) -> list[ErrorRate]:
    """The error rates of these cases; none where the index cannot be read just now."""
    with contextlib.suppress(GrantError, duckdb.Error), reading(place) as connection:
        return error_rates(connection, paths)
    return []


def _state(file: Path) -> tuple[int, int] | None:
    try:
        at = file.stat()
    except OSError:
        return None
    return at.st_mtime_ns, at.st_size


def _read(place: Path) -> IndexState:
    points, dismissed = rules.read_rules(place), dismissals.read_dismissals(place)
    with reading(place) as connection:
        found = kept(connection)
        ranked = rank(connection, found.findings, set(dismissed), points)
        broken = connection.execute("SELECT path, broken FROM index_state WHERE broken <> ''").fetchall()
    crossed: dict[str, list[CrossFinding]] = defaultdict(list)
    for finding in found.findings:
        for path in finding.cases:
            crossed[path].append(finding)
    days = [risk.case["as_of"] for risk in ranked if risk.case["as_of"]]
    return IndexState(
        {risk.path: risk for risk in ranked},
        dict(broken),
        dict(crossed),
        dismissed,
        found.is_current,
        max(days, default=None),
    )
