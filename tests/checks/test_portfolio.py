"""Several cases judged together: papers claimed twice, second cases, persons' months over the cases of a company."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from checks.across import Member
from checks.across import judge_together
from checks.across import member
from checks.catalogue import Settings
from checks.catalogue import portfolio_catalogue
from checks.finding import Finding
from checks.settings import chosen
from tests.checks.builder import Books
from tests.checks.builder import award_only
from tests.checks.builder import open_books

A = {"112-納管-0456": "112-納管-0001"}
ONE = "川益電機企業股份有限公司"

# another company with a case of its own, nothing of which is the first one's
OTHER = {
    "112-納管-0456": "112-納管-0789",
    "川益電機企業股份有限公司": "晟鑫科技企業有限公司",
    "11688527": "24549210",
    "莊麗卿": "何立文",
    "223706683363": "490264681158",
    "AB12345678": "GH20000001",
    "AB12345679": "GH20000002",
    "CD10000001": "JK20000003",
    "EF10000001": "LM20000004",
    "R1120710001": "S1120710001",
    "王大明": "陳小華",
}
# the same company with a case of a programme that says nothing of second cases, a year later
LATER = {
    "112-納管-0456": "114-海洋-0001",
    "managed-factory-112": "ocean-industry-114",
    "AB12345678": "PQ30000001",
    "AB12345679": "PQ30000002",
    "CD10000001": "RS30000003",
    "EF10000001": "TU30000004",
    "R1120710001": "T1120710001",
    "王大明": "林小文",
}


def renamed(books: Books, names: dict[str, str]) -> Books:
    """The books with names replaced, all at once."""
    text = books.text
    for place, old in enumerate(names):
        text = text.replace(old, f"<{place}>")
    for place, new in enumerate(names.values()):
        text = text.replace(f"<{place}>", new)
    return dataclasses.replace(books, text=text)


@pytest.fixture(scope="module")
def first() -> Books:
    return open_books()


@pytest.fixture(scope="module")
def other() -> Books:
    return renamed(open_books(), OTHER)


@pytest.fixture(scope="module")
def later() -> Books:
    return renamed(open_books(), LATER)


def in_folder(books: Books, folder: str) -> Books:
    return dataclasses.replace(books, folder=Path("/cases") / folder)


def members(cases: Sequence[Books]) -> list[Member | None]:
    return [
        member(in_folder(books, f"c{place}").case() if books.folder is None else books.case())
        for place, books in enumerate(cases)
    ]


def together(*cases: Books, check: str = "") -> list[list[Finding]]:
    """What each case has against it because of the others, by one check or by all."""
    found = [verdict.findings for verdict in judge_together(members(cases))]
    return [[finding for finding in findings if check in {"", finding.check}] for findings in found]


def twice(*cases: Books) -> list[list[tuple[str, int | None, str]]]:
    """(voucher, amount, severity) of the papers claimed twice, a list for each case."""
    found = together(*cases, check="voucher-claimed-twice")
    return [[(each.voucher, each.amount, each.severity) for each in findings] for findings in found]


# ------------------------------------------------------------------------------------------ nothing to find


def test_clean_cases_have_nothing_against_each_other(first: Books, other: Books, later: Books) -> None:
    third = renamed(renamed(other, {"112-納管-0789": "112-納管-0790", "24549210": "12345675"}), {
        "何立文": "吳念真", "晟鑫科技企業有限公司": "益瀚節能有限公司", "GH2000": "NP3000",
        "JK2000": "NP4000", "LM2000": "NP5000", "S1120710001": "S1120710002",
    })  # fmt: skip
    assert together(first, other, later, third) == [[], [], [], []]


def test_one_case_has_nothing_against_it(first: Books) -> None:
    assert together(first) == [[]]
    assert together() == []


def test_cases_without_an_award_are_passed_over(first: Books, other: Books) -> None:
    nothing = Books("2023-01-01 open Assets:1專戶:1政府補助款 TWD\n")
    unknown = first.plant("managed-factory-112", "no-such-scheme")
    assert together(nothing, first, unknown, other) == [[], [], [], []]


# ------------------------------------------------------------------------------------ voucher-claimed-twice


def test_an_invoice_in_two_companies_cases(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    assert twice(first, planted) == [[], [("AB12345678", 100_000, "error")]]
    (finding,) = together(first, planted, check="voucher-claimed-twice")[1]
    for word in ("112-納管-0456", ONE, "2023-06-12", "100,000 元", "112-納管-0456"):
        assert word in finding.message
    assert finding.date == datetime.date(2023, 6, 12)


def test_it_stands_where_it_was_booked_later(first: Books, other: Books) -> None:
    planted = renamed(other, {"JK20000003": "AB12345678"}).plant(
        "voucher-date: 2023-08-15", "voucher-date: 2023-06-12"
    )
    assert twice(planted, first)[0] == [("AB12345678", 200_000, "error")]
    before = renamed(other, {"GH20000001": "AB12345678"}).plant('2023-06-12 * "精密', '2023-06-11 * "精密')
    assert twice(first, before) == [[("AB12345678", 100_000, "error")], []]


def test_a_receipt_is_known_by_seller_number_day_and_amount(first: Books, other: Books) -> None:
    planted = renamed(other, {"S1120710001": "R1120710001"})
    assert twice(first, planted) == [[], [("R1120710001", 30_001, "error")]]
    blank = planted.plant('number: "R1120710001"', 'number: "Ｒ1120710 001"')
    assert twice(first, blank)[1] == [("Ｒ1120710 001", 30_001, "error")]


def test_a_number_with_the_same_seller_and_amount_is_one_paper_in_any_period(
    first: Books, other: Books
) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"}).plant(
        "voucher-date: 2023-06-12", "voucher-date: 2023-08-12"
    )
    assert twice(first, planted) == [[], [("AB12345678", 100_000, "error")]]


def test_an_invoice_taken_for_a_receipt_is_known(first: Books, other: Books) -> None:
    start = other.text.index('  voucher: "invoice"\n  number: "GH20000001"')
    text = other.text[:start] + other.text[start:].replace('"invoice"', '"receipt"', 1)
    planted = renamed(dataclasses.replace(other, text=text), {"GH20000001": "AB12345678"})
    assert twice(first, planted) == [[], [("AB12345678", 100_000, "error")]]


def test_a_voucher_booked_in_two_entries_is_one_claim(first: Books, other: Books) -> None:
    start, end = first.text.index("2023-06-12 *"), first.text.index("2023-06-20")
    planted = renamed(other, {"GH20000001": "AB12345678"})
    assert twice(first.add(first.text[start:end]), planted) == [[], [("AB12345678", 100_000, "error")]]
    more = planted.add(planted.text[planted.text.index("2023-06-12 *") : planted.text.index("2023-06-20")])
    assert twice(first, more) == [[], [("AB12345678", 200_000, "error")]]


def test_a_paper_in_three_cases_is_found_in_two(first: Books, other: Books, later: Books) -> None:
    second = renamed(other, {"GH20000001": "AB12345678"})
    third = renamed(later, {"PQ30000001": "AB12345678"}).plant('2023-06-12 * "精密', '2023-06-13 * "精密')
    assert twice(first, second, third) == [
        [],
        [("AB12345678", 100_000, "error")],
        [("AB12345678", 100_000, "error")],
    ]


def test_the_same_company_claims_a_voucher_whole_in_both(first: Books, later: Books) -> None:
    planted = renamed(later, {"PQ30000001": "AB12345678"})
    assert twice(first, planted) == [[], [("AB12345678", 100_000, "error")]]
    (finding,) = together(first, planted, check="voucher-claimed-twice")[1]
    assert "合計 200,000 元超過憑證未稅金額 100,000 元" in finding.message


FIRST_LINES = """  Expenses:1政府補助款:03既有設備之改善費   50000 TWD
  Expenses:2業者自籌款:03既有設備之改善費   50000 TWD
"""


def split(books: Books, share: int) -> Books:
    """The books with only a part of the first voucher claimed, the rest from nobody."""
    half = share // 2
    return books.plant(
        FIRST_LINES,
        f"""  Expenses:1政府補助款:03既有設備之改善費   {half} TWD
  Expenses:2業者自籌款:03既有設備之改善費   {share - half} TWD
  Expenses:9不予認列:03既有設備之改善費   {100_000 - share} TWD
""",
    )


@pytest.mark.parametrize(
    ("mine", "yours", "over"), [(60_000, 40_000, 0), (60_000, 40_002, 2), (10_000, 10_000, 0)]
)
def test_a_voucher_split_by_one_company(first: Books, later: Books, mine: int, yours: int, over: int) -> None:
    planted = renamed(later, {"PQ30000001": "AB12345678"})
    found = twice(split(first, mine), split(planted, yours))
    assert found == [[], [("AB12345678", over, "error")] if over else []]


def test_a_voucher_split_between_two_companies_is_no_split(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    found = twice(split(first, 60_000), split(planted, 40_000))
    assert found == [[], [("AB12345678", 40_000, "error")]]


def test_a_split_that_cannot_be_judged_is_a_warning(first: Books, later: Books) -> None:
    planted = renamed(later, {"PQ30000001": "AB12345678"}).plant("net: 100000 TWD", "net: 40000 TWD")
    found = twice(first, split(planted, 40_000))
    assert found == [[], [("AB12345678", 40_000, "warning")]]
    (finding,) = together(first, split(planted, 40_000), check="voucher-claimed-twice")[1]
    assert "無法判斷" in finding.message


VOID = """
2023-06-28 * "精密機械股份有限公司" "作廢" ^AB12345678
  voucher: "void"
  number: "V1"
  reverses: "AB12345678"
  Expenses:1政府補助款:03既有設備之改善費   -50000 TWD
  Expenses:2業者自籌款:03既有設備之改善費   -50000 TWD
  Assets:2進項稅額                            -5000 TWD
  Liabilities:1應付帳款                      105000 TWD
"""
DISALLOWED = """
2023-10-30 custom "grant-finding" "F-001"
  voucher: "AB12345678"
  state: "{state}"
"""


def test_what_is_not_claimed_any_more_does_not_count(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    assert twice(first.add(VOID), planted) == twice(first, planted.add(VOID)) == [[], []]
    assert twice(split(first, 0), planted) == twice(first, split(planted, 0)) == [[], []]
    assert twice(first.add(DISALLOWED.format(state="disallowed")), planted) == [[], []]


def test_what_is_only_doubted_still_counts(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    for state in ("open", "parked", "replied", "accepted"):
        assert len(twice(first.add(DISALLOWED.format(state=state)), planted)[1]) == 1
    part = VOID.replace("-50000", "-25000").replace("-5000", "-2500").replace("105000", "52500")
    assert twice(first, planted.add(part)) == [[], [("AB12345678", 50_000, "error")]]


def test_what_was_reversed_and_booked_again_counts_once(first: Books, other: Books) -> None:
    again = first.add(VOID).add(first.text[first.text.index("2023-06-12 *") : first.text.index("2023-06-20")])
    planted = renamed(other, {"GH20000001": "AB12345678"})
    assert twice(again, planted) == [[], [("AB12345678", 100_000, "error")]]


@pytest.mark.parametrize(
    ("names", "old", "new"),
    [
        ({"JK20000003": "AB12345678"}, "salary: 44000", "salary: 44000"),  # another period, another amount
        ({"S1120710001": "R1120710001"}, 'seller: "34247621"\n  net: 30001', 'seller: "62494123"\n  net: 30001'),
        ({"S1120710001": "R1120710001"}, "voucher-date: 2023-07-10", "voucher-date: 2023-07-11"),
        ({"S1120710001": "R1120710001"}, "net: 30001", "net: 30002"),
        ({"S1120710001": "R1120710001"}, 'number: "R1120710001"', 'number: ""'),
        ({"王大明": "王大明"}, "salary: 44000", "salary: 44000"),  # p1, payroll
    ],
)  # fmt: skip
def test_papers_that_only_look_the_same(
    first: Books, other: Books, names: dict[str, str], old: str, new: str
) -> None:
    assert twice(first, renamed(other, names).plant(old, new)) == [[], []]


def test_a_company_s_own_papers_are_its_own(first: Books, other: Books, later: Books) -> None:
    def requisition(books: Books) -> Books:
        text = books.text.replace('voucher: "receipt"', 'voucher: "requisition"')
        for number in ("R1120710001", "S1120710001", "T1120710001"):
            text = text.replace(number, "REQ1")
        return dataclasses.replace(books, text=text)

    assert twice(requisition(first), requisition(other)) == [[], []]
    assert twice(requisition(first), requisition(later)) == [[], [("REQ1", 30_001, "error")]]


def test_twice_in_one_case_is_the_case_s_own_affair(first: Books, other: Books) -> None:
    start, end = first.text.index("2023-06-12 *"), first.text.index("2023-06-20")
    planted = first.add(first.text[start:end])
    assert planted.found("voucher-duplicate")
    assert twice(planted, other) == [[], []]


def partner(books: Books, ubn: str) -> Books:
    """The books as those of a supply-chain case with a partner."""
    return books.plant("managed-factory-112", "supply-chain-smart-112").add(f"""
        2023-06-01 custom "grant-partner" "{ubn}"
          name: "立穎精密有限公司"
          representative: "林志明"
    """)


def test_a_partner_s_vouchers_stand_in_one_ledger(first: Books, other: Books) -> None:
    chain = partner(first, "12345675").plant(
        'buyer: "11688527"\n  net: 100000', 'buyer: "12345675"\n  net: 100000'
    )
    assert twice(chain, other) == [[], []]
    own = renamed(other, {"24549210": "12345675"})  # the partner has a case of its own
    assert twice(chain, own) == [[], []]
    assert twice(chain, renamed(own, {"GH20000001": "AB12345678"})) == [
        [],
        [("AB12345678", 100_000, "error")],
    ]


# -------------------------------------------------------------------------------------- company-second-case


def second(*cases: Books) -> list[list[tuple[int | None, str]]]:
    found = together(*cases, check="company-second-case")
    return [[(each.amount, each.severity) for each in findings] for findings in found]


def award(**changes: str) -> Books:
    """An award that has just begun, with lines of it replaced."""
    books = award_only()
    for old, new in changes.items():
        line = next(row for row in books.text.splitlines() if row.startswith(f"  {old}: "))
        books = books.plant(line + "\n", f"  {old}: {new}\n" if new else "")
    return books


def numbered(books: Books, number: str) -> Books:
    return renamed(books, {"112-納管-0456": number})


def test_a_second_case_of_the_scheme(first: Books) -> None:
    later = numbered(award(filed="2023-05-25"), "112-納管-0100")
    assert second(first, later) == second(later, first)[::-1] == [[], [(420_000, "error")]]
    (finding,) = together(first, later, check="company-second-case")[1]
    for word in (ONE, "11688527", "112-納管-0456", "1 案為限"):
        assert word in finding.message
    assert "推定" not in finding.message


def test_whether_the_periods_overlap_does_not_matter(first: Books) -> None:
    later = numbered(award(filed="2023-12-20", start="2024-01-01", end="2024-06-30"), "112-納管-0900")
    assert second(first, later) == [[], [(420_000, "error")]]
    assert second(first, numbered(award(filed="", start="2023-10-01"), "112-納管-0001")) == [
        [],
        [(420_000, "error")],
    ]


def test_of_two_asked_for_on_one_day_the_higher_number_is_the_second(first: Books) -> None:
    assert second(numbered(award(), "112-納管-0457"), first) == [[(420_000, "error")], []]
    assert second(numbered(award(), "112-納管-0455"), first) == [[], [(420_000, "error")]]


def test_three_cases_are_two_too_many(first: Books) -> None:
    cases = [first, *(numbered(award(filed=f"2023-05-2{n}"), f"112-納管-100{n}") for n in (1, 2))]
    assert second(*cases) == [[], [(420_000, "error")], [(420_000, "error")]]


def test_who_held_another_grant_of_the_act_may_not_ask_for_this(first: Books) -> None:
    before = numbered(award(scheme='"small-manufacturer-112"', filed="2023-05-01"), "112-個案-0001")
    assert second(before, first) == [[], [(420_000, "error")]]
    # the other way round nothing published forbids it
    after = numbered(award(scheme='"small-manufacturer-112"', filed="2023-06-25"), "112-個案-0001")
    assert second(after, first) == [[], []]


def test_a_rule_that_is_assumed_warns() -> None:
    cases = [
        numbered(award(scheme='"small-manufacturer-112"', filed=f"2023-05-0{n}"), f"112-個案-{n}")
        for n in (1, 2)
    ]
    assert second(*cases) == [[], [(420_000, "warning")]]
    (finding,) = together(*cases, check="company-second-case")[1]
    assert "推定" in finding.message


def test_a_partner_s_own_case_warns(first: Books, other: Books) -> None:
    chain = partner(other.plant("filed: 2023-05-20", "filed: 2023-05-10"), "11688527")
    found = second(chain, first)
    assert found == [[], [(420_000, "warning")]]
    assert "參與廠商" in together(chain, first, check="company-second-case")[1][0].message


@pytest.mark.parametrize(
    "changes",
    [
        {"ubn": '"24549210"'},  # another company
        {"ubn": '""'},
        {"scheme": '"ocean-industry-114"', "filed": "2023-05-25"},  # its scheme has no such rule
        {"scheme": '"coaching-sme-112"', "filed": "2023-05-01"},  # advice beforehand
        {"scheme": '"managed-factory-114"', "filed": "2025-12-25"},  # the next programme
    ],
)
def test_other_cases_are_no_second_ones(first: Books, changes: dict[str, str]) -> None:
    assert second(first, numbered(award(**changes), "112-納管-0457")) == [[], []]


def test_cases_without_a_company_number_are_not_one_company_s() -> None:
    assert second(award(ubn='""'), numbered(award(ubn='""'), "112-納管-0457")) == [[], []]


def test_lead_and_partners_of_one_case_are_one_case(first: Books, other: Books) -> None:
    assert second(partner(first, "11688527"), other) == [[], []]


def test_a_copy_of_a_case_is_said_once(first: Books) -> None:
    copies = [in_folder(first, "正本"), in_folder(first, "備份")]
    found = together(*copies)
    assert [[(each.check, each.severity) for each in findings] for findings in found] == [
        [("company-second-case", "warning")],
        [],
    ]
    assert "另有一份" in found[0][0].message
    assert together(*copies[::-1])[::-1] == found


def test_one_folder_given_twice_counts_once(first: Books) -> None:
    assert together(in_folder(first, "甲"), in_folder(first, "甲")) == [[], []]


# ------------------------------------------------------------------------------- representative-second-case


def namesakes(*cases: Books) -> list[list[tuple[int | None, str]]]:
    found = together(*cases, check="representative-second-case")
    return [[(each.amount, each.severity) for each in findings] for findings in found]


def elsewhere(representative: str, **changes: str) -> Books:
    """Another company's award in the same scheme, asked for later."""
    changes = {"ubn": '"24549210"', "company": '"益瀚電機有限公司"', "filed": "2023-05-25"} | changes
    return numbered(award(representative=f'"{representative}"', **changes), "112-納管-0789")


def test_a_representative_of_two_companies(first: Books) -> None:
    assert namesakes(first, elsewhere("莊麗卿")) == [[], [(420_000, "warning")]]
    (finding,) = together(first, elsewhere("莊麗卿"))[1]
    for word in ("莊麗卿", ONE, "112-納管-0456", "益瀚電機有限公司", "同名不一定同一人"):
        assert word in finding.message


def test_the_name_is_folded(first: Books) -> None:
    assert namesakes(first, elsewhere("莊 麗　卿")) == [[], [(420_000, "warning")]]


def test_the_representative_of_a_partner(first: Books) -> None:
    chain = partner(first, "12345675")
    alone = elsewhere("林志明", scheme='"supply-chain-smart-112"')
    assert namesakes(chain, alone) == [[], [(420_000, "warning")]]


@pytest.mark.parametrize(
    "books",
    [
        elsewhere("莊麗青"),
        elsewhere(""),
        elsewhere("莊麗卿", scheme='"small-manufacturer-112"'),  # not this grant
        elsewhere("莊麗卿", scheme='"managed-factory-114"'),
        elsewhere("莊麗卿", ubn='"11688527"'),  # the same company: found as such
    ],
)
def test_other_representatives(first: Books, books: Books) -> None:
    assert namesakes(first, books) == [[], []]


def test_one_representative_within_a_case(first: Books, other: Books) -> None:
    chain = partner(first, "12345675").plant("林志明", "莊麗卿")
    assert namesakes(chain, other) == [[], []]


def test_no_representative_is_nobody_s_namesake(first: Books) -> None:
    nobody = first.plant('representative: "莊麗卿"', 'representative: ""')
    assert namesakes(nobody, elsewhere("")) == [[], []]


# ----------------------------------------------------------------------------------- person-months-exceeded

PERSON = '"王大明"\n  role: "製程工程師"\n  insured: TRUE\n  months: 4\n'


def months(books: Books, own: int, other: int = 0) -> Books:
    return books.plant(PERSON, PERSON.replace("months: 4", f"months: {own}\n  other-months: {other}"))


def persons(*cases: Books) -> list[list[tuple[str, int | None]]]:
    found = together(*cases, check="person-months-exceeded")
    assert {each.severity for findings in found for each in findings} <= {"error"}
    return [[(each.voucher, each.amount) for each in findings] for findings in found]


@pytest.fixture(scope="module")
def beside() -> Books:
    """The award of another case of the company with the same person, which begins a month later."""
    return numbered(award(scheme='"ocean-industry-114"', start="2023-07-01"), "114-海洋-0001")


@pytest.mark.parametrize(("mine", "yours", "found"), [(8, 4, 0), (8, 5, 1), (12, 1, 1), (12, 0, 0)])
def test_months_planned_over_two_cases(beside: Books, mine: int, yours: int, found: int) -> None:
    cases = [months(award_only(), mine), months(beside, yours)]
    assert persons(*cases) == [[], [("", None)] * found]
    if found:
        (finding,) = together(*cases, check="person-months-exceeded")[1]
        for word in ("王大明", f"合計 {mine + yours} 人月", "112-納管-0456"):
            assert word in finding.message


def test_months_planned_over_three_cases(beside: Books) -> None:
    third = numbered(beside.plant("start: 2023-07-01", "start: 2023-08-01"), "114-海洋-0002")
    third = renamed(third, {"114-海洋-0001": "114-海洋-0002"})
    cases = [months(award_only(), 5), months(beside, 5), months(third, 5)]
    assert persons(*cases) == [[], [], [("", None)]]


def test_months_that_a_case_finds_by_itself_are_not_found_again(beside: Books) -> None:
    declared = months(beside, 5, other=8)
    assert declared.findings("person-months-exceeded")
    assert persons(months(award_only(), 8), declared) == [[], []]


def test_persons_that_may_be_others(beside: Books) -> None:
    mine, yours = months(award_only(), 8), months(beside, 8)
    assert persons(mine, yours) == [[], [("", None)]]
    assert persons(mine, yours.plant('ubn: "11688527"', 'ubn: "24549210"')) == [[], []]
    assert persons(mine, yours.plant("王大明", "王大名")) == [[], []]
    after = yours.plant("start: 2023-07-01", "start: 2023-10-01").plant("end: 2023-09-30", "end: 2024-03-31")
    assert persons(mine, after) == [[], []]
    assert persons(mine, yours.plant("王大明", "王 大明")) == [[], [("", None)]]


def pay(month: str, hours: int = 80, person: str = "王大明", total: int = 160) -> str:
    """One more payroll voucher, at the month's end."""
    net = 44_000 * hours // 160
    return f"""
{month}-28 * "{person}" "薪資" ^p{month}
  voucher: "payroll"
  number: "p{month}"
  month: "{month}"
  person: "{person}"
  salary: 44000 TWD
  hours: {hours}
  total-hours: {total}
  net: {net} TWD
  source: "薪資清冊.csv"
  Expenses:2業者自籌款:05人事費   {net} TWD
  Liabilities:1應付帳款          -{net} TWD
"""


def test_a_month_that_two_cases_claim_more_than_once(beside: Books) -> None:
    mine = award_only().on(2023, 11, 20).add(pay("2023-07"))
    yours = beside.on(2023, 11, 20)
    assert persons(mine, yours.add(pay("2023-07"))) == [[], []]
    assert persons(mine, yours.add(pay("2023-07", hours=81))) == [[], [("p2023-07", 22_275)]]
    (finding,) = together(mine, yours.add(pay("2023-07", hours=88)))[1]
    assert "2023-07" in finding.message
    assert "合計 1.05 人月" in finding.message
    assert "推定" in finding.message


@pytest.mark.parametrize(
    "more",
    [
        pay("2023-08", hours=160),  # another month
        pay("2023-07", hours=160, person="王大名"),
        pay("2023-07", hours=160).replace("  hours: 160\n", ""),  # how much is not said
        pay("2023-07", hours=80),
    ],
)
def test_months_that_fit(beside: Books, more: str) -> None:
    mine = award_only().on(2023, 11, 20).add(pay("2023-07"))
    assert persons(mine, beside.on(2023, 11, 20).add(more)) == [[], []]


def test_payroll_is_no_paper_claimed_twice(first: Books, later: Books) -> None:
    yours = renamed(later, {"林小文": "王大明"})
    assert 'number: "p1"' in first.text
    assert together(first, yours) == [[], []]  # half a month in each


def test_a_month_overfull_in_one_case_alone(beside: Books) -> None:
    mine = award_only().on(2023, 11, 20).add(pay("2023-08"))
    twice_paid = pay("2023-07", hours=160) + pay("2023-07", hours=160).replace('"p2023-07"', '"q"')
    assert persons(mine, beside.on(2023, 11, 20).add(twice_paid)) == [[], []]


def test_pay_that_was_taken_back_is_no_month(beside: Books) -> None:
    mine = award_only().on(2023, 11, 20).add(pay("2023-07", hours=160))
    back = """
2023-07-29 * "王大明" "沖回" ^p2023-07
  voucher: "payroll"
  number: "back"
  person: "王大明"
  reverses: "p2023-07"
  Expenses:2業者自籌款:05人事費   -44000 TWD
  Liabilities:1應付帳款            44000 TWD
"""
    yours = beside.on(2023, 11, 20).add(pay("2023-07", hours=160))
    assert persons(mine, yours) == [[], [("p2023-07", 44_000)]]
    assert persons(mine.add(back), yours) == persons(mine, yours.add(back)) == [[], []]


def test_work_over_the_limit(beside: Books) -> None:
    """Twelve months in one case and half a month in the other: found where the thirteenth half begins."""
    year = [f"2023-{month:02}" for month in range(2, 13)]
    text = "".join(pay(month, hours=160) for month in year)
    mine = award_only().on(2024, 2, 1).plant("  months: 4\n", "").add(text)
    yours = beside.on(2024, 2, 1).plant("  months: 4\n", "")
    assert persons(mine, yours.add(pay("2024-01", hours=160))) == [[], []]
    over = yours.add(pay("2024-01", hours=160, total=160)).on(2024, 6, 1).add(pay("2024-02", hours=8))
    assert persons(mine.on(2024, 6, 1), over) == [[], [("p2024-02", 2_200)]]
    (finding,) = together(mine.on(2024, 6, 1), over)[1]
    assert "合計投入 12.05 人月" in finding.message
    after = over.plant("start: 2023-07-01", "start: 2023-10-01").plant("end: 2023-09-30", "end: 2024-03-31")
    assert persons(mine.on(2024, 6, 1), after) == [[], []]  # the cases do not run at the same time
    alone = over.plant("insured: TRUE", "insured: TRUE\n  other-months: 11")
    assert alone.findings("person-months-exceeded")
    assert persons(mine.on(2024, 6, 1), alone) == [[], []]  # found in the case by itself


# ------------------------------------------------------------------------------- waivers, settings and order


def test_a_waiver_covers_what_is_found_in_its_case(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    waiver = '2023-07-31 custom "grant-waiver" "voucher-claimed-twice" "AB12345678"\n  reason: "分攤"\n'
    waived = planted.add(waiver)
    (_none, verdict) = judge_together(members([first, waived]))
    assert verdict.findings == []
    ((finding, by),) = verdict.waived
    assert (finding.check, by.reason) == ("voucher-claimed-twice", "分攤")
    assert waived.found("waiver-unused") == []  # one case cannot know
    assert twice(first.add(waiver), planted) == [[], [("AB12345678", 100_000, "error")]]


def test_a_waiver_of_a_second_case(first: Books) -> None:
    later = numbered(award(filed="2023-05-25"), "112-納管-0800")
    waiver = '2023-07-31 custom "grant-waiver" "company-second-case" "112-納管-0800"'
    assert second(first, later.on(2023, 8, 1)) == [[], [(420_000, "error")]]
    assert second(first, later.on(2023, 8, 1).add(waiver)) == [[], []]


def test_settings_of_the_case_hold_for_what_is_found_in_it(first: Books, other: Books) -> None:
    books = renamed(other, {"GH20000001": "AB12345678"})
    cases = [in_folder(first, "a").case(), in_folder(books, "b").case()]

    def found(mine: Settings, yours: Settings) -> list[str]:
        verdicts = judge_together([member(cases[0], mine), member(cases[1], yours)])
        return [finding.severity for verdict in verdicts for finding in verdict.findings]

    none, milder = (
        chosen(Settings(), ignore=["portfolio"]),
        Settings(severity={"voucher-claimed-twice": "warning"}),
    )
    assert found(Settings(), Settings()) == found(none, Settings()) == ["error"]
    assert found(Settings(), none) == found(none, none) == []
    assert found(Settings(), milder) == ["warning"]
    assert found(*[chosen(Settings(), select=["voucher-claimed-twice"])] * 2) == ["error"]
    assert found(*[chosen(Settings(), select=["portfolio"])] * 2) == ["error"]
    assert found(*[chosen(Settings(), select=["voucher"])] * 2) == []


def test_what_others_need_of_a_case_keeps_no_entries(first: Books) -> None:
    def values(of: object) -> list[object]:
        if isinstance(of, tuple):
            return [inner for part in of for inner in values(part)]
        return [of]

    held = member(first.case())
    assert held is not None
    kinds = {type(value).__module__.partition(".")[0] for value in values(held.holding) if value is not None}
    assert "beancount" not in kinds


CASES = [
    open_books(),
    renamed(open_books(), OTHER | {"AB12345678": "AB12345678", "R1120710001": "R1120710001"}),
    renamed(open_books(), LATER | {"CD10000001": "CD10000001", "王大明": "王大明"}),
    renamed(open_books(), A | {"AB12345679": "XY10000000", "莊麗卿": "何立文"}),
    elsewhere("莊麗卿"),
    renamed(elsewhere("何立文"), {"112-納管-0789": "112-納管-0999"}),
]
MEMBERS = members([in_folder(books, f"f{place}") for place, books in enumerate(CASES)])


@given(st.permutations(range(len(CASES))))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_cases_changes_nothing(order: list[int]) -> None:
    straight = [verdict.findings for verdict in judge_together(MEMBERS)]
    assert {finding.check for findings in straight for finding in findings} == set(portfolio_catalogue())
    mixed = [verdict.findings for verdict in judge_together([MEMBERS[place] for place in order])]
    assert [mixed[order.index(place)] for place in range(len(CASES))] == straight
