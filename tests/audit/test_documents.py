"""Papers: shown from inside the case folder, never from elsewhere, and never run."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from audit.documents import fields_of
from audit.documents import headers_of
from audit.documents import pictures_of
from audit.documents import tables_of
from audit.labels import xml_field
from ledger.case.papers.documents import inside
from ledger.util.i18n import speaking
from tests.audit.house import BOOKS
from tests.audit.house import PAPERS
from tests.audit.house import Window
from tests.audit.house import make_case
from tests.audit.house import window

PAPER = '  document: "2023-08-15.CD10000001.pdf"\n'


def with_paper(tmp_path: Path, name: str) -> Window:
    """The case with one voucher's document named `name`."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert PAPER in BOOKS
    folder = make_case(tmp_path / "case", BOOKS.replace(PAPER, f'  document: "{quoted}"\n'))
    return window(folder)


def served(page: Window, number: str = "CD10000001") -> object:
    return page.client.get(f"/case/extension/Audit/document?voucher={page.key(number)}&paper=0")


def test_a_paper_of_the_case_is_served_as_what_it_is(page: Window) -> None:
    answer = page.client.get(f"/case/extension/Audit/document?voucher={page.key('AB12345678')}&paper=0")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("source", ["2023-08-31.登記表.csv", "a.xml; 2023-08-31.登記表.csv", "登記表.csv"])
def test_without_a_paper_the_file_that_it_was_read_from_is_shown(tmp_path: Path, source: str) -> None:
    folder = make_case(tmp_path / "case", BOOKS.replace(PAPER, f'  source: "{source}"\n'))
    filed = folder / "documents/Liabilities/1應付帳款/2023-08-31.登記表.csv"
    filed.parent.mkdir(parents=True, exist_ok=True)
    filed.write_text("憑證號碼\nCD10000001\n", encoding="utf-8")
    answer = served(window(folder))
    assert "CD10000001" in answer.data.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../secret.txt",
        "../../../../../../etc/passwd",
        "documents/../../secret.txt",
        "..\\secret.txt",
        "link.pdf",
        "folder/secret.txt",
        "file:///etc/passwd",
        "documents",
        "",
        ".",
    ],
)
def test_nothing_outside_the_case_is_ever_served(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("SECRET", encoding="utf-8")
    page = with_paper(tmp_path, name)
    (page.folder / "link.pdf").symlink_to(tmp_path / "secret.txt")
    (page.folder / "folder").symlink_to(tmp_path)
    answer = served(page)
    assert answer.status_code == 404  # type: ignore[attr-defined]
    assert "SECRET" not in page.get(f"?tab=vouchers&voucher={page.key('CD10000001')}")


def test_a_name_that_no_system_can_hold_is_no_file(tmp_path: Path) -> None:
    assert inside(tmp_path, tmp_path / ("x" * 5000)) is None
    assert inside(tmp_path, tmp_path / "null\x00.pdf") is None


def test_a_paper_is_named_by_its_place_only(page: Window) -> None:
    key = page.key("AB12345678")
    for query in (
        f"voucher={key}&paper=7",
        f"voucher={key}&paper=-1",
        "voucher=../../x&paper=0",
        "paper=0",
        "",
    ):
        assert page.client.get(f"/case/extension/Audit/document?{query}").status_code == 404


@pytest.mark.parametrize(
    "name", ["page.html", "page.svg", "page.xml", "page.xhtml", "page.js", "page", "page.pdf.htm"]
)
def test_what_a_browser_could_run_is_only_a_file_to_keep(name: str) -> None:
    headers = headers_of(Path(name))
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in headers["Content-Security-Policy"]


def test_a_name_with_markup_and_line_ends_stays_a_name(tmp_path: Path) -> None:
    page = with_paper(tmp_path, '"><img src=x onerror=alert(1)>.pdf')
    assert "<img src=x" not in page.get(f"?tab=vouchers&voucher={page.key('CD10000001')}")
    assert "\n" not in headers_of(Path("a\r\nSet-Cookie: x=1.pdf"))["Content-Disposition"]


def test_an_invoice_message_is_shown_by_its_fields_and_entities_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    path = tmp_path / "x.xml"
    path.write_text(
        f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{tmp_path}/secret"><!ENTITY b "{"x" * 50}">]>'
        "<Invoice><Main><InvoiceNumber>AB12345678</InvoiceNumber><Note>&e;&b;<b>bold</b></Note></Main></Invoice>",
        encoding="utf-8",
    )
    fields = [(field.name, field.depth, field.text) for field in fields_of(path)]
    assert ("InvoiceNumber", 1, "AB12345678") in fields
    assert "SECRET" not in str(fields)
    path.write_text("<broken", encoding="utf-8")
    assert fields_of(path) == []


def test_a_sheet_is_shown_with_the_rows_that_speak_of_the_voucher(tmp_path: Path) -> None:
    page = with_paper(tmp_path, "2023-08-15.list.csv")
    rows = "號碼,金額\nCD10000001,200000\nEF10000001,<b>5</b>\n"
    (page.folder / PAPERS / "2023-08-15.list.csv").write_text(rows, encoding="utf-8")
    fresh = window(page.folder)
    shown = fresh.get(f"?tab=vouchers&voucher={fresh.key('CD10000001')}")
    assert shown.count('class="marked"') == 1
    assert "&lt;b&gt;5&lt;/b&gt;" in shown


def test_a_workbook_is_shown_as_a_table_and_a_broken_one_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append(["號碼", "金額"])  # type: ignore[union-attr]
    workbook.active.append(["CD10000001", 200000])  # type: ignore[union-attr]
    workbook.save(path)
    (sheet,) = tables_of(path)
    assert sheet.rows == [["號碼", "金額"], ["CD10000001", "200000"]]
    path.write_bytes(b"PK\x03\x04 no workbook")
    assert tables_of(path) == []


def test_tables_are_cut_where_they_grow_too_long(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" * 5000, encoding="utf-8")
    (sheet,) = tables_of(path)
    assert (len(sheet.rows), sheet.left_out) == (300, 4700)


def test_without_a_paper_the_file_it_was_read_from_is_shown(tmp_path: Path) -> None:
    page = with_paper(tmp_path, "gone.pdf")
    (page.folder / PAPERS / "2023-06-30.薪資清冊_11206.csv").write_text("姓名\n王大明\n", encoding="utf-8")
    fresh = window(page.folder)
    shown = fresh.words(f"?tab=vouchers&voucher={fresh.key('p1')}")
    assert "2023-06-30.薪資清冊_11206.csv" in shown
    assert "來源檔" in shown


def test_every_sheet_is_shown_and_a_formula_without_a_value_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "明細"
    workbook.worksheets[0].append(["金額", 100])
    second = workbook.create_sheet("合計")
    second.append(["總額", "=明細!B1*2"])  # written by a program that works nothing out
    workbook.save(path)
    sheets = tables_of(path)
    assert [(sheet.name, sheet.unvalued) for sheet in sheets] == [("明細", 0), ("合計", 1)]
    assert sheets[1].rows == [["總額", "=明細!B1*2(沒有存值)"]]


def test_the_page_says_which_cells_have_no_value(tmp_path: Path) -> None:
    page = with_paper(tmp_path, "2023-08-15.list.xlsx")
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["CD10000001", "=1+1"])
    workbook.create_sheet("第二張").append(["附註"])
    workbook.save(page.folder / PAPERS / "2023-08-15.list.xlsx")
    fresh = window(page.folder)
    shown = fresh.words(f"?tab=vouchers&voucher={fresh.key('CD10000001')}")
    assert "有 1 格是公式而檔案裡沒有存計算結果" in shown
    assert "第二張" in shown


def two_pages(path: Path) -> Path:
    """A scan of two pages, as a machine for scanning makes it."""
    first, second = (Image.new("RGB", (40, 60), colour) for colour in ("white", "black"))
    first.save(path, save_all=True, append_images=[second])
    return path


@pytest.mark.parametrize("name", ["scan.tif", "scan.pdf"])
def test_a_scan_is_shown_page_by_page(tmp_path: Path, name: str) -> None:
    pictures = pictures_of(two_pages(tmp_path / name))
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    (tmp_path / name).write_bytes(b"no scan at all")
    assert pictures_of(tmp_path / name) == ()


def test_a_scan_in_tiff_is_shown_on_the_page(tmp_path: Path) -> None:
    page = with_paper(tmp_path, "2023-08-15.scan.tif")
    two_pages(page.folder / PAPERS / "2023-08-15.scan.tif")
    fresh = window(page.folder)
    key = fresh.key("CD10000001")
    shown = fresh.get(f"?tab=vouchers&voucher={key}")
    assert shown.count('<img src="') == 2
    answer = fresh.client.get(f"/case/extension/Audit/document?voucher={key}&paper=0&page=2")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    for page_number in ("3", "-1", "x"):
        address = f"/case/extension/Audit/document?voucher={key}&paper=0&page={page_number}"
        assert fresh.client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["2023-08-15.letter.docx", "2023-08-15.drawing.dwg"])
def test_what_a_page_cannot_show_is_offered_as_a_download(tmp_path: Path, name: str) -> None:
    page = with_paper(tmp_path, name)
    (page.folder / PAPERS / name).write_bytes(b"PK\x03\x04")
    fresh = window(page.folder)
    shown = fresh.get(f"?tab=vouchers&voucher={fresh.key('CD10000001')}")
    assert f"下載 {name}" in shown
    assert "download" in shown


def test_the_page_to_print_holds_every_paper_whole(tmp_path: Path) -> None:
    page = with_paper(tmp_path, "2023-08-15.scan.pdf")
    two_pages(page.folder / PAPERS / "2023-08-15.scan.pdf")
    fresh = window(page.folder)
    shown = fresh.get(f"?tab=vouchers&voucher={fresh.key('CD10000001')}&print=yes")
    assert shown.count('<img src="') == 2
    assert "<iframe" not in shown
    assert "200,000" in shown or "100,000" in shown


@pytest.mark.parametrize(
    ("language", "name", "told"),
    [
        ("zh_TW", "Seller", "賣方 Seller"),
        ("en", "Seller", "Seller"),
        ("en", "InvoiceNumber", "Invoice number"),
        ("en", "Identifier", "Business number Identifier"),
        ("en", "DonateMark", "DonateMark"),
    ],
)
def test_a_field_of_an_e_invoice_is_named_once(language: str, name: str, told: str) -> None:
    with speaking(language):
        assert xml_field(name) == told
