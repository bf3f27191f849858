"""award.toml as written, and what of an award is in force on a day."""

from __future__ import annotations

import dataclasses
import datetime
import gc
import weakref
from pathlib import Path
from typing import Any

import pytest

from ledger.arithmetic.cost_share import Approved
from ledger.files.award_file import AwardError
from ledger.files.award_file import parse_award
from ledger.files.award_file import read_award_file
from ledger.model.award import Award
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import OTHER
from tests.ledger.ledgers import PARTNER
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import case_of_text
from tests.ledger.ledgers import day

TOML = """\
[award]
id = "112-納管-0456"
scheme = "managed-factory-112"
title = "主軸冷卻"
filed = 2023-05-20
start = 2023-06-01
end = 2024-05-31
guarantee = "partial"

[company]
name = "川益電機企業股份有限公司"
ubn = "11688527"
representative = "莊麗卿"

[account]
bank = "玉山商業銀行彰化分行"
number = "2237-0668-3363"
opened = 2023-05-25

[[payment_account]]
bank = "玉山商業銀行大里分行"
number = "0657 9401 3322"

[[budget]]
category = "全新設備之購置費"
government = 600000
self = 600000

[[item]]
category = "equipment"
name = '3/4" 冷卻模組'
government = 600000
self = 600000
quantity = 1.5
unit = "台"
domestic = true

[[person]]
name = "王大明"
role = "工程師"
insured = true
months = 6
other_months = 2
"""


def test_award_toml_is_read(tmp_path: Path) -> None:
    path = tmp_path / "award.toml"
    path.write_text(TOML, encoding="utf-8-sig")
    award = read_award_file(path)
    assert award.award.start == datetime.date(2023, 6, 1)
    assert award.budget[0].category == "equipment"
    assert award.item[0].name == '3/4" 冷卻模組'
    assert award.person[0].insured is True


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('guarantee = "partial"', 'guarantee = "some"', ["award.guarantee", "'none'、'partial'、'full'"]),
        ("government = 600000", "government = 600000.5", ["第 1 個 [[budget]] 的 government", "整數"]),
        ("government = 600000", "government = -1", ["第 1 個 [[budget]] 的 government", "不可以小於 0"]),
        ('ubn = "11688527"', 'ubn = "1168852"', ["company.ubn"]),
        ("insured = true", 'insured = "maybe"', ["第 1 個 [[person]] 的 insured", "true 或 false"]),
        ("start = 2023-06-01", 'start = "June"', ["award.start", "日期"]),
        (
            "[[item]]",
            "[[items]]",
            ["items", "可以寫的有:award、company、account、payment_account、budget、item"],
        ),
        (
            "self = 600000",
            "own = 600000",
            ["第 1 個 [[budget]] 的 own", "可以寫的有:category、government、self、party"],
        ),
        ('number = "2237-0668-3363"', 'number = "12a"', ["account.number"]),
        ("end = 2024-05-31", "end = 2023-05-31", ["award.end", "早於開始日 2023-06-01"]),
        (
            "self = 600000\n",
            f'self = 600000\nparty = "{PARTNER}"\n',
            ["第 1 個 [[budget]] 的 party", PARTNER, "可以寫的有:11688527"],
        ),
        (
            "months = 6",
            f'months = 6\nparty = "{PARTNER}"',
            ["第 1 個 [[person]] 的 party", "可以寫的有:11688527"],
        ),
        (
            "[[item]]",
            '[[budget]]\ncategory = "設備費"\ngovernment = 1\nself = 1\n[[item]]',
            ["budget", "一個科目只能寫一次", "equipment"],
        ),
        (
            "[company]",
            f'[[partner]]\nname = "自己"\nubn = "{LEAD}"\n[company]',
            ["第 1 個 [[partner]] 的 ubn", "只能寫一次"],
        ),
        ("[award]", "[award", ["award.toml"]),
    ],
)
def test_a_broken_award_names_file_key_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, words: list[str]
) -> None:
    assert old in TOML
    path = tmp_path / "award.toml"
    path.write_text(TOML.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AwardError) as caught:
        read_award_file(path)
    for word in ["award.toml", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize("content", [b"\xb9\xaa\xc0y", None])
def test_what_is_no_text_or_not_there(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "award.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AwardError, match=r"award\.toml"):
        read_award_file(path)


def test_a_category_nobody_knows_is_taken_in_for_the_checks_to_find() -> None:
    tables: dict[str, Any] = {
        "award": {
            "id": "1",
            "scheme": "x",
            "title": "",
            "filed": "2023-06-01",
            "start": "2023-06-01",
            "end": "2023-06-30",
        },
        "company": {"name": "甲", "ubn": LEAD},
        "budget": [{"category": "交際費", "government": 1, "self": 1}],
    }
    assert parse_award(tables, "x").budget[0].category == "交際費"


BUDGET = """
2023-06-01 custom "grant-award" "A-1"
  scheme: "small-manufacturer-112"
  company: "主辦公司"
  ubn: "11688527"
  start: 2023-06-01
  end: 2024-05-31
2023-06-01 custom "grant-budget" "equipment" 600 TWD 700 TWD
2023-06-01 custom "grant-budget" "consumables" 400 TWD 500 TWD
2023-09-01 custom "grant-budget" "equipment" 500 TWD 600 TWD
  approval: "產授字第1號"
2023-09-01 custom "grant-budget" "consumables" 500 TWD 600 TWD
  approval: "產授字第1號"
2023-10-01 custom "grant-budget" "equipment" 1 TWD 1 TWD
2023-12-01 custom "grant-budget" "research" 10 TWD 20 TWD
  approval: "產授字第2號"
2023-12-01 custom "grant-budget" "equipment" 490 TWD 580 TWD
  approval: "產授字第2號"
2023-12-01 custom "grant-budget" "consumables" 2 TWD 2 TWD
"""


def revised(as_of: str = "2024-09-01") -> Award:
    award = case_of_text(BUDGET, day(as_of)).award
    assert award is not None
    return award


@pytest.mark.parametrize(
    ("on", "equipment", "consumables", "research"),
    [
        ("2022-01-01", (600, 700), (400, 500), (10, 20)),  # an original holds from the beginning
        ("2023-08-31", (600, 700), (400, 500), (10, 20)),
        ("2023-09-01", (500, 600), (500, 600), (10, 20)),
        ("2023-11-30", (500, 600), (500, 600), (10, 20)),  # what nobody approved never holds
        ("2023-12-01", (490, 580), (500, 600), (10, 20)),
    ],
)
def test_the_budget_in_force_on_a_day(
    on: str, equipment: tuple[int, int], consumables: tuple[int, int], research: tuple[int, int]
) -> None:
    assert revised().budget_on(day(on)) == {
        (LEAD, "equipment"): Approved(*equipment),
        (LEAD, "consumables"): Approved(*consumables),
        (LEAD, "research"): Approved(*research),
    }


def test_revisions_and_originals() -> None:
    award = revised()
    assert award.revision_dates == (day("2023-09-01"), day("2023-12-01"))
    assert {key[1]: budget.approved for key, budget in award.original.items()} == {
        "equipment": (600, 700),
        "consumables": (400, 500),
        "research": (10, 20),
    }
    assert award.budget_on() == award.budget_on(day("2099-01-01"))


def test_a_first_budget_is_no_revision_though_it_names_its_letter() -> None:
    first = BUDGET.partition("2023-09-01")[0] + '  approval: "產授字第0號"\n'
    award = case_of_text(first, day("2024-09-01")).award
    assert award is not None
    assert award.revision_dates == ()


def test_an_award_is_let_go_with_its_case() -> None:
    award = revised()
    award.budget_on(day("2023-09-01"))
    gone = weakref.ref(award)
    del award
    gc.collect()
    assert gone() is None


PARTNERS: dict[str, Any] = {
    PARTNER: ({"equipment": (100, 100)}, "444455556666"),
    OTHER: ({"equipment": (50, 50)}, ""),
}


def test_parties_and_their_accounts() -> None:
    case = case_of(*awarded({"equipment": (600, 600)}, partners=PARTNERS, scheme="supply-chain-smart-112"))
    award = case.award
    assert award is not None
    assert award.parties == (LEAD, PARTNER, OTHER)
    assert award.holders == (LEAD, PARTNER)
    assert award.party_of_buyer(PARTNER) == PARTNER
    assert award.party_of_buyer("99999999") == LEAD
    assert award.party_name(OTHER) == f"協力廠 {OTHER}"
    assert award.party_name("99999999") == "99999999"
    account = next(each for each in award.accounts if each.number == "444455556666")
    assert (account.party, account.dedicated) == (PARTNER, True)
    assert award.dedicated_account is not None
    assert award.dedicated_account.number == "111122223333"


def test_the_dedicated_account_is_the_lead_s() -> None:
    case = case_of(*awarded({"equipment": (600, 600)}, partners=PARTNERS, scheme="supply-chain-smart-112"))
    assert case.award is not None
    lead, partner = case.award.accounts
    pays = lead._replace(number="9", dedicated=False)
    award = dataclasses.replace(case.award, accounts=(pays, partner, lead))
    assert award.dedicated_account == lead
    without = dataclasses.replace(case.award, accounts=(pays, partner))
    assert without.dedicated_account is None


def test_items_by_folded_name() -> None:
    award = revised()
    assert award.item_named("冷卻模組") is None
    text = BUDGET + '2023-06-01 custom "grant-item" "equipment" "冷卻 模組" 600 TWD 700 TWD\n'
    award = case_of_text(text).award  # type: ignore[assignment]
    item = award.item_named("冷卻\u3000模組 ")
    assert item is not None
    assert item.approved == Approved(600, 700)
