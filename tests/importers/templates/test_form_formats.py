"""The forms as .ods and .csv: what the .xlsx says, its lists and its look, as far as the format can hold them."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree

from cli.main import grant
from importers.records import Reading
from importers.sources.source import Source
from importers.templates.forms import FormKind
from importers.templates.forms import form_suffixes
from importers.templates.forms import read_award_form
from importers.templates.forms import write_form
from importers.templates.ods_writer import write_ods
from importers.vouchers import READERS
from importers.vouchers import sheet
from tests.importers.makers import tables
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


def tables_of(path: Path) -> list[list[list[str]]]:
    """The cells of every sheet, empty ones at the ends left out."""
    return [
        [list(row) for row in ("\t".join(row).rstrip("\t").split("\t") for row in rows) if any(row)]
        for _name, rows in Source.from_path(path).tables
    ]


@pytest.mark.parametrize("kind", ["award", *LISTS])
def test_an_ods_says_what_the_xlsx_says(tmp_path: Path, kind: FormKind) -> None:
    for suffix in (".xlsx", ".ods"):
        write_form(kind, tmp_path / f"form{suffix}")
    assert tables_of(tmp_path / "form.ods") == tables_of(tmp_path / "form.xlsx")
    assert len(tables_of(tmp_path / "form.ods")) > 1


@pytest.mark.parametrize("suffix", [".ods", ".csv"])
@pytest.mark.parametrize("kind", LISTS)
def test_an_empty_form_is_its_readers_and_has_no_records(tmp_path: Path, kind: FormKind, suffix: str) -> None:
    path = tmp_path / f"form{suffix}"
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


def test_an_ods_is_known_by_its_first_bytes_and_the_same_twice(tmp_path: Path) -> None:
    for name in ("a.ods", "b.ods"):
        write_form("vouchers", tmp_path / name)
    content = (tmp_path / "a.ods").read_bytes()
    assert content == (tmp_path / "b.ods").read_bytes()
    assert content[38:].startswith(b"application/vnd.oasis.opendocument.spreadsheet")
    with zipfile.ZipFile(tmp_path / "a.ods") as archive:
        for name in archive.namelist()[1:]:
            etree.fromstring(archive.read(name))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("vouchers.ods", 0),
        ("payroll.csv", 0),
        ("award.ods", 0),
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


@pytest.mark.slow
def test_an_ods_as_libreoffice_sees_it(tmp_path: Path) -> None:
    """Its lists, hidden sheet, look and formats, after LibreOffice has taken it in and written it as xlsx."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not here")
    write_form("vouchers", tmp_path / "form.ods")
    command = [
        soffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "form.ods")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    write_form("vouchers", tmp_path / "ours.xlsx")
    seen, ours = (openpyxl.load_workbook(tmp_path / name) for name in ("form.xlsx", "ours.xlsx"))
    page, own = seen["憑證"], ours["憑證"]
    lists = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert lists == {
        str(rule.sqref): str(rule.formula1).removeprefix("=") for rule in own.data_validations.dataValidation
    }
    assert not any(rule.showErrorMessage for rule in page.data_validations.dataValidation)
    assert {rule.prompt for rule in page.data_validations.dataValidation} == {"由清單選取"}
    assert [sheet.sheet_state for sheet in seen] == [sheet.sheet_state for sheet in ours]
    assert (page["A1"].font.b, page["A2"].font.i, page["C9"].number_format) == (True, True, "@")
    assert (page["I9"].number_format, page["A9"].number_format) == ("#,##0", "yyyy\\-mm\\-dd")
    assert page["A1"].fill.start_color.rgb[-6:] == own["A1"].fill.start_color.rgb[-6:]
    # a width in characters is what LibreOffice makes of the font it has; which column is wider is ours to say
    shown, wanted = ([each.column_dimensions[letter].width for letter in "AEI"] for each in (page, own))
    assert shown[1] > max(shown[0], shown[2])
    assert wanted[1] > max(wanted[0], wanted[2])


def test_the_header_stays_in_sight(tmp_path: Path) -> None:
    write_form("payroll", tmp_path / "form.ods")
    with zipfile.ZipFile(tmp_path / "form.ods") as archive:
        settings = etree.fromstring(archive.read("settings.xml"))
    names = {"c": "urn:oasis:names:tc:opendocument:xmlns:config:1.0"}
    (entry,) = settings.findall(".//c:config-item-map-named/c:config-item-map-entry", names)
    said = {item.get(f"{{{names['c']}}}name"): item.text for item in entry}
    assert entry.get(f"{{{names['c']}}}name") == "薪資"
    assert (said["VerticalSplitMode"], said["VerticalSplitPosition"]) == ("2", "1")
    assert (
        settings.nsmap["ooo"] == "http://openoffice.org/2004/office"
    )  # without it the settings are not read


def test_a_sheet_that_an_office_wrote_as_ods_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["日期", "憑證種類", "憑證號碼", "對象", "品名", "未稅金額", "稅額"])
    page.append(["112/07/12", "收據", "收1", "某", "水電", "1,000", ""])
    write_ods(book, tmp_path / "a.ods")
    reading = sheet.read(Source.from_path(tmp_path / "a.ods"))
    assert reading is not None
    assert len(reading.records) == 1
