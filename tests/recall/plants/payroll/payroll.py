"""Faults in payroll: whose pay it is, for how many months, and what it comes to."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from ledger.entries.builder import VoucherToBook
from ledger.model.directives import custom
from ledger.util.dates import roc_month
from tests.recall import papers
from tests.recall.edits import of_voucher
from tests.recall.edits import says
from tests.recall.ground import Ground
from tests.recall.making import PERSONS
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant


def pay(ground: Ground, name: str) -> list[VoucherToBook]:
    """The payroll rows of a person, month by month."""
    return [paper for paper in ground.papers if paper.kind == "payroll" and paper.seller_name == name]


def hire(ground: Ground, name: str, month: str, **told: Any) -> VoucherToBook:
    """One more row of the payroll sheet, booked; the budget has room for it."""
    ground.grant("personnel", own=100_000)
    paper = ground.buy(papers.roll(ground.chance, month, name), paid_after=5)
    return retell(ground, paper, **told)


def retell(ground: Ground, paper: VoucherToBook, **told: Any) -> VoucherToBook:
    """A payroll row says something else; None leaves it out."""
    meta = dict(paper.meta) | told
    told_now = tuple((key, value) for key, value in meta.items() if value is not None)
    return ground.replace(paper, meta=told_now)


def take_back(ground: Ground, paper: VoucherToBook, net: int) -> None:
    """A correction takes back so much of a payroll row, under its number."""
    ground.replace(ground.credit(paper, net), kind="payroll", number=paper.number, document="")


def claims(ground: Ground, paper: VoucherToBook, net: int) -> VoucherToBook:
    """A payroll row that claims so much; the budget has room for it."""
    ground.grant("personnel", own=max(0, net - paper.net))
    return ground.replace(paper, net=net, lines=(dataclasses.replace(paper.lines[0], cost=net),))


def person(ground: Ground, name: str) -> dict[str, Any]:
    """The [[person]] of the award."""
    return next(table for table in ground.tables["person"] if table["name"] == name)


def somebody(ground: Ground) -> str:
    return ground.chance.choice(PERSONS)


def rows(*found: VoucherToBook) -> tuple[tuple[str, int | None], ...]:
    return tuple((paper.number, paper.net) for paper in found)


# --- person-not-planned --------------------------------------------------------------------------------


@plant("person-not-planned")
def pay_of_somebody_nobody_planned(ground: Ground) -> Planted:
    paper = hire(ground, "趙啟文", ground.chance.choice(ground.months))
    return Planted(ground.books(), rows(paper))


@plant("person-not-planned")
def name_with_one_character_mistyped(ground: Ground) -> Planted:
    paper = hire(ground, "王太明", ground.months[1])
    return Planted(ground.books(), rows(paper))


@plant("person-not-planned")
def person_who_left_the_plan_and_is_still_paid(ground: Ground) -> Planted:
    name = somebody(ground)
    ground.tables["person"].remove(person(ground, name))
    return Planted(ground.books(), rows(*pay(ground, name)))


@plant("person-not-planned")
def pay_that_names_only_who_was_paid(ground: Ground) -> Planted:
    paper = hire(ground, "趙啟文", ground.months[2], person=None)
    return Planted(ground.books(), rows(paper))


@plant("person-not-planned")
def pay_of_a_stranger_partly_taken_back(ground: Ground) -> Planted:
    paper = hire(ground, "趙啟文", ground.months[0])
    part = paper.net // 3
    take_back(ground, paper, part)
    return Planted(ground.books(), ((paper.number, paper.net - part),))


@plant("person-not-planned")
def pay_of_the_months_before_the_change_was_approved(ground: Ground) -> Planted:
    early = [hire(ground, "趙啟文", month) for month in ground.months[:2]]
    hire(ground, "趙啟文", ground.months[2])
    named = custom(ground.day(2, 5), "person", "趙啟文", role="製程工程師", insured=True, months=5)
    ground.more.append(named)
    return Planted(ground.books(), rows(*early))


@near_miss("person-not-planned")
def name_written_with_a_wide_blank(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    name = paper.seller_name
    edit = of_voucher(paper.number, says(person=f"{name[0]}　{name[1:]} "))
    return Planted(ground.books(edit), ())


@near_miss("person-not-planned")
def person_added_by_an_approved_change(ground: Ground) -> Planted:
    named = custom(ground.day(2, 30), "person", "趙啟文", role="製程工程師", insured=True, months=5)
    ground.more.append(named)
    hire(ground, "趙啟文", ground.months[2])
    return Planted(ground.books(), ())


@near_miss("person-not-planned")
def pay_of_a_stranger_that_nobody_claims(ground: Ground) -> Planted:
    ground.replace(hire(ground, "趙啟文", ground.months[0]), claimed=False)
    return Planted(ground.books(), ())


@near_miss("person-not-planned")
def pay_of_a_stranger_taken_back(ground: Ground) -> Planted:
    paper = hire(ground, "趙啟文", ground.months[0])
    take_back(ground, paper, paper.net)
    return Planted(ground.books(), ())


@near_miss("person-not-planned")
def receipt_of_a_person_who_is_not_on_the_payroll(ground: Ground) -> Planted:
    paper = papers.receipt(ground.chance, ground.invoice())
    ground.buy(dataclasses.replace(paper, seller="", seller_name="趙啟文"))
    return Planted(ground.books(), ())


# --- person-not-insured --------------------------------------------------------------------------------


def uninsured(ground: Ground, name: str) -> str:
    """A planned person whom the company has not insured."""
    person(ground, name)["insured"] = False
    return name


@plant("person-not-insured")
def all_pay_of_a_person_who_is_not_insured(ground: Ground) -> Planted:
    name = uninsured(ground, somebody(ground))
    return Planted(ground.books(), rows(*pay(ground, name)))


@plant("person-not-insured")
def one_month_of_a_person_who_is_not_insured(ground: Ground) -> Planted:
    ground.tables["person"].append({"name": "趙啟文", "insured": False, "months": 3})
    paper = hire(ground, "趙啟文", ground.chance.choice(ground.months))
    return Planted(ground.books(), rows(paper))


@plant("person-not-insured")
def person_planned_without_insurance_and_not_yet_paid(ground: Ground) -> Planted:
    ground.tables["person"].append({"name": "趙啟文", "insured": False, "months": 3})
    return Planted(ground.books(), ((str(ground.start), None),))


@plant("person-not-insured")
def one_month_claimed_of_two_of_a_person_who_is_not_insured(ground: Ground) -> Planted:
    ground.tables["person"].append({"name": "趙啟文", "insured": False, "months": 3})
    ground.replace(hire(ground, "趙啟文", ground.months[0]), claimed=False)
    paper = hire(ground, "趙啟文", ground.months[1])
    return Planted(ground.books(), rows(paper))


@plant("person-not-insured")
def name_on_the_sheet_with_a_blank_in_it(ground: Ground) -> Planted:
    ground.tables["person"].append({"name": "趙啟文", "insured": False, "months": 3})
    paper = hire(ground, "趙 啟 文", ground.months[3])
    return Planted(ground.books(), rows(paper))


@near_miss("person-not-insured")
def pay_of_a_person_who_is_not_insured_and_that_nobody_claims(ground: Ground) -> Planted:
    name = uninsured(ground, somebody(ground))
    for paper in pay(ground, name):
        ground.replace(paper, claimed=False)
    return Planted(ground.books(), ())


@near_miss("person-not-insured")
def pay_of_a_person_who_is_not_insured_taken_back(ground: Ground) -> Planted:
    ground.tables["person"].append({"name": "趙啟文", "insured": False, "months": 3})
    paper = hire(ground, "趙啟文", ground.months[0])
    take_back(ground, paper, paper.net)
    return Planted(ground.books(), ())


@near_miss("person-not-insured")
def person_of_whom_the_award_does_not_tell(ground: Ground) -> Planted:
    named = custom(ground.start, "person", "趙啟文", role="製程工程師", months=3)
    ground.more.append(named)
    hire(ground, "趙啟文", ground.months[0])
    return Planted(ground.books(), ())


@near_miss("person-not-insured")
def person_of_almost_the_same_name(ground: Ground) -> Planted:
    named = {"name": "王大鳴", "insured": True, "months": 3}
    ground.tables["person"].append(named)
    hire(ground, "王大鳴", ground.months[0])
    return Planted(ground.books(), ())


# --- person-months-exceeded ----------------------------------------------------------------------------


@plant("person-months-exceeded")
def plan_that_is_too_much_with_other_projects(ground: Ground) -> Planted:
    table = person(ground, somebody(ground))
    table["other_months"] = 13 - table["months"]
    return Planted(ground.books(), ((str(ground.start), None),))


@plant("person-months-exceeded")
def thirteen_months_planned(ground: Ground) -> Planted:
    person(ground, somebody(ground))["months"] = 13
    return Planted(ground.books(), ((str(ground.start), None),))


@plant("person-months-exceeded")
def months_paid_beyond_the_plan(ground: Ground) -> Planted:
    name, months = somebody(ground), ground.chance.randrange(1, 4)
    paid = [full(ground, paper) for paper in pay(ground, name)]
    person(ground, name)["months"] = months
    return Planted(ground.books(), rows(*paid[months:]))


@plant("person-months-exceeded")
def hours_beyond_a_plan_in_tenths(ground: Ground) -> Planted:
    name = somebody(ground)
    paid = [part(ground, paper, 48) for paper in pay(ground, name)]  # three tenths each
    person(ground, name)["months"] = Decimal("1.4")
    return Planted(ground.books(), ((paid[-1].number, -(-paid[-1].net // 3)),))


@plant("person-months-exceeded")
def month_beyond_the_plan_paid_in_two_rows(ground: Ground) -> Planted:
    name = somebody(ground)
    paid = [full(ground, paper) for paper in pay(ground, name)[:4]]
    person(ground, name)["months"] = len(paid)
    bonus = hire(ground, name, ground.months[4])
    bonus = ground.replace(bonus, number=f"{bonus.number}加班", import_id="payroll:bonus")
    return Planted(ground.books(), rows(pay(ground, name)[4], bonus))


@plant("person-months-exceeded")
def hours_of_more_than_twelve_months_with_other_projects(ground: Ground) -> Planted:
    table = {"name": "趙啟文", "insured": True, "months": 2, "other_months": 10}
    ground.tables["person"].append(table)
    for month in ground.months[:2]:
        full(ground, hire(ground, "趙啟文", month))
    more = hire(ground, "趙啟文", ground.months[1])
    more = ground.replace(more, number=f"{more.number}加班", import_id="payroll:more")
    return Planted(ground.books(), rows(more))


@plant("person-months-exceeded")
def months_named_as_the_authority_writes_them(ground: Ground) -> Planted:
    name = somebody(ground)
    person(ground, name)["months"] = 4
    for paper in pay(ground, name):
        month = dict(paper.meta)["month"]
        retell(ground, full(ground, paper), month=roc_month(month))
    return Planted(ground.books(), rows(pay(ground, name)[4]))


def full(ground: Ground, paper: VoucherToBook) -> VoucherToBook:
    """A payroll row of a whole month's hours."""
    return part(ground, paper, 160)


def part(ground: Ground, paper: VoucherToBook, hours: int) -> VoucherToBook:
    """A payroll row of so many of a month's 160 hours."""
    salary = int(dict(paper.meta)["salary"])
    return claims(ground, retell(ground, paper, hours=Decimal(hours)), salary * hours // 160)


@near_miss("person-months-exceeded")
def months_paid_to_the_last_of_the_plan(ground: Ground) -> Planted:
    person(ground, somebody(ground))["months"] = len(ground.months)
    return Planted(ground.books(), ())


@near_miss("person-months-exceeded")
def twelve_months_planned_with_other_projects(ground: Ground) -> Planted:
    table = person(ground, somebody(ground))
    table["other_months"] = 12 - table["months"]
    return Planted(ground.books(), ())


@near_miss("person-months-exceeded")
def part_time_over_more_months_than_person_months(ground: Ground) -> Planted:
    name = somebody(ground)
    for paper in pay(ground, name):
        part(ground, paper, 32)  # a fifth each
    person(ground, name)["months"] = Decimal(len(ground.months)) / 5
    return Planted(ground.books(), ())


@near_miss("person-months-exceeded")
def last_month_of_the_plan_paid_in_two_rows(ground: Ground) -> Planted:
    name = somebody(ground)
    person(ground, name)["months"] = len(ground.months)
    bonus = hire(ground, name, ground.months[4])
    ground.replace(bonus, number=f"{bonus.number}加班", import_id="payroll:bonus")
    return Planted(ground.books(), ())


@near_miss("person-months-exceeded")
def month_beyond_the_plan_that_nobody_claims(ground: Ground) -> Planted:
    name = somebody(ground)
    paid = [full(ground, paper) for paper in pay(ground, name)]
    person(ground, name)["months"] = len(paid) - 1
    ground.replace(paid[0], claimed=False)
    return Planted(ground.books(), ())


@near_miss("person-months-exceeded")
def month_beyond_the_plan_taken_back(ground: Ground) -> Planted:
    name = somebody(ground)
    paid = [full(ground, paper) for paper in pay(ground, name)]
    person(ground, name)["months"] = len(paid) - 1
    paper = paid[1]
    take_back(ground, paper, paper.net)
    return Planted(ground.books(), ())


@near_miss("person-months-exceeded")
def twelve_months_of_hours_with_other_projects(ground: Ground) -> Planted:
    table = {"name": "趙啟文", "insured": True, "months": 2, "other_months": 10}
    ground.tables["person"].append(table)
    for month in ground.months[:2]:
        full(ground, hire(ground, "趙啟文", month))
    return Planted(ground.books(), ())


# --- payroll-arithmetic --------------------------------------------------------------------------------


@plant("payroll-arithmetic")
def pay_claimed_a_dollar_too_high(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    claims(ground, paper, paper.net + 1)
    return Planted(ground.books(), ((paper.number, 1),))


@plant("payroll-arithmetic")
def whole_salary_claimed_for_part_of_the_hours(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    salary = int(dict(paper.meta)["salary"])
    claims(ground, paper, salary)
    return Planted(ground.books(), ((paper.number, salary - paper.net),))


@plant("payroll-arithmetic")
def more_hours_than_the_month_has(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    hours = Decimal(160 + ground.chance.randrange(1, 20))
    retell(ground, paper, hours=hours)
    return Planted(ground.books(), rows(paper))


@plant("payroll-arithmetic")
def pay_rounded_up(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    paper = retell(ground, paper, salary=Decimal(43_217), hours=Decimal(79))
    claims(ground, paper, 43_217 * 79 // 160 + 1)
    return Planted(ground.books(), ((paper.number, 1),))


@plant("payroll-arithmetic")
def digits_of_the_pay_turned_round(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    off = ground.chance.choice((90, 180, 900))
    claims(ground, paper, paper.net - off)
    return Planted(ground.books(), ((paper.number, off),))


@plant("payroll-arithmetic")
def pay_too_high_and_taken_back_by_half(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    changed = claims(ground, paper, paper.net + 1000)
    take_back(ground, changed, 500)
    return Planted(ground.books(), ((paper.number, 500),))


@near_miss("payroll-arithmetic")
def pay_rounded_down(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    paper = retell(ground, paper, salary=Decimal(43_217), hours=Decimal(79))
    claims(ground, paper, 43_217 * 79 // 160)
    return Planted(ground.books(), ())


@near_miss("payroll-arithmetic")
def half_hours_and_a_salary_with_a_comma(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    paper = retell(ground, paper, salary="44,000", hours=Decimal("80.5"))
    claims(ground, paper, 44_000 * 805 // 1600)
    return Planted(ground.books(), ())


@near_miss("payroll-arithmetic")
def pay_without_hours(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    retell(ground, paper, hours=None)
    return Planted(ground.books(), ())


@near_miss("payroll-arithmetic")
def whole_month_on_the_case(ground: Ground) -> Planted:
    full(ground, ground.any_paper("payroll"))
    return Planted(ground.books(), ())


@near_miss("payroll-arithmetic")
def pay_too_high_and_corrected_since(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    changed = claims(ground, paper, paper.net + 1000)
    take_back(ground, changed, 1000)
    return Planted(ground.books(), ())


@near_miss("payroll-arithmetic")
def pay_claimed_right_and_partly_given_up(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    take_back(ground, paper, paper.net // 4)
    return Planted(ground.books(), ())
