"""核定: revisions, moments, papers and deductions written as the commands write them, and wrong fields named."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pytest

from tests.desk.house import Window
from tests.desk.house import books_of
from tests.desk.house import run
from tests.desk.house import said
from tests.desk.house import window

PAGE = "?tab=approvals"


@pytest.fixture
def other(folder: Path, tmp_path: Path) -> Path:
    """The same case once more, for the command."""
    shutil.copytree(folder, tmp_path / "other")
    return tmp_path / "other"


def _budget(desk: Window, **changed: str) -> dict[str, str]:
    """The budget's fields as the page shows them, with some changed."""
    page = desk.get(PAGE)
    shown = dict(re.findall(r'name="(budget:[^"]+)" value="(\d+)"', page))
    assert shown
    return {name: changed.get(name.rpartition(":")[2]) or value for name, value in shown.items()}


def test_a_budget_changed_on_the_page_is_the_commands_revision(folder: Path, other: Path) -> None:
    told = ("--approval", "經授字第112001號", "--date", "2023-07-01")
    run("revise", other, "--category", "consumables", "--government", 90000, "--self", 120000, *told, "--yes")
    desk = window(folder)
    fields = _budget(desk, government="90,000", self="120000")
    asked = {"do": "revise", "what": "budget", "approval": told[1], "date": told[3], "back": "approvals"}
    desk.write(PAGE, **asked, **fields)
    assert books_of(folder) == books_of(other)
    assert "90000" in desk.get(PAGE)


def test_a_budget_that_is_not_changed_or_not_a_number_is_refused_by_name(desk: Window) -> None:
    asked = {"do": "revise", "what": "budget", "approval": "一號", "date": "2023-07-01", "back": "approvals"}
    assert "沒有任何變更" in desk.confirm(PAGE, 400, **asked, **_budget(desk))
    shown = desk.confirm(PAGE, 400, **asked, **_budget(desk, government="九萬"))
    assert "消耗性器材及原材料費的政府補助款要填整數元" in shown
    assert "請填核定變更的文號" in desk.confirm(PAGE, 400, **asked | {"approval": ""}, **_budget(desk))


def test_items_persons_end_and_account_are_revised_as_by_the_command(folder: Path, other: Path) -> None:
    told = ("--approval", "二號", "--date", "2023-07-01", "--yes")
    run("revise", other, "--item", "試作墊圈", "--category", "consumables", "--government", 1000, "--self", 1100,
        "--quantity", "3", "--unit", "個", *told)  # fmt: skip
    run("revise", other, "--person", "試作員", "--role", "工程師", "--months", "3.6", "--insured", *told)
    run("revise", other, "--end", "2024-06-30", *told)
    run("revise", other, "--account", "100200300999", "--bank", "試作銀行", *told)
    desk = window(folder)
    common = {"do": "revise", "approval": "二號", "date": "2023-07-01", "back": "approvals"}
    desk.write(PAGE, **common, what="item", name="試作墊圈", category="consumables", government="1000", self_funded="1,100",
               quantity="3", unit="個")  # fmt: skip
    desk.write(PAGE, **common, what="person", name="試作員", role="工程師", months="3.6", insured="yes")
    desk.write(PAGE, **common, what="end", end="2024-06-30")
    desk.write(PAGE, **common, what="account", number="100200300999", bank="試作銀行")
    assert books_of(folder) == books_of(other)
    assert "試作墊圈" in desk.words(PAGE)


def test_a_milestone_a_paper_and_a_deduction_are_those_of_the_commands(
    folder: Path, other: Path, tmp_path: Path
) -> None:
    paper = tmp_path / "驗收.pdf"
    paper.write_bytes(b"%PDF-1.4 x")
    run("milestone", other, "signing", "--date", "2023-06-02", "--number", "約字一號")
    run("evidence", other, "acceptance-report", paper, "--date", "2023-07-05", "--name", "驗收紀錄")
    run("deduct", other, 5000, "--reason", "進度落後", "--date", "2023-07-06")
    run("funding", other, "能源署", 30000, "--kind", "other", "--approved", "2023-07-07", "--yes")
    desk = window(folder)
    desk.write(PAGE, do="milestone", kind="signing", date="112/06/02", number="約字一號", back="approvals")
    desk.write(PAGE, do="evidence", kind="acceptance-report", date="2023-07-05", name="驗收紀錄", back="approvals",
               file=(io.BytesIO(paper.read_bytes()), "驗收.pdf"))  # fmt: skip
    desk.write(PAGE, do="deduct", amount="5,000", reason="進度落後", date="2023-07-06", back="approvals")
    desk.write(
        PAGE,
        do="funding",
        agency=" 能源署 ",
        amount="30,000",
        kind="other",
        date="112/07/07",
        back="approvals",
    )
    assert books_of(folder) == books_of(other)
    assert said("settle", folder)["deductions"] == 5000
    assert "能源署 民間或其他 30,000" in desk.words(PAGE)


def test_income_is_the_commands(folder: Path, other: Path) -> None:
    run("income", other, "scrap", 1500, "--reason", "下腳出售", "--received", "2023-07-06")
    desk = window(folder)
    desk.write(
        PAGE, do="income", kind="scrap", amount="1,500", reason="下腳出售", date="112/07/06", back="approvals"
    )
    assert books_of(folder) == books_of(other)
    assert "請填收入金額" in desk.confirm(PAGE, 400, do="income", kind="scrap", reason="x", back="approvals")
    assert "登記收入:下腳或樣品出售 1,500 元" in desk.words("?tab=log")


def test_the_forms_of_papers_and_moments_ask_for_their_day(desk: Window) -> None:
    page = desk.get(PAGE)
    for act in ("evidence", "milestone", "deduct", "income"):
        form = next(each for each in page.split("<form")[1:] if f'name="do" value="{act}"' in each)
        assert re.search(r'name="date"', form.partition("</form>")[0]), act


def test_a_moment_and_a_paper_are_told_by_their_names(desk: Window, tmp_path: Path) -> None:
    paper = tmp_path / "報告.pdf"
    paper.write_bytes(b"%PDF-1.4 x")
    run("milestone", desk.folder, "final-passed", "--date", "2023-07-02")
    run("evidence", desk.folder, "final-report", paper, "--date", "2023-07-05")
    words = desk.words("?tab=log")
    assert "登記期末查核通過(2023-07-02)" in words
    assert "登記期末報告:2023-07-05.報告.pdf" in words
    refused = desk.confirm(
        PAGE, 400, do="milestone", kind="final-passed", date="2023-07-03", back="approvals"
    )
    assert "期末查核通過已登記在 2023-07-02" in refused


def test_what_is_missing_or_wrong_is_named(desk: Window) -> None:
    assert "請選擇要登記的檔案" in desk.confirm(PAGE, 400, do="evidence", kind="x", back="approvals")
    assert "請填日期" in desk.confirm(PAGE, 400, do="milestone", kind="signing", date="", back="approvals")
    assert "里程碑" in desk.confirm(PAGE, 400, do="milestone", kind="x", date="2023-06-02", back="approvals")
    assert "扣款金額要大於 0" in desk.confirm(
        PAGE, 400, do="deduct", amount="0", reason="x", back="approvals"
    )
    other = {"do": "funding", "agency": "能源署", "amount": "1", "kind": "other", "date": "2023-07-07"}
    for field, wrong, told in (
        ("agency", " ", "請填機關或單位"),
        ("amount", "0", "其他經費的金額要大於 0"),
        ("amount", "一元", "金額要填整數元"),
        ("kind", "x", "經費的性質只有"),
        ("date", "", "請填核定日"),
    ):
        assert told in desk.confirm(PAGE, 400, back="approvals", **other | {field: wrong}), field
    desk.write(PAGE, back="approvals", **other)
    assert "已經登記過" in desk.confirm(PAGE, 400, back="approvals", **other)
    assert "請填扣款理由" in desk.confirm(PAGE, 400, do="deduct", amount="1", back="approvals")
    assert "請選擇改好的核定資料表" in desk.confirm(
        PAGE, 400, do="revise", what="file", approval="一", date="2023-07-01", back="approvals"
    )
