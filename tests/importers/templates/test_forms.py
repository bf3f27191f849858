"""The forms: written, filled in as a company would, and read back."""

from __future__ import annotations

import datetime
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importers.records import ReadError
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.templates.forms import FormKind
from importers.templates.forms import read_award_form
from importers.templates.forms import write_form
from importers.vouchers import READERS
from importers.vouchers import payroll
from importers.vouchers import sheet
from tests.importers.templates.filled import AWARD
from tests.importers.templates.filled import fill_award


def test_a_filled_award_form_says_what_award_toml_says(tmp_path: Path) -> None:
    award = tomllib.loads(AWARD)
    fill_award(tmp_path / "award.xlsx", award)
    assert read_award_form(tmp_path / "award.xlsx") == award


def test_an_empty_award_form_says_nothing(tmp_path: Path) -> None:
    write_form("award", tmp_path / "award.xlsx")
    assert read_award_form(tmp_path / "award.xlsx") == {}


def test_an_empty_fund_is_nought_and_a_quantity_may_be_a_fraction(tmp_path: Path) -> None:
    award = tomllib.loads(AWARD)
    del award["budget"][1]["government"]
    award["item"][0]["quantity"] = 1.5
    fill_award(tmp_path / "award.xlsx", award)
    tables = read_award_form(tmp_path / "award.xlsx")
    assert tables["budget"][1]["government"] == 0
    assert tables["item"][0]["quantity"] == Decimal("1.5")


@pytest.mark.parametrize(
    ("where", "key", "value", "match"),
    [
        ("award", "start", "明天", "核定.*計畫開始日.*明天"),
        ("award", "guarantee", "一半", "核定.*履約保證"),
        ("budget", "category", "雜費", "預算.*第 3 列.*會計科目.*雜費"),
        ("budget", "government", "很多", "預算.*第 3 列.*政府補助款"),
        ("budget", "government", "0.5", "預算.*第 3 列.*政府補助款"),
        ("person", "insured", "或許", "人員.*第 3 列.*投保"),
        ("item", "category", "", "品項.*第 3 列缺「會計科目」"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    tmp_path: Path, where: str, key: str, value: str, match: str
) -> None:
    award = tomllib.loads(AWARD)
    table = award[where][0] if isinstance(award[where], list) else award[where]
    table[key] = value
    fill_award(tmp_path / "award.xlsx", award)
    with pytest.raises(ReadError, match=match):
        read_award_form(tmp_path / "award.xlsx")


def test_another_workbook_is_no_award(tmp_path: Path) -> None:
    write_form("payroll", tmp_path / "x.xlsx")
    with pytest.raises(ReadError, match="核定"):
        read_award_form(tmp_path / "x.xlsx")


@pytest.mark.parametrize("kind", ["vouchers", "payroll"])
def test_an_empty_form_is_its_readers_and_has_no_records(tmp_path: Path, kind: FormKind) -> None:
    write_form(kind, tmp_path / "form.xlsx")
    readings = [reading for read in READERS if (reading := read(Source.from_path(tmp_path / "form.xlsx")))]
    assert [reading.format for reading in readings] == [f"{kind.removesuffix('s')}-sheet"]
    assert (readings[0].records, readings[0].warnings) == ((), ())


def test_a_filled_voucher_form(tmp_path: Path) -> None:
    path = tmp_path / "vouchers.xlsx"
    write_form("vouchers", path)
    book = openpyxl.load_workbook(path)
    book["憑證"].append([])
    values: list[Any] = [
        datetime.date(2023, 7, 12),
        "收據",
        "收1",
        "12345675",
        "某",
        "水電",
        1,
        "式",
        1000,
        None,
        "國內差旅費",
    ]
    for column, value in enumerate(values, 1):
        book["憑證"].cell(3, column, value)
    book.save(path)
    reading = sheet.read(Source.from_path(path))
    assert reading is not None
    (record,) = reading.records
    assert isinstance(record, VoucherRecord)
    assert (record.kind, record.net, record.date) == ("receipt", 1000, datetime.date(2023, 7, 12))


def test_a_filled_payroll_form(tmp_path: Path) -> None:
    path = tmp_path / "payroll.xlsx"
    write_form("payroll", path)
    book = openpyxl.load_workbook(path)
    values: list[Any] = ["2023-06", "楊麗卿", "主持人", 60000, 80, 160, 30000]
    for column, value in enumerate(values, 1):
        book["薪資"].cell(3, column, value)
    book.save(path)
    reading = payroll.read(Source.from_path(path))
    assert reading is not None
    assert [record.number for record in reading.records if isinstance(record, VoucherRecord)] == [
        "薪11206-楊麗卿"
    ]


@pytest.mark.parametrize("kind", ["award", "vouchers", "payroll"])
def test_the_look_of_a_form(tmp_path: Path, kind: FormKind) -> None:
    write_form(kind, tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    first = book.worksheets[0]
    assert first.freeze_panes == "A2"
    assert first["A1"].font.b
    assert "說明" in book.sheetnames
    assert [page.title for page in book.worksheets if page.sheet_state == "hidden"] == (
        [] if kind == "payroll" else ["清單"]
    )
    assert list(tmp_path.iterdir()) == [tmp_path / "form.xlsx"]


def test_lists_to_choose_from(tmp_path: Path) -> None:
    write_form("vouchers", tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    rules = {str(rule.sqref): rule.formula1 for rule in book["憑證"].data_validations.dataValidation}
    assert not any(rule.showErrorMessage for rule in book["憑證"].data_validations.dataValidation)
    assert set(rules) == {"B2:B1000", "K2:K1000", "M2:M1000"}
    assert [cell.value for cell in book["清單"]["A"] if cell.value][:2] == ["統一發票", "收據"]


def test_no_form_replaces_a_file_it_cannot_write(tmp_path: Path) -> None:
    folder = tmp_path / "form.xlsx"
    folder.mkdir()
    with pytest.raises(OSError, match=r"form\.xlsx"):
        write_form("payroll", folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_every_fault_of_a_form_is_told_at_once(tmp_path: Path) -> None:
    award = tomllib.loads(AWARD)
    award["award"]["start"] = "明天"
    award["budget"][0]["category"] = "雜費"
    award["item"][0]["government"] = "很多"
    fill_award(tmp_path / "award.xlsx", award)
    with pytest.raises(ReadError) as caught:
        read_award_form(tmp_path / "award.xlsx")
    lines = str(caught.value).split("\n")
    assert len(lines) == 3
    assert "例如 2023-06-01" in lines[0]
    assert "消耗性器材及原材料費" in lines[1]
    assert "整數元" in lines[2]


def test_a_sheet_that_was_renamed_is_told(tmp_path: Path) -> None:
    fill_award(tmp_path / "award.xlsx", tomllib.loads(AWARD))
    book = openpyxl.load_workbook(tmp_path / "award.xlsx")
    book["預算"].title = "經費預算表"
    book.save(tmp_path / "award.xlsx")
    with pytest.raises(ReadError, match=r"不認得工作表「經費預算表」.*預算"):
        read_award_form(tmp_path / "award.xlsx")


@pytest.mark.parametrize("label", ["政府補助款(千元)", "政府補助款(仟元)"])
def test_amounts_in_thousands_are_told(tmp_path: Path, label: str) -> None:
    fill_award(tmp_path / "award.xlsx", tomllib.loads(AWARD))
    book = openpyxl.load_workbook(tmp_path / "award.xlsx")
    header = next(cell for cell in book["預算"][1] if cell.value == "政府補助款")
    header.value = label
    book.save(tmp_path / "award.xlsx")
    with pytest.raises(ReadError, match="「預算」工作表的金額單位"):
        read_award_form(tmp_path / "award.xlsx")
