"""Every amount leads to its entries, and the entries add up to the amount."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from ledger.case.case import Case
from reports.data.tables import FindingRow
from reports.settlement import CheckResults
from reports.settlement import write_settlement
from reports.trace.provenance import Provenance
from reports.trace.report_file import NoSuchCellError
from reports.trace.report_file import ReportFile


@pytest.fixture(scope="module")
def path(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("why") / "report.xlsx"
    write_settlement(case, "final", CheckResults(), xlsx=path)
    return path


@pytest.fixture(scope="module")
def report(path: Path) -> Provenance:
    return Provenance(path)


def _numbers(report: Provenance, sheet: str, cell: str) -> set[str]:
    return {source.voucher for source in report.why(sheet, cell).sources if source.voucher}


def _row_of(path: Path, sheet: str, label: str) -> int:
    cells = openpyxl.load_workbook(path)[sheet]["A"]
    return next(int(cell.row) for cell in cells if cell.value == label)


def test_a_booked_amount_leads_to_its_own_entry(report: Provenance) -> None:
    answer = report.why("消耗性器材及原材料費", "J5")
    assert answer.formula == ""
    assert [source.voucher for source in answer.sources] == ["AB12345600"]
    assert answer.sources[0].import_id == "mig:AB12345600:invoice"
    assert answer.sources[0].place.startswith("<string>:")


def test_a_categorys_total_leads_to_every_voucher_of_it(report: Provenance, case: Case) -> None:
    expected = {v.number for v in case.vouchers if any(line.category == "equipment" for line in v.lines)}
    assert _numbers(report, "認列計算表", "H6") == expected


def test_a_months_cost_leads_to_the_vouchers_of_that_month_alone(
    report: Provenance, path: Path, case: Case
) -> None:
    row = _row_of(path, "撥款與提領對照", "112/10")
    first, last = datetime.date(2023, 10, 1), datetime.date(2023, 10, 31)
    expected = {v.number for v in case.vouchers if first <= v.booked <= last}
    assert _numbers(report, "撥款與提領對照", f"C{row}") == expected


def test_the_grant_recognised_leads_to_every_cost_and_every_budget(
    report: Provenance, path: Path, case: Case
) -> None:
    row = _row_of(path, "認列計算表", "認列補助款")
    answer = report.why("認列計算表", f"D{row}")
    paid_by_government = {v.number for v in case.vouchers if v.kind != "payroll"}
    assert paid_by_government <= {source.voucher for source in answer.sources}
    assert answer.formula.startswith("=MIN(")


def test_every_formula_that_shows_money_leads_somewhere(report: Provenance, path: Path) -> None:
    shown = openpyxl.load_workbook(path, data_only=True)
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                value = shown[sheet.title][cell.coordinate].value
                if cell.data_type == "f" and cell.number_format == "#,##0" and value:
                    assert report.why(sheet.title, cell.coordinate).sources, (sheet.title, cell.coordinate)


def test_a_sheet_that_is_not_there_is_said_plainly(report: Provenance) -> None:
    with pytest.raises(NoSuchCellError, match="沒有「某表」"):
        report.why("某表", "A1")


def test_a_workbook_that_is_no_report_of_ours_is_said_plainly(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(NoSuchCellError):
        Provenance(path)


def test_no_amount_is_without_a_trail_or_a_rule(any_case: Case, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    day = datetime.date(2023, 9, 30)
    write_settlement(
        any_case, "final", CheckResults([FindingRow("x", "error", None, "", 5, "")]), xlsx=path, interim=day
    )
    report, shown = Provenance(path), openpyxl.load_workbook(path, data_only=True)
    walked, lost = 0, []
    for sheet in shown.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if sheet.sheet_state == "visible" and isinstance(cell.value, int | float) and cell.value:
                    answer = report.why(sheet.title, cell.coordinate)
                    walked += 1
                    if not answer.sources and answer.rule is None:
                        lost.append((sheet.title, cell.coordinate, cell.value))
    assert walked > 150
    assert lost == []


def test_the_entries_of_a_cost_add_up_to_it(report: Provenance) -> None:
    """認列計算表: the cost claimed of each category out of the expense postings of its entries."""
    for row, category in ((6, "02全新設備之購置費"), (9, "05人事費")):
        answer = report.why("認列計算表", f"E{row}")
        posted = sum(
            int(line.split()[1])
            for source in answer.sources
            for line in source.text.split("\n")
            if line.strip().startswith("Expenses") and category in line
        )
        assert posted == answer.value


def test_a_rule_is_told_with_its_source(report: Provenance) -> None:
    answer = report.why("認列計算表", "L6")
    assert answer.rule is not None
    assert "核定總額" in answer.rule.text
    assert answer.rule.source
    assert answer.rule.confidence


def test_what_was_struck_leads_to_the_finding(report: Provenance) -> None:
    answer = report.why("消耗性器材及原材料費", "M7")
    assert any("grant-finding" in source.text for source in answer.sources)


@pytest.mark.parametrize("cell", ["", "7", "ABCD1", "A0", "A1:B2", "XFE1", "封面"])
def test_a_cell_that_cannot_be_is_said_plainly(report: Provenance, cell: str) -> None:
    with pytest.raises(NoSuchCellError, match="不是儲存格"):
        report.why("封面", cell)


def test_a_question_reads_only_the_sheets_that_it_is_about(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    formulas = ReportFile._read_formulas

    def seen(report: ReportFile, title: str) -> dict[tuple[int, int], str]:
        read.append(title)
        return formulas(report, title)

    monkeypatch.setattr(ReportFile, "_read_formulas", seen)
    report = Provenance(path)
    for _time in range(2):
        report.why("經費支用彙總表", "D8")
    assert len(read) == len(set(read))
    assert "憑證清冊" not in read


def test_what_a_report_shows_is_what_openpyxl_reads(path: Path) -> None:
    """Texts, whole numbers, days and formulas, cell by cell."""
    report = ReportFile(path)
    written, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for sheet in written.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                place = (sheet.title, int(cell.row or 0), int(cell.column or 0))
                assert report.written(place) == cell.value, place
                assert report.shown(place) == shown[sheet.title].cell(*place[1:]).value, place
