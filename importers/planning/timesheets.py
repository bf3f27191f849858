"""Time sheets, into the case: days of a month that come in several files are one sheet; what changes is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from beancount.core import data

from importers.records import Reading
from ledger.case.case import Case
from ledger.model.timesheets import Hours
from ledger.model.timesheets import Timesheet
from ledger.model.timesheets import in_force
from ledger.model.timesheets import timesheet_directive
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from ledger.util.text import fold


class TimesheetPlan(NamedTuple):
    """What an import of time sheets comes to: the directives to write, the counts, what is told."""

    entries: list[data.Custom]
    duplicates: int
    warnings: list[str]


def plan_timesheets(readings: Sequence[Reading], case: Case) -> TimesheetPlan:
    """Work out the time sheets of some files; a sheet that says nothing new is known already."""
    known = in_force(case.timesheets)
    new: dict[tuple[str, str], tuple[Timesheet, list[str]]] = {}
    duplicates, warnings = 0, []
    for reading in readings:
        for sheet in reading.timesheets:
            before, files = new.get(sheet.key, (known.get(sheet.key), []))
            merged = _merged(before, sheet)
            if before is not None and merged.days == before.days:
                duplicates += 1
                continue
            warnings += _changed(before, sheet)
            new[sheet.key] = (merged, [*files, reading.file])
    planned = {fold(person.name) for person in case.award.persons} if case.award else set()
    for sheet, _files in new.values():
        if planned and fold(sheet.name) not in planned:
            warnings.append(_("工時紀錄的{name}不在投入人力規劃").format(name=sheet.name))
    entries = [timesheet_directive(sheet, "; ".join(dict.fromkeys(files))) for sheet, files in new.values()]
    return TimesheetPlan(entries, duplicates, list(dict.fromkeys(warnings)))


def _merged(before: Timesheet | None, sheet: Timesheet) -> Timesheet:
    """The days of both; of a day that both tell, what the new one says."""
    days: dict[int, Hours] = dict(before.days) if before is not None else {}
    return Timesheet(before.name if before is not None else sheet.name, sheet.month, days | sheet.days)


def _changed(before: Timesheet | None, sheet: Timesheet) -> list[str]:
    if before is None:
        return []
    return [
        _("{name} {month} 第 {day} 日的專案工時由 {old} 改為 {new}").format(
            name=sheet.name,
            month=roc_month(sheet.month),
            day=day,
            old=before.days[day].project,
            new=hours.project,
        )
        for day, hours in sorted(sheet.days.items())
        if day in before.days and before.days[day] != hours
    ]
