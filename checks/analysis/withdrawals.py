"""Judging what left the dedicated account: against the months closed by then and the grant received by then."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from checks.analysis.basis import spending_basis
from checks.engine.case_cache import per_case
from ledger.case.case import Case
from ledger.case.case import Movement
from ledger.case.case import Payment
from ledger.case.dedicated_account import DedicatedAccount
from ledger.model.award import Award
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import months_between

_OUT = frozenset({"withdrawal", "unexplained", "payment"})


class WithdrawalJudgement(NamedTuple):
    """One movement out of the grant's money, in NT$.

    `early` are the months it drew on before their close, `early_amount` what of it did. `excess` is how much
    of it goes beyond `limit`, where the months it drew on early would not cover that either.
    """

    movement: Movement
    withdrawn: int  # in all, through this movement
    limit: int
    excess: int
    early: tuple[str, ...] = ()
    early_amount: int = 0


@per_case
def judge_withdrawals(case: Case) -> list[WithdrawalJudgement]:
    """Every withdrawal and direct payment, judged by what was closed, received and found on its day."""
    terms = spending_basis(case)
    if terms is None:
        return []
    payments: dict[int, list[Payment]] = defaultdict(list)
    for payment in case.payments:
        if payment.from_grant:
            payments[id(payment.entry)].append(payment)
    return [
        judged
        for account in case.dedicated_accounts
        for judged in _judge_account(case, terms.award, account, payments)
    ]


def _judge_account(
    case: Case, award: Award, account: DedicatedAccount, payments: dict[int, list[Payment]]
) -> Iterator[WithdrawalJudgement]:
    received = _Received(account)
    withdrawn = 0
    ahead_before = {
        "payment": 0,
        "withdrawal": 0,
    }  # by how much the last of each kind left too much withdrawn
    direct: list[tuple[datetime.date, int]] = []  # (day the voucher is booked, paid for it from the grant)
    for movement in account.movements:
        if movement.kind not in _OUT:
            continue
        before, withdrawn = withdrawn, withdrawn - movement.grant
        principal = received.through(movement.date)
        if movement.kind == "payment":
            direct += [
                (account.booked(payment.number) or movement.date, payment.from_grant)
                for payment in payments[id(movement.entry)]
            ]
            limit = min(account.earned(movement.date, movement.date), principal)
            excess = _excess(before, withdrawn, limit, ahead_before["payment"])
            ahead_before["payment"] = max(0, withdrawn - limit)
            yield WithdrawalJudgement(movement, withdrawn, limit, excess)
        else:
            # what was paid directly for months still open is no part of what closed months have earned
            reach = _closed_through(case, award, movement.date)
            ahead = sum(paid for booked, paid in direct if reach is None or booked > reach)
            day = _Day(case, award, account, movement, reach, principal)
            yield _judge_withdrawal(day, before - ahead, withdrawn - ahead, ahead_before["withdrawal"])
            ahead_before["withdrawal"] = max(0, withdrawn - ahead - day.limit(reach))


class _Received:
    """Grant money paid in through a day."""

    def __init__(self, account: DedicatedAccount) -> None:
        self._sums: list[tuple[datetime.date, int]] = []
        total = 0
        for movement in account.movements:
            if movement.kind == "instalment":
                total += movement.grant
                self._sums.append((movement.date, total))

    def through(self, day: datetime.date) -> int:
        """The sum of the instalments through `day`, in NT$."""
        return max((total for date, total in self._sums if date <= day), default=0)


class _Day(NamedTuple):
    """The state of things on the day of a withdrawal."""

    case: Case
    award: Award
    account: DedicatedAccount
    movement: Movement
    reach: datetime.date | None  # the last day that closed months cover
    principal: int

    def limit(self, reach: datetime.date | None) -> int:
        """What could have been withdrawn in all, had the months through `reach` been closed."""
        return min(self.account.earned(reach, self.movement.date), self.principal)


def _closed_through(case: Case, award: Award, day: datetime.date) -> datetime.date | None:
    """The last day that the months closed on `day` cover; months after the end need no close."""
    closed = case.closed_on(day)
    if not closed:
        return None
    return day if month_of(award.end) in closed else month_last_day(max(closed))


def _judge_withdrawal(day: _Day, before: int, withdrawn: int, told: int) -> WithdrawalJudgement:
    """A withdrawal after `before` had been withdrawn; `told` is what was said already to be withdrawn too much."""
    movement = day.movement
    limit = day.limit(day.reach)
    excess = _excess(before, withdrawn, limit)
    plain = WithdrawalJudgement(movement, withdrawn, limit, _excess(before, withdrawn, limit, told))
    if movement.kind != "withdrawal" or movement.grant >= 0:
        return plain
    closed = day.case.closed_on(movement.date)
    of_case = months_between(day.award.start, day.award.end)
    named = tuple(month for month in movement.months if month in of_case and month not in closed)
    if named:
        would_be = day.limit(max(month_last_day(max(named)), day.reach or day.award.start))
        beyond = _excess(before, withdrawn, would_be)
        early = (excess - beyond) or -movement.grant
        beyond = _excess(before, withdrawn, would_be, told)
        return WithdrawalJudgement(movement, withdrawn, would_be, beyond, named, early)
    open_months = tuple(
        month for month in of_case if month not in closed and month <= month_of(movement.date)
    )
    if movement.months or not open_months or not excess:
        return plain
    beyond = _excess(before, withdrawn, day.limit(movement.date))
    if beyond == excess:
        return plain
    early = excess - beyond
    beyond = _excess(before, withdrawn, day.limit(movement.date), told)
    return WithdrawalJudgement(movement, withdrawn, limit + early, beyond, open_months, early)


def _excess(before: int, withdrawn: int, limit: int, told: int = 0) -> int:
    """How much of the last movement goes beyond the limit; what went beyond it before is not said again.

    `told` is by how much the movement before it left too much withdrawn. Whoever draws too much once, and then each
    month what the month gives, stays ahead by the same amount: that is one finding, not one a month.
    """
    beyond = max(0, withdrawn - limit)
    return min(beyond - max(0, before - limit), max(0, beyond - told))
