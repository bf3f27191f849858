"""Faults in the award against the programme's rules."""

from __future__ import annotations

import datetime

from ledger.arithmetic.cost_share import Approved
from ledger.util.dates import add_months
from tests.recall.awards import as_signed
from tests.recall.awards import at
from tests.recall.awards import awarded
from tests.recall.awards import partner
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)


# --- subsidy-cap-exceeded ------------------------------------------------------------------------------


def granted_beyond(ground: Ground, cap: int, more: int, party: str = "") -> None:
    """An award of so much more than the cap, of which the company bears more than half all the same."""
    government = cap + more - ground.granted().government
    ground.grant("improvement", government=government, own=government + 50_000, party=party)


@plant("subsidy-cap-exceeded")
def one_dollar_beyond_five_million(ground: Ground) -> Planted:
    granted_beyond(ground, 5_000_000, 1)
    return as_signed(ground, 1)


@plant("subsidy-cap-exceeded", scheme="managed-factory-112")
def managed_factory_beyond_its_smaller_cap(ground: Ground) -> Planted:
    more = ground.chance.randrange(2, 400_000)
    granted_beyond(ground, 1_500_000, more)
    return as_signed(ground, more)


@plant("subsidy-cap-exceeded", scheme="supply-chain-smart-112", partners=3)
def partners_and_lead_together_beyond_the_cap(ground: Ground) -> Planted:
    more = ground.chance.randrange(2, 900_000)
    granted_beyond(ground, 20_000_000, more, partner(ground, 1))
    return as_signed(ground, more)


@plant("subsidy-cap-exceeded")
def approved_revision_beyond_the_cap(ground: Ground) -> Planted:
    more = ground.chance.randrange(2, 400_000)
    government = ground.budget("improvement").government + 5_000_000 + more - ground.granted().government
    ground.revise(ground.end, {"improvement": Approved(government, 2 * government)})
    ground.today = ground.end
    return Planted(ground.books(), (at(ground, more),))


@near_miss("subsidy-cap-exceeded")
def grant_of_exactly_five_million(ground: Ground) -> Planted:
    granted_beyond(ground, 5_000_000, 0)
    return as_signed(ground, clean=True)


@near_miss("subsidy-cap-exceeded", scheme="supply-chain-smart-112", partners=2)
def what_would_be_too_much_for_one_company_alone(ground: Ground) -> Planted:
    granted_beyond(ground, 20_000_000, 0, partner(ground))
    return as_signed(ground, clean=True)


@near_miss("subsidy-cap-exceeded")
def great_project_that_the_company_bears_itself(ground: Ground) -> Planted:
    ground.grant("personnel", own=20_000_000)
    return as_signed(ground, clean=True)


@near_miss("subsidy-cap-exceeded")
def revision_beyond_the_cap_that_nobody_approved(ground: Ground) -> Planted:
    ground.revise(ground.end, {"improvement": Approved(6_000_000, 7_000_000)}, approval="")
    return Planted(ground.books(), (), frozenset({"reallocation-unapproved"}))


# --- subsidy-ratio-exceeded, subsidy-ratio-at-limit ----------------------------------------------------


def granted_half(ground: Ground, more: int) -> None:
    """An award whose grant is so much more than half of its cost."""
    total = ground.granted().total
    if total % 2:
        ground.grant("improvement", own=1)
        total += 1
    moved = total // 2 + more - ground.granted().government
    ground.grant("improvement", government=moved, own=-moved)


@plant("subsidy-ratio-exceeded")
def one_dollar_beyond_half(ground: Ground) -> Planted:
    granted_half(ground, 1)
    return as_signed(ground, 1)


@plant("subsidy-ratio-exceeded", scheme="managed-factory-112")
def managed_factory_granted_more_than_half(ground: Ground) -> Planted:
    more = ground.chance.randrange(2, 30_000)
    granted_half(ground, more)
    return as_signed(ground, more)


@plant("subsidy-ratio-exceeded", scheme="supply-chain-carbon-112", partners=2)
def partners_and_lead_together_granted_more_than_half(ground: Ground) -> Planted:
    more = ground.chance.randrange(2, 30_000)
    awarded(ground, improvement=(2_000_000, 2_000_000))
    granted_half(ground, more)
    return as_signed(ground, more)


@plant("subsidy-ratio-exceeded")
def own_part_cut_by_a_revision(ground: Ground) -> Planted:
    government, total = ground.granted().government, ground.granted().total
    less = total - 2 * government + 2 * ground.chance.randrange(1, 20_000)
    approved = ground.budget("improvement")
    ground.revise(ground.end, {"improvement": Approved(approved.government, approved.self_funded - less)})
    ground.today = ground.end
    excess = government - (total - less) // 2
    return Planted(ground.books(), (at(ground, excess),), frozenset({"budget-overrun"}))


@near_miss("subsidy-ratio-exceeded")
def grant_of_exactly_half(ground: Ground) -> Planted:
    granted_half(ground, 0)
    ground.today = ground.start
    return Planted(ground.books(), (), frozenset({"subsidy-ratio-at-limit"}))


@near_miss("subsidy-ratio-exceeded")
def category_granted_more_than_half_and_the_whole_less(ground: Ground) -> Planted:
    more = ground.chance.randrange(1000, 9000)
    government, own = ground.budget("consumables")
    moved = (own - government) // 2 + more
    ground.grant("consumables", government=moved, own=-moved)
    ground.grant("personnel", own=4 * moved)
    return as_signed(ground, clean=True)


@near_miss("subsidy-ratio-exceeded", scheme="supply-chain-smart-112", partners=2)
def partner_granted_more_than_half_and_the_project_less(ground: Ground) -> Planted:
    approved = [ground.budget(category, partner(ground)) for category in ("consumables", "improvement")]
    moved = sum(own - government for government, own in approved)
    ground.grant("improvement", government=moved, own=-moved, party=partner(ground))
    ground.grant("personnel", own=4 * moved)
    return as_signed(ground, clean=True)


@near_miss("subsidy-ratio-exceeded")
def half_of_an_odd_sum_rounded_down(ground: Ground) -> Planted:
    granted_half(ground, 0)
    ground.grant("personnel", own=1)
    return as_signed(ground, clean=True)


@plant("subsidy-ratio-at-limit")
def half_to_the_dollar(ground: Ground) -> Planted:
    granted_half(ground, 0)
    return as_signed(ground)


@plant("subsidy-ratio-at-limit")
def half_without_any_pay(ground: Ground) -> Planted:
    ground.grant("personnel", own=-ground.budget("personnel").total)
    for category in ("consumables", "equipment", "improvement"):
        government, own = ground.budget(category)
        ground.grant(category, own=government - own)
    return as_signed(ground)


@plant("subsidy-ratio-at-limit")
def half_by_a_revision(ground: Ground) -> Planted:
    government, total = ground.granted().government, ground.granted().total
    approved = ground.budget("personnel")
    less = approved.self_funded + 2 * government - total
    ground.revise(ground.end, {"personnel": Approved(0, less)})
    ground.today = ground.end
    return Planted(ground.books(), (at(ground),), frozenset({"budget-overrun"}))


@near_miss("subsidy-ratio-at-limit")
def one_dollar_below_half(ground: Ground) -> Planted:
    granted_half(ground, -1)
    return as_signed(ground, clean=True)


@near_miss("subsidy-ratio-at-limit", scheme="managed-factory-112")
def half_where_half_is_allowed(ground: Ground) -> Planted:
    granted_half(ground, 0)
    return as_signed(ground, clean=True)


@near_miss("subsidy-ratio-at-limit")
def beyond_half_is_said_by_another_check(ground: Ground) -> Planted:
    granted_half(ground, 1)
    ground.today = ground.start
    return Planted(ground.books(), (), frozenset({"subsidy-ratio-exceeded"}))


# --- guarantee-too-short -------------------------------------------------------------------------------


def guaranteed(ground: Ground, kind: str, days: int) -> int:
    """A letter that ends so many days after it has to last; gives what it has to guarantee."""
    needed = add_months(ground.end, 3)
    ground.tables["award"] |= {"guarantee": kind, "guarantee_until": needed + days * DAY}
    government = ground.granted().government
    return government if kind == "full" else -(-government // 5)


@plant("guarantee-too-short")
def letter_of_a_day_too_few(ground: Ground) -> Planted:
    return as_signed(ground, guaranteed(ground, "full", -1))


@plant("guarantee-too-short", scheme="managed-factory-112")
def letter_that_ends_with_the_project(ground: Ground) -> Planted:
    amount = guaranteed(ground, "partial", (ground.end - add_months(ground.end, 3)).days)
    ground.today = ground.start - DAY  # before anything is paid out by another guarantee
    return Planted(ground.books(), (at(ground, amount),))


@plant("guarantee-too-short", scheme="supply-chain-smart-112", partners=2)
def letter_that_ran_out_while_the_case_ran(ground: Ground) -> Planted:
    days = ground.chance.randrange(120, 200)
    amount = guaranteed(ground, "full", -days)
    ground.today = add_months(ground.end, 3) + (1 - days) * DAY
    return Planted(ground.books(), (at(ground, amount),))


@near_miss("guarantee-too-short")
def letter_of_just_three_months_more(ground: Ground) -> Planted:
    guaranteed(ground, "full", 0)
    return as_signed(ground, clean=True)


@near_miss("guarantee-too-short", scheme="managed-factory-112")
def letter_that_ran_out_when_nothing_was_left_to_cover(ground: Ground) -> Planted:
    guaranteed(ground, "full", 0)
    ground.today = add_months(ground.end, 3) + DAY
    return Planted(ground.books(), ())


@near_miss("guarantee-too-short")
def nothing_guaranteed(ground: Ground) -> Planted:
    guaranteed(ground, "none", -200)
    ground.today = ground.start - DAY
    return Planted(ground.books(), ())


# --- period-too-long -----------------------------------------------------------------------------------


def period(ground: Ground, months: int, *, days: int = 0) -> None:
    """An award for so many months and days."""
    last = add_months(ground.start, months) - DAY
    ground.tables["award"]["end"] = last + days * DAY


@plant("period-too-long")
def one_day_beyond_twelve_months(ground: Ground) -> Planted:
    period(ground, 12, days=1)
    return as_signed(ground)


@plant("period-too-long", scheme="managed-factory-112")
def thirteen_months(ground: Ground) -> Planted:
    period(ground, 13)
    return as_signed(ground)


@plant("period-too-long", scheme="supply-chain-smart-112", partners=2)
def supply_chain_of_more_than_two_years(ground: Ground) -> Planted:
    period(ground, 24, days=ground.chance.randrange(1, 60))
    return as_signed(ground)


@plant("period-too-long")
def begun_before_the_application_came_in(ground: Ground) -> Planted:
    ground.tables["award"]["filed"] = ground.start + ground.chance.randrange(1, 40) * DAY
    return as_signed(ground)


@near_miss("period-too-long")
def twelve_months_to_the_day(ground: Ground) -> Planted:
    period(ground, 12)
    return as_signed(ground, clean=True)


@near_miss("period-too-long", scheme="managed-factory-112")  # whose window has no first day
def twelve_months_with_a_leap_day(ground: Ground) -> Planted:
    ground.start = ground.tables["award"]["start"] = datetime.date(2023, 3, 1)
    ground.tables["award"]["filed"] = datetime.date(2023, 2, 1)
    ground.tables["award"]["end"] = datetime.date(2024, 2, 29)
    return as_signed(ground, clean=True)


@near_miss("period-too-long", scheme="supply-chain-smart-112", partners=2)
def two_years_of_a_supply_chain(ground: Ground) -> Planted:
    period(ground, 24)
    return as_signed(ground, clean=True)


@near_miss("period-too-long")
def begun_on_the_day_of_the_application(ground: Ground) -> Planted:
    ground.tables["award"]["filed"] = ground.start
    return as_signed(ground, clean=True)
