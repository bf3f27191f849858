"""外幣支付明細: what was bought in another currency: amount, rate, what it comes to, and what the bank really debited."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP
from decimal import Decimal

from ledger.case.case import Voucher
from ledger.case.vouchers.voucher_lines import number_said
from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.sheets.common import days_text
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_KEYS = ("foreign", "rate", "currency")


def foreign_vouchers(vouchers: Iterable[Voucher]) -> list[Voucher]:
    """The vouchers that tell a foreign amount, a rate or a currency, and the invoices from abroad."""
    return [
        voucher
        for voucher in vouchers
        if voucher.kind == "foreign-invoice" or any(voucher.meta(key) for key in _KEYS)
    ]


def write_foreign(sheet: Sheet, report: SettlementReport) -> None:
    """The sheet: one row a voucher."""
    columns = _columns()
    begin(sheet, report.frame, _("外幣支付明細"), columns)
    rows = [
        TableRow(
            _values(report, voucher),
            (voucher.entry,),
            sheet.book.links.get(id(voucher.entry), ""),
            {
                "debit": tuple(
                    payment.entry for payment in report.tables.case.payments if payment.link == voucher.link
                )
            },
        )
        for voucher in foreign_vouchers(report.tables.case.vouchers)
    ]
    placed = write_table(sheet, columns, rows, _("合計"))
    sheet.line(
        _(
            "帳列金額不得超過銀行實際扣款,也不得超過外幣金額 × 匯率;手續費不計入。應附匯率表、水單或結匯單據。"
        ),
        "note",
    )
    finish(sheet, report.frame, placed, freeze=2)


def _columns() -> list[Column]:
    return [
        Column("date", _("憑證日期"), 11, "date"),
        Column("number", _("憑證號碼"), 15, "link"),
        Column("supplier", _("供應商"), 24),
        Column("item", _("品名"), 24),
        Column("currency", _("幣別"), 7, "center"),
        Column("foreign", _("外幣金額"), 12, "decimal"),
        Column("rate", _("匯率"), 9, "decimal"),
        Column("worth", _("折合新臺幣"), 12, "amount"),
        Column("booked", _("帳列金額"), 12, "amount", total=True),
        Column("debit", _("銀行扣款"), 12, "amount", total=True),
        Column("over", _("帳列超過扣款"), 11, "amount", total=True),
        Column("paid", _("付款日期"), 11, "date"),
        Column("declaration", _("進口報單號碼"), 16, "center"),
        Column("proof", _("付款憑證"), 14),
    ]


def _values(report: SettlementReport, voucher: Voucher) -> dict[str, Value]:
    payments = [
        payment
        for payment in report.tables.case.payments
        if payment.link == voucher.link and not voucher.reverses
    ]
    debit = sum(payment.amount for payment in payments)
    foreign, rate = number_said(voucher, "foreign"), number_said(voucher, "rate")
    booked = voucher.booked_cost + voucher.input_tax
    values: dict[str, Value] = {
        "date": voucher.date,
        "number": voucher.number,
        "supplier": voucher.seller_name,
        "item": _("、").join(dict.fromkeys(line.item for line in voucher.lines if line.item)),
        "currency": str(voucher.meta("currency") or ""),
        "foreign": foreign,
        "rate": rate,
        "booked": booked,
        "debit": debit or None,
        "paid": days_text([payment.date for payment in payments]),
        "declaration": str(voucher.meta("declaration") or ""),
        "proof": " ".join(str(voucher.meta(key) or "") for key in ("proof", "proof-number")).strip(),
    }
    if foreign is not None and rate is not None:
        worth = int((foreign * rate).quantize(Decimal(1), ROUND_HALF_UP))
        values["worth"] = Formula("=ROUND({foreign}*{rate},0)", worth, "foreign")
    if debit:
        values["over"] = Formula("=MAX(0,{booked}-{debit})", max(0, booked - debit), "foreign")
    return values
