"""工時紀錄表: hours by person and day, their sum, and the hours that the pay was worked out with.

The layout is the sister programme's (海洋委員會 工時記錄表): a row a person and month, a column a day.
"""

from __future__ import annotations

from decimal import Decimal

from ledger.model.timesheets import Timesheet
from ledger.model.timesheets import in_force
from ledger.schemes.categories import PAYROLL
from ledger.schemes.categories import of_kind
from ledger.util.dates import month_of
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from ledger.util.text import fold
from reports.data.cost_rows import DetailRow
from reports.data.report import SettlementReport
from reports.xlsx.grid import Entry
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_DAYS = range(1, 32)


def write_hours(sheet: Sheet, report: SettlementReport) -> None:
    """The sheet: a row a person and month, by month and name."""
    columns = _columns()
    frame = report.frame_in(_("小時"))
    begin(sheet, frame, _("工時紀錄表"), columns)
    paid = _paid(report)
    sheets = sorted(
        in_force(report.tables.case.timesheets).values(), key=lambda each: (each.month, each.name)
    )
    placed = write_table(sheet, columns, [_row(each, paid.get(each.key)) for each in sheets])
    sheet.line(_("薪資工時為薪資清冊所列的專案工時,應與本表合計相同;比率 = 專案工時 ÷ 總工時。"), "note")
    finish(sheet, frame, placed, freeze=2)


def _columns() -> list[Column]:
    return [
        Column("month", _("月份"), 8, "center"),
        Column("name", _("姓名"), 10, "center"),
        *(Column(f"d{day}", str(day), 4, "decimal") for day in _DAYS),
        Column("sum", _("合計"), 7, "decimal"),
        Column("total", _("總工時"), 7, "decimal"),
        Column("share", _("比率"), 6, "share"),
        Column("paid", _("薪資工時"), 7, "decimal"),
        Column("left", _("差異"), 7, "decimal"),
    ]


def _paid(report: SettlementReport) -> dict[tuple[str, str], DetailRow]:
    """The payroll lines by (folded name, month)."""
    details = report.tables.details
    rows = [row for category in of_kind(PAYROLL, details) for row in details[category]]
    return {
        (fold(row.supplier), month_of(row.date)): row
        for row in rows
        if row.pay is not None and row.pay.hours is not None
    }


def _row(sheet: Timesheet, paid: DetailRow | None) -> TableRow:
    values: dict[str, Value] = {f"d{day}": hours.project or None for day, hours in sheet.days.items()}
    values |= {
        "month": roc_month(sheet.month),
        "name": sheet.name,
        "sum": Formula("=SUM({d1}:{d31})", sheet.project, "person-month"),
    }
    total = sheet.total
    if total is not None:
        values["total"] = total
        share = min(sheet.project / total, Decimal(1)) if total else Decimal(0)
        values["share"] = Formula("=IF({total}=0,0,MIN(1,{sum}/{total}))", share, "person-month")
    sources: dict[str, tuple[Entry, ...]] = {}
    if paid is not None and paid.pay is not None and paid.pay.hours is not None:
        values["paid"] = paid.pay.hours
        values["left"] = Formula("={sum}-{paid}", sheet.project - paid.pay.hours, "person-month")
        sources["paid"] = (paid.entry,)
    return TableRow(values, (sheet.entry,) if sheet.entry is not None else (), of_column=sources)
