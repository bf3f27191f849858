"""費用分攤表: vouchers that several projects share: the whole of each, this case's share of it, and what was claimed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP
from decimal import Decimal

from ledger.case.case import Voucher
from ledger.case.vouchers.voucher_lines import number_said
from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_KEYS = ("shared-total", "share", "shared-with")


def shared_vouchers(vouchers: Iterable[Voucher]) -> list[Voucher]:
    """The vouchers that tell a share, and the apportionment sheets themselves."""
    return [
        voucher
        for voucher in vouchers
        if voucher.kind == "apportionment" or any(voucher.meta(key) for key in _KEYS)
    ]


def write_shared(sheet: Sheet, report: SettlementReport) -> None:
    """The sheet: one row a voucher."""
    columns = _columns()
    begin(sheet, report.frame, _("費用分攤表"), columns)
    rows = [
        TableRow(_values(voucher), (voucher.entry,), sheet.book.links.get(id(voucher.entry), ""))
        for voucher in shared_vouchers(report.tables.case.vouchers)
    ]
    placed = write_table(sheet, columns, rows, _("合計"))
    sheet.line(
        _("同一張憑證由幾個計畫分攤者,應附分攤表並與憑證一併保存;各計畫的比率合計不得超過 100%。"), "note"
    )
    finish(sheet, report.frame, placed, freeze=2)


def _columns() -> list[Column]:
    return [
        Column("date", _("憑證日期"), 11, "date"),
        Column("number", _("憑證號碼"), 15, "link"),
        Column("supplier", _("供應商"), 26),
        Column("item", _("品名"), 28),
        Column("whole", _("分攤前未稅金額"), 14, "amount"),
        Column("share", _("本案分攤比率(%)"), 10, "decimal"),
        Column("part", _("本案應分攤"), 13, "amount"),
        Column("claimed", _("帳列金額"), 13, "amount", total=True),
        Column("over", _("帳列超過分攤"), 12, "amount", total=True),
        Column("with", _("共同分攤的計畫"), 28),
    ]


def _values(voucher: Voucher) -> dict[str, Value]:
    whole, share = number_said(voucher, "shared-total"), number_said(voucher, "share")
    values: dict[str, Value] = {
        "date": voucher.date,
        "number": voucher.number,
        "supplier": voucher.seller_name,
        "item": _("、").join(dict.fromkeys(line.item for line in voucher.lines if line.item)),
        "whole": None if whole is None else int(whole),
        "share": share,
        "claimed": voucher.cost,
        "with": str(voucher.meta("shared-with") or ""),
    }
    if whole is not None and share is not None:
        part = int((whole * share / 100).quantize(Decimal(1), ROUND_HALF_UP))
        values["part"] = Formula("=ROUND({whole}*{share}/100,0)", part, "shared")
        values["over"] = Formula("=MAX(0,{claimed}-{part})", max(0, voucher.cost - part), "shared")
    return values
