"""`grant fill`: an authority's workbook filled in, all else of it as it came; what cannot be filled in is refused."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.chart import Reference
from openpyxl.comments import Comment
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from cli.main import grant
from ledger.case.case import Case
from ledger.case.settlement import settle_case
from ledger.errors import GrantError
from reports.data.cost_rows import detail_rows
from reports.fill.fill import Filled
from reports.fill.fill import fill_workbook
from reports.fill.map_file import SHIPPED
from reports.fill.map_file import read_map
from tests.reports import office
from tests.reports.conftest import Recalculate
from tests.reports.fill.expense_form import FORM
from tests.reports.fill.expense_form import MAP
from tests.reports.fill.expense_form import expense_form

_D = datetime.date
_TABLE = """
[[table]]
sheet = "明細"
table = "Grant_Cost_Detail"
start = 4
rows = 2
grow = "insert"
columns = { A = "#", B = "Voucher_Number", C = "Claimed_Amount" }
"""


@dataclasses.dataclass
class Desk:
    """A template and a map, filled in from a case."""

    folder: Path
    case: Case
    book: Workbook

    def fill(self, mapping: str = _TABLE, change: Callable[[Path], None] | None = None) -> Filled:
        """Fill the template in; `change` has its way with the file before."""
        self.book.save(self.template)
        if change is not None:
            change(self.template)
        (self.folder / "map.toml").write_text(mapping, encoding="utf-8")
        return fill_workbook(self.case, self.template, read_map(self.folder / "map.toml"), self.output)

    def refused(self, mapping: str, change: Callable[[Path], None] | None = None) -> str:
        """What is said against it; nothing is written."""
        with pytest.raises(GrantError) as error:
            self.fill(mapping, change)
        assert not self.output.exists()
        return str(error.value)

    @property
    def template(self) -> Path:
        return self.folder / "template.xlsx"

    @property
    def output(self) -> Path:
        return self.folder / "filled.xlsx"

    @property
    def filled(self) -> Workbook:
        return openpyxl.load_workbook(self.output)


@pytest.fixture
def desk(tmp_path: Path, case: Case) -> Desk:
    """A sheet with a table of two rows, a total below it, and a second sheet that shows the total."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "明細"
    sheet["A1"] = "表頭"
    sheet["A3"], sheet["B3"], sheet["C3"], sheet["D3"] = "項次", "號碼", "金額", "兩倍"
    for row in (4, 5):
        sheet[f"D{row}"] = f"=C{row}*2"
        sheet[f"B{row}"] = "範例"
    sheet["C6"], sheet["D6"] = "=SUM(C4:C5)", "=SUM(D4:D5)"
    sheet["A8"] = "填表人"
    other = book.create_sheet("彙總")
    other["A1"] = "=明細!C6"
    return Desk(tmp_path, case, book)


def _cells(place: str, field: str, **more: str) -> str:
    sheet, _mark, cell = place.partition("!")
    extra = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[[cell]]\nsheet = "{sheet}"\ncell = "{cell}"\nfield = "{field}"\n{extra}'


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- what is filled in -----------------------------------------------------------------------------------


def test_the_shipped_form_holds_the_figures_of_the_settlement(
    case: Case, tmp_path: Path, recalculate: Recalculate
) -> None:
    filled = fill_workbook(case, FORM, read_map(MAP), tmp_path / "filled.xlsx")
    rows = detail_rows(case)
    pay = [row for row in rows if row.kind == "payroll"]
    settled = settle_case(case).whole
    assert [table.rows for table in filled.tables] == [
        len(settled.categories),
        len(rows) - len(pay),
        len(pay),
    ]
    assert filled.left_out == ()
    shown = recalculate(tmp_path / "filled.xlsx")
    summary, details, personnel = shown.worksheets
    assert summary["B18"].value == settled.approved_government
    assert summary["E18"].value == sum(line.government for line in settled.categories)
    assert summary["G18"].value == settled.accepted
    assert summary["B24"].value == settled.tail_payment
    assert summary["G4"].value == "113/08/15"
    last = 7 + len(rows) - len(pay)
    assert details[f"A{last}"].value == "合計"
    assert details[f"I{last}"].value == sum(row.claimed for row in rows if row.kind != "payroll")
    assert details[f"J{last}"].value == sum(
        row.claimed - row.accepted for row in rows if row.kind != "payroll"
    )
    assert personnel[f"H{7 + len(pay)}"].value == sum(row.claimed for row in pay)


def test_the_shipped_form_is_what_its_maker_makes() -> None:
    assert FORM.read_bytes() == expense_form()
    assert {path.name for path in SHIPPED.iterdir()} == {FORM.name, MAP.name}


def test_twice_filled_in_is_the_same_bytes(case: Case, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        fill_workbook(case, FORM, read_map(MAP), path)
    assert first.read_bytes() == second.read_bytes()


def test_a_table_that_fits_puts_in_no_rows_and_empties_what_is_left(desk: Desk) -> None:
    only = _TABLE + 'where = { Budget_Category = "equipment" }\n'
    filled = desk.fill(only)
    count = len([row for row in detail_rows(desk.case) if row.category == "equipment"])
    sheet = desk.filled["明細"]
    assert (filled.tables[0].rows, filled.tables[0].inserted) == (count, max(0, count - 2))
    spare = desk.fill(
        only.replace("rows = 2", "rows = 30")
        .replace('"insert"', '"fixed"')
        .replace("start = 4", "start = 20")
    )
    assert spare.tables[0].inserted == 0
    sheet = desk.filled["明細"]
    assert [sheet[f"B{row}"].value for row in (19 + count, 20 + count)][1] is None
    assert sheet["B4"].value == "範例"


def test_rows_that_are_put_in_bring_formulas_and_totals_along(desk: Desk) -> None:
    desk.fill()
    rows = detail_rows(desk.case)
    sheet, last = desk.filled["明細"], 3 + len(rows)
    assert [sheet[f"B{row}"].value for row in range(4, last + 1)] == [row.number for row in rows]
    assert [sheet[f"A{row}"].value for row in range(4, last + 1)] == [*range(1, len(rows) + 1)]
    assert {sheet[f"D{row}"].value for row in range(4, last + 1)} == {
        f"=C{row}*2" for row in range(4, last + 1)
    }
    assert (sheet[f"C{last + 1}"].value, sheet[f"D{last + 1}"].value) == (
        f"=SUM(C4:C{last})",
        f"=SUM(D4:D{last})",
    )
    assert sheet[f"A{last + 3}"].value == "填表人"
    assert desk.filled["彙總"]["A1"].value == f"=明細!C{last + 1}"


def test_what_stands_below_moves_with_the_rows(desk: Desk) -> None:
    sheet = desk.book.worksheets[0]
    sheet.merge_cells("A8:C8")
    sheet.merge_cells("E4:E5")
    sheet.merge_cells("F5:G5")
    sheet.print_area = "A1:G8"
    sheet.print_title_rows = "3:3"
    choice = DataValidation(type="list", formula1="=$C$6:$C$6")
    choice.add("B4:B5")
    sheet.add_data_validation(choice)
    sheet["A8"].comment = Comment("請簽章", "機關")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=4, max_row=5))
    sheet.add_chart(chart, "B10")
    desk.book.create_sheet("暗").sheet_state = "hidden"
    desk.book["暗"]["A1"] = "=明細!C6+1"
    desk.book.defined_names["總計"] = DefinedName("總計", attr_text="明細!$C$6")
    desk.fill()
    more = len(detail_rows(desk.case)) - 2
    filled = desk.filled["明細"]
    assert {str(area) for area in filled.merged_cells.ranges} == {
        f"A{8 + more}:C{8 + more}",
        f"E4:E{5 + more}",
        *(f"F{row}:G{row}" for row in range(5, 6 + more)),
    }
    assert filled.print_area == f"'明細'!$A$1:$G${8 + more}"
    assert filled.print_title_rows == "$3:$3"
    (validation,) = filled.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1) == (
        f"B4:B{5 + more}",
        f"=$C${6 + more}:$C${6 + more}",
    )
    assert filled[f"A{8 + more}"].comment is not None
    assert desk.filled["暗"]["A1"].value == f"=明細!C{6 + more}+1"
    assert desk.filled.defined_names["總計"].attr_text == f"明細!$C${6 + more}"
    parts = parts_of(desk.output)
    assert f"$C$4:$C${5 + more}" in parts["xl/charts/chart1.xml"].decode()
    assert re.search(f"<(xdr:)?row>{9 + more}</", parts["xl/drawings/drawing1.xml"].decode())


def test_a_list_object_grows_with_its_rows(desk: Desk) -> None:
    desk.book["明細"].add_table(Table(displayName="明細表", ref="A3:D5"))
    desk.fill()
    assert desk.filled["明細"].tables["明細表"].ref == f"A3:D{3 + len(detail_rows(desk.case))}"


def test_what_is_not_filled_in_stays_byte_for_byte(desk: Desk) -> None:
    """Parts that no library knows among them: they are not read, so they are not lost."""

    def with_strange_parts(path: Path) -> None:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/media/image1.png", b"\x89PNG not read")
            archive.writestr("xl/ctrlProps/ctrlProp1.xml", "<formControlPr/>")

    desk.book["明細"].column_dimensions["B"].width = 33
    desk.fill(_cells("明細!B8", "Grant_Case.Company_Name"), with_strange_parts)
    before, after = parts_of(desk.template), parts_of(desk.output)
    assert [*before] == [*after]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
    }  # the cell, and that formulas are worked out
    cells = {cell.coordinate: cell.value for row in desk.filled["明細"].iter_rows() for cell in row}
    assert cells.pop("B8") == "順發精密工業股份有限公司"
    cells_before = {cell.coordinate: cell.value for row in desk.book["明細"].iter_rows() for cell in row}
    assert {place: value for place, value in cells.items() if value} == {
        place: value for place, value in cells_before.items() if value
    }


def test_a_formula_that_is_written_once_for_many_cells_is_kept(desk: Desk) -> None:
    def shared(path: Path) -> None:
        parts = parts_of(path)
        text = parts["xl/worksheets/sheet1.xml"].decode()
        text = text.replace("<f>C4*2</f>", '<f t="shared" ref="D4:D5" si="0">C4*2</f>')
        text = text.replace("<f>C5*2</f>", '<f t="shared" si="0"/>')
        assert 'si="0"/>' in text
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in (parts | {"xl/worksheets/sheet1.xml": text.encode()}).items():
                archive.writestr(name, content)

    desk.fill(change=shared)
    last = 3 + len(detail_rows(desk.case))
    assert [desk.filled["明細"][f"D{row}"].value for row in (4, 5, last)] == ["=C4*2", "=C5*2", f"=C{last}*2"]


def test_what_formulas_showed_before_is_gone(desk: Desk) -> None:
    def showing(path: Path) -> None:
        parts = parts_of(path)
        text = parts["xl/worksheets/sheet2.xml"].decode()
        shown = re.sub("!C6</f><v ?(/>|></v>)", "!C6</f><v>99</v>", text)
        assert "99" in shown
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in (parts | {"xl/worksheets/sheet2.xml": shown.encode()}).items():
                archive.writestr(name, content)

    desk.fill(_cells("明細!B8", "Grant_Settlement_Total.Accepted_Amount"), showing)
    assert "99" not in parts_of(desk.output)["xl/worksheets/sheet2.xml"].decode()
    assert 'fullCalcOnLoad="1"' in parts_of(desk.output)["xl/workbook.xml"].decode()


def test_a_day_is_a_date_where_the_cell_shows_one_and_roc_text_elsewhere(desk: Desk) -> None:
    desk.book["明細"]["B8"].number_format = "yyyy/mm/dd"
    both = _cells("明細!B8", "Grant_Case.End_Date") + _cells("明細!C8", "Grant_Case.End_Date")
    desk.fill(both)
    sheet = desk.filled["明細"]
    assert (sheet["B8"].value, sheet["C8"].value) == (datetime.datetime(2024, 6, 30), "113/06/30")  # noqa: DTZ001
    desk.fill('[form]\ndates = "iso"\n' + both)
    assert desk.filled["明細"]["C8"].value == "2024-06-30"


def test_a_cell_takes_one_row_or_the_sum_of_several(desk: Desk) -> None:
    rows = detail_rows(desk.case)
    desk.fill(
        _cells(
            "明細!B8",
            "Grant_Cost_Detail.Claimed_Amount",
            where='{ Budget_Category = ["equipment", "research"] }',
        )
        + _cells("明細!C8", "Grant_Cost_Detail.Claimed_Amount", where='{ Budget_Category = "travel" }')
        + _cells("明細!D8", "Grant_Settlement.Budget_Category_Name", where='{ Budget_Category = "research" }')
    )
    sheet = desk.filled["明細"]
    assert sheet["B8"].value == sum(row.claimed for row in rows if row.category in {"equipment", "research"})
    assert (sheet["C8"].value, sheet["D8"].value) == (0, "委託研究或驗證費")


def test_text_of_a_voucher_is_no_formula(desk: Desk) -> None:
    desk.fill(_TABLE.replace("Voucher_Number", "Line_Description"))
    cells = [cell for row in desk.filled["明細"].iter_rows(min_row=4, min_col=2, max_col=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(row.item == office.HOSTILE for row in detail_rows(desk.case)) is any(
        cell.value == office.HOSTILE for cell in cells
    )


def test_rows_that_no_table_takes_are_told(desk: Desk) -> None:
    filled = desk.fill(_TABLE + 'without = { Document_Type = "payroll" }\n')
    pay = [row for row in detail_rows(desk.case) if row.kind == "payroll"]
    (left,) = filled.left_out
    assert (left.table, left.rows, left.amount) == (
        "Grant_Cost_Detail",
        len(pay),
        sum(row.claimed for row in pay),
    )


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (_cells("明細!B8", "Grant_Case.Nobody"), "明細!B8:Grant_Case 沒有「Nobody」這個欄位;有的是:Case_ID"),
        (_cells("明細!B8", "Nothing.Case_ID"), "資料字典沒有「Nothing」這張表"),
        (_cells("明細!B8", "Grant_Case.Case_ID", where='{ Nobody = "x" }'), "沒有「Nobody」這個欄位"),
        (_cells("沒有!B8", "Grant_Case.Case_ID"), "範本沒有工作表「沒有」;有的是:明細、彙總"),
        (_cells("明細!8B", "Grant_Case.Case_ID"), "明細!8B 不是儲存格"),
        (_cells("明細!D4", "Grant_Case.Case_ID"), "明細!D4 是公式"),
        (_cells("明細!B8", "Grant_Cost_Detail.Voucher_Number"), "不知道填哪一列"),
        (_cells("明細!B8", "Grant_Case.Case_ID") * 2, "明細!B8 在對照檔裡出現兩次"),
        (_TABLE + _cells("明細!B5", "Grant_Case.Case_ID"), "明細!B5 在對照檔裡出現兩次"),
        (_TABLE.replace('A = "#"', 'D = "#"'), "明細!D4 是公式"),
        (_TABLE.replace('A = "#"', 'A1 = "#"'), "A1 不是欄"),
        (_TABLE.replace('"insert"', '"fixed"'), "放不下"),
        (_TABLE.replace('"insert"', '"more"'), "只能寫 'fixed'"),
        (_TABLE + _TABLE.replace("start = 4", "start = 5").replace('A = "#", B', "F"), "用到同樣的列"),
        ("[form]\nname = 'x'\n", "沒有要填的地方"),
        ("[[cell]\n", "map.toml"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_in_words(desk: Desk, mapping: str, says: str) -> None:
    assert says in desk.refused(mapping)


def test_every_reason_is_told_at_once(desk: Desk) -> None:
    told = desk.refused(_cells("明細!D4", "Grant_Case.Nobody") + _cells("沒有!B8", "Grant_Case.Case_ID"))
    assert len(told.splitlines()) == 3


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _hide_row(book: Workbook) -> None:
    book["明細"].row_dimensions[8].hidden = True


def _hide_column(book: Workbook) -> None:
    book["明細"].column_dimensions["B"].hidden = True


def _merge(book: Workbook) -> None:
    book["明細"].merge_cells("A8:C8")


def _protect(book: Workbook) -> None:
    book["明細"].protection.sheet = True


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_hide_row, "明細!B8 在隱藏的列或欄裡"),
        (_hide_column, "明細!B8 在隱藏的列或欄裡"),
        (_merge, "明細!B8 是合併儲存格的一部分;請寫 A8"),
        (_protect, "明細!B8 被工作表保護鎖住"),
    ],
)
def test_a_cell_that_may_not_be_written_is_refused_by_name(
    desk: Desk, change: Callable[[Workbook], None], says: str
) -> None:
    change(desk.book)
    assert says in desk.refused(_cells("明細!B8", "Grant_Case.Case_ID"))


def test_a_hidden_sheet_is_refused(desk: Desk) -> None:
    desk.book["彙總"].sheet_state = "veryHidden"
    assert "工作表「彙總」是隱藏的" in desk.refused(_cells("彙總!B8", "Grant_Case.Case_ID"))


def test_an_unlocked_cell_of_a_protected_sheet_is_filled_in_and_stays_protected(desk: Desk) -> None:
    _protect(desk.book)
    desk.book["明細"]["B8"].protection = Protection(locked=False)
    desk.fill(_cells("明細!B8", "Grant_Case.Case_ID"))
    sheet = desk.filled["明細"]
    assert (sheet["B8"].value, sheet.protection.sheet) == (desk.case.award.id, True)  # type: ignore[union-attr]


def test_a_protected_sheet_does_not_grow_unless_it_allows_rows(desk: Desk) -> None:
    _protect(desk.book)
    for row in desk.book["明細"]["A4:C5"]:
        for cell in row:
            cell.protection = Protection(locked=False)
    assert "受保護,不能加列" in desk.refused(_TABLE)
    desk.book["明細"].protection.insertRows = False  # False: not forbidden
    assert desk.fill().tables[0].inserted


def test_a_formula_over_several_sheets_stands_in_the_way_of_new_rows(desk: Desk) -> None:
    desk.book["彙總"]["A2"] = "=SUM(明細:彙總!C6)"
    assert "一次跨好幾個工作表" in desk.refused(_TABLE)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0 password"])
def test_what_is_no_workbook_is_refused(desk: Desk, content: bytes) -> None:
    told = desk.refused(_TABLE, lambda path: _write(path, content))
    assert "不是 xlsx 活頁簿" in told


def test_a_zip_that_is_no_workbook_and_a_bomb_are_refused(desk: Desk) -> None:
    def other(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hello.txt", "hello")

    def bomb(path: Path) -> None:
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            for number in range(7):
                archive.writestr(f"xl/media/{number}.bin", bytes(50_000_000))

    assert "不是 xlsx 活頁簿" in desk.refused(_TABLE, other)
    assert "解開超過 300 MB" in desk.refused(_TABLE, bomb)


def test_the_template_is_never_written_over_and_only_xlsx_is_filled_in(desk: Desk) -> None:
    desk.book.save(desk.template)
    (desk.folder / "map.toml").write_text(_TABLE, encoding="utf-8")
    mapping = read_map(desk.folder / "map.toml")
    with pytest.raises(GrantError, match="不能就是範本"):
        fill_workbook(desk.case, desk.template, mapping, desk.template)
    with pytest.raises(GrantError, match=r"都要是 \.xlsx"):
        fill_workbook(desk.case, desk.folder / "form.xls", mapping, desk.output)
    with pytest.raises(GrantError, match="找不到範本"):
        fill_workbook(desk.case, desk.folder / "none.xlsx", mapping, desk.output)


# --- the command -----------------------------------------------------------------------------------------


def _run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(grant, [*map(str, words)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case without any cost, made from an award."""
    place = tmp_path_factory.mktemp("filled")
    (place / "award.toml").write_text(
        '[award]\nid = "112-甲-01"\nscheme = "small-manufacturer-112"\ntitle = "試"\nfiled = 2023-07-01\n'
        'start = 2023-07-01\nend = 2024-06-30\n[company]\nname = "試作有限公司"\nubn = "24536806"\n'
        'representative = "甲"\n[[budget]]\ncategory = "improvement"\ngovernment = 100000\nself = 200000\n',
        encoding="utf-8",
    )
    assert _run("new", place / "case", "--award", place / "award.toml")[0] == 0
    return place


def test_the_command_and_its_example(folder: Path, tmp_path: Path) -> None:
    form, mapping, output = tmp_path / FORM.name, tmp_path / MAP.name, tmp_path / "out.xlsx"
    assert [_run("template", path)[0] for path in (form, mapping, form)] == [0, 0, 2]
    code, told, _errors = _run("fill", folder / "case", form, "--map", mapping, "-o", output, "--json")
    assert code == 0
    answer: dict[str, Any] = json.loads(told)
    assert [table["rows"] for table in answer["tables"]] == [1, 0, 0]
    assert openpyxl.load_workbook(output)["經費支用彙總表"]["B8"].value == 100_000
    code, told, _errors = _run("fill", folder / "case", form, "--map", mapping, "-o", output)
    assert (code, "經費支用彙總表:填了 1 列" in told) == (0, True)


def test_the_command_says_what_is_wrong_and_ends_with_2(folder: Path, tmp_path: Path) -> None:
    shutil.copy(FORM, tmp_path / "form.xlsx")
    (tmp_path / "map.toml").write_text(_cells("經費支用彙總表!D8", "Grant_Case.Case_ID"), encoding="utf-8")
    output = tmp_path / "out.xlsx"
    code, _told, errors = _run(
        "fill", folder / "case", tmp_path / "form.xlsx", "--map", tmp_path / "map.toml", "-o", output
    )
    assert (code, output.exists()) == (2, False)
    assert "經費支用彙總表!D8 是公式" in errors
    assert "Traceback" not in errors
