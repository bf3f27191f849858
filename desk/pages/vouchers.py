"""憑證: every voucher, narrowed by what is asked for; those that were removed and can be restored."""

from __future__ import annotations

import dataclasses
import datetime
from typing import NamedTuple

from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from desk.acts.vouchers import NO_PAPER
from desk.case_desk import CaseDesk
from ledger.case.case import Voucher
from ledger.files.history import Operation
from ledger.operations.undo import undone
from ledger.util.dates import month_of
from ledger.util.text import fold

STATES = ("error", "warning", "no-paper", "unpaid", "unclear", "not-claimed")


class VoucherRow(NamedTuple):
    """A voucher of the list; `name` names it in addresses and forms. Money is NT$."""

    name: str
    number: str
    reverses: str  # the number of the voucher that it takes back
    kind: str
    date: datetime.date
    booked: datetime.date
    seller: str
    items: tuple[str, ...]
    categories: tuple[str, ...]
    government: int
    self_funded: int
    disallowed: int
    tax: int
    marks: frozenset[str]  # of STATES


class Totals(NamedTuple):
    """The sums of what is listed, all pages of it, NT$."""

    vouchers: int
    government: int
    self_funded: int
    disallowed: int
    tax: int


class Filters(NamedTuple):
    """What is asked for; empty where it does not matter."""

    text: str = ""
    month: str = ""
    category: str = ""
    state: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class VouchersPage:
    """All that the page shows; `months` and `categories` are those that can be asked for."""

    rows: Page[VoucherRow]
    totals: Totals
    asked: Filters
    months: list[str]
    categories: list[str]
    removed: list[Operation]


def name_of(voucher: Voucher) -> str:
    """What names a voucher in addresses and forms: its import-id, or its number."""
    return str(voucher.meta("import-id") or voucher.number)


def vouchers_page(desk: CaseDesk, query: Query) -> VouchersPage:
    """The list that the query asks for, the last one booked first."""
    asked = Filters(query.text("q"), query.text("month"), query.text("category"), query.text("state"))
    every = desk.view.cached("desk-vouchers", lambda _view: [_row(desk, each) for each in desk.case.vouchers])
    rows = [row for row in reversed(every) if _is_wanted(row, asked)]
    totals = Totals(
        len(rows),
        sum(row.government for row in rows),
        sum(row.self_funded for row in rows),
        sum(row.disallowed for row in rows),
        sum(row.tax for row in rows),
    )
    gone = undone(desk.operations)
    return VouchersPage(
        paged(rows, query.number("page", 1)),
        totals,
        asked,
        sorted({month_of(row.booked) for row in every}),
        sorted({category for row in every for category in row.categories}),
        [each for each in reversed(desk.operations) if each.kind == "remove" and each.id not in gone],
    )


def _row(desk: CaseDesk, voucher: Voucher) -> VoucherRow:
    return VoucherRow(
        name_of(voucher),
        voucher.number,
        voucher.reverses,
        voucher.kind,
        voucher.date,
        voucher.booked,
        voucher.seller_name,
        tuple(dict.fromkeys(line.item for line in voucher.lines)) or (voucher.entry.narration or "",),
        tuple(dict.fromkeys(line.category for line in voucher.lines)),
        sum(line.government for line in voucher.lines),
        sum(line.self_funded for line in voucher.lines),
        sum(line.disallowed for line in voucher.lines),
        voucher.input_tax,
        frozenset(_marks(desk, voucher)),
    )


def _marks(desk: CaseDesk, voucher: Voucher) -> list[str]:
    """What there is to say of a voucher, by STATES."""
    marks: list[str] = sorted(
        {str(finding.severity) for finding in desk.view.findings_of(voucher)} & {"error", "warning"}
    )
    if any(finding.check == NO_PAPER for finding in desk.view.findings_of(voucher)):
        marks.append("no-paper")
    if not voucher.reverses and desk.case.unpaid.get(voucher.link, 0) > 0:
        marks.append("unpaid")
    if voucher.entry.flag == "!":
        marks.append("unclear")
    if any(line.disallowed for line in voucher.lines):
        marks.append("not-claimed")
    return marks


def _is_wanted(row: VoucherRow, asked: Filters) -> bool:
    text = fold(asked.text).lower()
    words = fold(f"{row.number} {row.seller} {' '.join(row.items)}").lower()
    return (
        text in words
        and asked.month in {"", month_of(row.booked)}
        and asked.category in {"", *row.categories}
        and asked.state in {"", *row.marks}
    )
