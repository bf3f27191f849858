"""The page of the whole portfolio: what it comes to, which look each case gets, error rates, findings across cases."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from portfolio.cross_checks import CrossFinding
from portfolio.reporting.rates import CONFIDENCE
from portfolio.reporting.rates import ErrorRate
from portfolio.risk import LOOKS
from portfolio.risk import look_name
from portfolio.risk import scheme_name
from server.cases import Cases
from server.cases import ServedCase
from server.home.from_index import rates_of
from server.home.listing import Entry
from server.home.listing import Totals
from server.home.listing import entries
from server.home.listing import totals

MOST_FINDINGS = 200


class Bar(NamedTuple):
    """A bar of a chart: how long, of how much."""

    key: str
    name: str
    value: int
    most: int


class Across(NamedTuple):
    """A finding across cases with the addresses of these, and why it was dismissed."""

    finding: CrossFinding
    cases: list[ServedCase]
    dismissed: str


class PortfolioPage(NamedTuple):
    """All that the page shows, of the cases that one may see."""

    totals: Totals
    looks: list[Bar]
    money: list[Bar]
    rates: list[ErrorRate]
    schemes: dict[str, str]
    findings: list[Across]
    hidden: int  # findings that there is no room for, or that are about cases one may not see
    was_read: bool  # of any index at all; where none was, there is nothing but the problems
    is_current: bool
    day: datetime.date | None
    problems: list[str]
    confidence: int = CONFIDENCE


def portfolio_page(cases: Sequence[ServedCase], all_cases: Cases) -> PortfolioPage | None:
    """The page of these cases; None where no served folder has an index."""
    today = datetime.date.today()
    found, indexes = entries(cases, all_cases, today)
    if not indexes:
        return None
    rates: list[ErrorRate] = []
    across: list[Across] = []
    every = 0
    for place, index in indexes.items():
        known = {case.below(place): case for case in cases if case.folder.is_relative_to(place)}
        rates += rates_of(place, set(known))
        every += len(index.findings)
        for finding in index.findings:
            if all(path in known for path in finding.cases):
                dismissal = index.dismissed.get(finding.id)
                told = [known[path] for path in finding.cases]
                across.append(Across(finding, told, dismissal.reason if dismissal else ""))
    across.sort(key=lambda each: (bool(each.dismissed), each.finding.severity != "error"))
    sums = totals(found, today)
    return PortfolioPage(
        sums,
        _looks(found),
        _money(sums),
        rates,
        {rate.scheme: scheme_name(rate.scheme) for rate in rates},
        across[:MOST_FINDINGS],
        every - min(len(across), MOST_FINDINGS),
        any(index.was_read for index in indexes.values()),
        all(index.is_current for index in indexes.values()),
        max((index.day for index in indexes.values() if index.day), default=None),
        [index.problem for index in indexes.values() if index.problem],
    )


def _looks(found: Sequence[Entry]) -> list[Bar]:
    counts = {look: sum(1 for entry in found if entry.risk and entry.risk.look == look) for look in LOOKS}
    most = max(1, *counts.values())
    return [Bar(look, look_name(look), count, most) for look, count in counts.items()]


def _money(sums: Totals) -> list[Bar]:
    values = [sums.approved, sums.received, sums.recognised, sums.parked, sums.to_remit]
    most = max(1, *values)
    names = ("approved", "received", "recognised", "parked", "to_remit")
    return [Bar(name, "", value, most) for name, value in zip(names, values, strict=True)]
