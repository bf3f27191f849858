"""`grant milestone` and `grant evidence`, and what the settlement says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.casemaker import Story
from tests.replay import begin
from tests.replay import run


@pytest.fixture
def factory(tmp_path: Path) -> tuple[Path, Story]:
    """A case of a managed factory, finished, with its registration taken out of the award."""
    story = Story(3, scheme="managed-factory-112", months=2).money()
    case = tmp_path / "case"
    begin(story, case)
    award = case / "award.beancount"
    award.write_text(
        award.read_text(encoding="utf-8").replace('custom "grant-evidence"', 'custom "grant-note"'),
        encoding="utf-8",
    )
    text = "".join(
        line
        for line in award.read_text(encoding="utf-8").splitlines(keepends=True)
        if "grant-note" not in line
    )
    award.write_text(text, encoding="utf-8")
    run("import", case)
    return case, story


def settled(case: Path, story: Story) -> Any:
    return run("settle", case, "--as-of", story.today)


def required(answer: Any) -> list[Any]:
    return [paper for paper in answer["evidence_missing"] if paper["required"]]


def test_a_factory_without_and_with_its_registration(factory: tuple[Path, Story], tmp_path: Path) -> None:
    case, story = factory
    without = settled(case, story)
    assert without["registration_missing"] is True
    assert without["tail_payment"] == -without["received"]
    assert without["surplus"] == without["received"]
    (paper,) = required(without)
    assert paper["kind"] == "factory-registration"
    assert paper["amount"] == max(without["received"], without["recognised_government"])
    told = run(
        "form", "receipt", case, "-o", tmp_path / "r.xlsx", "--as-of", story.today, codes=(2,), as_json=False
    )
    assert "特定工廠登記" in told
    assert not (tmp_path / "r.xlsx").exists()
    answer = run("milestone", case, "registration", "--date", story.today, "--number", "特登-1")
    assert answer["kind"] == "registration"
    after = settled(case, story)
    assert (after["registration_missing"], required(after)) == (False, [])
    run("undo", case)
    assert settled(case, story)["registration_missing"] is True
    (tmp_path / "登記.pdf").write_bytes(b"pdf")
    run("evidence", case, "factory-registration", tmp_path / "登記.pdf", "--date", story.today)
    assert settled(case, story)["registration_missing"] is False


@pytest.mark.parametrize(
    "words", [("moon",), ("guarantee",), ("signing", "--amount", "-5"), ("signing", "--until", "soon")]
)
def test_a_milestone_that_cannot_be_written_down(factory: tuple[Path, Story], words: tuple[str, ...]) -> None:
    case, story = factory
    before = (case / "award.beancount").read_bytes()
    run("milestone", case, *words, "--date", story.today, codes=(2,), as_json=False)
    assert (case / "award.beancount").read_bytes() == before


def test_a_paper_of_a_voucher(factory: tuple[Path, Story], tmp_path: Path) -> None:
    case, story = factory
    (tmp_path / "驗收單.pdf").write_bytes(b"pdf")
    number = story.papers[0].number
    run("evidence", case, "acceptance-report", tmp_path / "驗收單.pdf", "--voucher", number)
    assert f'voucher: "{number}"' in (case / "award.beancount").read_text(encoding="utf-8")
    run("evidence", case, "x", tmp_path / "驗收單.pdf", "--voucher", "ZZ99999999", codes=(2,), as_json=False)


def test_a_month_is_closed_early_with_a_reason_alone(tmp_path: Path) -> None:
    story = Story(0, months=2).money()
    begin(story, tmp_path / "case")
    month = f"{story.months[0]:%Y-%m}"
    words = ("close", tmp_path / "case", month, "--date", f"{month}-15")
    assert "還沒結束" in run(*words, codes=(2,), as_json=False)
    assert "理由" in run(*words, "--early", codes=(2,), as_json=False)
    closed = run(*words, "--early", "--reason", "結束營業")
    assert closed["month"] == month
    assert {missing["kind"] for missing in closed["missing"]} >= {"statement", "inbox"}
    book = (tmp_path / "case" / "books" / f"{month}.beancount").read_text(encoding="utf-8")
    assert 'early: "結束營業"' in book


def test_the_reason_may_stand_after_early_itself(tmp_path: Path) -> None:
    story = Story(0, months=2).money()
    begin(story, tmp_path / "case")
    month = f"{story.months[0]:%Y-%m}"
    run("close", tmp_path / "case", month, "--date", f"{month}-15", "--early", "結束營業")
