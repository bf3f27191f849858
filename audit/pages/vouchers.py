"""憑證: every voucher, narrowed by what the reader asks for, with totals that follow."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import NamedTuple

from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.query import Query
from audit.rows import Row
from audit.rows import rows_of
from audit.view import View
from checks.finding import Finding
from ledger.case import VoucherLine
from ledger.identity import voucher_link
from ledger.text import fold

FUNDS = ("government", "self", "disallowed")
SORTS = ("booked", "date", "amount", "supplier", "findings")


class VoucherRow(NamedTuple):
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


class Totals(NamedTuple):
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
class Choices:
    """What the filters offer."""

    categories: list[str]
    suppliers: list[str]
    months: list[str]
    states: list[str]
    checks: list[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked for; an empty field asks for nothing."""

    category: str = ""
    fund: str = ""
    supplier: str = ""
    month: str = ""
    state: str = ""
    check: str = ""
    paid: str = ""
    text: str = ""
    sort: str = "booked"

    @property
    def is_empty(self) -> bool:
        """Whether everything is listed."""
        return self == Filter(sort=self.sort)

    @classmethod
    def of(cls, query: Query) -> Filter:
        """The filter in an address."""
        sort = query.text("sort")
        return cls(
            category=query.text("category"),
            fund=query.text("fund"),
            supplier=query.text("supplier"),
            month=query.text("month"),
            state=query.text("state"),
            check=query.text("check"),
            paid=query.text("paid"),
            text=query.text("q"),
            sort=sort if sort in SORTS else "booked",
        )


@dataclasses.dataclass(frozen=True, slots=True)
class VouchersPage:
    """All that the page shows."""

    rows: Page[VoucherRow]
    totals: Totals
    choices: Choices
    asked: Filter


def vouchers_page(view: View, query: Query) -> VouchersPage:
    """The list that the query asks for."""
    asked = Filter.of(query)
    rows = listed(view, asked)
    totals = Totals(
        vouchers=len(rows),
        government=sum(row.government for row in rows),
        self_funded=sum(row.self_funded for row in rows),
        disallowed=sum(row.disallowed for row in rows),
        tax=sum(row.tax for row in rows),
    )
    return VouchersPage(paged(rows, query.number("page", 1)), totals, choices(view), asked)


def listed(view: View, asked: Filter) -> list[VoucherRow]:
    """The rows that a filter lets through, sorted as it says."""
    rows = [
        _voucher_row(view, row, lines)
        for row in rows_of(view)
        if (lines := _wanted_lines(row, asked)) is not None and _is_wanted(view, row, asked)
    ]
    match asked.sort:
        case "amount":
            rows.sort(key=lambda row: -abs(row.cost + row.disallowed))
        case "supplier":
            rows.sort(key=lambda row: (row.seller, row.booked))
        case "date":
            rows.sort(key=lambda row: row.date)
        case "findings":
            rows.sort(key=lambda row: (-row.errors, -row.warnings))
    return rows


def _wanted_lines(row: Row, asked: Filter) -> list[VoucherLine] | None:
    """The lines of a voucher that are asked for; None where the voucher is not."""
    lines = [
        line
        for line in row.keyed.voucher.lines
        if (not asked.category or line.category == asked.category)
        and (not asked.fund or _amount(line, asked.fund) != 0)
    ]
    return lines if lines or not (asked.category or asked.fund) else None


def _amount(line: VoucherLine, fund: str) -> int:
    return {"government": line.government, "self": line.self_funded}.get(fund, line.disallowed)


def _is_wanted(view: View, row: Row, asked: Filter) -> bool:
    voucher = row.keyed.voucher
    if asked.supplier and voucher.seller_name != asked.supplier:
        return False
    if asked.month and voucher.month != asked.month:
        return False
    if asked.state and not _has_state(row, asked.state):
        return False
    if asked.paid and (_unpaid(view, row) > 0) == (asked.paid == "yes"):
        return False
    if asked.check and not any(f.check == asked.check for f in view.findings_of(voucher)):
        return False
    return not asked.text or fold(asked.text) in _searched(row)


def _has_state(row: Row, state: str) -> bool:
    match state:
        case "none":
            return not row.threads
        case "changed":
            return row.is_changed
        case "signed":
            return row.is_signed
        case "sampled":
            return row.is_sampled
    return row.state == state


def _searched(row: Row) -> str:
    voucher = row.keyed.voucher
    parts = (
        voucher.number,
        voucher.seller_name,
        voucher.seller,
        voucher.entry.narration or "",
        *(line.item for line in voucher.lines),
        f"{voucher.net or ''}",
    )
    return fold(" ".join(parts))


def _unpaid(view: View, row: Row) -> int:
    voucher = row.keyed.voucher
    return view.case.unpaid.get(voucher_link(voucher.reverses or voucher.number), 0)


def _voucher_row(view: View, row: Row, lines: list[VoucherLine]) -> VoucherRow:
    voucher = row.keyed.voucher
    findings = view.findings_of(voucher)
    return VoucherRow(
        key=row.keyed.key,
        number=voucher.number,
        kind=voucher.kind,
        date=voucher.date,
        booked=voucher.booked,
        seller=voucher.seller_name,
        items="、".join(dict.fromkeys(line.item for line in lines)) or (voucher.entry.narration or ""),
        categories=tuple(dict.fromkeys(line.category for line in lines)),
        government=sum(line.government for line in lines),
        self_funded=sum(line.self_funded for line in lines),
        disallowed=sum(line.disallowed for line in lines),
        tax=voucher.input_tax,
        unpaid=_unpaid(view, row),
        documents=len(voucher.documents),
        errors=_count(findings, "error"),
        warnings=_count(findings, "warning"),
        state=row.state,
        is_changed=row.is_changed,
    )


def _count(findings: list[Finding], severity: str) -> int:
    return sum(finding.severity == severity for finding in findings)


def choices(view: View) -> Choices:
    """What the filters offer for this case."""
    return view.once("choices", _choices)


def wanted(view: View, row: Row, asked: Filter) -> bool:
    """Whether a filter lets a row through."""
    return _wanted_lines(row, asked) is not None and _is_wanted(view, row, asked)


def _choices(view: View) -> Choices:
    rows = rows_of(view)
    vouchers = [row.keyed.voucher for row in rows]
    lines = {line.category for voucher in vouchers for line in voucher.lines}
    return Choices(
        categories=sorted(lines, key=_category_order(view)),
        suppliers=sorted({voucher.seller_name for voucher in vouchers if voucher.seller_name}),
        months=sorted({voucher.month for voucher in vouchers}),
        states=[
            "none",
            "open",
            "replied",
            "parked",
            "disallowed",
            "accepted",
            "changed",
            "signed",
            "sampled",
        ],
        checks=sorted({f.check for voucher in vouchers for f in view.findings_of(voucher)}),
    )


def _category_order(view: View) -> Callable[[str], tuple[int, str]]:
    award = view.case.award
    order = {key[1]: place for place, key in enumerate(award.original)} if award else {}
    return lambda category: (order.get(category, len(order)), category)
