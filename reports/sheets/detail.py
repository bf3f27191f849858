"""A category's detail sheet: every voucher line, claimed less disallowed less parked."""

from __future__ import annotations

from ledger.arithmetic.cost_share import payroll_cost
from ledger.schemes.categories import category_name
from ledger.util.dates import month_of
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from reports.data.cost_rows import DetailRow
from reports.data.cost_rows import Pay
from reports.data.report import SettlementReport
from reports.labels import voucher_kind
from reports.sheets.common import days_text
from reports.sheets.common import shown
from reports.sheets.contractors import write_contractors
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table


def write_detail(sheet: Sheet, report: SettlementReport, category: str) -> Placed:
    """The sheet of one category."""
    rows = report.tables.details[category]
    columns = _columns(category, several=report.tables.several)
    begin(sheet, report.frame, _("{category}明細表").format(category=category_name(category)), columns)
    make = _person_values if category == "personnel" else _purchase_values
    written = [
        TableRow(
            make(row) | _amounts(row) | {"party": report.tables.award.party_name(row.party)},
            (row.entry,),
            sheet.book.links.get(id(row.entry), ""),
            dict.fromkeys(("disallowed", "parked"), (row.entry, *row.findings)) if row.findings else {},
        )
        for row in rows
    ]
    placed = write_table(sheet, columns, written, _("合計"))
    if category == "research" and rows:
        write_contractors(sheet, columns, placed, rows)
    finish(sheet, report.frame, placed, freeze=5 if category == "personnel" else 4)
    return placed


def _columns(category: str, *, several: bool) -> list[Column]:
    party = [Column("party", _("受補助單位"), 16)] if several else []
    what = _person_columns() if category == "personnel" else _purchase_columns(category)
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
        Column("document", _("附件"), 6, "center"),
    ]


def _purchase_columns(category: str) -> list[Column]:
    supplier = _("受託單位") if category == "research" else _("供應商")
    columns = [
        Column("booked", _("入帳日"), 11, "date"),
        Column("date", _("憑證日期"), 11, "date"),
        Column("kind", _("憑證種類"), 10, "center"),
        Column("number", _("憑證號碼"), 14, "link"),
        Column("supplier", supplier, 24),
        Column("item", _("品名(核定項目)"), 24),
        Column("quantity", _("數量"), 7, "quantity"),
        Column("unit", _("單位"), 6, "center"),
    ]
    if category == "equipment":
        columns += [Column("brand", _("廠牌"), 10), Column("model", _("型號"), 11)]
    if category in {"equipment", "consumables", "improvement"}:
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
        "pay": _pay_formula(pay),
    }


def _pay_formula(pay: Pay) -> Value:
    """Monthly pay by the share of the hours, rounded down; nothing where the voucher does not say."""
    if pay.salary is None or pay.hours is None or not pay.total_hours:
        return None
    return Formula(
        "=ROUNDDOWN({salary}*MIN({hours},{total_hours})/{total_hours},0)",
        payroll_cost(pay.salary, pay.hours, pay.total_hours),
        "payroll",
    )
