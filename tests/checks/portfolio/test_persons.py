"""Several cases judged together: a person's months over the cases of a company."""

from __future__ import annotations

import pytest

from checks.analysis.wording import assumption
from checks.runs.check_portfolio import judge_together
from checks.runs.check_portfolio import member
from tests.checks.builder import Books
from tests.checks.builder import award_only
from tests.checks.pieces.confidence import graded
from tests.checks.pieces.payroll import PERSON
from tests.checks.pieces.payroll import pay
from tests.checks.several import award
from tests.checks.several import in_folder
from tests.checks.several import numbered
from tests.checks.several import renamed
from tests.checks.several import together


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


def test_a_case_that_plans_none_of_a_person_s_months_is_not_the_one_too_many(beside: Books) -> None:
    third = renamed(beside, {"114-海洋-0001": "114-海洋-0002"})
    assert persons(months(award_only(), 8), months(beside, 8), months(third, 0)) == [[], [("", None)], []]


def test_months_elsewhere_that_just_fit_leave_the_sum_to_be_found(beside: Books) -> None:
    """5 months and 7 elsewhere are 12; with the 8 of the other case, the plans are 13 together."""
    assert persons(months(award_only(), 8), months(beside, 5, other=7)) == [[], [("", None)]]


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


def test_a_month_that_two_cases_claim_more_than_once(beside: Books) -> None:
    mine = award_only().on(2023, 11, 20).add(pay("2023-07"))
    yours = beside.on(2023, 11, 20)
    assert persons(mine, yours.add(pay("2023-07"))) == [[], []]
    assert persons(mine, yours.add(pay("2023-07", hours=81))) == [[], [("p2023-07", 22_275)]]
    (finding,) = together(mine, yours.add(pay("2023-07", hours=88)))[1]
    assert finding.message.startswith(
        "王大明於 2023-07 在本案投入 0.55 人月(p2023-07),加上案件 112-納管-0456 的 p2023-07(<string>:"
    )
    assert "合計 1.05 人月" in finding.message
    assert "推定" in finding.message
    (finding,) = together(mine, yours.add(pay("2023-07", hours=81)))[1]
    assert "在本案投入 0.51 人月" in finding.message  # 81 of 160 hours, 0.50625


def test_each_overfull_month_is_found(beside: Books) -> None:
    both = pay("2023-07", hours=100) + pay("2023-08", hours=100)
    mine, yours = award_only().on(2023, 11, 20).add(both), beside.on(2023, 11, 20).add(both)
    assert persons(mine, yours) == [[], [("p2023-07", 27_500), ("p2023-08", 27_500)]]


def test_an_overfull_month_is_found_where_it_was_booked_later(beside: Books) -> None:
    """The first case books its half month a day after the other its greater part."""
    late = pay("2023-07").replace('2023-07-28 * "王大明"', '2023-07-29 * "王大明"')
    mine, yours = award_only().on(2023, 11, 20).add(late), beside.on(2023, 11, 20)
    assert persons(mine, yours.add(pay("2023-07", hours=100))) == [[("p2023-07", 22_000)], []]


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


def unplanned(books: Books, *vouchers: str) -> Books:
    """The award with these payroll vouchers, and no months planned."""
    return books.on(2024, 6, 1).plant("  months: 4\n", "").add("".join(vouchers))


YEAR = [pay(f"2023-{month:02}", hours=160) for month in range(1, 13)]


def test_twelve_months_of_one_case_leave_none_for_another(beside: Books) -> None:
    """By itself the case is within the limit; the other's hour stands before its last month."""
    mine, yours = unplanned(award_only(), *YEAR), unplanned(beside, pay("2024-01", hours=8))
    assert mine.findings("person-months-exceeded") == []
    assert persons(mine, yours) == [[], [("p2024-01", 2_200)]]
    before = yours.plant("2024-01-28 *", "2023-02-01 *")
    assert persons(mine, before) == [[("p2023-12", 44_000)], []]
    (finding,) = together(mine, before)[0]
    assert finding.message.startswith(
        "王大明至 p2023-12 在同一業者的各案合計投入 12.05 人月,超過 12 人月;"
        "另在案件 114-海洋-0001 的 p2024-01(<string>:"
    )


def test_what_a_case_finds_by_itself_hides_nothing_in_the_other(beside: Books) -> None:
    """The thirteenth month of the first comes after the other had begun its own."""
    mine = unplanned(award_only(), *YEAR, pay("2024-03", hours=160))
    assert mine.findings("person-months-exceeded")
    assert persons(mine, unplanned(beside, pay("2024-01", hours=8))) == [[], [("p2024-01", 2_200)]]


@pytest.mark.parametrize("rule", ["person_months", "subsidy_ratio"])
def test_the_note_goes_with_a_limit_that_is_assumed(beside: Books, rule: str) -> None:
    planned = [months(award_only(), 8), months(beside, 8)]
    worked = [unplanned(award_only(), *YEAR), unplanned(beside, pay("2024-01", hours=8))]
    for books in (planned, worked):
        cases = [in_folder(each, name).case() for each, name in zip(books, "ab", strict=True)]
        for case in cases:
            case.scheme = graded(case.scheme, "seed", (rule,))
        _first, verdict = judge_together([member(case) for case in cases])
        (message,) = [each.message for each in verdict.findings if each.check == "person-months-exceeded"]
        assert message.endswith(assumption()) == (rule == "person_months")
