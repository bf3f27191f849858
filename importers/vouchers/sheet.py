"""The voucher sheet that a company fills in (receipts, requisitions, paper invoices): format `voucher-sheet`.

Columns: 日期 憑證種類 憑證號碼 賣方統編 對象 品名 數量 單位 未稅金額 稅額 會計科目 付款日期 付款方式 附件,
and those of `details`, which may all be missing; found by meaning, in any order, on any sheet of the file. Rows
with the same number, date and seller are one voucher of several items. Amounts are NT$ without tax; the example
and notes of our own form are no rows.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from collections.abc import Sequence
from decimal import Decimal

from importers.records import LeftOut
from importers.records import PayrollDetail
from importers.records import ReadError
from importers.records import Reading
from importers.records import Reference
from importers.records import VoucherItem
from importers.records import VoucherRecord
from importers.sources.delimited import Row
from importers.sources.source import Source
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import Table
from importers.vouchers.columns import TableRow
from importers.vouchers.columns import find_table
from importers.vouchers.columns import ignored_columns_warning
from importers.vouchers.details import COLUMNS as DETAIL_COLUMNS
from importers.vouchers.details import line_details
from importers.vouchers.details import voucher_details
from importers.vouchers.values import company_number
from importers.vouchers.values import is_example
from importers.vouchers.values import is_total
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from importers.vouchers.values import voucher_number
from importers.vouchers.values import whole_parts
from ledger.model.identifiers import invoice_number_valid
from ledger.schemes.categories import category_named
from ledger.util.dates import month_of
from ledger.util.i18n import _
from ledger.util.text import fold

COLUMNS: Synonyms = {
    "date": ("日期", "憑證日期", "發票日期", "開立日期", "單據日期"),
    "kind": ("憑證種類", "憑證類別", "憑證類型", "單據種類", "單據類別", "種類"),
    "number": ("憑證號碼", "憑證編號", "發票號碼", "單據號碼", "字軌號碼", "發票號碼/單據號碼"),
    "seller": ("賣方統編", "賣方統一編號", "廠商統編", "統一編號", "統編", "對象統編", "受款人統編"),
    "seller_name": ("對象", "賣方", "賣方名稱", "廠商", "廠商名稱", "受款人", "供應商"),
    "buyer": ("買方統編", "買方統一編號", "買受人統編"),
    "name": ("品名", "品項", "摘要", "項目", "品名規格", "品名及規格"),
    "quantity": ("數量",),
    "unit": ("單位",),
    "net": ("未稅金額", "未稅", "未稅價", "未稅總價", "不含稅金額", "銷售額", "淨額"),
    "tax": ("稅額", "營業稅", "營業稅額", "稅金"),
    "gross": ("含稅金額", "含稅", "含稅總價", "總計", "發票金額", "總金額"),
    "category": ("會計科目", "科目", "預算科目", "經費科目"),
    "paid": ("付款日期", "付款日", "支付日期"),
    "method": ("付款方式", "支付方式"),
    "attachment": ("附件", "附件檔名", "檔名", "檔案"),
    "original": ("原發票號碼", "原憑證號碼"),
    **DETAIL_COLUMNS,
}
"""Our name of a column -> its headers; the first of each is the one on our own form."""

KINDS: dict[str, str] = {
    "統一發票": "invoice",
    "收據": "receipt",
    "免用統一發票收據": "receipt",
    "國外發票": "foreign-invoice",
    "勞務報酬單": "labour-receipt",
    "領料單": "requisition",
    "進口報單": "declaration",
    "分攤表": "apportionment",
    "差旅": "travel",
    "薪資": "payroll",
    "折讓": "allowance",
}
"""The words of the form's 憑證種類 -> the record's kind."""

# An order that matters: 免用統一發票收據 is a receipt although it names an invoice, 折讓證明單 an allowance.
_KIND_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("allowance", ("折讓",)),
    ("labour-receipt", ("勞務報酬", "勞報單", "勞務費收據", "勞務所得")),
    ("apportionment", ("分攤", "攤提")),
    ("declaration", ("進口", "報單", "海關", "報關")),
    (
        "foreign-invoice",
        ("國外發票", "國外憑證", "外國發票", "境外發票", "海外發票", "foreigninvoice", "commercialinvoice"),
    ),
    ("receipt", ("收據", "領據", "車票", "票根", "支出證明")),
    ("payroll", ("薪",)),
    ("requisition", ("領料",)),
    ("travel", ("差旅", "出差", "旅費")),
    ("invoice", ("發票", "invoice")),
)
_ZERO = Decimal(0)
_TAX_RATE = Decimal("0.05")
_THOUSAND = 1000
_FIGURE = re.compile(r"-?[\d,]+(?:\.\d*)?")


def read(source: Source) -> Reading | None:
    """The vouchers, or None where no header has 日期, 憑證號碼, an amount, and 憑證種類 or 會計科目.

    A row of an unknown kind is left out and told; the others are taken. Raises ReadError naming the row of a cell
    that is missing or cannot be read.
    """
    tables = [table for name, rows in source.tables if (table := _table(rows))]
    if not tables:
        return None
    warnings: list[str] = []
    records: list[VoucherRecord] = []
    left_out: list[LeftOut] = []
    for table in tables:
        warnings += ignored_columns_warning(table)
        rows = [line for line in table.lines() if _is_row(line, warnings)]
        left_out += [_left_out(line) for line in rows if _kind(line) is None]
        groups = _vouchers(line for line in rows if _kind(line) is not None)
        records += [_voucher(kind, group, warnings) for kind, group in groups]
    return Reading(
        source.name,
        "voucher-sheet",
        source.encoding,
        records=tuple(records),
        warnings=tuple(warnings),
        left_out=tuple(left_out),
    )


def _left_out(line: TableRow) -> LeftOut:
    word = plain(line.text("kind"))
    reason = (
        _("第 {row} 列的憑證種類「{kind}」不認得,這一列沒有讀入;可以寫的有:{kinds}")
        if word
        else _("第 {row} 列沒有憑證種類,號碼也不是統一發票的,這一列沒有讀入;可以寫的有:{kinds}")
    )
    shown = {"number": voucher_number(line.text("number")), "date": line.text("date"), "kind": word}
    return LeftOut(line.row, shown, reason.format(row=line.row, kind=word[:20], kinds=_("、").join(KINDS)))


def _table(rows: Sequence[Row]) -> Table | None:
    for mark in ("kind", "category"):
        table = find_table(rows, COLUMNS, ("date", "number", mark))
        if table is None:
            continue
        if "net" in table.columns or "gross" in table.columns:
            return table
        if mark == "kind":
            raise ReadError(_("憑證表缺「{column}」欄").format(column=COLUMNS["net"][0]))
    return None


def _is_row(line: TableRow, warnings: list[str]) -> bool:
    """Whether the row is a voucher's: not the form's example, a note, or a sum at the foot."""
    if is_example(line.first):
        return False
    if line.text("date") or line.text("number"):
        return True
    if is_total(line.first):
        return False
    if line.text("net") or line.text("gross"):
        raise row_error(line.row, COLUMNS["date"][0], "")
    warnings.append(_("第 {row} 列沒有日期、號碼與金額,略過").format(row=line.row))
    return False


def _vouchers(lines: Iterable[TableRow]) -> list[tuple[str, list[TableRow]]]:
    """The kind and the rows of each voucher: same number, date and seller; a row without number stands alone."""
    groups: dict[tuple[str, object], list[TableRow]] = {}
    for line in lines:
        number = voucher_number(line.text("number"))
        seller = company_number(line.text("seller")) or fold(line.text("seller_name"))
        key = (number, line.need_day("date"), seller, "" if number else line.row)
        groups.setdefault((_kind(line) or "", key), []).append(line)
    return [(kind, lines) for (kind, _key), lines in groups.items()]


def _kind(line: TableRow) -> str | None:
    """The record's kind that a row names; None where the word is unknown.

    An `invoice` in English whose number is none of ours was made out abroad.
    """
    word = fold(line.text("kind")).lower()
    for kind, words in _KIND_WORDS:
        if word == kind or any(part in word for part in words):
            is_ours = (
                kind != "invoice" or "票" in word or invoice_number_valid(voucher_number(line.text("number")))
            )
            return kind if is_ours else "foreign-invoice"
    if not word and invoice_number_valid(voucher_number(line.text("number"))):
        return "invoice"
    return None


def _voucher(kind: str, lines: list[TableRow], warnings: list[str]) -> VoucherRecord:
    first = lines[0]
    where = _("第 {row} 列").format(row=first.row)
    day = first.need_day("date")
    amounts = [_amounts(line, warnings) for line in lines]
    net, tax, gross = whole_parts(
        sum((part for part, _tax in amounts), _ZERO),
        sum((part for _net, part in amounts), _ZERO),
        where,
        warnings,
    )
    if kind == "allowance":
        net, tax, gross = abs(net), abs(tax), abs(net) + abs(tax)
    number = voucher_number(first.text("number"))
    name = plain(first.text("seller_name"))
    return VoucherRecord(
        kind=kind,
        number=number,
        date=day,
        seller=company_number(first.text("seller")),
        seller_name=name,
        buyer=company_number(first.text("buyer")),
        net=net,
        tax=tax,
        gross=gross,
        items=tuple(_item(line, amount) for line, (amount, _tax) in zip(lines, amounts, strict=True)),
        references=_references(first, number, net, tax) if kind == "allowance" else (),
        category=_category(lines, warnings),
        paid=_paid(lines, warnings),
        payment_method=_common(lines, "method", warnings),
        attachment=_common(lines, "attachment", warnings),
        payroll=PayrollDetail(month_of(day), name, "", None, None, None) if kind == "payroll" else None,
        row=first.row,
        details=voucher_details(lines, warnings),
    )


def _amounts(line: TableRow, warnings: list[str]) -> tuple[Decimal, Decimal]:
    """Net and tax of a row; net is gross less tax where the sheet has only the amount with tax.

    Where no tax is written it is what lies between net and gross, if that may be a tax.
    The gross that is printed counts where net and tax are off it by less than NT$1: they were rounded each by itself.
    Raises ReadError where there is no amount, or a tax above its net: the comma of an amount has split the cell.
    """
    tax = line.money("tax") or _ZERO
    net, gross = line.money("net"), line.money("gross")
    if net is not None and gross is not None and not line.text("tax"):
        between = gross - net
        tax = between if 0 < between <= net * _TAX_RATE + 1 else tax
    if net is None and gross is None:
        raise row_error(line.row, COLUMNS["net"][0], "")
    if net is None:
        return (gross or _ZERO) - tax, tax
    if 0 < abs(net) < tax < _THOUSAND:
        raise ReadError(
            _("第 {row} 列的稅額 {tax} 比未稅金額 {net} 還大;可能是金額的千分位逗號把儲存格拆開了").format(
                row=line.row, tax=tax, net=net
            )
        )
    if gross is not None and 0 < abs(net + tax - gross) < 1:
        return gross - tax, tax
    if gross is not None and abs(net + tax - gross) >= 1:
        warnings.append(
            _("第 {row} 列: 未稅 {net} 加稅額 {tax} 與含稅 {gross} 不符,以未稅與稅額為準").format(
                row=line.row, net=net, tax=tax, gross=gross
            )
        )
    return net, tax


def _item(line: TableRow, amount: Decimal) -> VoucherItem:
    return VoucherItem(
        plain(line.text("name")),
        line.money("quantity"),
        plain(line.text("unit")),
        amount,
        line_details(line),
    )


def _category(lines: list[TableRow], warnings: list[str]) -> str:
    """The category that the rows name. Raises ReadError where a figure stands in its place: cells have moved."""
    for line in lines:
        text = line.text("category")
        if text and _FIGURE.fullmatch(fold(text)):
            raise row_error(line.row, COLUMNS["category"][0], text)
    category = _common(lines, "category", warnings)
    if category and category_named(category) is None:
        warnings.append(
            _("第 {row} 列的會計科目「{category}」不是補助計畫的科目,改依品名歸類").format(
                row=lines[0].row, category=category[:20]
            )
        )
    return category


def _common(lines: list[TableRow], field: str, warnings: list[str]) -> str:
    """What all rows of a voucher say in a column; nothing, and a warning, where they differ."""
    said = {plain(line.text(field)) for line in lines} - {""}
    if len(said) > 1:
        warnings.append(
            _("第 {row} 列: 同一憑證的「{field}」不一致,不採用").format(
                row=lines[0].row, field=COLUMNS[field][0]
            )
        )
        return ""
    return said.pop() if said else ""


def _paid(lines: list[TableRow], warnings: list[str]) -> datetime.date | None:
    days = sorted({day for line in lines if (day := line.day("paid"))})
    if len(days) > 1:
        warnings.append(_("第 {row} 列: 同一憑證有多個付款日期,採最後一個").format(row=lines[0].row))
    return days[-1] if days else None


def _references(line: TableRow, number: str, net: int, tax: int) -> tuple[Reference, ...]:
    """The invoice an allowance lowers: that of its own column, or its number where that is an invoice's."""
    original = voucher_number(line.text("original")) or (number if invoice_number_valid(number) else "")
    return (Reference(original, None, net, tax, plain(line.text("name"))),) if original else ()
