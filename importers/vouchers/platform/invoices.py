"""Downloads of the e-invoice platform for businesses: format `platform-xlsx`.

Invoices (`<統編>_IN|OUT_<time>.xlsx`): one sheet with a row an invoice, one with a row an item, joined by
number and date. Allowances: one sheet with a row an item. Every cell is text; voided rows keep their
amounts. Here 銷售額合計 is taxable, zero-rated and exempt sales together, and with 營業稅 makes 總計.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal

from importers.records import Reading
from importers.records import VoucherItem
from importers.records import VoucherRecord
from importers.sources.delimited import Row
from importers.sources.source import Source
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import Table
from importers.vouchers.columns import TableRow
from importers.vouchers.columns import find_table
from importers.vouchers.platform.allowances import ALLOWANCE_SIGNS
from importers.vouchers.platform.allowances import ALLOWANCES
from importers.vouchers.platform.allowances import allowances
from importers.vouchers.platform.rows import PARTIES
from importers.vouchers.platform.rows import invoice_key
from importers.vouchers.platform.rows import parties_of
from importers.vouchers.platform.rows import status_of
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from importers.vouchers.values import voucher_number
from importers.vouchers.values import whole
from ledger.util.i18n import _
from ledger.util.text import fold

_INVOICES: Synonyms = {
    **PARTIES,
    "number": ("發票號碼",),
    "date": ("發票日期",),
    "status": ("發票狀態",),
    "net": ("銷售額合計",),
    "tax": ("營業稅", "營業稅額"),
    "gross": ("總計",),
    "remark": ("買受人註記",),
    "tax_type": ("課稅別",),
}
_ITEMS: Synonyms = {
    "number": ("發票號碼",),
    "date": ("發票日期",),
    "name": ("品名",),
    "quantity": ("數量",),
    "unit": ("單位",),
    "amount": ("金額",),
}
_INVOICE_SIGNS = ("number", "date", "status", "tax", "gross")
_ZERO = Decimal(0)


def read(source: Source) -> Reading | None:
    """The invoices or allowances of a download, or None where no sheet has the platform's header.

    Raises ReadError naming the row of a cell that should be a date or an amount and is none.
    """
    if source.kind not in {"spreadsheet", "text"}:
        return None
    sheets = [rows for _name, rows in source.tables]
    invoices = [table for rows in sheets if (table := find_table(rows, _INVOICES, _INVOICE_SIGNS))]
    allowance_tables = [table for rows in sheets if (table := find_table(rows, ALLOWANCES, ALLOWANCE_SIGNS))]
    if not invoices and not allowance_tables:
        return None
    warnings: list[str] = []
    items = _Items([rows for rows in sheets if not find_table(rows, _INVOICES, _INVOICE_SIGNS)])
    records = [_invoice(line, items, warnings) for table in invoices for line in _numbered(table)]
    for table in allowance_tables:
        records.extend(allowances(_numbered(table), warnings))
    items.report(warnings)
    return Reading(source.name, "platform-xlsx", source.encoding, "", tuple(records), tuple(warnings))


def _numbered(table: Table) -> Iterator[TableRow]:
    """The rows with a number. Raises ReadError where a row has a date and amounts, and no number."""
    for line in table.lines():
        if line.text("number"):
            yield line
        elif line.text("date"):
            raise row_error(line.row, line.labels["number"], "")


class _Items:
    """The items of the second sheet, by invoice; which of them an invoice has asked for."""

    def __init__(self, sheets: list[Sequence[Row]]) -> None:
        self._by_invoice: dict[tuple[str, str], list[VoucherItem]] = {}
        self._asked: set[tuple[str, str]] = set()
        for rows in sheets:
            if table := find_table(rows, _ITEMS, ("number", "name", "amount")):
                for line in table.lines():
                    self._by_invoice.setdefault(invoice_key(line), []).append(_item(line))

    def of(self, line: TableRow) -> tuple[VoucherItem, ...]:
        """The items of the invoice in `line`."""
        key = invoice_key(line)
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


def _item(line: TableRow) -> VoucherItem:
    return VoucherItem(
        plain(line.text("name")), line.money("quantity"), plain(line.text("unit")), line.money("amount")
    )


def _invoice(line: TableRow, items: _Items, warnings: list[str]) -> VoucherRecord:
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
    return VoucherRecord(
        **parties_of(line),
        kind="invoice",
        number=number,
        date=line.need_day("date"),
        net=gross - whole_tax,
        tax=whole_tax,
        gross=gross,
        status=status_of(line.text("status"), number, warnings),
        frees_number="註銷" in line.text("status"),
        items=items.of(line),
        deduction=_deduction(line.text("remark")),
        tax_type=_tax_type(line.text("tax_type")),
    )


def _tax_type(word: str) -> str:
    """課稅別 as MIG numbers it: 應稅, 零稅率, 免稅, 特種稅額, 混合應稅與免稅或零稅率; a number stays as it is."""
    word = fold(word)
    marks = (("混合", "9"), ("特種", "4"), ("零稅", "2"), ("免稅", "3"), ("應稅", "1"))
    return next((number for mark, number in marks if mark in word), word if word.isdigit() else "")


def _deduction(remark: str) -> str:
    """扣抵代號 of a 買受人註記 such as 得抵扣之進貨及費用; a code stays as it is."""
    word = fold(remark)
    if "抵扣" not in word and "扣抵" not in word:
        return word
    refused, asset = "不" in word, "固定資產" in word
    return str(1 + 2 * refused + asset)
