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
Day = dict[str, Finding]  # what is found on it, by identity and severity


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
    case: Case,
    entries: Sequence[data.Directive],
    days: int,
    settings: Settings = BY_DEFAULT,
    today: Sequence[Finding] | None = None,
) -> list[Upcoming]:
    """What is not found on the case's day but will be within `days`, by day; then what is near a limit.

    `entries` are the case's, later ones included: they count from their own date on. `today` is what the checks find
    by these settings on the case's day, where that is known already.
    """
    found = run_checks(case, settings=settings) if today is None else today
    return [*_Looking(case, entries, settings).turning(days, found), *_near_limits(case, settings)]


class _Looking:
    """A case looked at on later days: a day is judged where something turns near it, by the checks that it concerns."""

    def __init__(self, case: Case, entries: Sequence[data.Directive], settings: Settings) -> None:
        self._case, self._entries, self._settings = case, entries, settings
        self._latest = case  # the one looked at last: a day next to its own seldom has to be read anew

    def turning(self, days: int, today: Sequence[Finding]) -> list[Upcoming]:
        """What turns within so many days."""
        days = min(days, (datetime.date.max - self._case.as_of).days)
        last = self._found(days, self._settings)
        new = {identity: last[identity] for identity in last.keys() - _by_identity(today).keys()}
        turned = [self._upcoming(finding, day) for finding, day in self._days(new, 0, days)]
        return sorted(turned, key=lambda one: (one.due, one.becomes, one.finding.file, one.finding.line))

    def _days(self, new: Day, before: int, after: int) -> Iterator[tuple[Finding, int]]:
        """The first day of each of the findings that are not there on one day and are on a later one, as it is then."""
        if not new:
            return
        if after == before + 1:
            yield from ((finding, after) for finding in new.values())
            return
        middle = (before + after) // 2
        names = {finding.check for finding in new.values()}
        found = self._found(middle, self._settings._replace(off=frozenset(catalogue()) - names))
        yield from self._days(
            {identity: found[identity] for identity in new.keys() & found.keys()}, before, middle
        )
        yield from self._days(
            {identity: new[identity] for identity in new.keys() - found.keys()}, middle, after
        )

    def _found(self, day: int, settings: Settings) -> Day:
        """What is found so many days on, by identity and severity."""
        self._latest = self._latest.on(self._case.as_of + datetime.timedelta(days=day), self._entries)
        return _by_identity(run_checks(self._latest, settings=settings))

    def _upcoming(self, finding: Finding, day: int) -> Upcoming:
        due = self._case.as_of + datetime.timedelta(days=day)
        return Upcoming(finding._replace(severity="warning"), finding.severity, due)


def _by_identity(found: Sequence[Finding]) -> Day:
    return {f"{finding.severity}\n{identity}": finding for identity, finding in identities(found)}


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
