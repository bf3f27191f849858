"""The forms as .csv, and filled forms as .ods, which LibreOffice may have saved: they say what the .xlsx says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from cli.main import grant
from importers.records import Reading
from importers.sources.source import Source
from importers.templates.forms import FormKind
from importers.templates.forms import form_suffixes
from importers.templates.forms import read_award_form
from importers.templates.forms import write_form
from importers.vouchers import READERS
from importers.vouchers import sheet
from tests.importers.makers import tables
from tests.importers.ods import write_ods
from tests.importers.templates.filled import AWARD
from tests.importers.templates.filled import fill_award

LISTS = ("vouchers", "payroll")
ROWS: dict[str, list[str | int]] = {
    "vouchers": ["2023-07-12", "統一發票", "AB12345678", "04595257", "某公司", "模組", 2, "組", 1000, 50],
    "payroll": ["2023-06", "楊麗卿", "主持人", 60000, 80, 160, 30000],
}


def read(path: Path) -> Reading:
    (reading,) = [reading for reader in READERS if (reading := reader(Source.from_path(path)))]
    return reading


@pytest.mark.parametrize("kind", LISTS)
def test_an_empty_form_is_its_readers_and_has_no_records(tmp_path: Path, kind: FormKind) -> None:
    path = tmp_path / "form.csv"
    write_form(kind, path)
    reading = read(path)
    assert (reading.format, reading.records, reading.warnings) == (f"{kind.removesuffix('s')}-sheet", (), ())
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", LISTS)
def test_filled_forms_of_every_format_give_the_same_records(tmp_path: Path, kind: FormKind) -> None:
    form = tmp_path / "form.xlsx"
    write_form(kind, form)
    book = openpyxl.load_workbook(form)
    for column, value in enumerate(ROWS[kind], 1):
        book.worksheets[0].cell(3, column, value)
    book.save(form)
    write_ods(book, tmp_path / "form.ods")
    write_form(kind, tmp_path / "form.csv")
    with (tmp_path / "form.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(map(str, ROWS[kind])) + "\n")
    records = read(form).records
    assert len(records) == 1
    for suffix in (".ods", ".csv"):
        assert read(tmp_path / f"form{suffix}").records == records


def test_a_case_is_made_from_an_award_in_ods(tmp_path: Path) -> None:
    fill_award(tmp_path / "award.xlsx", tomllib.loads(AWARD))
    write_ods(openpyxl.load_workbook(tmp_path / "award.xlsx"), tmp_path / "award.ods")
    assert read_award_form(tmp_path / "award.ods") == tomllib.loads(AWARD)
    fill_award(tmp_path / "plain.xlsx", tables())
    write_ods(openpyxl.load_workbook(tmp_path / "plain.xlsx"), tmp_path / "plain.ods")
    made = CliRunner().invoke(grant, ["new", str(tmp_path / "case"), "--award", str(tmp_path / "plain.ods")])
    assert made.exit_code == 0, made.output


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("vouchers.ods", 2),
        ("payroll.csv", 0),
        ("award.xlsx", 0),
        ("award.csv", 2),
        ("vouchers.pdf", 2),
        ("x.ods", 2),
    ],
)
def test_the_command_writes_what_can_be_written(tmp_path: Path, name: str, code: int) -> None:
    assert CliRunner().invoke(grant, ["template", str(tmp_path / name)]).exit_code == code
    assert (tmp_path / name).is_file() is (code == 0)


def test_which_formats_there_are() -> None:
    assert [".csv" in form_suffixes(kind) for kind in ("award", "vouchers", "payroll")] == [False, True, True]


def test_a_form_in_ods_is_not_made_and_the_message_says_what_opens_the_xlsx(tmp_path: Path) -> None:
    said = CliRunner().invoke(grant, ["template", str(tmp_path / "award.ods")]).output
    assert "LibreOffice" in said
    assert "award.xlsx" in said


def test_a_sheet_that_an_office_wrote_as_ods_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["日期", "憑證種類", "憑證號碼", "對象", "品名", "未稅金額", "稅額"])
    page.append(["112/07/12", "收據", "收1", "某", "水電", "1,000", ""])
    write_ods(book, tmp_path / "a.ods")
    reading = sheet.read(Source.from_path(tmp_path / "a.ods"))
    assert reading is not None
    assert len(reading.records) == 1
