"""月結: the page's number is the command's, what is missing leads to where it is answered, and so are re-openings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.desk.house import Window
from tests.desk.house import books_of
from tests.desk.house import run
from tests.desk.house import said
from tests.desk.house import window


def test_the_page_shows_the_number_of_the_command_and_writes_the_same_books(
    folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    figures = said("close", other, "2023-06")
    desk = window(folder)
    page = desk.words("?tab=close")
    assert f"可提領(以上兩項取小者) {figures['withdrawable']:,}" in page
    assert f"到月底累計應得的補助款 {figures['entitlement']:,}" in page
    asked = desk.confirm("?tab=close", do="close", month="2023-06", back="close")
    assert f"月結 2023-06:可提領 {figures['withdrawable']:,} 元" in asked
    assert books_of(folder) != books_of(other)
    desk.write("?tab=close", do="close", month="2023-06", back="close")
    assert books_of(folder) == books_of(other)
    assert "這個月已經月結" in desk.words("?tab=close&month=2023-06")
    assert "2023-07" in desk.words("?tab=close")


def test_what_is_missing_leads_to_where_it_is_put_right(desk: Window) -> None:
    (desk.folder / "inbox" / "more.csv").write_text("x\n", encoding="utf-8")
    page = desk.get("?tab=close")
    assert "tab=inbox" in page.partition("月結前的檢查")[2]
    assert "more.csv" in page
    assert "tab=questions" in page.partition("月結前的檢查")[2]


def test_each_open_point_leads_to_its_own_answer(desk: Window) -> None:
    """A question to that question, a voucher with an error to where it is put right."""
    asked = {one["kind"]: one["id"] for one in said("questions", desk.folder)["questions"]}
    page = desk.get("?tab=close").partition("月結前的檢查")[2]
    for kind, words in (("voucher", "憑證 QZ10000001 待認定"), ("bank-line", "2023-06-30 的分錄用途待認定")):
        assert re.search(rf'about={asked[kind]}">{words}', page), kind
    assert re.search(rf'about={asked["voucher"]}">憑證 QZ10000001 的品名', page)
    assert "voucher=" not in page  # no page takes that


def test_a_month_out_of_order_and_one_closed_already_are_refused_in_words(desk: Window) -> None:
    assert "月結要依月份順序" in desk.words("?tab=close&month=2023-08")
    assert "月結要依序" in desk.confirm("?tab=close", 400, do="close", month="2023-08", back="close")
    desk.write("?tab=close", do="close", month="2023-06", back="close")
    assert "先前已月結" in desk.confirm("?tab=close", 400, do="close", month="2023-06", back="close")
    for month in ("2023-13", "", "../2023-06"):
        assert "YYYY-MM" in desk.confirm("?tab=close", 400, do="close", month=month, back="close")
    assert "要填日期" in desk.confirm(
        "?tab=close", 400, do="close", month="2023-07", date="月底", back="close"
    )


def test_re_opening_writes_what_the_command_writes_and_wants_a_reason(folder: Path, tmp_path: Path) -> None:
    run("close", folder, "2023-06")
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    desk = window(folder)
    assert "請填重開的理由" in desk.confirm(
        "?tab=close&month=2023-06", 400, do="reopen", month="2023-06", reason=" ", back="close"
    )
    day = {"date": "2026-11-01"}
    run("reopen", other, "2023-06", "--reason", "補登憑證", "--date", day["date"])
    desk.write(
        "?tab=close&month=2023-06", do="reopen", month="2023-06", reason="補登憑證", back="close", **day
    )
    assert books_of(folder) == books_of(other)


def test_a_month_that_is_not_over_asks_why(desk: Window) -> None:
    said_early = desk.confirm("?tab=close", 400, do="close", month="2023-06", is_early="yes", back="close")
    assert "請填提早月結的理由" in said_early
