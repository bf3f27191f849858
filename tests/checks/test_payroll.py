"""Payroll."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.analysis.payroll_vouchers import most_effort
from tests.checks.builder import Books
from tests.checks.pieces.payroll import PERSON
from tests.checks.pieces.payroll import pay


def test_person_not_planned(books: Books) -> None:
    assert books.found("person-not-planned") == []
    assert books.plant('person: "王大明"', 'person: "陳小華"').found("person-not-planned") == [("p1", 22_000)]
    assert books.plant('person: "王大明"', 'person: "王 大明"').found("person-not-planned") == []
    nobody = books.plant('person: "王大明"', 'person: "王大名"')
    assert [finding.voucher for finding in nobody.findings("person-not-planned")] == ["p1"]


def test_person_added_to_the_plan_since(books: Books) -> None:
    named = """
        2023-08-31 custom "grant-person" "林小華"
          insured: TRUE
          months: 2
    """
    planted = books.add(named).add(pay("2023-07", person="林小華") + pay("2023-08", person="林小華"))
    (finding,) = planted.findings("person-not-planned")  # the change of August holds for its month
    assert (finding.voucher, finding.amount) == ("p2023-07", 22_000)
    assert "2023-08-31" in finding.message
    assert planted.plant("2023-08-31 custom", "2023-09-01 custom").found("person-not-planned") == [
        ("p2023-07", 22_000),
        ("p2023-08", 22_000),
    ]
    again = '\n2023-08-31 custom "grant-person" "王大明"\n  months: 4\n'
    assert books.add(again).found("person-not-planned") == []


def test_pay_of_a_month_before_the_start_is_the_period_s_affair(books: Books) -> None:
    early = books.plant('month: "2023-06"', 'month: "2023-05"')
    assert early.found("person-not-planned") == []
    assert early.found("voucher-outside-period") == [("p1", 22_000)]


def test_person_not_insured(books: Books) -> None:
    assert books.found("person-not-insured") == []
    planted = books.plant("insured: TRUE", "insured: FALSE").add(pay("2023-07"))
    assert planted.found("person-not-insured") == [("p1", 22_000), ("p2023-07", 22_000)]
    assert books.plant("  insured: TRUE\n", "").found("person-not-insured") == []  # not said


def test_person_not_insured_in_the_plan(award: Books) -> None:
    assert award.plant("insured: TRUE", "insured: FALSE").found("person-not-insured") == [("", None)]


@pytest.mark.parametrize(
    ("months", "other", "found"),
    [(9, 3, 0), (10, 3, 1), (13, 0, 1), (12, 0, 0), (4, 9, 1), ("8.4", "3.6", 0), ("8.5", "3.6", 1)],
)
def test_person_months_in_the_plan(award: Books, months: object, other: object, found: int) -> None:
    planted = award.plant(PERSON, PERSON.replace("months: 4", f"months: {months}\n  other-months: {other}"))
    assert len(planted.findings("person-months-exceeded")) == found


@pytest.mark.parametrize(
    ("planned", "found"),
    [
        ("1", [("p2023-08", 22_000)]),  # half a month each: three halves
        ("1.5", []),
        ("1.4", [("p2023-08", 4_400)]),  # a tenth of a month of 44,000
        ("0.5", [("p2023-07", 22_000), ("p2023-08", 22_000)]),
        ("0.9", [("p2023-07", 4_400), ("p2023-08", 22_000)]),
        ("3", []),  # three calendar months are no three person-months
    ],
)
def test_person_months_are_hours_by_the_month_s_hours(
    books: Books, planned: str, found: list[tuple[str, int]]
) -> None:
    plan = books.plant(PERSON, PERSON.replace("months: 4", f"months: {planned}"))
    paid = plan.add(pay("2023-08") + pay("2023-07"))  # later months count later, wherever they stand
    assert paid.found("person-months-exceeded") == found


def test_a_quarter_of_twelve_months_is_three_person_months(books: Books) -> None:
    plan = books.plant(PERSON, PERSON.replace("months: 4", "months: 3")).plant(
        "  hours: 80\n", "  hours: 40\n"
    )
    year = "".join(pay(f"2023-{month:02}", hours=40) for month in range(1, 13) if month != 6)
    assert plan.add(year).on(2024, 1, 31).found("person-months-exceeded") == []
    over = plan.add(year.replace("hours: 40", "hours: 41", 1)).on(2024, 1, 31)
    assert [finding.voucher for finding in over.findings("person-months-exceeded")] == ["p2023-12"]


def test_thirds_of_a_month_add_up_exactly(books: Books) -> None:
    plan = books.plant(PERSON, PERSON.replace("months: 4", "months: 1")).plant(
        "  hours: 80\n  total-hours: 160\n", "  hours: 56\n  total-hours: 168\n"
    )
    thirds = pay("2023-07", hours=56, total=168) + pay("2023-08", hours=56, total=168)
    assert plan.add(thirds).found("person-months-exceeded") == []


def test_a_person_named_again_is_planned_anew(books: Books) -> None:
    plan = books.plant(PERSON, PERSON.replace("months: 4", "months: 0.5")).add(pay("2023-07"))
    assert plan.found("person-months-exceeded") == [("p2023-07", 22_000)]
    more = '\n2023-07-01 custom "grant-person" "王大明"\n  insured: TRUE\n  months: 1\n'
    assert plan.add(more).found("person-months-exceeded") == []


def test_person_months_without_a_plan_are_not_judged(books: Books) -> None:
    planned = books.plant("  months: 4\n", "")
    assert planned.add(pay("2023-07")).found("person-months-exceeded") == []


def test_effort_over_all_projects(books: Books) -> None:
    # half a month in June; 11 months elsewhere leave one
    planned = books.plant(PERSON, PERSON.replace("months: 4", "months: 1\n  other-months: 11"))
    assert planned.plant("  months: 1\n", "").add(pay("2023-07")).found("person-months-exceeded") == []
    over = planned.plant("  months: 1\n", "").add(pay("2023-07", hours=88))
    assert over.found("person-months-exceeded") == [("p2023-07", 24_200)]


def elsewhere(books: Books, months: int) -> Books:
    """The books with that many months on other projects and no plan for this one; half of June is booked."""
    return books.plant(PERSON, PERSON.replace("months: 4", f"other-months: {months}"))


def test_effort_is_told_to_the_hundredth(books: Books) -> None:
    (finding,) = elsewhere(books, 11).add(pay("2023-07", hours=81)).findings("person-months-exceeded")
    assert finding.voucher == "p2023-07"
    assert "已投入 1.01 人月" in finding.message


def test_a_month_holds_no_more_than_one_month_s_effort(books: Books) -> None:
    planned = elsewhere(books, 10)
    assert planned.add(pay("2023-07", hours=248)).found("person-months-exceeded") == []
    assert planned.add(pay("2023-07", hours=160) + pay("2023-08", hours=81)).found(
        "person-months-exceeded"
    ) == [("p2023-08", 22_275)]


@pytest.mark.parametrize(
    ("row", "instead"),
    [
        ("  hours: 80\n", ""),
        ("  total-hours: 160\n", ""),
        ("  total-hours: 160\n", "  total-hours: 0\n"),
        ("  total-hours: 160\n", '  total-hours: "不詳"\n'),
    ],
)
def test_pay_whose_hours_are_not_told_is_passed_over(books: Books, row: str, instead: str) -> None:
    later = pay("2023-07", hours=160) + pay("2023-08", hours=8)
    untold = elsewhere(books, 11).plant(row, instead).plant("net: 22000", "net: 1").add(later)
    assert untold.found("person-months-exceeded") == [("p2023-08", 2_200)]
    assert untold.found("payroll-arithmetic") == []


@pytest.mark.parametrize(("hours", "total"), [("0.5", "1"), ("0.4", "0.8"), ('"80"', '"160 "')])
def test_hours_may_be_told_as_parts_of_a_month_or_as_text(books: Books, hours: str, total: str) -> None:
    told = books.plant("  hours: 80\n  total-hours: 160\n", f"  hours: {hours}\n  total-hours: {total}\n")
    assert told.found("payroll-arithmetic") == []
    assert told.plant("net: 22000", "net: 22001").found("payroll-arithmetic") == [("p1", 1)]
    assert told.plant("salary: 44000", 'salary: "44,002"').found("payroll-arithmetic") == [("p1", 1)]
    assert elsewhere(told, 11).add(pay("2023-07", hours=81)).found("person-months-exceeded") == [
        ("p2023-07", 22_275)
    ]


@pytest.mark.parametrize(
    ("salary", "hours", "net", "amount"),
    [
        ("44000", "80", 22_000, None),
        ("44001", "80", 22_000, None),  # rounded down
        ("44000", "80", 22_001, 1),
        ("44000", "79", 22_000, 275),
        ("44000", "160", 44_000, None),
        ("44000", "161", 44_000, 44_000),  # more hours than the month has
        ("44000 TWD", "80", 21_000, 1000),
    ],
)
def test_payroll_arithmetic(books: Books, salary: str, hours: str, net: int, amount: int | None) -> None:
    planted = (
        books.plant("salary: 44000", f"salary: {salary}")
        .plant("hours: 80\n", f"hours: {hours}\n")
        .plant("net: 22000", f"net: {net}")
    )
    assert planted.found("payroll-arithmetic") == ([] if amount is None else [("p1", amount)])


@pytest.mark.parametrize("missing", ["  salary: 44000\n", "  hours: 80\n", "  total-hours: 160\n"])
def test_payroll_arithmetic_needs_its_figures(books: Books, missing: str) -> None:
    planted = books.plant("net: 22000", "net: 1").plant(missing, "")
    assert planted.found("payroll-arithmetic") == []
    later = pay("2023-07").replace("net: 22000", "net: 22001")
    assert planted.add(later).found("payroll-arithmetic") == [("p2023-07", 1)]


def test_payroll_arithmetic_of_every_month(books: Books) -> None:
    planted = books.plant("  hours: 80\n", "  hours: 161\n").add(pay("2023-07", hours=161))
    assert planted.found("payroll-arithmetic") == [("p1", 22_000), ("p2023-07", 44_275)]


def test_pay_without_a_net_is_what_was_booked(books: Books) -> None:
    untold = books.plant("  net: 22000 TWD\n", "")
    assert untold.found("payroll-arithmetic") == []
    assert untold.plant("salary: 44000", "salary: 43000").found("payroll-arithmetic") == [("p1", 500)]


# --- part of a month, and the parts of pay ---------------------------------------------------------------


def june(books: Books, net: int, more: str = "", *, hours: str = "80", total: str = "80") -> Books:
    """The June row of 44,000 a month with another claim and more said of it."""
    return books.plant(
        "  hours: 80\n  total-hours: 160\n  net: 22000 TWD\n",
        f"  hours: {hours}\n  total-hours: {total}\n{more}  net: {net} TWD\n",
    ).plant(
        "人事費   22000 TWD\n  Liabilities:1應付帳款          -22000 TWD\n",
        f"人事費   {net} TWD\n  Liabilities:1應付帳款   -{net} TWD\n",
    )


@pytest.mark.parametrize(
    ("more", "net", "found"),
    [
        ("  joined: 2023-06-16\n", 44_000, [("p1", 22_000)]),  # 15 of 30 days, all hours of them
        ("  joined: 2023-06-16\n", 22_000, []),
        ("  joined: 2023-06-16\n", 22_001, [("p1", 1)]),
        ("  left: 2023-06-15\n", 44_000, [("p1", 22_000)]),
        ("  joined: 2023-06-06\n  left: 2023-06-25\n", 44_000, [("p1", 14_667)]),  # 20 days: 29,333.33
        ("  joined: 2023-06-01\n  left: 2023-06-30\n", 44_000, []),  # the whole month
        ("  joined: 2022-03-01\n", 44_000, []),
        ('  joined: "112/06/16"\n', 44_000, []),  # no date: nothing is judged by it
    ],
)
def test_pay_of_part_of_a_month(books: Books, more: str, net: int, found: list[tuple[str, int]]) -> None:
    planted = june(books, net, more)
    assert planted.found("payroll-part-month") == found
    assert planted.found("payroll-arithmetic") == ([("p1", 21_999)] if net == 22_001 else [])


@pytest.mark.parametrize(
    ("hours", "total", "net", "found"),
    [
        ("40", "80", 22_000, [("p1", 11_000)]),  # half of the hours of half a month is a quarter
        ("40", "80", 11_000, []),
        ("80", "168", 20_952, []),  # the month's hours: cut by the hours already
        ("88", "168", 23_047, [("p1", 1_047)]),  # more hours than the days have: 22,000 at most
        ("80", "88", 40_000, [("p1", 20_000)]),  # eleven weekdays from the sixteenth: 88 hours
        ("80", "89", 39_550, [("p1", 17_550)]),
    ],
)
def test_hours_of_the_part_and_hours_of_the_month(
    books: Books, hours: str, total: str, net: int, found: list[tuple[str, int]]
) -> None:
    planted = june(books, net, "  joined: 2023-06-16\n", hours=hours, total=total)
    assert planted.found("payroll-part-month") == found


def test_the_plan_tells_the_first_and_the_last_day(books: Books) -> None:
    joined = books.plant(PERSON, PERSON + "  since: 2023-06-16\n")
    assert june(joined, 44_000).found("payroll-part-month") == [("p1", 22_000)]
    left = books.plant(PERSON, PERSON + "  until: 2023-06-15\n")
    assert june(left, 44_000).found("payroll-part-month") == [("p1", 22_000)]
    said = "  joined: 2023-06-01\n  left: 2023-06-30\n"  # what the row says comes first
    assert june(left, 44_000, said).found("payroll-part-month") == []
    thirty_one = left.plant("until: 2023-06-15", "until: 2023-08-15").add(
        pay("2023-08", hours=160)
        .replace("total-hours: 160", "total-hours: 88")
        .replace("hours: 160", "hours: 88")
    )
    assert thirty_one.found("payroll-part-month") == [("p2023-08", 22_000)]  # a thirtieth is more than a 31st


def test_a_salary_that_is_cut_by_the_days_is_not_cut_again(books: Books) -> None:
    cut = june(books, 22_000, "  joined: 2023-06-16\n").plant("salary: 44000", "salary: 22000")
    assert cut.found("payroll-part-month") == [("p1", 11_000)]  # nothing says what a whole month is
    assert cut.add(pay("2023-07")).found("payroll-part-month") == []
    planned = cut.plant(PERSON, PERSON + "  salary: 44000 TWD\n")
    assert planned.found("payroll-part-month") == []


def test_pay_outside_the_days_of_the_plan(books: Books) -> None:
    planned = books.plant(PERSON, PERSON + "  since: 2023-06-16\n  until: 2023-08-15\n")
    paid = planned.add(pay("2023-08") + pay("2023-09"))
    assert paid.found("person-not-planned") == [("p2023-09", 22_000)]
    assert planned.plant("since: 2023-06-16", "since: 2023-07-01").found("person-not-planned") == [
        ("p1", 22_000)
    ]


@pytest.mark.parametrize(
    ("salary", "parts", "net", "wrong", "beyond"),
    [
        ("44000", (40_000, 0, 4000), 22_000, [], [("p1", 2000)]),
        ("44000", (40_000, 0, 4000), 20_000, [], []),
        ("44000", (40_000, 4000, 0), 22_000, [], []),  # a fixed allowance counts
        ("44000", (40_000, 1000, 3000), 20_500, [], []),
        ("44000", (40_000, 1000, 3000), 21_000, [("p1", 1000)], [("p1", 500)]),  # neither with nor without
        ("44000", (40_000, 1000, 2000), 22_000, [("p1", 1000)], [("p1", 1500)]),  # the parts are no 44,000
        ("40000", (40_000, 0, 4000), 20_000, [], []),  # the base alone
        ("41000", (40_000, 1000, 4000), 20_500, [], []),
        ("", (40_000, 0, 4000), 22_000, [], [("p1", 2000)]),  # untold: the sum
        ("", (40_000, 0, 4000), 22_001, [("p1", 1)], [("p1", 2001)]),
    ],
)
def test_the_parts_of_pay(
    books: Books,
    salary: str,
    parts: tuple[int, int, int],
    net: int,
    wrong: list[tuple[str, int]],
    beyond: list[tuple[str, int]],
) -> None:
    base, allowance, bonus = parts
    told = f"  base: {base}\n  allowance: {allowance}\n  bonus: {bonus}\n"
    planted = june(books, net, told, total="160")
    planted = planted.plant("  salary: 44000\n", f"  salary: {salary}\n" if salary else "")
    assert planted.found("payroll-arithmetic") == wrong
    assert planted.found("pay-part-not-claimable") == beyond


@given(st.lists(st.fractions(min_value=-2, max_value=1, max_denominator=200)))
def test_no_run_of_efforts_comes_to_more_than_the_most(efforts: list[Fraction]) -> None:
    most = most_effort(efforts)
    assert most == sum((part for part in efforts if part > 0), Fraction(0))
    assert all(done <= most for done in itertools.accumulate(efforts))
