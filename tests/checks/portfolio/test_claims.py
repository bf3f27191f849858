"""Several cases judged together: papers claimed twice; what is waived, graded and told in which order."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from checks.engine.catalogue import portfolio_catalogue
from checks.engine.settings import Settings
from checks.engine.settings import chosen
from checks.runs.check_portfolio import Verdict
from checks.runs.check_portfolio import judge_together
from checks.runs.check_portfolio import member
from tests.checks.builder import Books
from tests.checks.builder import decision
from tests.checks.builder import open_books
from tests.checks.several import LATER
from tests.checks.several import ONE
from tests.checks.several import OTHER
from tests.checks.several import award
from tests.checks.several import elsewhere
from tests.checks.several import in_folder
from tests.checks.several import members
from tests.checks.several import numbered
from tests.checks.several import partner
from tests.checks.several import renamed
from tests.checks.several import split
from tests.checks.several import together
from tests.checks.several import twice

A = {"112-納管-0456": "112-納管-0001"}

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


def test_a_number_used_again_in_a_later_period_over_another_tax_is_another_paper(
    first: Books, other: Books
) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    again = planted.plant("voucher-date: 2023-06-12", "voucher-date: 2023-08-12")
    assert twice(first, again.plant("tax: 5000 TWD", "tax: 4999 TWD")) == [[], []]
    assert twice(first, planted.plant("tax: 5000 TWD", "tax: 4999 TWD"))[1] != []


def test_a_receipt_without_the_seller_s_number_is_known_by_the_name(first: Books, other: Books) -> None:
    def nameless(books: Books) -> Books:
        return books.plant('  seller: "34247621"\n  net: 30001', "  net: 30001")

    same = nameless(renamed(other, {"S1120710001": "R1120710001"}))
    assert twice(nameless(first), same)[1] == [("R1120710001", 30_001, "error")]
    assert twice(first, same)[1] == [("R1120710001", 30_001, "error")]
    wide = same.plant('"益瀚電機有限公司" "感測器模組" ^R', '"益瀚電機 有限公司" "感測器模組" ^R')
    assert twice(nameless(first), wide)[1] == [("R1120710001", 30_001, "error")]
    shop = same.plant('"益瀚電機有限公司" "感測器模組" ^R', '"益瀚五金行" "感測器模組" ^R')
    assert twice(nameless(first), shop) == [[], []]


def test_each_paper_that_two_cases_share_is_found_by_itself(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678", "GH20000002": "AB12345679"})
    assert twice(first, planted)[1] == [("AB12345678", 100_000, "error"), ("AB12345679", 240_000, "error")]


def test_a_finding_stands_at_the_voucher_of_the_later_case(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    (finding,) = together(first, planted)[1]
    assert finding.file == "<string>"
    assert planted.text.splitlines()[finding.line - 1].startswith('2023-06-12 * "精密機械股份有限公司"')


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


def test_the_amount_of_a_voucher_is_the_greatest_that_any_of_its_entries_has(
    first: Books, later: Books
) -> None:
    """60,000 in two entries and 40,000 in the other case: no more than the 100,000 that one entry tells."""
    low = split(first, 30_000).plant("net: 100000 TWD", "net: 40000 TWD")
    entry = low.text[low.text.index("2023-06-12 *") : low.text.index("2023-06-20")]
    both = low.add(entry.replace("net: 40000 TWD", "net: 100000 TWD"))
    planted = split(renamed(later, {"PQ30000001": "AB12345678"}), 40_000).plant("net: 100000", "net: 40000")
    assert twice(both, planted) == [[], []]
    assert twice(low.add(entry), planted) == [[], [("AB12345678", 40_000, "error")]]


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


# ------------------------------------------------------------------------------- waivers, settings and order


def test_a_waiver_covers_what_is_found_in_its_case(first: Books, other: Books) -> None:
    planted = renamed(other, {"GH20000001": "AB12345678"})
    waiver = '2023-07-31 custom "grant-waiver" "voucher-claimed-twice" "AB12345678"\n  reason: "分攤"\n'
    waived = planted.add(waiver + decision(waiver))
    (_none, verdict) = judge_together(members([first, waived]))
    assert verdict.findings == []
    ((finding, by, _decided),) = verdict.waived
    assert (finding.check, by.reason) == ("voucher-claimed-twice", "分攤")
    assert waived.found("waiver-unused") == []  # one case cannot know
    assert twice(first, planted.add(waiver)) == [[], [("AB12345678", 100_000, "warning")]]
    assert twice(first.add(waiver), planted) == [[], [("AB12345678", 100_000, "error")]]


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


def test_a_check_that_no_case_wants_hides_no_other(first: Books) -> None:
    cases = [
        in_folder(first, "a").case(),
        in_folder(numbered(award(filed="2023-05-25"), "112-納管-0800"), "b").case(),
    ]
    for name in portfolio_catalogue():
        off = chosen(Settings(), ignore=[name])
        found = judge_together([member(case, off) for case in cases])[1].findings
        assert [each.check for each in found] == ["company-second-case"] * (name != "company-second-case")


def test_errors_stand_before_warnings_and_then_by_day(first: Books, other: Books) -> None:
    planted = renamed(other, {"何立文": "莊麗卿", "GH20000001": "AB12345678", "GH20000002": "AB12345679"})
    filed_later = planted.plant("filed: 2023-05-20", "filed: 2023-05-25")
    told = [(each.severity, each.check, str(each.date)) for each in together(first, filed_later)[1]]
    assert told == [
        ("error", "voucher-claimed-twice", "2023-06-12"),
        ("error", "voucher-claimed-twice", "2023-07-18"),
        ("warning", "representative-second-case", "2023-06-01"),
    ]


def test_a_case_that_cannot_be_judged_has_an_empty_verdict(first: Books) -> None:
    nothing = Books("2023-01-01 open Assets:1專戶:1政府補助款 TWD\n")
    assert judge_together(members([nothing, first])) == [Verdict([], []), Verdict([], [])]


def test_what_others_need_of_a_case_keeps_no_entries(first: Books) -> None:
    def values(of: object) -> list[object]:
        if isinstance(of, tuple):
            return [inner for part in of for inner in values(part)]
        return [of]

    held = member(first.case())
    assert held is not None
    kinds = {type(value).__module__.partition(".")[0] for value in values(held.case) if value is not None}
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
    of_suppliers = {
        name
        for name, check in portfolio_catalogue().items()
        if check.function.__module__.endswith("suppliers")
    }
    assert {finding.check for findings in straight for finding in findings} == set(
        portfolio_catalogue()
    ) - of_suppliers
    mixed = [verdict.findings for verdict in judge_together([MEMBERS[place] for place in order])]
    assert [mixed[order.index(place)] for place in range(len(CASES))] == straight
