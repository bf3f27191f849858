"""Deciding about doubtful vouchers: the books, the rule, and taking both back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import grant
from importers.classification.decisions import DecisionError
from importers.classification.decisions import decide
from importers.classification.decisions import doubts
from importers.classification.decisions import undo
from importers.config.rules import Rule
from importers.config.rules import read_rules
from ledger.files.award_file import parse_award
from ledger.operations.new_case import new_case
from tests.importers.classification.sheets import HEAD
from tests.importers.classification.sheets import case_of
from tests.importers.classification.sheets import row
from tests.importers.classification.sheets import sheet
from tests.importers.classification.sheets import voucher
from tests.importers.makers import tables
from tests.replay import run

JULY, AUGUST = "books/2023-07.beancount", "books/2023-08.beancount"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with two vouchers that nobody can place, and one in August that shares a category."""
    folder = tmp_path / "case"
    new_case(folder, parse_award(tables(), "award.toml"))
    sheet(
        folder,
        "a.csv",
        row("AB10000001", "主軸軸承", 1001),
        row("AB10000002", "SMD-200A", 500),
        row("AB10000003", "高效率軸承", 3333, day="2023-08-02"),
    )
    return folder


def splits_hold(folder: Path) -> bool:
    books = case_of(folder)
    return all(
        tuple(line.government for line in v.lines) == books.expected_splits[id(v.entry)]
        for v in books.vouchers
        if all(line.disallowed == 0 for line in v.lines)
    )


def texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_bytes().decode() for name in (JULY, AUGUST)}


def test_the_doubtful_are_listed_with_what_is_near(case: Path) -> None:
    found = doubts(case_of(case), read_rules(case))
    assert [(doubt.voucher.number, doubt.is_code, doubt.is_open) for doubt in found] == [
        ("AB10000001", False, True),
        ("AB10000002", True, True),
    ]
    assert found[0].categories == ("consumables", "equipment", "improvement")


def test_a_decision_books_the_voucher_and_moves_the_later_shares(case: Path) -> None:
    decision = decide(case, "AB10000001", "consumables")
    assert decision.rebooked
    placed = voucher(case, "AB10000001")
    assert placed.entry.flag == "*"
    assert placed.meta("unclear") is None
    assert [(line.category, line.cost, line.disallowed) for line in placed.lines] == [
        ("consumables", 1001, 0)
    ]
    assert splits_hold(case)
    assert read_rules(case).rules[-1].item == "主軸軸承"


def test_undo_gives_back_every_byte(case: Path) -> None:
    (case / "import.toml").write_text("# 自己的註解", encoding="utf-8")
    before = texts(case)
    decide(case, "AB10000001", "consumables", note="問過")
    decide(case, "AB10000002", "improvement")
    assert undo(case).rule.category == "improvement"
    assert "問過" in (case / "import.toml").read_text(encoding="utf-8")
    undo(case)
    assert texts(case) == before
    assert (case / "import.toml").read_text(encoding="utf-8") == "# 自己的註解"
    with pytest.raises(DecisionError):
        undo(case)


def test_comments_and_line_ends_are_kept(case: Path) -> None:
    text = (case / JULY).read_text(encoding="utf-8").replace("\n", "\r\n")
    text = re.sub(r"(9不予認列:\S+ +1001 TWD)", r"\1 ; 待問", text) + "; 檔尾\r\n"
    (case / JULY).write_bytes(text.encode())
    decide(case, "AB10000001", "improvement")
    after = texts(case)[JULY]
    assert "; 待問" in after
    assert after.count("\n") == after.count("\r\n")
    assert after.endswith("; 檔尾\r\n")
    assert splits_hold(case)
    undo(case)
    assert texts(case)[JULY] == text


def test_the_next_import_knows(case: Path) -> None:
    decide(case, "AB10000001", "improvement")
    report = sheet(case, "b.csv", row("AB10000009", "主軸軸承", 700, day="2023-08-20"))
    assert report.unmatched == []
    assert voucher(case, "AB10000009").lines[0].category == "improvement"
    assert splits_hold(case)


def test_several_items_of_one_voucher_go_together(case: Path) -> None:
    sheet(
        case,
        "b.csv",
        row("AB10000004", "銅管", 300),
        row("AB10000004", "閥門", 401),
    )
    found = [d.voucher for d in doubts(case_of(case), read_rules(case)) if d.voucher.number == "AB10000004"]
    before = texts(case)
    for _one in found:
        decide(case, "AB10000004", "improvement")
    lines = [line for v in case_of(case).vouchers if v.number == "AB10000004" for line in v.lines]
    assert [(line.item, line.cost, line.disallowed) for line in lines] == [("銅管", 300, 0), ("閥門", 401, 0)]
    assert splits_hold(case)
    for _one in found:
        undo(case)
    assert texts(case) == before


def test_a_credit_note_goes_with_its_voucher(case: Path) -> None:
    text = (case / JULY).read_text(encoding="utf-8")
    entry = next(part for part in text.split("\n\n") if "AB10000001" in part)
    credit = re.sub(
        r" (-?)(\d+) TWD$", lambda m: f" {'' if m[1] else '-'}{m[2]} TWD", entry, flags=re.MULTILINE
    )
    credit = credit.replace('  number: "AB10000001"', '  number: "ZZ1"\n  reverses: "AB10000001"')
    credit = re.sub(r"  unclear: .*\n", "", credit).replace("invoice:", "allowance:").replace(" ! ", " * ")
    (case / JULY).write_text(f"{text}\n{credit.strip()}\n", encoding="utf-8")
    before = texts(case)
    # voided wholly: no question any more, but it may still be decided
    assert "AB10000001" not in {d.voucher.number for d in doubts(case_of(case), read_rules(case))}
    decide(case, "AB10000001", "improvement")
    assert case_of(case).cost()[("68388964", "improvement")] == (0, 0)
    assert splits_hold(case)
    undo(case)
    assert texts(case) == before


def test_a_closed_month_keeps_its_books_and_the_rule_is_kept(case: Path) -> None:
    run("close", case, "2023-07")
    before = texts(case)
    decision = decide(case, "AB10000001", "improvement")
    assert not decision.rebooked
    assert texts(case) == before
    assert read_rules(case).rules == (
        Rule("12345675", "主軸軸承", "improvement", voucher=decision.rule.voucher),
    )
    undo(case)
    assert texts(case) == before
    assert (case / "import.toml").read_text(encoding="utf-8") == ""


def test_what_was_closed_since_is_not_taken_back(case: Path) -> None:
    decide(case, "AB10000001", "improvement")
    run("close", case, "2023-07")
    with pytest.raises(DecisionError, match="月結"):
        undo(case)
    assert read_rules(case).last_decision is not None


def test_what_was_changed_by_hand_is_left_to_the_hand(case: Path) -> None:
    decide(case, "AB10000001", "improvement")
    text = (case / JULY).read_text(encoding="utf-8")
    (case / JULY).write_text(text.replace("03既有設備之改善費", "02全新設備之購置費"), encoding="utf-8")
    with pytest.raises(DecisionError, match="改過"):
        undo(case)


@pytest.mark.parametrize(
    ("number", "category"),
    [("XX00000000", "improvement"), ("AB10000003", "improvement"), ("AB10000001", "travel")],
)
def test_what_cannot_be_decided_changes_nothing(case: Path, number: str, category: str) -> None:
    before = texts(case)
    with pytest.raises(DecisionError):
        decide(case, number, category)
    assert texts(case) == before
    assert not (case / "import.toml").exists()


def ask(case: Path, answers: str) -> str:
    result = CliRunner().invoke(grant, ["classify", str(case)], input=answers)
    assert result.exit_code == 0, result.output
    return result.output


def test_one_question_a_voucher(case: Path) -> None:
    said = ask(case, "3\ns\n")
    assert "AB10000001" in said
    assert "只是代號或簡稱" in said
    assert voucher(case, "AB10000001").lines[0].category == "improvement"
    assert voucher(case, "AB10000002").entry.flag == "!"
    assert "AB10000001" not in ask(case, "q\n")


@pytest.mark.parametrize("answers", ["q\n", "", "9\nq\n"])
def test_quitting_and_the_end_of_the_input_change_nothing(case: Path, answers: str) -> None:
    before = texts(case)
    ask(case, answers)
    assert texts(case) == before


def test_the_same_again_is_proposed(case: Path) -> None:
    sheet(case, "b.csv", row("AB10000008", "SMD-200A", 900))
    ask(case, "s\n2\n\n")  # the third question is answered with what is proposed
    assert voucher(case, "AB10000008").lines[0].category == "equipment"


def test_without_questions(case: Path) -> None:
    listed = run("classify", case)
    assert [doubt["voucher"] for doubt in listed] == ["AB10000001", "AB10000002"]
    decided = run("classify", case, "--voucher", "AB10000001", "--category", "設備費")
    assert decided == {
        "voucher": "AB10000001",
        "seller": "12345675",
        "item": "主軸軸承",
        "category": "equipment",
        "rebooked": True,
        "undone": False,
    }
    assert run("classify", case, "--undo")["undone"]
    assert [doubt["voucher"] for doubt in run("classify", case)] == ["AB10000001", "AB10000002"]


@pytest.mark.parametrize(
    "words", [["--voucher", "AB10000001"], ["--voucher", "AB10000001", "--category", "沒有"], ["--undo"]]
)
def test_what_makes_no_sense_is_said(case: Path, words: list[str]) -> None:
    run("classify", case, *words, codes=(2,), as_json=False)


def test_a_broken_rules_file_stops_the_import(case: Path) -> None:
    (case / "import.toml").write_text("[[rule]]\n", encoding="utf-8")
    (case / "inbox" / "c.csv").write_text(HEAD + row("AB10000007", "甲", 1), encoding="utf-8")
    run("import", case, codes=(2,), as_json=False)
    assert (case / "inbox" / "c.csv").exists()
