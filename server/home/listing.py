"""Which cases the home page lists, in which order, and what they come to together."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.util.i18n import _
from ledger.util.text import fold
from portfolio.risk import LOOKS
from portfolio.risk import CaseRisk
from portfolio.risk import look_name
from server.cases import Cases
from server.cases import ServedCase
from server.home.from_index import IndexState
from server.home.from_index import index_state
from server.home.next_up import close_by

_LONGEST = 100


class Entry(NamedTuple):
    """A case in the list: what the index says of it; None where it is not in there."""

    case: ServedCase
    risk: CaseRisk | None = None
    crossed: int = 0  # findings across cases that nobody dismissed
    by: datetime.date | None = None  # when the next month is to be closed

    @property
    def errors(self) -> int:
        """Errors that the checks of the case alone found."""
        return int(self.risk.case["errors"]) if self.risk else 0


class Totals(NamedTuple):
    """What the listed cases come to, as far as they are in the index; NT$, vouchers, cases.

    `unread` are those that are not, or that could not be read: no sum holds them.
    """

    cases: int
    unread: int
    approved: int
    received: int
    recognised: int
    parked: int
    to_remit: int
    vouchers: int
    judged: int
    late: int

    @property
    def percent(self) -> int:
        """How much of the vouchers the auditors have judged."""
        return 100 * self.judged // self.vouchers if self.vouchers else 0


class ListingRequest(NamedTuple):
    """What the list is narrowed to, and its order; unknown words mean nothing."""

    search: str = ""
    look: str = ""
    scheme: str = ""
    state: str = ""
    order: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], *, indexed: bool) -> ListingRequest:
        """Out of an address; without an index there is nothing to narrow to."""
        search = asked.get("q", "").strip()[:_LONGEST]
        if not indexed:
            return cls(search, order="name")
        look, state, order = (asked.get(name, "") for name in ("look", "state", "order"))
        return cls(
            search,
            look if look in LOOKS else "",
            asked.get("scheme", "")[:_LONGEST],
            state if state in STATES else "",
            order if order in orders() else "risk",
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether cases are left out."""
        return any(self[:4])


STATES: dict[str, Callable[[Entry, datetime.date], bool]] = {
    "error": lambda entry, _today: bool(entry.errors),
    "crossed": lambda entry, _today: bool(entry.crossed),
    "parked": lambda entry, _today: bool(entry.risk and entry.risk.case["parked"]),
    "remit": lambda entry, _today: bool(entry.risk and entry.risk.case["due_to_treasury"]),
    "late": lambda entry, today: entry.by is not None and entry.by < today,
    "unjudged": lambda entry, _today: bool(entry.risk and not entry.risk.case["judged"]),
    "unread": lambda entry, _today: entry.risk is None,
}


def states() -> dict[str, str]:
    """What a case can be, as the page names it."""
    return {
        "error": _("有錯誤"),
        "crossed": _("有跨案疑點"),
        "parked": _("有待補正"),
        "remit": _("有應繳國庫款"),
        "late": _("月結逾期"),
        "unjudged": _("尚未查核"),
        "unread": _("不在索引或讀不到"),
    }


def orders() -> dict[str, str]:
    """The orders of the list."""
    return {"risk": _("風險高者在前"), "by": _("期限近者在前"), "name": _("資料夾名稱")}


def looks() -> dict[str, str]:
    """The looks that a case can get."""
    return {look: look_name(look) for look in LOOKS}


def entries(
    cases: Sequence[ServedCase], all_cases: Cases, today: datetime.date
) -> tuple[list[Entry], dict[Path, IndexState]]:
    """The cases with what the indexes of their served folders say, and these by folder."""
    known: dict[Path, IndexState | None] = {}
    found = []
    for case in cases:
        place = all_cases.place_of(case)
        if place not in known:
            known[place] = index_state(place)
        found.append(_entry(case, place, known[place], today))
    return found, {place: index for place, index in known.items() if index is not None}


def _entry(case: ServedCase, place: Path, index: IndexState | None, today: datetime.date) -> Entry:
    if index is None:
        return Entry(case)
    path = case.below(place)
    risk = index.ranked.get(path)
    if risk is None:
        return Entry(case)
    crossed = sum(finding.id not in index.dismissed for finding in index.crossed.get(path, ()))
    month = risk.case["month_to_close"]
    return Entry(case, risk, crossed, close_by(month, today) if month else None)


def listed(
    found: Iterable[Entry], asked: ListingRequest, today: datetime.date, words_of: Callable[[Entry], str]
) -> list[Entry]:
    """Those of the entries that are asked for, in their order; `words_of` gives what is searched in."""
    wanted = [fold(word) for word in asked.search.split()]
    kept = [
        entry
        for entry in found
        if (not asked.look or (entry.risk is not None and entry.risk.look == asked.look))
        and (not asked.scheme or (entry.risk is not None and entry.risk.case["scheme"] == asked.scheme))
        and (not asked.state or STATES[asked.state](entry, today))
        and (not wanted or _fits(fold(words_of(entry)), wanted))
    ]
    if asked.order == "risk":
        kept.sort(key=lambda entry: -entry.risk.points if entry.risk else 0)
    elif asked.order == "by":
        kept.sort(key=lambda entry: entry.by or datetime.date.max)
    return kept


def _fits(words: str, wanted: Sequence[str]) -> bool:
    return all(word in words for word in wanted)


def totals(found: Sequence[Entry], today: datetime.date) -> Totals:
    """What these cases come to."""
    rows = [entry.risk.case for entry in found if entry.risk is not None]

    def sum_of(name: str) -> int:
        return sum(row[name] or 0 for row in rows)

    return Totals(
        cases=len(rows),
        unread=len(found) - len(rows),
        approved=sum_of("approved_government"),
        received=sum_of("received"),
        recognised=sum_of("recognised"),
        parked=sum_of("parked"),
        to_remit=sum_of("due_to_treasury"),
        vouchers=sum_of("claims"),
        judged=sum_of("judged"),
        late=sum(STATES["late"](entry, today) for entry in found),
    )
