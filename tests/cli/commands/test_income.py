"""`grant income`: what else a project earned, and what that does to its cost or to what is due to the treasury."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casemaker import Story
from tests.replay import begin
from tests.replay import run


@pytest.fixture
def case(tmp_path: Path) -> tuple[Path, Story]:
    story = Story(3, months=2).money()
    begin(story, tmp_path / "case")
    run("import", tmp_path / "case")
    return tmp_path / "case", story


def test_scrap_lowers_the_cost_of_its_category_and_what_it_earned(case: tuple[Path, Story]) -> None:
    folder, story = case
    before = run("settle", folder, "--as-of", story.today)
    run("income", folder, "scrap", 10_000, "--reason", "下腳出售", "--received", story.end, "--yes")
    after = run("settle", folder, "--as-of", story.today)
    assert after["accepted"] == before["accepted"] - 10_000
    (line,) = [each for each in after["categories"] if each["category"] == "consumables"]
    total = line["approved_government"] + line["approved_self"]
    assert line["government"] == min(
        line["approved_government"], line["accepted"] * line["approved_government"] // total
    )
    found = run("check", folder, "--as-of", story.today, codes=(0, 1))["findings"]
    of_income = [each for each in found if str(each["voucher"]).startswith("收入")]
    assert [each["check"] for each in of_income] == ["document-missing"]  # the paper of the sale
    run("undo", folder, "--yes")
    assert run("settle", folder, "--as-of", story.today) == before


def test_a_penalty_is_the_treasury_s(case: tuple[Path, Story]) -> None:
    folder, story = case
    before = run("settle", folder, "--as-of", story.today)
    run("income", folder, "penalty", 7_000, "--reason", "逾期違約金", "--received", story.end, "--yes")
    after = run("settle", folder, "--as-of", story.today)
    assert (after["accepted"], after["other_income"]) == (before["accepted"], 7_000)
    assert after["due_to_treasury"] == before["due_to_treasury"] + 7_000


def test_what_goes_back_has_its_last_day(case: tuple[Path, Story]) -> None:
    folder, story = case
    run("milestone", folder, "rescinded", "--date", story.months[1], "--rate", "3")
    steps = run("doctor", folder, codes=(0, 1))["next"]
    (step,) = [each for each in steps if "繳交國庫" in each["what"]]
    assert step["by"] == f"{story.months[1]:%Y-%m}-16"  # fifteen days after the letter


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("luck", 5), "沒有「luck」這種收入"),
        (("penalty", 5, "--category", "consumables"), "歸國庫"),
        (("scrap", 999_999_999), "減列不能超過"),
        (("scrap", 5, "--category", "travel"), "沒有核定預算"),
    ],
)
def test_what_is_no_income_is_refused(case: tuple[Path, Story], words: tuple[object, ...], says: str) -> None:
    folder, story = case
    before = (folder / "award.beancount").read_bytes()
    told = run(
        "income",
        folder,
        *words,
        "--reason",
        "測試",
        "--received",
        story.end,
        "--yes",
        codes=(2,),
        as_json=False,
    )
    assert says in told
    assert (folder / "award.beancount").read_bytes() == before
