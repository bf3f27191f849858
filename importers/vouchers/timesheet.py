"""The time sheet that a company fills in: format `timesheet`.

Columns: 日期 姓名 專案工時 當日總工時 工作內容, found by meaning; a row is a person's day. Days of one person and month
are a sheet of their own, whatever file they come in.
"""

from __future__ import annotations

from decimal import Decimal

from importers.records import ReadError
from importers.records import Reading
from importers.sources.source import Source
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import TableRow
from importers.vouchers.columns import find_table
from importers.vouchers.columns import ignored_columns_warning
from importers.vouchers.values import is_example
from importers.vouchers.values import is_total
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from ledger.model.timesheets import Hours
from ledger.model.timesheets import Timesheet
from ledger.util.dates import month_of
from ledger.util.i18n import _

COLUMNS: Synonyms = {
    "date": ("日期", "工作日期", "出勤日期"),
    "name": ("姓名", "員工姓名", "人員姓名", "人員"),
    "hours": ("專案工時", "計畫工時", "本案工時", "投入工時"),
    "total": ("當日總工時", "總工時", "當日工時", "上班時數"),
    "work": ("工作內容", "工作項目", "工作說明"),
}
"""Our name of a column -> its headers; the first of each is the one on our own form."""

_A_DAY = Decimal(24)


def read(source: Source) -> Reading | None:
    """The sheets by person and month, or None where no header has 日期, 姓名 and 專案工時.

    Raises ReadError naming the row of a cell that is missing or cannot be read, of hours that no day has, or of a
    person's day that stands twice with other hours.
    """
    warnings: list[str] = []
    sheets: dict[tuple[str, str], Timesheet] = {}
    found = False
    for _name, rows in source.tables:
        table = find_table(rows, COLUMNS, ("date", "name", "hours"))
        if table is None:
            continue
        found = True
        warnings += ignored_columns_warning(table)
        for line in table.lines():
            if not (is_example(line.first) or is_total(line.first)):
                _add(line, sheets)
    if not found:
        return None
    kept = tuple(sheets[key] for key in sorted(sheets))
    return Reading(source.name, "timesheet", source.encoding, warnings=tuple(warnings), timesheets=kept)


def _add(line: TableRow, sheets: dict[tuple[str, str], Timesheet]) -> None:
    day = line.need_day("date")
    name = plain(line.text("name"))
    if not name:
        raise row_error(line.row, COLUMNS["name"][0], "")
    hours = Hours(_hours(line, "hours") or Decimal(0), _hours(line, "total"))
    if hours.total is not None and hours.project > hours.total:
        raise ReadError(
            _("第 {row} 列的專案工時 {hours} 多於當日總工時 {total}").format(
                row=line.row, hours=hours.project, total=hours.total
            )
        )
    sheet = Timesheet(name, month_of(day), {})
    sheet = sheets.setdefault(sheet.key, sheet)
    if sheet.days.setdefault(day.day, hours) != hours:
        raise ReadError(
            _("第 {row} 列: {name} {day} 的工時出現兩次而且不同").format(row=line.row, name=name, day=day)
        )


def _hours(line: TableRow, field: str) -> Decimal | None:
    hours = line.money(field)
    if hours is not None and not 0 <= hours <= _A_DAY:
        raise row_error(line.row, COLUMNS[field][0], line.text(field))
    return hours
