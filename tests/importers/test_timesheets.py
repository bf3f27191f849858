"""Time sheets: the form filled in, read back, into the case, held against the payroll, and on the report."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from checks.engine.runner import run_checks
from importers.records import ReadError
from importers.records import Reading
from importers.sources.source import Source
from importers.templates.forms import write_form
from importers.vouchers import READERS
from importers.vouchers import timesheet
from ledger.model.timesheets import Hours
from ledger.model.timesheets import in_force
from reports.settlement import CheckResults
from reports.settlement import write_settlement
from reports.trace.provenance import Provenance
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase

HEADER = "日期,姓名,專案工時,當日總工時,工作內容"
KUAN = "郭冠宇"


def sheet(*rows: str, name: str = "hours.csv") -> Files:
    return {name: "\n".join([HEADER, *rows]) + "\n"}


def read(*rows: str) -> Reading:
    (text,) = sheet(*rows).values()
    found = timesheet.read(Source("工時.csv", text.encode("utf-8-sig")))
    assert found is not None
    return found


def roll(hours: int, total: int = 160, pay: int = 30_000) -> Files:
    head = "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期"
    return {f"pay{hours}.csv": f"{head}\n2023-08,{KUAN},計畫主持人,60000,{hours},{total},{pay},2023-09-05\n"}


def month(hours: int, total: int | None = None) -> Files:
    """Twenty days of August with so many hours each."""
    told = "" if total is None else str(total)
    return sheet(*(f"2023-08-{day:02},{KUAN},{hours},{told},試車" for day in range(1, 21)))


def test_the_form_is_read_back_by_its_own_reader_alone(tmp_path: Path) -> None:
    path = tmp_path / "timesheet.xlsx"
    write_form("timesheet", path)
    source = Source.from_path(path)
    readings = [reading for reader in READERS if (reading := reader(source)) is not None]
    assert [(reading.format, reading.timesheets, reading.warnings) for reading in readings] == [
        ("timesheet", (), ())
    ]
    book = openpyxl.load_workbook(path)
    book["工時"].append(["2023-08-01", KUAN, 4, 8, "試車"])
    book.save(path)
    (filled,) = [reading for reader in READERS if (reading := reader(Source.from_path(path))) is not None]
    (only,) = filled.timesheets
    assert (only.name, only.month, only.days) == (KUAN, "2023-08", {1: Hours(Decimal(4), Decimal(8))})


def test_days_are_gathered_by_person_and_month() -> None:
    found = read("112/08/31,甲,4,8,", "2023-09-01,甲,3.5,,", "2023-08-31,乙,2,8,")
    assert [(each.name, each.month, each.project, each.total) for each in found.timesheets] == [
        ("乙", "2023-08", Decimal(2), Decimal(8)),
        ("甲", "2023-08", Decimal(4), Decimal(8)),
        ("甲", "2023-09", Decimal("3.5"), None),
    ]
    assert found.as_json()["records"][0]["kind"] == "timesheet"


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ("2023-08-01,甲,9,8,", "第 2 列的專案工時 9 多於當日總工時 8"),
        ("2023-08-01,甲,25,,", "第 2 列「專案工時」"),
        ("2023-08-01,,4,8,", "第 2 列缺「姓名」"),
        ("哪天,甲,4,8,", "第 2 列「日期」"),
    ],
)
def test_a_row_that_cannot_be_is_named(row: str, match: str) -> None:
    with pytest.raises(ReadError, match=match):
        read(row)


def test_a_day_twice_with_other_hours_is_refused() -> None:
    assert read("2023-08-01,甲,4,8,", "2023-08-01,甲,4,8,").timesheets[0].project == 4
    with pytest.raises(ReadError, match="出現兩次"):
        read("2023-08-01,甲,4,8,", "2023-08-01,甲,5,8,")


def test_a_payroll_sheet_is_no_time_sheet() -> None:
    (text,) = roll(80).values()
    assert timesheet.read(Source("pay.csv", text.encode())) is None


def test_sheets_reach_the_case_once_and_join(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    report = story.take(sheet(f"2023-08-01,{KUAN},4,8,", name="week1.csv"))
    assert (report.imported, report.duplicates, len(report.filed)) == (1, 0, 1)
    report = story.take(sheet(f"2023-08-08,{KUAN},6,8,", name="week2.csv"))
    assert report.imported == 1
    (held,) = in_force(story.case.timesheets).values()
    assert held.days == {1: Hours(Decimal(4), Decimal(8)), 8: Hours(Decimal(6), Decimal(8))}
    report = story.take(sheet(f"2023-08-08,{KUAN},6,8,", name="again.csv"))
    assert (report.imported, report.duplicates) == (0, 1)


def test_a_day_that_changes_and_a_stranger_are_told(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    story.take(sheet(f"2023-08-01,{KUAN},4,8,", name="a.csv"))
    report = story.take(sheet(f"2023-08-01,{KUAN},5,8,", "2023-08-01,陳新人,5,8,", name="b.csv"))
    assert any("由 4 改為 5" in warning for warning in report.warnings)
    assert any("陳新人不在投入人力規劃" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    ("hours", "total", "found"),
    [
        (4, 8, []),  # 80 of 160, as the payroll says
        (4, None, []),
        (3, 8, [("error", 7_500)]),  # 60 of 160: a quarter of the pay is not shown
        (5, 8, [("warning", 0)]),
        (0, 8, [("error", 30_000)]),
        (4, 10, [("error", 6_000)]),  # 80 of 200
    ],
)
def test_pay_is_held_against_the_sheet(
    tmp_path: Path, hours: int, total: int | None, found: list[tuple[str, int]]
) -> None:
    story = SmallCase(tmp_path / "case", budget=_with_pay())
    story.take(roll(80), month(hours, total))
    told = run_checks(story.case, select=["timesheet-mismatch"])
    assert [(each.severity, each.amount) for each in told] == found


def _with_pay() -> list[dict[str, Any]]:
    return [
        {"category": "consumables", "government": 300_000, "self": 350_000},
        {"category": "personnel", "government": 0, "self": 350_000},
    ]


def test_a_month_without_a_sheet_is_not_judged(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case", budget=_with_pay())
    story.take(roll(80), sheet(f"2023-09-01,{KUAN},1,8,"))
    assert run_checks(story.case, select=["timesheet-mismatch"]) == []


def test_the_report_shows_days_sums_and_the_difference(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case", budget=_with_pay())
    story.take(roll(80), month(3, 8))
    path = tmp_path / "r.xlsx"
    write_settlement(story.case, "final", CheckResults(), xlsx=path)
    rows = list(openpyxl.load_workbook(path, data_only=True)["工時紀錄表"].iter_rows())
    (row,) = [row for row in rows if row[1].value == KUAN]
    assert [cell.value for cell in row[:3]] == ["112/08", KUAN, 3]
    assert [cell.value for cell in row[33:38]] == [60, 160, 0.375, 80, -20]
    why = Provenance(path).why("工時紀錄表", f"AL{row[0].row}")
    assert {source.place.rpartition(":")[0] for source in why.sources} == {
        "award.beancount",
        "books/2023-08.beancount",
    }


def test_a_sheet_is_written_behind_the_award(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    before = (story.folder / "award.beancount").read_text("utf-8")
    story.take(month(4, 8))
    text = (story.folder / "award.beancount").read_text("utf-8")
    assert text.startswith(before)
    assert "grant-timesheet" in text
    assert story.case.timesheets[0].entry is not None
    assert story.case.timesheets[0].entry.date == datetime.date(2023, 8, 31)
