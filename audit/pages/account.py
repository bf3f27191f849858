"""專戶: the months, what each earned and drew; every line of the bank with its balance; the interest."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from audit.case_view import View
from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from ledger.case.case import Case
from ledger.util.dates import month_of
from ledger.util.text import whole_number
from reports.data.account_rows import AccountRow
from reports.data.account_rows import MonthRow
from reports.data.account_rows import account_rows
from reports.data.account_rows import budget_table
from reports.data.account_rows import elsewhere_rows
from reports.data.account_rows import month_rows


class BankRow(NamedTuple):
    """One line of a dedicated account: the balance after it, and what the statement says it was (if it says)."""

    row: AccountRow
    balance: int
    statement: int | None

    @property
    def difference(self) -> int:
        """Statement less books; 0 where the statement says nothing."""
        return 0 if self.statement is None else self.statement - self.balance

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody has said yet what the line is."""
        return self.row.entry.flag == "!" or self.row.kind in {"unexplained", "deposit"}


class Interest(NamedTuple):
    """Interest through the day looked at, in NT$: gross, tax withheld, remitted, and still due."""

    gross: int
    tax: int
    remitted: int

    @property
    def due(self) -> int:
        """Gross interest not yet remitted."""
        return self.gross - self.remitted


@dataclasses.dataclass(frozen=True, slots=True)
class AccountPage:
    """All that the page shows; `month`, `kind` and `party` are what the lines were narrowed to."""

    months: list[MonthRow]
    lines: Page[BankRow]
    elsewhere: list[AccountRow]
    interest: Interest
    balance: int
    parties: list[tuple[str, str]]
    kinds: list[str]
    month: str
    kind: str
    party: str


def account_page(view: View, query: Query) -> AccountPage:
    """The page of one party's account, the lead's unless another is asked for."""
    case, award = view.case, view.case.award
    books = view.cached("bank", lambda known: _bank_rows(known.case))
    party = query.text("party")
    if party not in books:
        party = award.ubn if award else next(iter(books), "")
    lines = books.get(party, [])
    month, kind = query.text("month"), query.text("kind")
    shown = [
        line
        for line in lines
        if (not month or month_of(line.row.date) == month)
        and (not kind or line.row.kind == kind)
        and (query.only is None or id(line.row.entry) in query.only)
    ]
    return AccountPage(
        months=view.cached("months", _months),
        lines=paged(shown, query.number("page", 1)),
        elsewhere=elsewhere_rows(case),
        interest=_interest(case),
        balance=lines[-1].balance if lines else 0,
        parties=[(ubn, award.party_name(ubn) if award else ubn) for ubn in books],
        kinds=list(dict.fromkeys(line.row.kind for line in lines)),
        month=month,
        kind=kind,
        party=party,
    )


def _months(view: View) -> list[MonthRow]:
    award = view.case.award
    if award is None or view.case.scheme is None or view.case.scheme.coaching is not None:
        return []
    return month_rows(view.case, budget_table(award, view.case.as_of))


def _bank_rows(case: Case) -> dict[str, list[BankRow]]:
    """Every party's lines in the order of the bank, with the running balance."""
    found = {}
    for party, rows in account_rows(case).items():
        balance = 0
        lines = []
        for row in sorted(rows, key=lambda row: (row.date, str(row.entry.meta.get("time") or ""))):
            balance += row.change
            lines.append(BankRow(row, balance, statement_balance(str(row.entry.meta.get("import-id") or ""))))
        found[party] = lines
    return found


def statement_balance(import_id: str) -> int | None:
    """The balance that the bank printed, which a bank line's identity ends with; None where it says none."""
    parts = import_id.split(":")
    if len(parts) < 5 or parts[0] != "bank":
        return None
    return whole_number(parts[4])


def _interest(case: Case) -> Interest:
    return Interest(
        gross=sum(move.interest for move in case.movements),
        tax=sum(move.tax for move in case.movements),
        remitted=sum(move.remitted_interest for move in case.movements),
    )
