"""What past books suggest: sure and with a past purchase that is alike, or nothing; and nothing without the extra."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import grant
from importers.classification.suggestions import THRESHOLD
from importers.classification.suggestions import Past
from importers.classification.suggestions import Proposal
from importers.classification.suggestions import Proposer
from importers.classification.suggestions import past_purchases
from importers.config.rules import Rule
from importers.config.rules import Rules
from ledger.files.award_file import parse_award
from ledger.loading.loader import load_case
from ledger.operations.new_case import new_case
from tests.importers.classification.sheets import row
from tests.importers.classification.sheets import sheet
from tests.importers.classification.sheets import voucher
from tests.importers.makers import UBN
from tests.importers.makers import tables
from tests.replay import run

ALL = ("consumables", "equipment", "improvement", "research")
HARDWARE, ENGINEER, SUNDRY = "70000011", "70000022", "70000033"
BOUGHT = [
    Past("consumables", HARDWARE, "假想五金行", "不鏽鋼螺絲組", "AB1"),
    Past("consumables", HARDWARE, "假想五金行", "鋼珠軸承", "AB2"),
    Past("consumables", SUNDRY, "虛擬百貨有限公司", "切削液", "AB3"),
    Past("improvement", ENGINEER, "捏造節能工程有限公司", "空壓機變頻改善工程", "AB4"),
    Past("improvement", ENGINEER, "捏造節能工程有限公司", "冷卻水塔改善工程", "AB5"),
    Past("improvement", ENGINEER, "捏造節能工程有限公司", "馬達汰換", "AB8"),
    Past("improvement", ENGINEER, "捏造節能工程有限公司", "照明節能", "AB9"),
    Past("equipment", SUNDRY, "虛擬百貨有限公司", "智慧電表監控系統", "AB6"),
]


def proposed(seller: str, item: str, bought: list[Past] = BOUGHT) -> Proposal | None:
    return Proposer(bought).propose(seller, "", item, ALL)


def test_another_thing_of_the_like_is_proposed() -> None:
    found = proposed("79999999", "不鏽鋼螺絲組 M8")
    assert found is not None
    assert (found.category, found.like.number, found.same_seller) == ("consumables", "AB1", False)
    assert THRESHOLD <= found.score <= 100


def test_a_known_seller_speaks_for_what_it_never_sold_before() -> None:
    found = proposed(ENGINEER, "鍋爐燃燒機更新")
    assert found is not None
    assert (found.category, found.same_seller) == ("improvement", True)
    assert found.like.number in {"AB4", "AB5", "AB8", "AB9"}


def test_where_a_seller_sells_all_sorts_the_item_tells() -> None:
    systems, fluid = proposed(SUNDRY, "智慧電表監控系統擴充"), proposed(SUNDRY, "水性切削液")
    assert systems is not None
    assert fluid is not None
    assert (systems.category, fluid.category) == ("equipment", "consumables")


@pytest.mark.parametrize(
    ("seller", "item"),
    [("79999999", "影印紙"), ("79999999", "SMD-200A"), ("79999999", ""), ("", "影印紙"), (SUNDRY, "")],
)
def test_of_what_is_like_nothing_nothing_is_said(seller: str, item: str) -> None:
    assert proposed(seller, item) is None
    mostly = [
        *BOUGHT,
        *(Past("consumables", str(n), "", f"材料{n}", f"C{n}") for n in range(70000100, 70000130)),
    ]
    assert proposed(seller, item, mostly) is None, "the category booked most is no answer"


def test_one_category_alone_teaches_nothing() -> None:
    assert proposed(HARDWARE, "不鏽鋼螺絲組", BOUGHT[:3]) is None
    assert proposed(HARDWARE, "不鏽鋼螺絲組", []) is None


def test_what_the_budget_has_not_is_not_proposed() -> None:
    assert Proposer(BOUGHT).propose(ENGINEER, "", "鍋爐改善工程", ("consumables", "equipment")) is None


def test_contradicting_books_say_nothing() -> None:
    both = [*BOUGHT, Past("equipment", HARDWARE, "假想五金行", "不鏽鋼螺絲組", "AB7")]
    assert proposed(HARDWARE, "不鏽鋼螺絲組", both) is None


def test_the_same_books_propose_the_same() -> None:
    asked = [("79999999", "鋼珠軸承 6204"), (ENGINEER, "風管改善"), (SUNDRY, "切削液一桶")]
    first = [proposed(*one) for one in asked]
    assert first == [proposed(*one, BOUGHT * 2) for one in asked], "bought twice says nothing new"
    proposer = Proposer(BOUGHT)
    assert first == [proposer.propose(seller, "", item, ALL) for seller, item in asked]


def test_what_was_just_decided_counts_at_once() -> None:
    proposer = Proposer(BOUGHT)
    assert proposer.propose("79999999", "", "雷射清洗", ALL) is None
    proposer.learn(Past("research", "79999999", "", "雷射清洗測試", "AB10"))
    found = proposer.propose("79999999", "", "雷射清洗", ALL)
    assert found is not None
    assert found.category == "research"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with booked purchases of two categories, one that nobody can place, and one like nothing."""
    folder = tmp_path / "case"
    new_case(folder, parse_award(tables(), "award.toml"))
    sheet(
        folder,
        "a.csv",
        row("AB10000001", "高效率軸承", 1000),
        row("AB10000002", "高效率集塵設備", 50_000, seller="川益節能股份有限公司"),
        row("AB10000003", "高效率軸承 6204", 400, seller="路人材料行"),
        row("AB10000004", "影印紙", 300, seller="路人材料行").replace("12345675", "24549210"),
    )
    return folder


def test_purchases_are_those_booked_and_decided(case: Path) -> None:
    rules = Rules(
        (
            Rule("27715140", "銅管", "improvement", voucher="invoice:11212:AB10000009"),
            Rule("1", "", "equipment"),
        )
    )
    found = past_purchases(load_case(case).case, rules, [UBN], "其他案件")
    assert [(past.item, past.category, past.number) for past in found] == [
        ("高效率軸承", "consumables", "AB10000001"),
        ("高效率集塵設備", "equipment", "AB10000002"),
        ("銅管", "improvement", "AB10000009"),
    ]
    assert {past.case for past in found} == {"其他案件"}
    assert past_purchases(load_case(case).case, Rules(), ["00000000"]) == []


def ask(case: Path, answers: str, *words: str) -> str:
    result = CliRunner().invoke(grant, ["classify", str(case), *words], input=answers)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_proposal_is_told_apart_and_is_only_the_default(case: Path) -> None:
    before = (case / "books/2023-07.beancount").read_bytes()
    said = ask(case, "q\n")
    assert "相近的核定品項:「高效率軸承」" in said
    assert "依過去帳務推測:消耗性器材及原材料費(把握 " in said
    assert "因為 AB10000001「高效率軸承」是這個科目" in said
    assert "科目 [1]" in said
    assert (case / "books/2023-07.beancount").read_bytes() == before
    assert not (case / "import.toml").exists()
    ask(case, "\n\n")  # the first is taken as proposed, the second has no proposal and is left
    assert voucher(case, "AB10000003").lines[0].category == "consumables"
    assert voucher(case, "AB10000004").entry.flag == "!"


def test_an_import_never_takes_a_proposal(case: Path) -> None:
    report = sheet(
        case, "b.csv", row("AB10000005", "高效率軸承 6206", 500, day="2023-08-01", seller="路人材料行")
    )
    assert len(report.unmatched) == 1
    assert voucher(case, "AB10000005").entry.flag == "!"


def test_the_proposal_as_json(case: Path) -> None:
    first, second = run("classify", case)
    assert first["proposed"] == ""
    assert first["learned"]["category"] == "consumables"
    assert first["learned"]["like"]["number"] == "AB10000001"
    assert second["learned"] is None


def test_a_rule_goes_before_a_proposal(case: Path) -> None:
    (case / "import.toml").write_text(
        '[[rule]]\nitem = "高效率軸承 6204"\ncategory = "improvement"\n', encoding="utf-8"
    )
    assert "科目 [3]" in ask(case, "q\n")


def other_case(folder: Path, **changes: str) -> Path:
    """An earlier case, maybe of another company, in which paper is known."""
    company = {"name": "信沛模具有限公司", "ubn": UBN, "representative": "蔡雅婷"} | changes
    new_case(folder, parse_award(tables(company=company), "award.toml"))
    buyer = company["ubn"]
    assert buyer
    sheet(
        folder,
        "a.csv",
        row("AB20000001", "影印紙 A4", 900, seller="紙業有限公司").replace(
            ",,,匯款,", ",消耗性器材及原材料費,,匯款,"
        ),
        row("AB20000002", "集塵設備", 900, seller="設備有限公司").replace(
            ",,,匯款,", ",全新設備之購置費,,匯款,"
        ),
    )
    return folder


def test_another_case_of_the_company_may_be_learned_from(case: Path, tmp_path: Path) -> None:
    other = other_case(tmp_path / "other")
    learned = run("classify", case, "--learn-from", other)[1]["learned"]
    assert (learned["category"], learned["like"]["number"]) == ("consumables", "AB20000001")
    assert "因為 AB20000001「影印紙 A4」是這個科目(案件 112-測-0001)" in ask(
        case, "s\nq\n", "--learn-from", str(other)
    )


def test_a_case_of_another_company_is_refused(case: Path, tmp_path: Path) -> None:
    other = other_case(tmp_path / "other", ubn="24549210")
    said = run("classify", case, "--learn-from", other, codes=(2,), as_json=False)
    assert "不是同一家公司" in str(said)


def test_without_the_extra_nothing_is_proposed(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smart_importer", None)
    assert [doubt["learned"] for doubt in run("classify", case)] == [None, None]
    said = ask(case, "q\n")
    assert "推測" not in said
    assert "科目 [s]" in said
    said = str(run("classify", case, "--learn-from", case, codes=(2,), as_json=False))
    assert "grantledger[proposals]" in said


@pytest.mark.slow
def test_only_a_question_imports_the_extra(case: Path) -> None:
    """Reading, importing and deciding by number import none of it; the question does, which shows that this can fail."""

    def loaded(*words: str) -> bool:
        program = (
            "import sys\nfrom cli.main import grant\n"
            f"try: grant({[*words]!r})\nexcept SystemExit: pass\n"
            "print('sklearn' in sys.modules or 'smart_importer' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8"
        )
        return done.stdout.splitlines()[-1] == "True"

    (case / "inbox" / "b.csv").write_text("", encoding="utf-8")
    assert not loaded("import", str(case), "--dry-run")
    assert not loaded("classify", str(case), "--voucher", "AB10000003", "--category", "consumables")
    assert loaded("classify", str(case), "--json")
