"""A category's detail sheet: every voucher line, claimed less disallowed less parked.

Columns of `voucher_details` stand where a voucher of the category says something in them, so that a case that tells
no contract has no empty columns for one. Their order is that of the sister programme's sheets (經費支用明細表).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any

from beancount.core.amount import Amount

from ledger.arithmetic.cost_share import payroll_cost
from ledger.model.voucher_details import BY_KEY
from ledger.model.voucher_details import FARES
from ledger.schemes.categories import PAYROLL
from ledger.schemes.categories import category_name
from ledger.schemes.categories import kind_of
from ledger.util.dates import month_of
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from reports.data.cost_rows import DetailRow
from reports.data.cost_rows import Pay
from reports.data.report import SettlementReport
from reports.labels import voucher_kind
from reports.sheets.common import days_text
from reports.sheets.common import shown
from reports.sheets.registers.contractors import write_contractors
from reports.sheets.registers.items import item_number
from reports.sheets.registers.items import item_numbers
from reports.sheets.registers.persons import person_month
from reports.sheets.registers.persons import write_persons
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Given
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.styles import Style
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_CONTRACT = ("contract", "contract-from", "contract-until", "contract-total", "part")
_JOURNEY = ("traveller", "travel-from", "travel-until", "destination", "purpose", *FARES)
_OWN_COLUMNS = frozenset({"unit", "brand", "model", "origin", "serial", "place", "asset-number"})
_WIDTHS = {
    "contract": 14,
    "part": 8,
    "purpose": 20,
    "invoice-item": 22,
    "traveller": 10,
    "proof": 14,
    "journal": 13,
}


def write_detail(sheet: Sheet, report: SettlementReport, category: str) -> Placed:
    """The sheet of one category."""
    rows, kind = report.tables.details[category], kind_of(category)
    columns = _columns(kind, rows, several=report.tables.several)
    numbers = item_numbers(report.tables.award)
    begin(sheet, report.frame, _("{category}明細表").format(category=category_name(category)), columns)
    make = _person_values if kind == PAYROLL else _purchase_values
    written = [
        TableRow(
            make(row)
            | _amounts(row)
            | _details(row)
            | {
                "party": report.tables.award.party_name(row.party),
                "item_number": Given(item_number(numbers, row), "item"),
            },
            (row.entry,),
            sheet.book.links.get(id(row.entry), ""),
            dict.fromkeys(("disallowed", "parked"), (row.entry, *row.findings)) if row.findings else {},
        )
        for row in rows
    ]
    placed = write_table(sheet, columns, written, _("合計"))
    if kind == "research" and rows:
        write_contractors(sheet, columns, placed, rows)
    if kind == PAYROLL:
        write_persons(sheet, report, placed, rows)
    finish(sheet, report.frame, placed, freeze=5 if kind == PAYROLL else 4)
    return placed


def _columns(kind: str, rows: Sequence[DetailRow], *, several: bool) -> list[Column]:
    party = [Column("party", _("受補助單位"), 16)] if several else []
    said = {key for row in rows for key in row.said}
    what = _person_columns() if kind == PAYROLL else _purchase_columns(kind, said)
    cost = _("未稅金額")
    return [
        *party,
        *what,
        Column("claimed", _("申報"), 12, "amount", cost, total=True),
        Column("government", _("政府補助款"), 12, "amount", cost, total=True),
        Column("self", _("業者自籌款"), 12, "amount", cost, total=True),
        Column("disallowed", _("剔除"), 11, "amount", _("查核"), total=True),
        Column("parked", _("待補正"), 11, "amount", _("查核"), total=True),
        Column("accepted", _("認列"), 12, "amount", _("查核"), total=True),
        Column("paid", _("付款日期"), 12, "date"),
        *_told_columns(said, "proof"),
        Column("document", _("附件"), 6, "center"),
        Column("item_number", _("核定項目序號"), 12, "center", screen_only=True),
    ]


def _told_columns(said: AbstractSet[str], *keys: str) -> list[Column]:
    """The columns of these details that any line says something in."""
    return [_detail_column(key) for key in keys if key in said]


def _detail_column(key: str) -> Column:
    detail = BY_KEY[key]
    style: Style = {"date": "date", "amount": "amount", "number": "decimal", "text": "text"}[detail.kind]  # type: ignore[assignment]
    return Column(key, _(detail.label), _WIDTHS.get(key, 12), style)


def _purchase_columns(kind: str, said: AbstractSet[str]) -> list[Column]:
    supplier = _("受託單位") if kind == "research" else _("供應商")
    columns = [
        Column("booked", _("入帳日"), 11, "date"),
        *_told_columns(said, "journal"),
        Column("date", _("憑證日期"), 11, "date"),
        Column("kind", _("憑證種類"), 10, "center"),
        Column("number", _("憑證號碼"), 14, "link"),
        Column("supplier", supplier, 24),
        *_told_columns(said, *_CONTRACT, *_JOURNEY),
        *_told_columns(said, "invoice-item"),
        Column("item", _("品名(核定項目)"), 24),
    ]
    if "traveller" not in said:  # a journey has none
        columns += [Column("quantity", _("數量"), 7, "quantity"), Column("unit", _("單位"), 6, "center")]
    if kind == "equipment":
        columns += [Column("brand", _("廠牌"), 10), Column("model", _("型號"), 11)]
    if kind in {"equipment", "consumables", "improvement"}:
        columns.append(Column("origin", _("國產/進口"), 7, "center"))
    return columns


def _person_columns() -> list[Column]:
    return [
        Column("booked", _("入帳日"), 11, "date"),
        Column("month", _("月份"), 8, "center"),
        Column("number", _("憑證號碼"), 17, "link"),
        Column("person", _("姓名"), 10, "center"),
        Column("role", _("職稱"), 13),
        Column("salary", _("月薪"), 11, "quantity"),
        Column("hours", _("專案工時"), 8, "quantity"),
        Column("total_hours", _("總工時"), 8, "quantity"),
        Column("share", _("投入人月"), 8, "share", total=False),
        Column("pay", _("應計薪資"), 11, "amount", total=True),
    ]


def _amounts(row: DetailRow) -> dict[str, Value]:
    return {
        "claimed": row.claimed,
        "government": shown(row.government),
        "self": shown(row.self_funded),
        "disallowed": shown(row.disallowed),
        "parked": shown(row.parked),
        "accepted": Formula("={claimed}-{disallowed}-{parked}", row.accepted, "accepted"),
        "paid": days_text(row.paid),
        "document": _("有") if row.documents else _("缺"),
    }


def _purchase_values(row: DetailRow) -> dict[str, Value]:
    origin = row.origin or {True: _("國產"), False: _("進口"), None: ""}[row.domestic]
    return {
        "booked": row.booked,
        "date": row.date,
        "kind": voucher_kind(row.kind),
        "number": row.number,
        "supplier": row.supplier,
        "item": row.item,
        "quantity": row.quantity,
        "unit": row.unit,
        "brand": row.brand,
        "model": row.model,
        "origin": origin,
    }


def _person_values(row: DetailRow) -> dict[str, Value]:
    pay = row.pay or Pay("", None, None, None)
    return {
        "booked": row.booked,
        "month": roc_month(month_of(row.date)),
        "number": row.number,
        "person": row.supplier,
        "role": pay.role,
        "salary": pay.salary,
        "hours": pay.hours,
        "total_hours": pay.total_hours,
        "share": _share_formula(pay),
        "pay": _pay_formula(pay),
    }


def _details(row: DetailRow) -> dict[str, Value]:
    """What the voucher says beside its amount, in columns of their own; brand and the like have theirs already."""
    return {key: _shown(key, value) for key, value in row.said.items() if key not in _OWN_COLUMNS}


def _shown(key: str, value: Any) -> Value:
    if key == "proof":
        return str(value)
    number = value.number if isinstance(value, Amount) else value
    if isinstance(number, Decimal):
        return int(number) if number == number.to_integral_value() else number
    return number if isinstance(number, datetime.date) else str(number)


def _share_formula(pay: Pay) -> Value:
    """The person-month that the hours are, one at most; nothing where the voucher does not say."""
    share = person_month(pay)
    if share is None:
        return None
    return Formula("=MIN({hours},{total_hours})/{total_hours}", share, "person-month")


def _pay_formula(pay: Pay) -> Value:
    """Monthly pay by the share of the hours, rounded down; nothing where the voucher does not say."""
    if pay.salary is None or pay.hours is None or not pay.total_hours:
        return None
    return Formula(
        "=ROUNDDOWN({salary}*MIN({hours},{total_hours})/{total_hours},0)",
        payroll_cost(pay.salary, pay.hours, pay.total_hours),
        "payroll",
    )
