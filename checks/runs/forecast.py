"""What a case will be found for within some days if nobody does anything, and since when.

The checks run as of a later day; what they find then and not today is told with the day on which it turns. What
time alone does not turn, but the next voucher may, is told without a day: a category near its budget or its cap.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import Basis
from checks.analysis.basis import budget_entry
from checks.analysis.basis import spending_basis
from checks.engine.catalogue import catalogue
from checks.engine.finding import Finding
from checks.engine.finding import Found
from checks.engine.finding import Severity
from checks.engine.finding import finding_of
from checks.engine.fingerprint import identities
from checks.engine.runner import run_checks
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from ledger.arithmetic.settlement import share_of
from ledger.case.case import Case
from ledger.model.award import Key
from ledger.util.i18n import _

NEAR_PERCENT = 90  # of a budget or a cap, from where on it is told (assumed: the program's own threshold)
Day = dict[str, Finding]  # what is found on it, by anchor and severity


class Upcoming(NamedTuple):
    """What will be found: as a warning for now, the severity that it will have, and the first day on which it is found.

    Without a day, time alone does not turn it.
    """

    finding: Finding
    becomes: Severity
    due: datetime.date | None

    @property
    def message(self) -> str:
        """What it says, with the day where there is one."""
        if self.due is None:
            return self.finding.message
        return _("自 {date} 起:{message}").format(date=self.due, message=self.finding.message)


def upcoming(
    case: Case, entries: Sequence[data.Directive], days: int, settings: Settings = BY_DEFAULT
) -> list[Upcoming]:
    """What is not found on the case's day but will be within `days`, by day; then what is near a limit.

    `entries` are the case's, later ones included: they count from their own date on.
    """
    return [*_Looking(case, entries, settings).turning(days), *_near_limits(case, settings)]


class _Looking:
    """A case looked at on later days; each day is judged at most once, by the checks that have something new."""

    def __init__(self, case: Case, entries: Sequence[data.Directive], settings: Settings) -> None:
        self._case, self._entries, self._settings = case, entries, settings
        self._known: dict[int, Day] = {}

    def turning(self, days: int) -> list[Upcoming]:
        """What turns within so many days."""
        days = min(days, (datetime.date.max - self._case.as_of).days)
        new = self._found(days).keys() - self._found(0).keys()
        names = {self._found(days)[anchor].check for anchor in new}
        self._settings = self._settings._replace(off=frozenset(catalogue()) - names)
        turned = [self._upcoming(anchor, day) for anchor, day in self._days(new, 0, days)]
        return sorted(turned, key=lambda one: (one.due, one.becomes, one.finding.file, one.finding.line))

    def _days(self, new: set[str], before: int, after: int) -> Iterator[tuple[str, int]]:
        """The first day of each of the anchors that are not found on one day and are found on a later one."""
        if not new:
            return
        if after == before + 1:
            yield from ((anchor, after) for anchor in new)
            return
        middle = (before + after) // 2
        there = new & self._found(middle).keys()
        yield from self._days(there, before, middle)
        yield from self._days(new - there, middle, after)

    def _found(self, day: int) -> Day:
        """What is found so many days on, by anchor and severity."""
        if day not in self._known:
            date = self._case.as_of + datetime.timedelta(days=day)
            case = Case(self._entries, folder=self._case.folder, as_of=date) if day else self._case
            found = run_checks(case, settings=self._settings)
            self._known[day] = {
                f"{finding.severity}\n{anchor}": finding for anchor, finding in identities(found)
            }
        return self._known[day]

    def _upcoming(self, anchor: str, day: int) -> Upcoming:
        finding = self._found(day)[anchor]
        due = self._case.as_of + datetime.timedelta(days=day)
        return Upcoming(finding._replace(severity="warning"), finding.severity, due)


class _Limit(NamedTuple):
    """How much of what a category may carry is used, in NT$, and the check that speaks once it is exceeded."""

    check: str
    used: int
    limit: int
    message: str

    @property
    def left(self) -> int:
        return self.limit - self.used

    @property
    def is_near(self) -> bool:
        return 0 < self.used <= self.limit and 100 * self.used >= NEAR_PERCENT * self.limit


def _near_limits(case: Case, settings: Settings) -> Iterator[Upcoming]:
    """The categories that have used most of their budget or cap, the one that leaves less, while the case runs."""
    terms = spending_basis(case)
    if terms is None or case.as_of > terms.award.end:
        return
    for key in terms.budget:
        near = [
            limit for limit in _limits(case, terms, key) if limit.is_near and limit.check not in settings.off
        ]
        if near:
            tightest = min(near, key=lambda limit: limit.left)
            check = catalogue()[tightest.check]
            message = tightest.message.format(
                category=wording.category(terms.award, key),
                used=wording.money(tightest.used),
                limit=wording.money(tightest.limit),
                percent=100 * tightest.used // tightest.limit,
                left=wording.money(tightest.left),
            )
            entry = budget_entry(case, terms.award, key).entry
            found = Found(entry, message, tightest.left, severity="warning")
            level = settings.severity.get(check.name, check.severity)
            yield Upcoming(finding_of(check, found), level, None)


def _limits(case: Case, terms: Basis, key: Key) -> Iterator[_Limit]:
    """The budget of a category, and its cap as the settlement counts it."""
    accepted, _disallowed = case.cost()[key]
    message = _("{category}已用 {used},達核定預算 {limit}的 {percent}%,只剩 {left}")
    yield _Limit("budget-overrun", accepted, terms.budget[key].total, message)
    cap, base = terms.scheme.cap(key[1]), terms.scheme.cap_base
    if cap is not None:
        whole = sum(line.total for line in terms.budget.values())
        if terms.scheme.cap_total.value == "actual":
            whole = sum(cost for cost, _disallowed in case.cost().values())
        shares = case.government_shares()
        parties = [other for other in terms.budget if other[1] == key[1]]  # the cap is the project's
        used = sum(case.cost()[other][0] if base.value == "category" else shares[other] for other in parties)
        message = _("{category}已用 {used},達科目上限 {limit}的 {percent}%,只剩 {left}")
        yield _Limit(
            "category-cap-exceeded", used, share_of(whole, cap.value), message + wording.assumed(cap, base)
        )
