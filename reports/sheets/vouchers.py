"""憑證清冊: every voucher with its seller, tax, gross and payment."""

from __future__ import annotations

from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from reports.data.cost_rows import VoucherRow
from reports.data.place import place
from reports.data.report import SettlementReport
from reports.labels import voucher_kind
from reports.sheets.common import days_text
from reports.sheets.common import shown
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table


def write_vouchers(sheet: Sheet, report: SettlementReport) -> Placed:
    """The sheet of all vouchers."""
    columns = _columns(several=report.tables.several)
    begin(sheet, report.frame, _("憑證清冊"), columns)
    rows = [
        TableRow(
            _values(number, row)
            | {
                "party": report.tables.award.party_name(row.party),
                "place": place(row.entry, report.tables.case.folder),
            },
            (row.entry,),
        )
        for number, row in enumerate(report.tables.vouchers, 1)
    ]
    placed = write_table(sheet, columns, rows, _("合計"))
    for offset, row in enumerate(report.tables.vouchers):
        sheet.book.links[id(row.entry)] = placed.cell("number", placed.first + offset)
    finish(sheet, report.frame, placed, freeze=4)
    return placed


def _columns(*, several: bool) -> list[Column]:
    party = [Column("party", _("受補助單位"), 16)] if several else []
    return [
        Column("index", _("序號"), 5, "center"),
        Column("booked", _("入帳日"), 11, "date"),
        Column("date", _("憑證日期"), 11, "date"),
        Column("number", _("憑證號碼"), 15, "center"),
        Column("kind", _("憑證種類"), 9, "center"),
        *party,
        Column("seller", _("賣方統編"), 10, "center"),
        Column("supplier", _("賣方或受款人"), 24),
        Column("categories", _("預算科目"), 21),
        Column("net", _("未稅"), 11, "amount", total=True),
        Column("tax", _("營業稅"), 9, "amount", total=True),
        Column("gross", _("含稅"), 11, "amount", total=True),
        Column("claimed", _("申報成本"), 11, "amount", total=True),
        Column("accepted", _("認列成本"), 11, "amount", total=True),
        Column("paid", _("付款日期"), 11, "date"),
        Column("paid_amount", _("已付"), 11, "amount", total=True),
        Column("unpaid", _("未付"), 9, "amount", total=True),
        Column("filed", _("附件"), 5, "center"),
        Column("documents", _("附件檔名"), 34, screen_only=True),
        Column("place", _("帳本位置"), 34, screen_only=True),
    ]


def _values(number: int, row: VoucherRow) -> dict[str, Value]:
    return {
        "index": str(number),
        "booked": row.booked,
        "date": row.date,
        "number": row.number,
        "kind": voucher_kind(row.kind),
        "seller": row.seller,
        "supplier": row.supplier,
        "categories": "\n".join(category_name(category) for category in row.categories),
        "net": row.net,
        "tax": row.tax,
        "gross": Formula("={net}+{tax}", row.net + row.tax),
        "claimed": row.claimed,
        "accepted": row.accepted,
        "paid": days_text(row.paid),
        "paid_amount": shown(row.paid_amount),
        "unpaid": shown(row.unpaid),
        "filed": _("有") if row.documents else _("缺"),
        "documents": "\n".join(row.documents),
    }
