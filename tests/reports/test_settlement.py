"""The settlement workbook: every formula calculates to the ledger's figure, and the file is what it should be."""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.case.case import Case
from ledger.case.settlement import settle_case
from reports.data.stamp import stamp_of
from reports.data.tables import FindingRow
from reports.settlement import CheckResults
from reports.settlement import write_settlement
from tests.reports import office
from tests.reports.conftest import Recalculate


@pytest.fixture(scope="module")
def written(case: Case, findings: list[FindingRow], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "期末.xlsx"
    write_settlement(case, "final", CheckResults(findings, findings[:1]), xlsx=path)
    return path


@pytest.fixture(scope="module")
def opened(written: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written)


def _formulas(workbook: openpyxl.Workbook) -> list[tuple[str, str]]:
    return [
        (sheet.title, cell.coordinate)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def _value_beside(workbook: openpyxl.Workbook, sheet: str, label: str) -> Any:
    for row in workbook[sheet].iter_rows():
        if row[0].value == label:
            return next(cell.value for cell in row[1:] if cell.value is not None)
    raise AssertionError(label)


def test_every_formula_calculates_to_the_ledgers_figure(
    any_case: Case, findings: list[FindingRow], recalculate: Recalculate, tmp_path: Path
) -> None:
    path = tmp_path / "report.xlsx"
    write_settlement(any_case, "final", CheckResults(findings), xlsx=path, interim=datetime.date(2023, 9, 30))
    shown = openpyxl.load_workbook(path, data_only=True)
    calculated = recalculate(path)
    formulas = _formulas(openpyxl.load_workbook(path))
    assert len(formulas) > 100
    wrong = {}
    for sheet, cell in formulas:
        ours, theirs = shown[sheet][cell].value, calculated[sheet][cell].value
        if ours != (pytest.approx(theirs, abs=1e-9) if isinstance(theirs, float) else theirs):
            wrong[sheet, cell] = (ours, theirs)
    assert wrong == {}


def test_the_headline_figures_are_those_of_the_settlement(
    any_case: Case, recalculate: Recalculate, tmp_path: Path
) -> None:
    path = tmp_path / "report.xlsx"
    write_settlement(any_case, "final", CheckResults(), xlsx=path)
    calculated, whole = recalculate(path), settle_case(any_case).whole
    limits = {"none": "無", "category": "科目上限", "ratio": "補助比率", "approved": "核定補助款"}
    summary = "認列計算表"
    assert _value_beside(calculated, summary, "認列補助款") == whole.recognised_government
    assert _value_beside(calculated, summary, "認列自籌款") == whole.recognised_self
    assert _value_beside(calculated, summary, "尾款應撥付數") == whole.tail_payment
    assert _value_beside(calculated, summary, "受限於") == limits[whole.binding]
    assert _value_beside(calculated, "孳息及結餘計算", "應再繳交國庫") == whole.due_to_treasury
    assert _value_beside(calculated, "封面", "認列補助款") == whole.recognised_government


def test_the_limits_that_bind_are_tested_too() -> None:
    whole = settle_case(office.capped_case()).whole
    assert [step.binds for step in whole.steps] == [True, True, False]


def test_no_formula_is_written_without_its_figure(opened: openpyxl.Workbook, written: Path) -> None:
    shown = openpyxl.load_workbook(written, data_only=True)
    assert all(shown[sheet][cell].value is not None for sheet, cell in _formulas(opened))


def test_the_sheets_stand_in_the_order_of_the_form(opened: openpyxl.Workbook) -> None:
    assert opened.sheetnames == [
        "封面",
        "經費支用彙總表",
        "認列計算表",
        "消耗性器材及原材料費",
        "全新設備之購置費",
        "既有設備之改善費",
        "委託研究或驗證費",
        "人事費",
        "品項對照表",
        "財產清冊",
        "專戶收支明細",
        "孳息及結餘計算",
        "撥款與提領對照",
        "憑證清冊",
        "證明文件檢核表",
        "查核意見",
        "預算變更",
        "圖表",
        "來源",
        "分錄",
        "規則",
        "產製資料",
    ]
    hidden = [sheet.title for sheet in opened.worksheets if sheet.sheet_state == "hidden"]
    assert hidden == ["來源", "分錄", "規則", "產製資料"]


def test_a_partner_has_its_own_account_sheet(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_settlement(office.supply_chain_case(), "final", CheckResults(), xlsx=path)
    assert f"專戶收支明細 {office.PARTNER}" in openpyxl.load_workbook(path).sheetnames


def test_every_sheet_prints_on_a4_one_page_wide_with_its_stamp(opened: openpyxl.Workbook) -> None:
    for sheet in opened.worksheets:
        if sheet.sheet_state == "hidden":
            continue
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        properties: Any = sheet.sheet_properties
        assert properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        footer: Any = sheet.oddFooter
        assert footer.right.text == "&P / &N"
        assert "small-manufacturer-112" in footer.left.text
        assert any("small-manufacturer-112" in str(row[0].value) for row in sheet.iter_rows())


def test_long_tables_repeat_their_heading_and_can_be_filtered(opened: openpyxl.Workbook) -> None:
    for name in ("消耗性器材及原材料費", "人事費", "專戶收支明細", "憑證清冊"):
        assert opened[name].print_title_rows
        assert opened[name].freeze_panes
        assert opened[name].auto_filter.ref


def test_sheets_to_hand_in_have_boxes_to_sign(opened: openpyxl.Workbook) -> None:
    for name in ("封面", "經費支用彙總表", "專戶收支明細", "人事費"):
        values = {cell.value for row in opened[name].iter_rows() for cell in row}
        assert {"負責人", "計畫主持人", "主辦會計", "填表人"} <= values


def test_the_charts_show_categories_and_months(opened: openpyxl.Workbook) -> None:
    assert len(opened["圖表"]._charts) == 2  # type: ignore[attr-defined]


def test_data_never_becomes_a_formula(opened: openpyxl.Workbook) -> None:
    hostile = [
        cell
        for sheet in opened.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value in {office.HOSTILE, "=1+1"}
    ]
    assert len(hostile) > 5
    assert {cell.data_type for cell in hostile} == {"s"}
    assert all(cell.quotePrefix for cell in hostile)


def test_the_same_case_gives_the_same_bytes(
    case: Case, findings: list[FindingRow], written: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.xlsx"
    write_settlement(office.office_case(), "final", CheckResults(findings, findings[:1]), xlsx=again)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(written.read_bytes()).digest()
    with zipfile.ZipFile(again) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert openpyxl.load_workbook(again).properties.modified == datetime.datetime.combine(
        case.as_of, datetime.time()
    )


def test_another_entry_gives_another_stamp(case: Case) -> None:
    assert case.scheme is not None
    earlier = office.office_case(datetime.date(2024, 7, 15))
    assert stamp_of(case, case.scheme) != stamp_of(earlier, case.scheme)


def test_the_interim_report_says_so(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_settlement(office.office_case(datetime.date(2023, 12, 31)), "interim", CheckResults(), xlsx=path)
    workbook = openpyxl.load_workbook(path)
    assert workbook["經費支用彙總表"]["A1"].value == "期中 經費支用彙總表"
    assert _value_beside(workbook, "封面", "報告別") == "■ 期中  □ 期末(結案)"


def test_a_failed_writing_leaves_the_old_report(case: Case, tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    def fail(*_arguments: object) -> None:
        raise OSError

    monkeypatch.setattr("ledger.files.whole_file.os.fsync", fail)
    with pytest.raises(OSError, match=r"^$"):
        write_settlement(case, "final", CheckResults(), xlsx=path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_period_before_and_this_one_are_all_of_it(tmp_path: Path, any_case: Case) -> None:
    path = tmp_path / "report.xlsx"
    write_settlement(any_case, "final", CheckResults(), xlsx=path, interim=datetime.date(2023, 9, 30))
    sheet = openpyxl.load_workbook(path, data_only=True)["經費支用彙總表"]
    heading = [cell.value for cell in sheet[3]]
    before, period, total = (
        heading.index(word) for word in ("前期累計(至 112/09/30)", "本期", "累計認列實支")
    )
    every: list[Any] = list(sheet.iter_rows(min_row=5, values_only=True))
    rows = [row for row in every if isinstance(row[before], int)]
    assert any(row[before] for row in rows)
    assert all(row[before + n] + row[period + n] == row[total + n] for row in rows[:-1] for n in range(3))


def test_the_period_before_is_what_the_interim_report_told(tmp_path: Path, case: Case) -> None:
    day = datetime.date(2023, 12, 31)
    path, interim = tmp_path / "final.xlsx", tmp_path / "interim.xlsx"
    write_settlement(case, "final", CheckResults(), xlsx=path, interim=day)
    write_settlement(office.office_case(day), "interim", CheckResults(), xlsx=interim)
    final = openpyxl.load_workbook(path, data_only=True)["經費支用彙總表"]
    told = openpyxl.load_workbook(interim, data_only=True)["經費支用彙總表"]
    for row in range(6, 10):  # the first category was struck since, the others were not
        earlier = [final.cell(row, column).value for column in range(5, 8)]
        assert [told.cell(row, column).value for column in range(5, 8)] == earlier or row == 8


def test_the_summary_ends_with_what_is_owed(opened: openpyxl.Workbook, written: Path, case: Case) -> None:
    shown = openpyxl.load_workbook(written, data_only=True)
    whole = settle_case(case).whole
    foot = {
        "認列補助款": whole.recognised_government,
        "補助款累計撥款": whole.flows.received,
        "專戶累計提領": whole.flows.withdrawn,
        "計畫執行扣款": whole.flows.deductions,
        "補助款結餘(應繳庫)": whole.surplus,
        "尾款應撥付數": whole.tail_payment,
    }
    assert {label: _value_beside(shown, "經費支用彙總表", label) for label in foot} == foot
    assert opened["經費支用彙總表"].print_title_rows


def test_each_contractor_has_its_own_sum(written: Path, case: Case) -> None:
    sheet = openpyxl.load_workbook(written, data_only=True)["委託研究或驗證費"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "財團法人綠色驗證發展中心"]
    accepted = case.cost()[office.LEAD, "research"][0]
    assert len(rows) == 1
    assert accepted in rows[0]


def test_a_vouchers_number_leads_to_its_line(opened: openpyxl.Workbook) -> None:
    link: Any = opened["全新設備之購置費"]["D5"].hyperlink
    sheet, _mark, cell = link.location.replace("'", "").replace("$", "").rpartition("!")
    assert opened[sheet][cell].value == opened["全新設備之購置費"]["D5"].value


def test_equipment_is_told_by_make_and_model(opened: openpyxl.Workbook) -> None:
    heading = [cell.value for row in opened["全新設備之購置費"].iter_rows(max_row=4) for cell in row]
    assert {"廠牌", "型號", "國產/進口"} <= set(heading)
