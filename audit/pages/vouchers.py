"""憑證: every voucher, narrowed by what the reader asks for, with totals that follow."""

from __future__ import annotations

import dataclasses
import datetime
from typing import NamedTuple

from audit.audit_trail import VoucherAudit
from audit.audit_trail import rows_of
from audit.case_view import View
from audit.pages.filters import Choices
from audit.pages.filters import Filter
from audit.pages.filters import choices
from audit.pages.filters import count_of
from audit.pages.filters import in_order
from audit.pages.filters import items_of
from audit.pages.filters import unpaid
from audit.pages.filters import wanted
from audit.pages.filters import wanted_lines
from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from ledger.case.case import VoucherLine


class ListedVoucher(NamedTuple):
    """One voucher of the list; amounts in NT$ of the lines that were asked for."""

    key: str
    number: str
    kind: str
    date: datetime.date
    booked: datetime.date
    seller: str
    items: str
    categories: tuple[str, ...]
    government: int
    self_funded: int
    disallowed: int
    tax: int
    unpaid: int
    documents: int
    errors: int
    warnings: int
    state: str
    is_changed: bool

    @property
    def cost(self) -> int:
        """Government and self."""
        return self.government + self.self_funded


class ListTotals(NamedTuple):
    """The sums of what is listed, all pages of it."""

    vouchers: int
    government: int
    self_funded: int
    disallowed: int
    tax: int

    @property
    def cost(self) -> int:
        """Government and self."""
        return self.government + self.self_funded


@dataclasses.dataclass(frozen=True, slots=True)
class VouchersPage:
    """All that the page shows."""

    rows: Page[ListedVoucher]
    totals: ListTotals
    choices: Choices
    asked: Filter


def vouchers_page(view: View, query: Query) -> VouchersPage:
    """The list that the query asks for."""
    asked = Filter.of(query)
    rows = listed(view, asked)
    totals = ListTotals(
        vouchers=len(rows),
        government=sum(row.government for row in rows),
        self_funded=sum(row.self_funded for row in rows),
        disallowed=sum(row.disallowed for row in rows),
        tax=sum(row.tax for row in rows),
    )
    return VouchersPage(paged(rows, query.number("page", 1)), totals, choices(view), asked)


def listed(view: View, asked: Filter) -> list[ListedVoucher]:
    """The rows that a filter lets through, sorted as it says."""
    rows = [row for row in rows_of(view) if wanted(view, row, asked)]
    return [_voucher_row(view, row, wanted_lines(row, asked)) for row in in_order(view, rows, asked.sort)]


def _voucher_row(view: View, row: VoucherAudit, lines: list[VoucherLine]) -> ListedVoucher:
    voucher = row.keyed.voucher
    return ListedVoucher(
        key=row.keyed.key,
        number=voucher.number,
        kind=voucher.kind,
        date=voucher.date,
        booked=voucher.booked,
        seller=voucher.seller_name,
        items=items_of(row, lines),
        categories=tuple(dict.fromkeys(line.category for line in lines)),
        government=sum(line.government for line in lines),
        self_funded=sum(line.self_funded for line in lines),
        disallowed=sum(line.disallowed for line in lines),
        tax=voucher.input_tax,
        unpaid=unpaid(view, row),
        documents=len(voucher.documents),
        errors=count_of(view, row, "error"),
        warnings=count_of(view, row, "warning"),
        state=row.state,
        is_changed=row.is_changed,
    )
