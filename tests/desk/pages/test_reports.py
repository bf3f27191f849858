"""報表: what the page shows is what settle says, each file is what its command makes, and a report is compared."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path

import icalendar
import openpyxl
import pytest

from tests.desk.house import TOKEN
from tests.desk.house import Window
from tests.desk.house import run
from tests.desk.house import said
from tests.desk.house import window
from tests.desk.house import words_of

PAGE = "?tab=reports"


def _made(desk: Window, address: str) -> bytes:
    answer = desk.answer(f"report?{address}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.get_data())


@pytest.mark.parametrize("stage", ["interim", "final"])
def test_the_page_shows_what_settle_says(desk: Window, stage: str) -> None:
    figures = said("settle", desk.folder, "--stage", stage)
    words = desk.words(f"{PAGE}&stage={stage}")
    assert f"{figures['recognised_government']:,} 認列補助款" in words
    assert f"尚應繳國庫 {figures['due_to_treasury']:,}" in words
    for line in figures["categories"]:
        assert f"{line['accepted']:,} {line['disallowed']:,} {line['government']:,} {line['self']:,}" in words


def test_the_workbook_and_the_forms_are_those_of_the_commands(desk: Window, tmp_path: Path) -> None:
    run("close", desk.folder, "2023-06")
    run("close", desk.folder, "2023-06", "-o", tmp_path / "close.xlsx")  # prints what was certified
    run("settle", desk.folder, "-o", tmp_path / "settle.xlsx")
    run("form", "remittance", desk.folder, "-o", tmp_path / "form.xlsx")
    desk = window(desk.folder)
    assert _made(desk, "what=settlement&stage=final") == (tmp_path / "settle.xlsx").read_bytes()
    assert _made(desk, "what=month-end&month=2023-06") == (tmp_path / "close.xlsx").read_bytes()
    assert _made(desk, "what=remittance") == (tmp_path / "form.xlsx").read_bytes()
    assert openpyxl.load_workbook(io.BytesIO(_made(desk, "what=receipt&amount=12,000"))).sheetnames


def test_each_figure_leads_to_what_it_is_made_of(folder: Path) -> None:
    """A figure is the sum of the lines that it leads to; income that is the treasury's stands in the sum to remit."""
    lines = "2023/07/01,利息存入,,30,38753\n2023/07/02,繳庫 孳息,10,,38743\n"
    (folder / "inbox" / "100200300400-7.csv").write_text(
        "帳號:100200300400\n交易日期,摘要,支出,存入,餘額\n" + lines, encoding="utf-8"
    )
    run("import", folder)
    run("deduct", folder, 500, "--reason", "進度落後", "--date", "2023-07-06")
    run("income", folder, "penalty", 1200, "--reason", "逾期違約金", "--received", "2023-07-07")
    figures = said("settle", folder)
    page = window(folder).get(PAGE)
    for name in ("received", "deductions", "interest_gross"):
        made_of = page.partition(f'<li id="why-{name}">')[2].partition("</li>")[0]
        amounts = [int(each.replace(",", "")) for each in re.findall(r" ([\d,]+)</div>", made_of)]
        assert sum(amounts) == figures[name] > 0, name
        assert f'href="#why-{name}"' in page
    for link in set(re.findall(r'href="#(why-[a-z_]+)"', page)):
        assert f'id="{link}"' in page, link
    assert (
        figures["due_to_treasury"]
        == figures["surplus"] + figures["interest_gross"] + 1200 - figures["remitted"]
    )
    words = words_of(page)
    assert "其他應繳國庫之收入 1,200" in words
    assert f"其他應繳國庫之收入-已繳國庫={figures['due_to_treasury']:,} 元" in words


def test_a_report_of_a_day_is_the_commands(desk: Window, tmp_path: Path) -> None:
    """The figures, the files and what stands against them are of that day; an earlier report's beside this one's."""
    last, before = "2023-07-31", "2023-06-30"
    figures = said("settle", desk.folder, "--as-of", before)
    assert figures["recognised_government"] != said("settle", desk.folder)["recognised_government"]
    words = desk.words(f"{PAGE}&day={before}")
    assert f"{before} 的結算" in words
    assert f"{figures['recognised_government']:,} 認列補助款" in words
    told = ("--as-of", last, "--interim-date", before)
    run("settle", desk.folder, *told, "-o", tmp_path / "settle.xlsx")
    page = desk.get(f"{PAGE}&stage=final&day={last}&interim={before}")
    (address,) = re.findall(r'report\?(what=settlement&amp;[^"]+)"', page)
    assert _made(desk, html.unescape(address)) == (tmp_path / "settle.xlsx").read_bytes()
    run("form", "remittance", desk.folder, "--as-of", last, "-o", tmp_path / "form.xlsx")
    assert _made(desk, f"what=remittance&day={last}") == (tmp_path / "form.xlsx").read_bytes()
    assert "資料截止日要填日期" in desk.words(f"{PAGE}&day=月底")
    refused = desk.answer(f"report?what=settlement&day={before}&interim={last}")
    assert "要在本期之前" in refused.get_data(as_text=True)


def test_the_tables_are_a_zip_and_the_calendar_has_every_deadline(desk: Window) -> None:
    names = zipfile.ZipFile(io.BytesIO(_made(desk, "what=tables"))).namelist()
    assert [name for name in names if name.endswith(".csv")]
    calendar = icalendar.Calendar.from_ical(_made(desk, "what=calendar"))
    events = calendar.walk("VEVENT")
    assert "執行期間結束" in [str(event["summary"]) for event in events]
    assert len({str(event["uid"]) for event in events}) == len(events)
    again = icalendar.Calendar.from_ical(_made(desk, "what=calendar")).walk("VEVENT")
    assert {str(event["uid"]) for event in again} == {str(event["uid"]) for event in events}


def test_what_cannot_be_made_is_told_on_a_page(desk: Window) -> None:
    for address in (
        "what=month-end&month=2023-06",
        "what=month-end",
        "what=nothing",
        "",
        "what=receipt&amount=x",
    ):
        answer = desk.answer(f"report?{address}")
        assert answer.status_code == 400
        assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_a_report_is_the_same_until_the_books_are_others(desk: Window) -> None:
    report = _made(desk, "what=settlement")
    token = {"token": TOKEN.findall(desk.get(PAGE))[0]}

    def compared() -> str:
        answer = desk.post("compare", token | {"report": (io.BytesIO(report), "報表.xlsx")})
        assert answer.status_code == 200
        return str(answer.get_data(as_text=True))

    assert "報表.xlsx:與帳本相同" in compared()
    run("remove", desk.folder, "QZ10000002", "--reason", "測試", "--yes")
    assert "報表.xlsx:與現在的帳不同" in compared()


def test_a_file_that_is_no_report_and_a_form_of_another_site_are_refused(desk: Window) -> None:
    token = {"token": TOKEN.findall(desk.get(PAGE))[0]}
    answer = desk.post("compare", token | {"report": (io.BytesIO(b"PK\x03\x04 no"), "x.xlsx")})
    assert answer.status_code == 400
    assert desk.post("compare", token).status_code == 400
    assert desk.post("compare", {"report": (io.BytesIO(b"x"), "x.xlsx")}).status_code == 403
