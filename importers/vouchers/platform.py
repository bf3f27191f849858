"""Downloads of the e-invoice platform for businesses: format `platform-xlsx`.

Invoices (`<統編>_IN|OUT_<time>.xlsx`): one sheet with a row an invoice, one with a row an item, joined by
number and date. Allowances: one sheet with a row an item. Every cell is text; voided rows keep their
amounts. Here 銷售額合計 is taxable, zero-rated and exempt sales together, and with 營業稅 makes 總計.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from decimal import Decimal

from importers.records import Reading
from importers.records import Reference
from importers.records import Status
from importers.records import VoucherItem
from importers.records import VoucherRecord
from importers.sniff import Source
from importers.vouchers.columns import Line
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import find_table
from importers.vouchers.plain import company_number
from importers.vouchers.plain import date_text
from importers.vouchers.plain import plain
from importers.vouchers.plain import row_error
from importers.vouchers.plain import voucher_number
from importers.vouchers.plain import whole
from ledger.i18n import _
from ledger.text import fold

_PARTIES: Synonyms = {
    "seller": ("賣方統一編號", "賣方統編"),
    "seller_name": ("賣方名稱",),
    "buyer": ("買方統一編號", "買方統編"),
    "buyer_name": ("買方名稱",),
}
_INVOICES: Synonyms = {
    **_PARTIES,
    "number": ("發票號碼",),
    "date": ("發票日期",),
    "status": ("發票狀態",),
    "net": ("銷售額合計",),
    "tax": ("營業稅", "營業稅額"),
    "gross": ("總計",),
    "remark": ("買受人註記",),
}
_ITEMS: Synonyms = {
    "number": ("發票號碼",),
    "date": ("發票日期",),
    "position": ("序號",),
    "name": ("品名",),
    "quantity": ("數量",),
    "unit": ("單位",),
    "amount": ("金額",),
}
_ALLOWANCES: Synonyms = {
    **_PARTIES,
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
_ZERO = Decimal(0)


def read(source: Source) -> Reading | None:
    """The invoices or allowances of a download, or None where no sheet has the platform's header.

    Raises ReadError naming the row of a cell that should be a date or an amount and is none.
    """
    if source.kind not in {"spreadsheet", "text"}:
        return None
    warnings: list[str] = []
    records: list[VoucherRecord] = []
    found = False
    items = _Items(source)
    for _name, rows in source.tables:
        if table := find_table(rows, _INVOICES, ("number", "date", "status", "tax", "gross")):
            found = True
            records.extend(_invoice(line, items, warnings) for line in table.lines() if line.text("number"))
        elif table := find_table(rows, _ALLOWANCES, ("number", "date", "original", "net")):
            found = True
            records.extend(_allowances(table.lines(), warnings))
    if not found:
        return None
    items.report(warnings)
    return Reading(source.name, "platform-xlsx", source.encoding, "", tuple(records), tuple(warnings))


class _Items:
    """The items of the second sheet, by invoice; which of them an invoice has asked for."""

    def __init__(self, source: Source) -> None:
        self._by_invoice: dict[tuple[str, str], list[VoucherItem]] = {}
        self._asked: set[tuple[str, str]] = set()
        for _name, rows in source.tables:
            if find_table(rows, _INVOICES, ("number", "status")):
                continue
            if table := find_table(rows, _ITEMS, ("number", "position", "name", "amount")):
                for line in table.lines():
                    key = _key(line)
                    self._by_invoice.setdefault(key, []).append(_item(line))

    def of(self, line: Line) -> tuple[VoucherItem, ...]:
        """The items of the invoice in `line`."""
        key = _key(line)
        self._asked.add(key)
        return tuple(self._by_invoice.get(key, ()))

    def report(self, warnings: list[str]) -> None:
        """Tell of invoices without items and of items without an invoice."""
        lacking = [number for number, day in sorted(self._asked) if (number, day) not in self._by_invoice]
        orphans = [number for number, day in sorted(self._by_invoice) if (number, day) not in self._asked]
        if lacking:
            warnings.append(_("{count} 張發票沒有明細: {numbers}").format(**_listed(lacking)))
        if orphans:
            warnings.append(_("{count} 筆明細找不到發票: {numbers}").format(**_listed(orphans)))


def _listed(numbers: list[str]) -> dict[str, str]:
    return {"count": str(len(numbers)), "numbers": " ".join(numbers[:5]) + (" …" if numbers[5:] else "")}


def _key(line: Line) -> tuple[str, str]:
    """Numbers come round again after years: number and date name an invoice."""
    return voucher_number(line.text("number")), date_text(line.text("date"))


def _item(line: Line) -> VoucherItem:
    return VoucherItem(
        plain(line.text("name")), line.money("quantity"), plain(line.text("unit")), line.money("amount")
    )


def _invoice(line: Line, items: _Items, warnings: list[str]) -> VoucherRecord:
    number = voucher_number(line.text("number"))
    total, tax = line.need_money("gross"), line.money("tax") or _ZERO
    net = line.money("net")
    if net is not None and abs(net + tax - total) >= 1:
        warnings.append(
            _("{number}: 銷售額合計 {net} 加營業稅 {tax} 與總計 {total} 不符,以總計為準").format(
                number=number, net=net, tax=tax, total=total
            )
        )
    gross, whole_tax = whole(total, number, warnings), whole(tax, number, warnings)
    record = _parties(line)
    return dataclasses.replace(
        record,
        kind="invoice",
        number=number,
        date=line.need_day("date"),
        net=gross - whole_tax,
        tax=whole_tax,
        gross=gross,
        status=_status(line.text("status"), number, warnings),
        items=items.of(line),
        deduction=_deduction(line.text("remark")),
    )


def _parties(line: Line) -> VoucherRecord:
    return VoucherRecord(
        kind="",
        number="",
        date=None,
        seller=company_number(line.text("seller")),
        seller_name=plain(line.text("seller_name")),
        buyer=company_number(line.text("buyer")),
        buyer_name=plain(line.text("buyer_name")),
        row=line.row,
    )


def _status(text: str, number: str, warnings: list[str]) -> Status:
    """開立已確認, 作廢已確認, 退回…; a word that is none of these is told and taken as valid."""
    word = fold(text)
    if "作廢" in word or "註銷" in word:
        return "voided"
    if "退回" in word:
        return "rejected"
    if "開立" not in word and "折讓" not in word:
        warnings.append(
            _("{number}: 不認得的狀態「{status}」,視為有效").format(number=number, status=plain(text))
        )
    return "valid"


def _deduction(remark: str) -> str:
    """扣抵代號 of a 買受人註記 such as 得抵扣之進貨及費用; a code stays as it is."""
    word = fold(remark)
    if "抵扣" not in word and "扣抵" not in word:
        return word
    refused, asset = "不" in word, "固定資產" in word
    return str(1 + 2 * refused + asset)


def _allowances(lines: Iterable[Line], warnings: list[str]) -> list[VoucherRecord]:
    """One record an allowance: its rows are grouped by number and date."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.text("number"):
            groups.setdefault(_key(line), []).append(line)
    return [_allowance(number, group, warnings) for (number, _day), group in groups.items()]


def _allowance(number: str, lines: list[Line], warnings: list[str]) -> VoucherRecord:
    first = lines[0]
    net = whole(_header_sum(lines, "net", "item_net"), number, warnings)
    tax = whole(_header_sum(lines, "tax", "item_tax"), number, warnings)
    status = _status(first.text("status"), number, warnings) if first.text("status") else "valid"
    return dataclasses.replace(
        _parties(first),
        kind="allowance",
        number=number,
        date=first.need_day("date"),
        net=net,
        tax=tax,
        gross=net + tax,
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
        references=tuple(_reference(line, number, warnings) for line in lines),
    )


def _header_sum(lines: list[Line], header: str, item: str) -> Decimal:
    """The allowance's own total, which every row of it repeats; where rows differ each bears its own part."""
    totals = [line.money(header) or _ZERO for line in lines]
    parts = [line.money(item) for line in lines]
    if len(set(totals)) > 1 or (any(part is not None for part in parts) and sum(totals) == _sum(parts)):
        return sum(totals, _ZERO)
    return totals[0]


def _sum(parts: list[Decimal | None]) -> Decimal:
    return sum((part or _ZERO for part in parts), _ZERO)


def _reference(line: Line, number: str, warnings: list[str]) -> Reference:
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
