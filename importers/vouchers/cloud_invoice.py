"""The consumer's download of cloud invoices (雲端發票明細): format `cloud-invoice-csv`.

One row an item. The last column, 消費明細_品名, may hold commas that nothing quotes; two sentences stand at
the foot; numbers of donated invoices are masked. 發票金額 is the item's amount in files seen, so the total
is the sum of the items, unless every row of an invoice repeats another total.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherItem
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers.carrier import consumer_status
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import Table
from importers.vouchers.columns import TableRow
from importers.vouchers.columns import find_table
from importers.vouchers.values import company_number
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from importers.vouchers.values import voucher_number
from importers.vouchers.values import whole
from ledger.util.dates import parse_date
from ledger.util.i18n import _

_COLUMNS: Synonyms = {
    "date": ("發票日期",),
    "number": ("發票號碼",),
    "printed": ("發票金額",),
    "status": ("發票狀態",),
    "seller": ("賣方統一編號", "賣方統編"),
    "seller_name": ("賣方名稱",),
    "buyer": ("買方統編", "買方統一編號"),
    "quantity": ("消費明細_數量",),
    "amount": ("消費明細_金額",),
    "name": ("消費明細_品名",),
}
_SIGNS = ("date", "number", "status", "amount", "name")
_NUMBER = re.compile(r"[A-Z]{2}[0-9*]{8}")
_ZERO = Decimal(0)


def read(source: Source) -> Reading | None:
    """The invoices, or None where no header names the download's columns. Raises ReadError naming the row."""
    if source.kind != "text" or "消費明細" not in source.text[:4096]:
        return None
    table = find_table(_rows(source.text), _COLUMNS, _SIGNS)
    if table is None:
        return None
    warnings: list[str] = []
    groups: dict[tuple[str, str, str], list[TableRow]] = {}
    for line in _invoice_lines(table):
        key = (line.text("number"), line.text("date"), line.text("seller"))
        groups.setdefault(key, []).append(line)
    records = tuple(_record(lines, warnings) for lines in groups.values())
    masked = sum("*" in record.number for record in records)
    if masked:
        warnings.append(_("{count} 張發票號碼遭遮蔽(捐贈或作廢)").format(count=masked))
    return Reading(source.name, "cloud-invoice-csv", source.encoding, "", records, tuple(warnings))


def _rows(text: str) -> list[list[str]]:
    """The cells; in a file that quotes nothing the commas beyond the header's belong to the last column."""
    lines = text.splitlines()
    width = next((line.count(",") for line in lines if "消費明細" in line), 0)
    if any(line.startswith('"') for line in lines[:3]):
        try:
            return [[cell.strip() for cell in row] for row in csv.reader(lines)]
        except csv.Error as error:
            raise ReadError(_("CSV 格式錯誤: {reason}").format(reason=error)) from error
    return [[cell.strip() for cell in line.split(",", width)] for line in lines]


def _invoice_lines(table: Table) -> Iterator[TableRow]:
    """The rows of items, without the sentences at the foot. Raises ReadError for a row without its number."""
    for line in table.lines():
        if _NUMBER.fullmatch(line.text("number")):
            yield line
        elif parse_date(line.text("date")):
            raise row_error(line.row, line.labels["number"], line.text("number"))


def _record(lines: list[TableRow], warnings: list[str]) -> VoucherRecord:
    first = lines[0]
    number = voucher_number(first.text("number"))
    gross = whole(_total(lines), number, warnings)
    return VoucherRecord(
        kind="invoice",
        number=number,
        date=first.need_day("date"),
        seller=company_number(first.text("seller")),
        seller_name=plain(first.text("seller_name")),
        buyer=company_number(first.text("buyer")),
        net=gross,
        tax=0,
        gross=gross,
        status=consumer_status(first.text("status")),
        frees_number="註銷" in first.text("status"),
        items=tuple(
            VoucherItem(plain(line.text("name")), line.money("quantity"), "", line.money("amount"))
            for line in lines
        ),
        row=first.row,
    )


def _total(lines: list[TableRow]) -> Decimal:
    """The invoice's total: the sum of its items, or the figure that all its rows repeat and no item bears."""
    amounts = [line.money("amount") or _ZERO for line in lines]
    printed = [line.money("printed") for line in lines]
    repeated = printed[0]
    if repeated is not None and len(set(printed)) == 1 and printed != amounts:
        return repeated
    return sum(amounts, _ZERO)
