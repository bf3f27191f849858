"""Each dedicated account with what it has earned: whose cost it answers for, and what had been earned when.

A partner without a dedicated account of its own is paid through the lead's.
"""

from __future__ import annotations

import bisect
import datetime
import functools
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ledger.case.case import Case
from ledger.case.case import Movement
from ledger.model.award import Award
from ledger.model.award import Key
from ledger.model.identifiers import voucher_link


class Purse(NamedTuple):
    """A dedicated account: the parties whose cost it answers for, and its movements by date."""

    parties: frozenset[str]
    movements: list[Movement]


def purses(case: Case, award: Award) -> list[Purse]:
    """The dedicated accounts of a case, the lead's first."""
    parties: dict[str, set[str]] = {award.ubn: {award.ubn}}
    for party in award.parties:
        parties.setdefault(case.holder_of(party), set()).add(party)
    movements: dict[str, list[Movement]] = defaultdict(list)
    for movement in case.movements:
        movements[case.holder_of(movement.party)].append(movement)
    return [Purse(frozenset(own), movements[holder]) for holder, own in parties.items()]


class Earned:
    """What a purse's cost had earned through a day, as it was known on a day.

    An auditor's finding counts from its own date on: what was rightly withdrawn before it stays right.
    """

    def __init__(self, case: Case, award: Award, parties: frozenset[str]) -> None:
        self._case, self._award, self._parties = case, award, parties
        self._days: dict[Key, list[datetime.date]] = defaultdict(list)
        self._sums: dict[Key, list[int]] = defaultdict(list)
        self._known: dict[tuple[datetime.date, datetime.date], int] = {}
        for (day, party, category), (claimed, _disallowed) in case.booked_cost.items():
            if party in parties:
                sums = self._sums[party, category]
                sums.append((sums[-1] if sums else 0) + claimed)
                self._days[party, category].append(day)
        self._cuts = list(self._struck()) if case.struck else []

    def _struck(self) -> Iterator[tuple[datetime.date, datetime.date, Key, int]]:
        """What findings take: the day it was booked, the day it was found, its key and amount."""
        found_on = {finding.voucher: finding.date for finding in self._case.findings}  # in their latest state
        for voucher in self._case.vouchers:
            if voucher.party not in self._parties:
                continue
            accepted = self._case.accepted_lines(voucher)
            for line, (category, kept, _disallowed) in zip(voucher.lines, accepted, strict=True):
                if kept != line.cost:
                    # a credit note goes with the invoice that a finding strikes out
                    day = found_on.get(voucher.number) or found_on.get(voucher.reverses) or voucher.booked
                    yield voucher.booked, day, (voucher.party, category), line.cost - kept

    def through(self, day: datetime.date | None, known: datetime.date) -> int:
        """The entitlement on the cost booked through `day`, as known on `known`; nothing without a day."""
        if day is None:
            return 0
        if (day, known) not in self._known:
            self._known[day, known] = self._work_out(day, known)
        return self._known[day, known]

    def _work_out(self, day: datetime.date, known: datetime.date) -> int:
        cut: dict[Key, int] = defaultdict(int)
        for booked, found, key, amount in self._cuts:
            if booked <= day and found <= known:
                cut[key] += amount
        budget = self._award.budget_on(day)
        total = 0
        for key, days in self._days.items():
            place = bisect.bisect_right(days, day)
            approved = budget.get(key)
            if place and approved is not None:
                total += self._case.share(key[1], self._sums[key][place - 1] - cut[key], approved)
        return total

    def booked(self, number: str) -> datetime.date | None:
        """The day on which the voucher of this number or link is booked."""
        return self._booked.get(voucher_link(number))

    @functools.cached_property
    def _booked(self) -> dict[str, datetime.date]:
        booked: dict[str, datetime.date] = {}
        for voucher in self._case.vouchers:
            if voucher.party in self._parties:
                booked.setdefault(voucher.link, voucher.booked)
        return booked
