"""Faults in pay of part of a month, and in the parts of pay."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from ledger.entries.builder import VoucherToBook
from ledger.util.dates import month_last_day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant
from tests.recall.plants.payroll.payroll import claims
from tests.recall.plants.payroll.payroll import pay
from tests.recall.plants.payroll.payroll import person
from tests.recall.plants.payroll.payroll import retell
from tests.recall.plants.payroll.payroll import somebody
from tests.recall.plants.payroll.payroll import take_back

HALF = 60_000 * 15 // 30 * 60 // 80  # fifteen days of 60,000 with three quarters of their hours


# --- payroll-part-month --------------------------------------------------------------------------------


def half_june(ground: Ground, **told: Any) -> VoucherToBook:
    """The first row of somebody of 60,000 a month, who was there for half of the month and all its hours."""
    rolls = [retell(ground, paper, salary=Decimal(60_000)) for paper in pay(ground, somebody(ground))]
    for roll in rolls[1:]:
        claims(ground, roll, 60_000 * int(dict(roll.meta)["hours"]) // 160)
    worked = {"hours": Decimal(60), "total-hours": Decimal(80)}
    return claims(ground, retell(ground, rolls[0], **worked, **told), 45_000)


@plant("payroll-part-month")
def joined_in_the_middle_and_paid_whole(ground: Ground) -> Planted:
    month = ground.months[0]
    last = month_last_day(month).day
    joined = datetime.date.fromisoformat(f"{month}-{last - 14:02}")
    paper = half_june(ground, joined=joined)
    return Planted(ground.books(), ((paper.number, 45_000 - HALF),))


@plant("payroll-part-month")
def left_in_the_middle_and_paid_whole(ground: Ground) -> Planted:
    paper = half_june(ground, left=datetime.date.fromisoformat(f"{ground.months[0]}-15"))
    return Planted(ground.books(), ((paper.number, 45_000 - HALF),))


@plant("payroll-part-month")
def the_plan_says_that_somebody_joined_later(ground: Ground) -> Planted:
    paper = half_june(ground)
    last = month_last_day(ground.months[0]).day
    person(ground, paper.seller_name)["since"] = datetime.date.fromisoformat(
        f"{ground.months[0]}-{last - 14:02}"
    )
    return Planted(ground.books(), ((paper.number, 45_000 - HALF),))


@near_miss("payroll-part-month")
def joined_in_the_middle_and_paid_by_the_days(ground: Ground) -> Planted:
    paper = half_june(ground, left=datetime.date.fromisoformat(f"{ground.months[0]}-15"))
    claims(ground, paper, HALF)
    return Planted(ground.books(), ())


@near_miss("payroll-part-month")
def salary_cut_by_the_days_already(ground: Ground) -> Planted:
    paper = half_june(ground, left=datetime.date.fromisoformat(f"{ground.months[0]}-15"))
    claims(ground, retell(ground, paper, salary=Decimal(30_000)), 22_500)
    return Planted(ground.books(), ())


@near_miss("payroll-part-month")
def hours_of_the_whole_month_cut_the_pay(ground: Ground) -> Planted:
    paper = half_june(ground, left=datetime.date.fromisoformat(f"{ground.months[0]}-15"))
    told = {"hours": Decimal(60), "total-hours": Decimal(160)}
    claims(ground, retell(ground, paper, **told), 22_500)
    return Planted(ground.books(), ())


# --- pay-part-not-claimable ----------------------------------------------------------------------------


def with_bonus(ground: Ground, bonus: int) -> VoucherToBook:
    """A row that tells its parts, of half a month's hours; the bonus is beside 40,000."""
    parts = {"base": Decimal(38_000), "allowance": Decimal(2000), "bonus": Decimal(bonus)}
    worked = {"salary": Decimal(40_000 + bonus), "hours": Decimal(80), "total-hours": Decimal(160)}
    return retell(ground, ground.any_paper("payroll"), **parts, **worked)


@plant("pay-part-not-claimable")
def a_bonus_claimed_with_the_pay(ground: Ground) -> Planted:
    paper = claims(ground, with_bonus(ground, 6000), 23_000)
    return Planted(ground.books(), ((paper.number, 3000),))


@plant("pay-part-not-claimable")
def a_bonus_claimed_where_the_salary_is_untold(ground: Ground) -> Planted:
    paper = claims(ground, retell(ground, with_bonus(ground, 6000), salary=None), 23_000)
    return Planted(ground.books(), ((paper.number, 3000),))


@plant("pay-part-not-claimable")
def a_bonus_taken_back_by_half(ground: Ground) -> Planted:
    paper = claims(ground, with_bonus(ground, 6000), 23_000)
    take_back(ground, paper, 1500)
    return Planted(ground.books(), ((paper.number, 1500),))


@near_miss("pay-part-not-claimable")
def a_bonus_left_out_of_the_claim(ground: Ground) -> Planted:
    claims(ground, with_bonus(ground, 6000), 20_000)
    return Planted(ground.books(), ())


@near_miss("pay-part-not-claimable")
def a_fixed_allowance_is_claimed(ground: Ground) -> Planted:
    claims(ground, with_bonus(ground, 0), 20_000)
    return Planted(ground.books(), ())


@near_miss("pay-part-not-claimable")
def a_bonus_taken_back_since(ground: Ground) -> Planted:
    paper = claims(ground, with_bonus(ground, 6000), 23_000)
    take_back(ground, paper, 3000)
    return Planted(ground.books(), ())
