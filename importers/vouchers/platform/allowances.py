"""The platform's download of allowances (折讓): one sheet with a row an item; amounts are without tax."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from importers.records import Reference
from importers.records import VoucherItem
from importers.records import VoucherRecord
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import TableRow
from importers.vouchers.platform.rows import PARTIES
from importers.vouchers.platform.rows import invoice_key
from importers.vouchers.platform.rows import parties_of
from importers.vouchers.platform.rows import status_of
from importers.vouchers.references import with_header
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from importers.vouchers.values import voucher_number
from importers.vouchers.values import whole
from importers.vouchers.values import whole_parts

ALLOWANCES: Synonyms = {
    **PARTIES,
    "number": ("折讓單號碼",),
    "date": ("折讓單日期",),
    "status": ("折讓單狀態", "折讓狀態"),
    "original": ("發票號碼", "原發票號碼"),
    "original_date": ("發票日期", "原發票日期"),
    "name": ("品項名稱", "品名"),
    "quantity": ("數量",),
    "unit": ("單位",),
    "item_net": ("品項折讓金額(不含稅)", "品項折讓金額"),
    "item_tax": ("品項折讓稅額",),
    "net": ("折讓金額(不含稅)", "折讓金額"),
    "tax": ("折讓稅額",),
}
ALLOWANCE_SIGNS = ("number", "date", "original", "net")
_ZERO = Decimal(0)


def allowances(lines: Iterable[TableRow], warnings: list[str]) -> list[VoucherRecord]:
    """One record an allowance: its rows are grouped by number and date."""
    groups: dict[tuple[str, str], list[TableRow]] = {}
    for line in lines:
        groups.setdefault(invoice_key(line), []).append(line)
    return [_allowance(number, group, warnings) for (number, _day), group in groups.items()]


def _allowance(number: str, lines: list[TableRow], warnings: list[str]) -> VoucherRecord:
    first = lines[0]
    net, tax, gross = whole_parts(
        _header_sum(lines, "net", "item_net"), _header_sum(lines, "tax", "item_tax"), number, warnings
    )
    status = status_of(first.text("status"), number, warnings) if first.text("status") else "valid"
    return VoucherRecord(
        **parties_of(first),
        kind="allowance",
        number=number,
        date=first.need_day("date"),
        net=net,
        tax=tax,
        gross=gross,
        status=status,
        items=tuple(
            VoucherItem(
                plain(line.text("name")),
                line.money("quantity"),
                plain(line.text("unit")),
                line.money("item_net"),
            )
            for line in lines
        ),
        references=with_header([_reference(line, number, warnings) for line in lines], net, tax, warnings),
    )


def _header_sum(lines: list[TableRow], header: str, item: str) -> Decimal:
    """The allowance's own total, which every row of it repeats; where rows differ each bears its own part."""
    totals = [line.money(header) or _ZERO for line in lines]
    parts = [line.money(item) for line in lines]
    if len(set(totals)) > 1 or (any(part is not None for part in parts) and sum(totals) == _sum(parts)):
        return sum(totals, _ZERO)
    return totals[0]


def _sum(parts: list[Decimal | None]) -> Decimal:
    return sum((part or _ZERO for part in parts), _ZERO)


def _reference(line: TableRow, number: str, warnings: list[str]) -> Reference:
    """The invoice that a row names, with the row's own amounts, or the allowance's where it has none."""
    original = voucher_number(line.text("original"))
    if not original:
        raise row_error(line.row, line.labels["original"], "")
    net = line.money("item_net")
    tax = line.money("item_tax")
    return Reference(
        original,
        line.day("original_date"),
        whole((line.money("net") or _ZERO) if net is None else net, number, warnings),
        whole((line.money("tax") or _ZERO) if tax is None else tax, number, warnings),
        plain(line.text("name")),
    )
