"""The award against the programme's rules."""

from __future__ import annotations

import pytest

from tests.checks.builder import AWARD
from tests.checks.builder import Books
from tests.checks.builder import opens
from tests.checks.pieces.award import IMPROVEMENT


def other(award: Books, scheme: str) -> Books:
    """The award under another scheme."""
    return award.plant("managed-factory-112", scheme)


@pytest.mark.parametrize(
    ("government", "excess"), [(1_280_000, []), (1_280_001, [("", 1)]), (1_500_000, [("", 220_000)])]
)
def test_subsidy_cap(award: Books, government: int, excess: list[tuple[str, int]]) -> None:
    books = award.plant(IMPROVEMENT, f'"improvement" {government} TWD 2000000 TWD\n')
    assert books.found("subsidy-cap-exceeded") == excess


def test_subsidy_cap_judges_the_budget_in_force(award: Books) -> None:
    raised = '2023-07-01 custom "grant-budget" "improvement" 1500000 TWD 1500000 TWD\n'
    assert award.add(raised).on(2023, 8, 1).found("subsidy-cap-exceeded") == []
    approved = award.add(raised + '  approval: "產授字第1號"\n')
    assert approved.on(2023, 6, 30).found("subsidy-cap-exceeded") == []
    assert approved.on(2023, 7, 1).found("subsidy-cap-exceeded") == [("", 220_000)]


@pytest.mark.parametrize(("own", "excess"), [(120_000, []), (119_999, [("", 1)]), (20_000, [("", 50_000)])])
def test_subsidy_ratio(award: Books, own: int, excess: list[tuple[str, int]]) -> None:
    # 420,000 of government money beside 100,000 + 120,000 + own + 80,000
    books = award.plant(IMPROVEMENT, f'"improvement" 200000 TWD {own} TWD\n').plant(
        "0 TWD 160000", "0 TWD 80000"
    )
    assert books.found("subsidy-ratio-exceeded") == excess


def test_ratio_at_limit_warns_where_the_scheme_is_strict(award: Books) -> None:
    even = award.plant('"personnel" 0 TWD 160000 TWD', '"personnel" 0 TWD 0 TWD')
    assert even.found("subsidy-ratio-at-limit") == []
    strict = other(even, "small-manufacturer-112")
    assert strict.found("subsidy-ratio-at-limit") == [("", None)]
    assert strict.found("subsidy-ratio-exceeded") == []
    assert [finding.severity for finding in strict.findings("subsidy-ratio-at-limit")] == ["warning"]
    assert other(award, "small-manufacturer-112").found("subsidy-ratio-at-limit") == []


def test_category_not_grantable_in_budget(award: Books) -> None:
    books = award.plant("0 TWD 160000", "10000 TWD 150000")
    (finding,) = books.findings("category-not-grantable")
    assert finding.amount == 10_000
    assert "人事費" in finding.message
    assert finding.line == books.text[: books.text.index('"personnel" 10000')].count("\n") + 1


REVISED = """
2023-07-01 custom "grant-budget" "{category}" {government} TWD 160000 TWD
  approval: "產授字第1號"
"""


def test_one_dollar_is_too_much_where_nothing_may_be_granted(award: Books) -> None:
    assert award.plant("0 TWD 160000", "1 TWD 159999").found("category-not-grantable") == [("", 1)]


def test_the_budget_in_force_is_the_one_named(award: Books) -> None:
    pay = award.add(REVISED.format(category="personnel", government=10_000)).on(2023, 8, 1)
    assert pay.days("category-not-grantable") == [("2023-07-01", 10_000)]
    equipment = award.add(REVISED.format(category="equipment", government=200_000)).on(2023, 8, 1)
    assert equipment.days("category-cap-exceeded") == [("2023-07-01", 24_000)]  # 336,000 of 1,120,000


def test_category_not_grantable_in_voucher(books: Books) -> None:
    planted = books.plant(
        "  Expenses:2業者自籌款:05人事費   22000 TWD\n",
        "  Expenses:1政府補助款:05人事費   2000 TWD\n  Expenses:2業者自籌款:05人事費   20000 TWD\n",
    )
    assert planted.found("category-not-grantable") == [("p1", 2000)]
    assert planted.found("split-mismatch") == []  # said once


def test_category_not_grantable_says_what_is_assumed(award: Books) -> None:
    books = award.add('2023-06-01 custom "grant-budget" "intangibles" 5000 TWD 5000 TWD')
    (finding,) = books.findings("category-not-grantable")
    assert finding.message.endswith("(此為推定規定,請洽承辦人)")


def test_travel_may_be_self_only_in_supply_chains(award: Books) -> None:
    chain = other(award, "supply-chain-carbon-112")
    assert (
        chain.add('2023-06-01 custom "grant-budget" "travel" 0 TWD 5 TWD').found("category-not-grantable")
        == []
    )
    assert chain.add('2023-06-01 custom "grant-budget" "travel" 5 TWD 5 TWD').found(
        "category-not-grantable"
    ) == [("", 5)]


def test_category_unknown_in_budget_and_items(award: Books) -> None:
    assert award.found("category-unknown") == []
    assert award.add('2023-06-01 custom "grant-budget" "travel" 0 TWD 5 TWD').found("category-unknown") == [
        ("", None)
    ]
    assert award.add('2023-06-01 custom "grant-item" "行銷費" "廣告" 0 TWD 5 TWD').found(
        "category-unknown"
    ) == [("", None)]


def test_category_unknown_in_voucher(books: Books) -> None:
    planted = books.plant(
        "  Expenses:2業者自籌款:05人事費   22000 TWD\n",
        "  Expenses:2業者自籌款:08基礎工程施工費   22000 TWD\n",
    )
    assert planted.found("category-unknown") == [("p1", 22000)]  # known to the scheme, but without budget
    assert planted.found("budget-overrun") == []


def test_what_a_voucher_books_without_a_budget_is_added_up(books: Books) -> None:
    planted = books.plant(
        "  Expenses:2業者自籌款:05人事費   22000 TWD\n",
        "  Expenses:2業者自籌款:08基礎工程施工費   20000 TWD\n"
        '  Expenses:2業者自籌款:08基礎工程施工費   2000 TWD\n    item: "管線"\n',
    )
    assert planted.found("category-unknown") == [("p1", 22000)]


def test_category_names_have_aliases(award: Books) -> None:
    assert (
        award.add('2023-06-01 custom "grant-budget" "基本工程施工費" 0 TWD 5 TWD').found("category-unknown")
        == []
    )


@pytest.mark.parametrize(("own", "excess"), [(205_714, []), (205_715, [("", 1)]), (280_000, [("", 52_000)])])
def test_category_cap_on_the_whole_category(award: Books, own: int, excess: list[tuple[str, int]]) -> None:
    # 760,000 are in the other categories: equipment may be 30 % of the total, whoever pays for it
    books = award.plant('"equipment" 120000 TWD 120000 TWD\n', f'"equipment" 120000 TWD {own} TWD\n')
    assert books.found("category-cap-exceeded") == excess


def test_category_cap_says_that_its_base_is_assumed(award: Books) -> None:
    (finding,) = award.plant('"equipment" 120000 TWD 120000', '"equipment" 120000 TWD 300000').findings(
        "category-cap-exceeded"
    )
    assert finding.message.endswith("(此為推定規定,請洽承辦人)")


@pytest.mark.parametrize(
    ("government", "own", "excess"),
    [(300_000, 460_000, []), (300_001, 459_999, [("", 1)]), (320_000, 440_000, [("", 20_000)])],
)
def test_category_cap_on_the_subsidy(
    award: Books, government: int, own: int, excess: list[tuple[str, int]]
) -> None:
    # total 1,000,000 again: under this scheme 300,000 of government money may be in equipment
    books = other(award, "small-manufacturer-112").plant(
        '"equipment" 120000 TWD 120000 TWD\n', f'"equipment" {government} TWD {own} TWD\n'
    )
    small = books.plant(IMPROVEMENT, '"improvement" 20000 TWD 20000 TWD\n').plant("0 TWD 160000", "0 TWD 0")
    assert small.found("category-cap-exceeded") == excess
    assert all("元(補助款)," in finding.message for finding in small.findings("category-cap-exceeded"))


@pytest.mark.parametrize(
    ("government", "found"),
    [
        (40_000, []),  # more than 30 % of the partner's own 100,000, but 160,000 of the project's 1,100,000
        (210_000, []),  # 330,000: at the cap
        (220_000, [10_000]),
    ],
)
def test_category_cap_is_of_the_whole_project(award: Books, government: int, found: list[int]) -> None:
    chain = other(award, "supply-chain-smart-112").add(f"""
        2023-06-01 custom "grant-partner" "62494123"
          name: "昱峻氣動企業有限公司"
        2023-06-01 custom "grant-budget" "equipment" {government} TWD {100_000 if government == 40_000 else 0} TWD
          party: "62494123"
    """)
    if government != 40_000:  # the project's total stays 1,100,000
        own = 1_100_000 - 1_000_000 - government + 160_000
        chain = chain.plant('"personnel" 0 TWD 160000 TWD', f'"personnel" 0 TWD {own} TWD')
    findings = chain.findings("category-cap-exceeded")
    assert [finding.amount for finding in findings] == found
    assert all("62494123" in str(finding.entry.meta.get("party")) for finding in findings if finding.entry)


@pytest.mark.parametrize(
    ("end", "found"), [("2024-05-31", 0), ("2024-06-01", 1), ("2024-06-30", 1), ("2023-06-30", 0)]
)
def test_period_too_long(award: Books, end: str, found: int) -> None:
    books = award.plant("end: 2023-09-30", f"end: {end}")
    assert [finding.severity for finding in books.findings("period-too-long")] == ["error"] * found


@pytest.mark.parametrize(
    ("scheme", "end", "found"),
    [
        ("small-manufacturer-112", "2024-05-31", []),
        ("small-manufacturer-112", "2024-06-01", ["warning"]),  # 12 個月為原則
        ("supply-chain-smart-112", "2025-05-31", []),
        ("supply-chain-carbon-112", "2025-06-01", ["warning"]),  # 不超過 2 年為原則
        ("managed-factory-112", "2024-06-01", ["error"]),  # 12 個月為限
    ],
)
def test_a_period_in_principle_is_told_and_a_limit_is_an_error(
    award: Books, scheme: str, end: str, found: list[str]
) -> None:
    books = other(award, scheme).plant("end: 2023-09-30", f"end: {end}")
    assert [finding.severity for finding in books.findings("period-too-long")] == found


def test_period_may_not_begin_before_filing(award: Books) -> None:
    assert award.plant("filed: 2023-05-20", "filed: 2023-06-01").found("period-too-long") == []
    (finding,) = award.plant("filed: 2023-05-20", "filed: 2023-06-02").findings("period-too-long")
    assert "收件日" in finding.message


GUARANTEED = '  guarantee: "partial"\n  guarantee-until: {}\n'


@pytest.mark.parametrize(
    ("until", "today", "severity"),
    [
        ("2023-12-30", (2023, 6, 1), []),  # three months after the end
        ("2023-12-29", (2023, 6, 1), ["warning"]),
        ("2023-12-29", (2023, 12, 29), ["warning"]),  # its last day
        ("2023-12-29", (2023, 12, 30), ["error"]),
        ("2023-12-29", (2024, 12, 31), ["error"]),
        ("2023-12-30", (2024, 12, 31), []),  # expired when nothing was left to cover
        ("2023-08-31", (2023, 8, 31), ["warning"]),
        ("2023-08-31", (2023, 9, 1), ["error"]),
        ("2024-12-31", (2023, 12, 30), []),
    ],
)
def test_guarantee_too_short(
    award: Books, until: str, today: tuple[int, int, int], severity: list[str]
) -> None:
    books = award.plant('  guarantee: "partial"\n', GUARANTEED.format(until)).on(*today)
    found = books.findings("guarantee-too-short")
    assert [(one.severity, one.amount) for one in found] == [(level, 84_000) for level in severity]
    assert all("推定" in one.message for one in found)


def test_a_guarantee_without_a_day_or_of_nothing_is_not_judged(award: Books) -> None:
    assert award.on(2023, 12, 1).found("guarantee-too-short") == []
    none = award.plant('guarantee: "partial"\n', 'guarantee: "none"\n  guarantee-until: 2023-07-01\n')
    assert none.on(2023, 12, 1).found("guarantee-too-short") == []


def test_the_day_of_a_guarantee_has_to_be_a_day(award: Books) -> None:
    books = award.plant('  guarantee: "partial"\n', GUARANTEED.format('"明年"'))
    (finding,) = books.findings("books-unreadable")
    assert "guarantee-until" in finding.message


def test_item_sum_mismatch(award: Books) -> None:
    assert award.found("item-sum-mismatch") == []  # personnel lists no items
    books = award.plant('機" 120000 TWD 120000 TWD', '機" 110000 TWD 120000 TWD')
    (finding,) = books.findings("item-sum-mismatch")
    assert finding.amount == 10_000
    assert "全新設備之購置費" in finding.message
    assert award.plant('機" 120000 TWD 120000 TWD', '機" 110000 TWD 130000 TWD').found(
        "item-sum-mismatch"
    ) == [("", 20_000)]


def test_item_of_a_category_without_budget(award: Books) -> None:
    books = award.add('2023-06-01 custom "grant-item" "construction" "管線工程" 0 TWD 5000 TWD')
    assert books.found("item-sum-mismatch") == [("", 5000)]


def test_items_of_an_unknown_category_are_no_matter_of_their_sum(award: Books) -> None:
    unknown = award.plant(
        '2023-06-01 custom "grant-item" "equipment"',
        '2023-06-01 custom "grant-item" "行銷費" "廣告" 0 TWD 5 TWD\n2023-06-01 custom "grant-item" "equipment"',
    )
    assert unknown.found("item-sum-mismatch") == []
    planted = unknown.plant('機" 120000 TWD 120000 TWD', '機" 110000 TWD 120000 TWD')
    (finding,) = planted.findings("item-sum-mismatch")
    assert finding.amount == 10_000
    assert finding.line == planted.text[: planted.text.index('"grant-budget" "equipment"')].count("\n") + 1


TWO_MACHINES = """
2023-06-01 custom "grant-item" "equipment" "全電式射出成型機" 60000 TWD 60000 TWD
2023-06-01 custom "grant-item" "equipment" "全電式射出成型機" 60000 TWD 60000 TWD
"""
ONE_MACHINE = """2023-06-01 custom "grant-item" "equipment" "全電式射出成型機" 120000 TWD 120000 TWD
  quantity: 1
  unit: "台"
"""


def test_items_of_one_name_listed_on_one_day_add_up(award: Books) -> None:
    assert award.plant(ONE_MACHINE, TWO_MACHINES).found("item-sum-mismatch") == []


def test_an_item_listed_again_takes_no_other_s_place(award: Books) -> None:
    two = award.plant(ONE_MACHINE, TWO_MACHINES.replace("全電式射出成型機", "冷卻機", 1))
    again = '2023-07-01 custom "grant-item" "equipment" "冷卻機" 60000 TWD 60000 TWD'
    assert two.add(again).found("item-sum-mismatch") == []
    assert two.add(again.replace("60000", "50000")).found("item-sum-mismatch") == [("", 20_000)]


def test_items_may_follow_a_revision_or_not(award: Books) -> None:
    revised = award.add("""
        2023-07-01 custom "grant-budget" "equipment" 100000 TWD 100000 TWD
          approval: "產授字第1號"
    """).on(2023, 8, 1)
    assert revised.found("item-sum-mismatch") == []
    listed = '2023-07-01 custom "grant-item" "equipment" "全電式射出成型機" 100000 TWD 100000 TWD'
    assert revised.add(listed).found("item-sum-mismatch") == []
    assert revised.add(listed.replace("100000", "90000")).found("item-sum-mismatch") == [("", 20_000)]


def test_an_award_of_another_scheme_is_clean() -> None:
    text = AWARD.replace("managed-factory-112", "small-manufacturer-112")
    assert Books(opens("small-manufacturer-112") + text).on(2023, 6, 1).findings() == []


def test_cost_that_nobody_claims_needs_no_budget(books: Books) -> None:
    planted = books.plant(
        "  Expenses:2業者自籌款:05人事費   22000 TWD\n",
        "  Expenses:9不予認列:08基礎工程施工費   22000 TWD\n",
    )
    assert planted.found("category-unknown") == []


@pytest.mark.parametrize(
    ("scheme", "filed", "found"),
    [
        ("managed-factory-112", "2023-05-20", 0),
        ("managed-factory-112", "2023-11-30", 0),
        ("managed-factory-112", "2023-12-01", 1),
        ("managed-factory-112", "2023-01-02", 0),  # its slide names no first day
        ("small-manufacturer-112", "2023-04-17", 0),
        ("small-manufacturer-112", "2023-04-16", 1),
        ("ocean-industry-114", "2019-01-01", 0),  # no window is known
        ("managed-factory-114", "2023-05-20", 0),  # its window is read in the news alone
    ],
)
def test_filed_outside_the_window(award: Books, scheme: str, filed: str, found: int) -> None:
    books = other(award, scheme).plant("filed: 2023-05-20", f"filed: {filed}")
    assert len(books.found("filed-outside-window")) == found


@pytest.mark.parametrize(
    ("scheme", "partners", "found"),
    [
        ("supply-chain-smart-112", 4, 0),
        ("supply-chain-smart-112", 5, 1),
        ("supply-chain-smart-112", 1, 0),  # that there may not be fewer is assumed
        ("supply-chain-carbon-112", 10, 0),
        ("supply-chain-carbon-112", 11, 1),
        ("managed-factory-112", 1, 1),
        ("managed-factory-112", 0, 0),
    ],
)
def test_how_many_partners_take_part(award: Books, scheme: str, partners: int, found: int) -> None:
    joined = "".join(
        f'2023-06-01 custom "grant-partner" "{24536800 + place}"\n  name: "協力{place}"\n  representative: "甲"\n'
        for place in range(partners)
    )
    assert len(other(award, scheme).add(joined).found("partner-count")) == found
