"""Several cases judged together: a company's second case, and a representative's."""

from __future__ import annotations

import pytest

from checks.analysis.wording import assumption
from tests.checks.builder import Books
from tests.checks.builder import decision
from tests.checks.several import ONE
from tests.checks.several import award
from tests.checks.several import elsewhere
from tests.checks.several import in_folder
from tests.checks.several import numbered
from tests.checks.several import partner
from tests.checks.several import together


def second(*cases: Books) -> list[list[tuple[int | None, str]]]:
    found = together(*cases, check="company-second-case")
    return [[(each.amount, each.severity) for each in findings] for findings in found]


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
    # the other way round nothing published forbids it: it is told
    after = numbered(award(scheme='"small-manufacturer-112"', filed="2023-06-25"), "112-個案-0001")
    assert second(after, first) == [[(420_000, "warning")], []]


def test_a_rule_of_its_own_comes_before_one_of_the_case_before_it(first: Books) -> None:
    chain = numbered(award(scheme='"supply-chain-smart-112"', filed="2023-05-01"), "112-大帶小-0001")
    again = numbered(award(scheme='"supply-chain-carbon-112"', filed="2023-07-01"), "112-大帶小-0002")
    assert [found for _amount, found in second(chain, first, again)[2]] == ["warning"]


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
    message = together(chain, first, check="company-second-case")[1][0].message
    assert message.startswith(f"{ONE}(11688527)已有案件 112-納管-0789(晟鑫科技企業有限公司)")
    assert message.endswith(",參與廠商是否計入未見規定(此為推定規定,請洽承辦人)")


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


def test_a_waiver_of_a_second_case(first: Books) -> None:
    later = numbered(award(filed="2023-05-25"), "112-納管-0800")
    waiver = '2023-07-31 custom "grant-waiver" "company-second-case" "112-納管-0800"\n'
    assert second(first, later.on(2023, 8, 1)) == [[], [(420_000, "error")]]
    assert second(first, later.on(2023, 8, 1).add(waiver)) == [[], [(420_000, "warning")]]
    assert second(first, later.on(2023, 8, 1).add(waiver + decision(waiver))) == [[], []]


# ------------------------------------------------------------------------------- representative-second-case


def namesakes(*cases: Books) -> list[list[tuple[int | None, str]]]:
    found = together(*cases, check="representative-second-case")
    return [[(each.amount, each.severity) for each in findings] for findings in found]


def test_a_representative_of_two_companies(first: Books) -> None:
    assert namesakes(first, elsewhere("莊麗卿")) == [[], [(420_000, "warning")]]
    (finding,) = together(first, elsewhere("莊麗卿"))[1]
    for word in ("莊麗卿", ONE, "112-納管-0456", "益瀚電機有限公司", "同名不一定同一人"):
        assert word in finding.message


@pytest.mark.parametrize(("scheme", "noted"), [("managed-factory-112", False), ("managed-factory-114", True)])
def test_of_an_assumed_rule_a_namesake_is_told_with_the_note(scheme: str, noted: bool) -> None:
    mine = award(scheme=f'"{scheme}"')
    (finding,) = together(
        mine, elsewhere("莊麗卿", scheme=f'"{scheme}"'), check="representative-second-case"
    )[1]
    assert finding.message.endswith(assumption()) == noted


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
