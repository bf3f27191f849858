"""What was decided once: the rules of import.toml, read, written and taken back."""

from __future__ import annotations

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.config.rules import Rule
from importers.config.rules import Rules
from importers.config.rules import RulesError
from importers.config.rules import parse_rules
from importers.config.rules import with_rule
from importers.config.rules import without_rule
from importers.planning.categories import classify
from importers.planning.categories import near_items
from tests.importers.makers import AWARD
from tests.importers.makers import UBN
from tests.importers.makers import invoice
from tests.importers.makers import item

SELLER, NAME = "27715140", "晟鑫科技企業有限公司"
BEARINGS = Rule(SELLER, "主軸軸承", "improvement")


def place(name: str, *rules: Rule, **changes: object) -> str:
    said = {"seller_name": "誰也不是"} | changes
    classified = classify(invoice(item(name, 1000), net=1000, **said), 1000, AWARD, Rules(rules))
    return classified.lines[0].category if classified.claimed else ""


def test_a_rule_places_what_nobody_could_place() -> None:
    assert place("主軸軸承") == ""
    assert place("主軸 軸承", BEARINGS) == "improvement"
    assert place("主軸軸承", Rule("", "主軸軸承", "equipment")) == "equipment"
    assert place("任何東西", Rule(SELLER, "", "equipment")) == "equipment"
    assert place("主軸軸承", BEARINGS, seller="12345675") == ""


def test_a_seller_may_be_named() -> None:
    assert (
        place("甲", Rule(NAME, "", "equipment"), seller="", seller_name="晟鑫科技企業 有限公司")
        == "equipment"
    )


def test_an_approved_name_goes_before_every_rule() -> None:
    assert place("高效率軸承", Rule("", "高效率軸承", "equipment")) == "consumables"


def test_a_rule_goes_before_the_sheet_and_the_supplier() -> None:
    rule = Rule("", "SMD-200A", "improvement")
    assert place("SMD-200A", rule, category="設備費", seller_name=NAME) == "improvement"


def test_the_closest_rule_wins_and_of_equals_the_later() -> None:
    seller, name = Rule(SELLER, "", "equipment"), Rule("", "主軸軸承", "consumables")
    assert place("主軸軸承", seller) == "equipment"
    assert place("主軸軸承", name, seller) == "consumables"
    assert place("主軸軸承", BEARINGS, name, seller) == "improvement"
    assert place("主軸軸承", BEARINGS, Rule(SELLER, "主軸軸承", "equipment")) == "equipment"


def test_rules_are_read_with_chinese_categories_notes_and_dates() -> None:
    text = '# 我的規則\n[[rule]]\nitem = "軸承"\ncategory = "設備費"\nnote = "電話"\ndate = 2024-01-02\n[[statement]]\n'
    day = datetime.date(2024, 1, 2)
    assert parse_rules(text) == Rules((Rule("", "軸承", "equipment", "電話", day),))
    assert parse_rules("") == Rules()


@pytest.mark.parametrize(
    "text",
    [
        "[[rule]",
        "rule = 1",
        "rule = [1]",
        '[[rule]]\nitem = "a"\ncategory = "沒有這科"',
        '[[rule]]\ncategory = "equipment"',
        '[[rule]]\nitem = 1\ncategory = "equipment"',
        '[[rule]]\nitem = "a"\ncategory = "equipment"\ndate = "2024"',
        '[[rule]]\nitem = "a"\ncategory = "equipment"\nmoved = "a"',
    ],
)
def test_a_rule_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(RulesError, match=r"import\.toml"):
        parse_rules(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[[rule]]\nitem = "a"\ncategory = "equipment"\ncatgory = "b"', "catgory"),
        ('[[rules]]\nitem = "a"', "rules"),
        ("[bank]", "bank"),
    ],
)
def test_a_key_that_nobody_reads_is_refused_by_its_name(text: str, key: str) -> None:
    with pytest.raises(RulesError, match=f"「{key}」"):
        parse_rules(text)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
OLD = st.sampled_from(
    ["", "# 註解", "# 註解\n", "# 註解\r\n[[statement]]\r\n", '[[rule]]\nitem="a"\ncategory="equipment"']
)


@given(OLD, TEXT, TEXT, st.lists(TEXT, max_size=3))
def test_what_is_written_is_read_and_taken_back_exactly(
    old: str, seller: str, name: str, moved: list[str]
) -> None:
    rule = Rule(
        "x" + seller, "y" + name, "equipment", seller, None, name, "consumables", tuple(moved), seller
    )
    text = with_rule(old, rule)
    assert parse_rules(text).rules[-1] == rule
    assert text.startswith(old)
    assert without_rule(text, rule) == old
    assert without_rule(text + "# 後來的註解\n", rule) == old + "# 後來的註解\n"


def test_a_rule_changed_by_hand_is_not_taken_back() -> None:
    text = with_rule("", BEARINGS).replace("improvement", "equipment")
    assert without_rule(text, BEARINGS) is None


def test_near_items_come_with_their_distance() -> None:
    found = near_items("高效能軸承", AWARD, UBN)
    assert [(near.name, near.category, near.distance) for near in found] == [("高效率軸承", "consumables", 1)]
    assert near_items("辦公用紙", AWARD, UBN) == []
    assert near_items("高效能軸承", AWARD, "12345675") == []


def test_the_doubt_names_what_is_near_and_a_code() -> None:
    record = invoice(item("高效能軸承", 1), net=1, seller_name="誰")
    assert "「高效率軸承」差 1 字" in classify(record, 1, AWARD).unclear
    for code in ("SMD-200A", string.ascii_uppercase):
        record = invoice(item(code, 1), net=1, seller_name="誰")
        assert "代號" in classify(record, 1, AWARD).unclear
