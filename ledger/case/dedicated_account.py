"""The dedicated accounts of a case: whose cost each answers for, what came in, what was earned, what went out.

One rule says whose account pays for a party (`account_holders`). A party has an account of its own where the
award names one, or where the books move money on one under the party's name (`party:`). Every other party is
paid through the lead's account, and the lead always has one. A remittance from the party's own bank moves no money
on a dedicated account, so it makes none.
"""

from __future__ import annotations

import bisect
import datetime
import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple

from ledger.model.award import Award
from ledger.model.award import Key
from ledger.model.identifiers import voucher_link
from ledger.model.records import Movement

if TYPE_CHECKING:
    from ledger.case.case import Case

Money = Literal["grant", "own"]

_SPENDING = frozenset({"withdrawal", "unexplained", "payment"})


class Overdraft(NamedTuple):
    """A stretch of days on which one of an account's two sub-accounts was below zero at the day's end."""

    money: Money
    day: datetime.date  # the first of them
    amount: int  # by how much on that day, NT$
    movement: Movement  # that took it below zero


def account_holders(award: Award | None, movements: Iterable[Movement]) -> tuple[str, ...]:
    """The parties with a dedicated account of their own, the lead first; none without an award.

    `movements` bear the party that their entry names or whose voucher it pays.
    """
    if award is None:
        return ()
    own = set(award.holders)
    if award.partners:
        own |= {move.party for move in movements if move.entry.meta.get("party") and (move.grant or move.own)}
    return tuple(party for party in award.parties if party in own)


class DedicatedAccounts:
    """All dedicated accounts of a case, the lead's first; one without an award holds every movement."""

    def __init__(self, case: Case, holders: Sequence[str]) -> None:
        """`holders` as `account_holders` gives them."""
        parties = case.award.parties if case.award is not None else ("",)
        lead = parties[0]
        holder_of = {party: party if party in holders else lead for party in parties}
        movements: dict[str, list[Movement]] = defaultdict(list)
        for move in case.movements:
            movements[holder_of.get(move.party, lead)].append(move)
        self.holders = tuple(dict.fromkeys(holder_of[party] for party in (lead, *parties)))
        paid_for = {
            holder: frozenset(party for party in parties if holder_of[party] == holder)
            for holder in self.holders
        }
        self._accounts = {
            holder: DedicatedAccount(case, holder, paid_for[holder], movements[holder])
            for holder in self.holders
        }
        self._of = {party: self._accounts[holder] for party, holder in holder_of.items()}

    def __iter__(self) -> Iterator[DedicatedAccount]:
        """Each account, the lead's first."""
        return iter(self._accounts.values())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._accounts)

    def of(self, party: str) -> DedicatedAccount:
        """The account that pays for a party of the award."""
        return self._of[party]

    def holder_of(self, party: str) -> str:
        """Whose account pays for a party; the lead's for one that the award does not know."""
        account = self._of.get(party)
        return account.holder if account else self.holders[0]

    def received(self, through: datetime.date | None = None) -> int:
        """Grant money paid in to all accounts through a day, in NT$."""
        return sum(account.received(through) for account in self)

    def withdrawn(self, through: datetime.date | None = None) -> int:
        """Grant money that left all accounts for cost through a day, in NT$."""
        return sum(account.withdrawn(through) for account in self)


class DedicatedAccount:
    """One dedicated account; all amounts in NT$, through a day or in all."""

    def __init__(self, case: Case, holder: str, parties: frozenset[str], movements: list[Movement]) -> None:
        """`parties` are those whose cost it pays, its `holder` among them; `movements` its own, by day."""
        self.holder = holder
        self.parties = parties
        self.movements = movements
        self._case = case
        self._earned: dict[tuple[datetime.date, datetime.date | None], int] = {}

    # --- money in and out ------------------------------------------------------------------------------

    def received(self, through: datetime.date | None = None) -> int:
        """Grant money paid in."""
        return sum(m.grant for m in self.movements if m.kind == "instalment" and _until(m.date, through))

    def withdrawn(self, through: datetime.date | None = None) -> int:
        """Grant money that left for cost: withdrawals, direct payments, and what nobody can explain."""
        return -sum(m.grant for m in self.movements if m.kind in _SPENDING and _until(m.date, through))

    def undrawn(self, through: datetime.date, recognised: int | None = None) -> int:
        """What the months through a day earned and nobody withdrew, while grant money is there to pay it.

        No more than `recognised`, what the settlement grants to its parties, once that is known. Interest is no
        principal; a surplus that was remitted and fees that the grant paid are gone.
        """
        earned = self.earned(through)
        if recognised is not None:
            earned = min(earned, recognised)
        gone = sum(m.remitted_surplus - (m.grant if m.kind == "fee" else 0) for m in self.movements)
        return max(0, min(earned, self.received() - gone) - self.withdrawn())

    def overdrafts(self, money: Money) -> Iterator[Overdraft]:
        """Each stretch of days that ends with the grant's money, or the company's own, below zero."""
        amount = attrgetter(money)
        balance = 0
        was_below = False
        for day, moves in itertools.groupby(self.movements, key=attrgetter("date")):
            before = balance
            todays = list(moves)
            balance += sum(amount(move) for move in todays)
            if balance < 0 and not was_below:
                yield Overdraft(money, day, -balance, _crossing(todays, amount, before))
            was_below = balance < 0

    # --- what its cost earned --------------------------------------------------------------------------

    def earned(self, through: datetime.date | None, known: datetime.date | None = None) -> int:
        """The entitlement on its parties' cost booked through a day, as it was known on a day.

        An auditor's finding counts from its own date on, so what was rightly withdrawn before it stays right;
        without `known` every finding counts. Nothing without a day, an award or a scheme.
        """
        if through is None or self._case.award is None or self._case.scheme is None:
            return 0
        if (through, known) not in self._earned:
            self._earned[through, known] = self._work_out(self._case.award, through, known)
        return self._earned[through, known]

    def _work_out(self, award: Award, through: datetime.date, known: datetime.date | None) -> int:
        cut: dict[Key, int] = defaultdict(int)
        for booked, found, key, amount in self._cuts:
            if booked <= through and (known is None or found <= known):
                cut[key] += amount
        budget = award.budget_on(through)
        total = 0
        for key, (days, sums) in self._cost.items():
            place = bisect.bisect_right(days, through)
            approved = budget.get(key)
            if place and approved is not None:
                total += self._case.share(key[1], sums[place - 1] - cut[key], approved)
        return total

    @functools.cached_property
    def _cost(self) -> dict[Key, tuple[list[datetime.date], list[int]]]:
        """The days on which cost was booked for each key, and what it came to by then."""
        cost: dict[Key, tuple[list[datetime.date], list[int]]] = {}
        for (day, party, category), (claimed, _disallowed) in self._case.booked_cost.items():
            if party in self.parties:
                days, sums = cost.setdefault((party, category), ([], []))
                sums.append((sums[-1] if sums else 0) + claimed)
                days.append(day)
        return cost

    @functools.cached_property
    def _cuts(self) -> list[tuple[datetime.date, datetime.date, Key, int]]:
        """What findings take: the day it was booked, the day it was found, its key and amount."""
        case = self._case
        if not case.struck:
            return []
        found_on = {finding.voucher: finding.date for finding in case.findings}  # in their latest state
        cuts = []
        for voucher in case.vouchers:
            if voucher.party not in self.parties:
                continue
            accepted = case.accepted_lines(voucher)
            for line, (category, kept, _disallowed) in zip(voucher.lines, accepted, strict=True):
                if kept != line.cost:
                    # a credit note goes with the invoice that a finding strikes out
                    day = found_on.get(voucher.number) or found_on.get(voucher.reverses) or voucher.booked
                    cuts.append((voucher.booked, day, (voucher.party, category), line.cost - kept))
        return cuts

    def booked(self, number: str) -> datetime.date | None:
        """The day on which the voucher of this number or link is booked; None where it pays for no such."""
        return self._booked.get(voucher_link(number))

    @functools.cached_property
    def _booked(self) -> dict[str, datetime.date]:
        booked: dict[str, datetime.date] = {}
        for voucher in self._case.vouchers:
            if voucher.party in self.parties:
                booked.setdefault(voucher.link, voucher.booked)
        return booked


def _until(date: datetime.date, day: datetime.date | None) -> bool:
    return day is None or date <= day


def _crossing(moves: list[Movement], amount: attrgetter[int], balance: int) -> Movement:
    """The last movement of the day that took the balance from zero or more to below it."""
    crossing = moves[0]
    for move in moves:
        if balance >= 0 > balance + amount(move):
            crossing = move
        balance += amount(move)
    return crossing
