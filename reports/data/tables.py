"""The plain tables of a settlement, made from a `Case` once; every sheet and every export reads these."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from types import MappingProxyType
from typing import NamedTuple

from ledger.arithmetic.cost_share import withdrawable
from ledger.arithmetic.settlement import CategoryShare
from ledger.case.case import Case
from ledger.case.settlement import CaseSettlement
from ledger.case.settlement import NoAwardError
from ledger.case.settlement import Stage
from ledger.case.settlement import settle_case
from ledger.case.settlement import shares_through
from ledger.model.award import Award
from ledger.model.award import Key
from ledger.schemes.categories import form_order
from ledger.schemes.categories import of_kind
from ledger.schemes.model import Scheme
from reports.data.account_rows import AccountRow
from reports.data.account_rows import BudgetTable
from reports.data.account_rows import MonthRow
from reports.data.account_rows import account_rows
from reports.data.account_rows import budget_table
from reports.data.account_rows import elsewhere_rows
from reports.data.account_rows import month_rows
from reports.data.cost_rows import DetailRow
from reports.data.cost_rows import SummaryRow
from reports.data.cost_rows import VoucherRow
from reports.data.cost_rows import detail_rows
from reports.data.cost_rows import summary_rows
from reports.data.cost_rows import voucher_rows


class FindingRow(NamedTuple):
    """A finding of the checks, as its caller gives it; `amount` is the money at stake in NT$."""

    check: str
    severity: str
    date: datetime.date | None
    voucher: str
    amount: int | None
    message: str


class Tables(NamedTuple):
    """Everything that a settlement report shows."""

    case: Case
    award: Award
    scheme: Scheme
    settled: CaseSettlement
    details: dict[str, list[DetailRow]]  # by category, in the order of the form
    vouchers: list[VoucherRow]
    summary: list[SummaryRow]
    accounts: dict[str, list[AccountRow]]  # by party
    elsewhere: list[AccountRow]
    months: list[MonthRow]
    budget: BudgetTable
    findings: tuple[FindingRow, ...]
    waived: tuple[FindingRow, ...]
    notes: tuple[str, ...]  # what the checks were told not to say
    titles: Mapping[str, str]  # what each check is called in plain words
    interim: datetime.date | None  # through which day an earlier, interim report told
    before: dict[Key, CategoryShare]  # what it told by (party, category), on today's findings

    @property
    def several(self) -> bool:
        """Whether the case has parties to tell apart."""
        return bool(self.award.partners)

    @property
    def withdrawable(self) -> int:
        """What may leave the dedicated account on the day of the report, in NT$."""
        flows = self.settled.whole.flows
        return withdrawable(sum(row.free for row in self.summary), flows.withdrawn, flows.received)


def settlement_tables(
    case: Case,
    stage: Stage,
    findings: Sequence[FindingRow] = (),
    waived: Sequence[FindingRow] = (),
    interim: datetime.date | None = None,
    notes: Sequence[str] = (),
    titles: Mapping[str, str] = MappingProxyType({}),
) -> Tables:
    """The tables of a case on its `as_of`; `interim` is the last day of an earlier report.

    Raises NoAwardError where the books name no award or scheme.
    """
    settled = settle_case(case, stage)
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        raise NoAwardError
    rows = detail_rows(case)
    budget = budget_table(award, case.as_of)
    categories = {category for _party, category in budget.keys} | {row.category for row in rows}
    details: dict[str, list[DetailRow]] = {category: [] for category in sorted(categories, key=form_order)}
    for row in rows:
        details[row.category].append(row)
    for category in of_kind("research", details):
        _by_contractor(details[category])
    before = shares_through(case, interim) if interim else ()
    return Tables(
        case=case,
        award=award,
        scheme=scheme,
        settled=settled,
        details=details,
        vouchers=voucher_rows(case),
        summary=summary_rows(award, scheme, settled, rows),
        accounts=account_rows(case),
        elsewhere=elsewhere_rows(case),
        months=month_rows(case, budget),
        budget=budget,
        findings=tuple(findings),
        waived=tuple(waived),
        notes=tuple(notes),
        titles=titles,
        interim=interim,
        before={(share.party, share.category): share for share in before},
    )


def _by_contractor(rows: list[DetailRow]) -> None:
    """Put the rows of one contractor together, the contractors in the order in which they come first."""
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.supplier, len(first))
    rows.sort(key=lambda row: first[row.supplier])
