"""The dedicated account, the months and the budget of a case as rows; amounts in NT$."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.cost_share import Approved
from ledger.case.case import Case
from ledger.case.case import Movement
from ledger.case.case import MovementKind
from ledger.model import accounts
from ledger.model.award import Award
from ledger.model.award import Budget
from ledger.model.award import Key
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import months_between
from ledger.util.dates import roc

_DRAWN: frozenset[MovementKind] = frozenset({"withdrawal", "unexplained", "payment"})


class AccountRow(NamedTuple):
    """One line of the dedicated account; all columns positive, except that money given back is negative."""

    party: str
    date: datetime.date
    kind: MovementKind
    text: str
    instalment: int
    interest: int  # gross
    other_in: int
    withdrawn: int
    tax: int
    remitted_interest: int
    remitted_surplus: int
    other_out: int
    months: tuple[str, ...]
    entry: data.Transaction

    @property
    def change(self) -> int:
        """What the line changes in the bank balance."""
        paid_out = self.withdrawn + self.tax + self.remitted_interest + self.remitted_surplus
        return self.instalment + self.interest + self.other_in - paid_out - self.other_out


class MonthRow(NamedTuple):
    """One month: what it cost, what is earned by its end, what was closed, paid in and withdrawn."""

    month: str
    last: datetime.date
    version: int  # which version of the budget was in force
    cost: int
    shares: dict[Key, int]
    close_date: datetime.date | None
    closed_withdrawable: int | None
    received: int
    withdrawn: int
    received_through: int
    withdrawn_through: int
    withdrawals: str
    close: data.Custom | None

    @property
    def entitlement(self) -> int:
        """Earned by the month's end."""
        return sum(self.shares.values())


class BudgetTable(NamedTuple):
    """The approved budget in its versions: the original and one a date of revision."""

    dates: tuple[datetime.date, ...]
    keys: tuple[Key, ...]
    versions: tuple[dict[Key, Approved], ...]
    revisions: tuple[Budget, ...]

    def version_on(self, day: datetime.date) -> int:
        """The index of the version in force on `day`; the original holds from the beginning."""
        return sum(date <= day for date in self.dates[1:])


def account_rows(case: Case) -> dict[str, list[AccountRow]]:
    """The lines of each party's dedicated account, by date; the lead's always, the others' where there are any."""
    rows: dict[str, list[AccountRow]] = {case.award.ubn: []} if case.award else {}
    for move in case.movements:
        if _at_bank(move):
            rows.setdefault(move.party, []).append(account_row(move))
    return rows


def elsewhere_rows(case: Case) -> list[AccountRow]:
    """Remittances to the treasury that were paid out of the company's own account."""
    return [account_row(move) for move in case.movements if not _at_bank(move)]


def account_row(move: Movement) -> AccountRow:
    """A movement told apart into columns; what fits no column is other money in or out."""
    instalment = move.grant if move.kind == "instalment" else 0
    withdrawn = -move.grant if move.kind in _DRAWN else 0
    known = instalment + move.interest - withdrawn - move.tax - move.remitted_interest - move.remitted_surplus
    rest = move.grant + move.own - known if _at_bank(move) else 0
    text = " ".join(filter(None, (move.entry.payee, move.entry.narration)))
    return AccountRow(
        party=move.party,
        date=move.date,
        kind=move.kind,
        text=text,
        instalment=instalment,
        interest=move.interest,
        other_in=max(0, rest),
        withdrawn=withdrawn,
        tax=move.tax,
        remitted_interest=move.remitted_interest,
        remitted_surplus=move.remitted_surplus,
        other_out=max(0, -rest),
        months=move.months,
        entry=move.entry,
    )


def _at_bank(move: Movement) -> bool:
    return any(posting.account.startswith(accounts.DEDICATED) for posting in move.entry.postings)


def budget_table(award: Award, as_of: datetime.date) -> BudgetTable:
    """The budget's versions through `as_of`, categories in the order of the budget."""
    dates = (award.start, *(day for day in award.revision_dates if day <= as_of))
    original = {key: budget.approved for key, budget in award.original.items()}
    versions = (original, *(award.budget_on(day) for day in dates[1:]))
    as_approved = set(map(id, award.original.values()))
    revisions = tuple(b for b in award.budgets if id(b) not in as_approved and b.date <= as_of)
    return BudgetTable(dates, tuple(original), versions, revisions)


def month_rows(case: Case, budget: BudgetTable) -> list[MonthRow]:
    """Every month from the start to the end, or to the last movement or voucher, as far as `as_of`."""
    assert case.award is not None  # noqa: S101 -- the caller has settled the case
    days = [case.award.end, *(m.date for m in case.movements), *(v.booked for v in case.vouchers)]
    start = min([case.award.start, *days[1:]])
    drawn = _withdrawals_by_month(case)
    accounts = case.dedicated_accounts
    rows = []
    for month in months_between(start, min(max(days), case.as_of)):
        last = month_last_day(month)
        before = last.replace(day=1) - datetime.timedelta(days=1)
        close = case.closed_months.get(month)
        cost = _accepted(case, last)
        rows.append(
            MonthRow(
                month=month,
                last=last,
                version=budget.version_on(last),
                cost=cost - _accepted(case, before),
                shares=case.government_shares(last),
                close_date=close.date if close else None,
                closed_withdrawable=close.withdrawable if close else None,
                received=accounts.received(last) - accounts.received(before),
                withdrawn=accounts.withdrawn(last) - accounts.withdrawn(before),
                received_through=accounts.received(last),
                withdrawn_through=accounts.withdrawn(last),
                withdrawals="\n".join(drawn[month]),
                close=close.entry if close else None,
            )
        )
    return rows


def _accepted(case: Case, through: datetime.date) -> int:
    return sum(accepted for accepted, _disallowed in case.cost(through).values())


def _withdrawals_by_month(case: Case) -> dict[str, list[str]]:
    """The withdrawals under the months they name, or else the month they left in."""
    found: dict[str, list[str]] = defaultdict(list)
    for move in case.movements:
        if move.kind in _DRAWN:
            for month in move.months or (month_of(move.date),):
                found[month].append(f"{roc(move.date)} {-move.grant:,}")
    return found
