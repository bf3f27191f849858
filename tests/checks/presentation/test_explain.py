"""What checks say of themselves: the parts of their docstrings, and the page of all of them."""

from __future__ import annotations

import re

import pytest

from checks.engine.catalogue import FAMILIES
from checks.engine.catalogue import all_checks
from checks.engine.finding import PORTFOLIO
from checks.presentation.explain import explanation
from checks.presentation.explain import on_one_line
from checks.presentation.explain import rules_json
from checks.presentation.rule_pages import FAMILY_NAMES
from checks.presentation.rule_pages import PATH
from checks.presentation.rule_pages import handbook
from ledger.util.i18n import use_language

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_the_parts_of_a_docstring() -> None:
    said = explanation("withdrawal-outstanding")
    assert said is not None
    assert said.summary == "月結後逾 31 天仍未提領。"
    assert said.finds.startswith("已月結月份的累計補助數")
    assert said.rule.startswith("專戶金額提款")
    assert said.confidences == ("seed", "assumed")
    assert said.remedy == "依訊息的金額自專戶提領,備註寫明月份。"
    assert [example.heading for example in said.examples] == ["不合的例子", "合格的例子"]
    assert said.examples[1].ledger == '    2023-08-04 * "" "提領112/07支用數"'


def test_what_is_no_check_says_nothing() -> None:
    assert explanation("no-such-check") is None
    assert rules_json(["no-such-check"]) == {}


def test_a_rule_in_json() -> None:
    said = rules_json(["withdrawal-outstanding", "no-such-check"])
    assert list(said) == ["withdrawal-outstanding"]
    rule = said["withdrawal-outstanding"].pop("rule")
    assert rule.startswith("專戶金額提款,應於每月月底結帳後(納管工廠簡報;可信度:簡報原文);")
    assert said["withdrawal-outstanding"] == {
        "summary": "月結後逾 31 天仍未提領。",
        "confidence": ["seed", "assumed"],
        "remedy": "依訊息的金額自專戶提領,備註寫明月份。",
    }


@pytest.mark.parametrize("language", ["zh_TW", "en"])
@pytest.mark.parametrize("name", all_checks())
def test_every_check_has_every_part(name: str, language: str) -> None:
    use_language(language)
    said = explanation(name)
    assert said is not None
    for part in (said.summary, said.finds, said.rule, said.remedy):
        assert part
        assert "\n" not in part
        assert not part.startswith((":", "說明", "What it finds", "Rule and source", "To put it right"))
    assert said.confidences
    assert len(said.examples) == 2
    if language == "en":
        assert not CHINESE.search(said.summary)
        assert said.rule[0] == said.rule[0].upper()


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ("超過上限,\n補助款", "超過上限,補助款"),
        ("見 grant\nclose", "見 grant close"),
        ("見\ngrant close", "見grant close"),
        ("  一\n  二", "一二"),
        ("第3\n4頁", "第3 4頁"),
        ("(見-a\nb)", "(見-a b)"),
    ],
)
def test_lines_of_chinese_join_without_a_blank(lines: str, joined: str) -> None:
    assert on_one_line(lines) == joined


def test_lines_of_english_join_with_one_blank() -> None:
    use_language("en")
    assert on_one_line("  more than\n  the budget,\nas approved") == "more than the budget, as approved"


def test_the_page_is_up_to_date() -> None:
    """Otherwise: `make docs`, which is `grant explain --all > docs/checks.md`."""
    assert PATH.read_text(encoding="utf-8") == handbook()


def test_the_page_has_every_check_once() -> None:
    page = handbook()
    assert list(FAMILY_NAMES) == [*FAMILIES, PORTFOLIO]
    for name, check in all_checks().items():
        assert page.count(f"\n### {name}\n") == 1
        assert page.count(f"\n| [{name}](#{name}) | ") == 1
        said = explanation(name)
        assert said is not None
        for part in (said.finds, said.rule, said.remedy, *(example.ledger for example in said.examples)):
            assert part in page, check.name


def test_the_page_speaks_english() -> None:
    use_language("en")
    headings = [line for line in handbook().splitlines() if line.startswith(("#", "|"))]
    assert not [line for line in headings if CHINESE.search(line)]
