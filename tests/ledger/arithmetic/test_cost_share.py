"""Who pays: the golden vectors of the sister programme's workbook, and what must hold for every amount."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.cost_share import Rounding
from ledger.arithmetic.cost_share import entitlement
from ledger.arithmetic.cost_share import government_share
from ledger.arithmetic.cost_share import interest_tax
from ledger.arithmetic.cost_share import month_share
from ledger.arithmetic.cost_share import payroll_cost
from ledger.arithmetic.cost_share import spread
from ledger.arithmetic.cost_share import value_added_tax
from ledger.arithmetic.cost_share import withdrawable
from tests.ledger.ledgers import tries

MATERIAL = Approved(98_000, 164_400)
MONEY = st.integers(0, 20_000_000)
COST = st.integers(-1_000_000, 40_000_000)
APPROVED = st.builds(Approved, MONEY, MONEY)
ROUNDING = st.sampled_from(["down", "half-up"])


def test_material_of_the_first_period() -> None:
    share = government_share(150_000, MATERIAL, grantable=True)
    assert (share, 150_000 - share) == (56_021, 93_979)


def test_material_of_both_periods_and_the_second_as_the_difference() -> None:
    first = government_share(150_000, MATERIAL, grantable=True)
    both = government_share(200_000, MATERIAL, grantable=True)
    assert (both, both - first) == (74_695, 18_674)


@pytest.mark.parametrize(
    ("cost", "approved", "down", "half_up"),
    [
        (75_500, Approved(280, 290), 37_087, 37_088),
        (95_000, Approved(280, 290), 46_666, 46_667),
        (25_000, Approved(14, 36), 7_000, 7_000),
        (4_200, Approved(57, 63), 1_995, 1_995),
        (1, Approved(1, 1), 0, 1),
    ],
)
def test_a_real_company_s_months(cost: int, approved: Approved, down: int, half_up: int) -> None:
    approved = Approved(approved.government * 10**6, approved.self_funded * 10**6)
    assert government_share(cost, approved, grantable=True) == down
    assert government_share(cost, approved, grantable=True, rounding="half-up") == half_up


@pytest.mark.parametrize(
    ("cost", "approved", "share"),
    [
        (2, Approved(1, 1), 1),
        (1, Approved(1, 0), 1),
        (0, Approved(1, 1), 0),
        (-2, Approved(5, 5), 0),
        (9, Approved(0, 0), 0),
        (9, Approved(0, 5), 0),
        (9, Approved(5, -5), 0),
        (9, Approved(5, -6), 0),
        (9, Approved(-5, 6), 0),
    ],
)
@pytest.mark.parametrize("rounding", ["down", "half-up"])
def test_a_dollar_of_grant_is_earned_and_none_of_an_award_that_makes_no_sense(
    cost: int, approved: Approved, share: int, rounding: Rounding
) -> None:
    assert government_share(cost, approved, grantable=True, rounding=rounding) == share


def test_over_withdrawal_of_two_months() -> None:
    earned = {"may": 46_083, "june": 46_667}
    assert entitlement(earned) == 92_750
    assert withdrawable(entitlement(earned), 99_000, 10**6) == 0
    assert 99_000 - entitlement(earned) == 6_250


def test_a_payroll_row() -> None:
    assert payroll_cost(Decimal(44_000 + 9_000), Decimal(108), Decimal(176)) == 32_522


@pytest.mark.parametrize("hours", [Decimal(176), Decimal(200)])
def test_more_hours_than_the_month_has_are_the_whole_month(hours: Decimal) -> None:
    assert payroll_cost(Decimal(53_000), hours, Decimal(176)) == 53_000


def test_a_month_of_one_hour() -> None:
    assert payroll_cost(Decimal(53_000), Decimal("0.5"), Decimal(1)) == 26_500


@pytest.mark.parametrize(
    ("days", "of_days", "expected"),
    [(15, 30, 30_000), (31, 30, 60_000), (10, 31, Decimal(600_000) / 31), (0, 30, 0)],
)
def test_part_of_a_month_s_pay(days: int, of_days: int, expected: Decimal) -> None:
    assert month_share(Decimal(60_000), days, of_days) == expected


def test_a_month_without_days_has_no_part() -> None:
    with pytest.raises(ValueError, match="0"):
        month_share(Decimal(60_000), 1, 0)


def test_a_month_without_hours_has_no_cost() -> None:
    with pytest.raises(ValueError, match="0"):
        payroll_cost(Decimal(53_000), Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("interest", "tax"), [(20_000, 0), (20_009, 0), (20_010, 2_001), (0, 0), (100_000, 10_000)]
)
def test_tax_is_withheld_above_two_thousand(interest: int, tax: int) -> None:
    assert interest_tax(interest, Decimal("0.10"), 2_000) == tax


@pytest.mark.parametrize(("net", "tax"), [(100_000, 5_000), (9, 0), (10, 1), (30, 2), (29, 1)])
def test_business_tax_is_rounded_half_up(net: int, tax: int) -> None:
    assert value_added_tax(net) == tax


@pytest.mark.parametrize(
    ("entitled", "withdrawn", "received", "may"),
    [
        (50_000, 0, 0, 0),
        (50_000, 0, 30_000, 30_000),
        (50_000, 20_000, 90_000, 30_000),
        (50_000, 60_000, 90_000, 0),
    ],
)
def test_what_may_be_withdrawn(entitled: int, withdrawn: int, received: int, may: int) -> None:
    assert withdrawable(entitled, withdrawn, received) == may


@tries(200)
@given(COST, APPROVED, st.booleans(), ROUNDING)
def test_the_share_never_exceeds_budget_cost_or_ratio(
    cost: int, approved: Approved, grantable: bool, rounding: Rounding
) -> None:
    share = government_share(cost, approved, grantable=grantable, rounding=rounding)
    assert 0 <= share <= approved.government
    assert share <= max(0, cost)
    if not grantable:
        assert share == 0
    if share and rounding == "down":
        assert Fraction(share, cost) <= Fraction(approved.government, approved.total)


@tries(200)
@given(COST, APPROVED, ROUNDING)
def test_the_share_is_the_exact_one_rounded(cost: int, approved: Approved, rounding: Rounding) -> None:
    share = government_share(cost, approved, grantable=True, rounding=rounding)
    if cost <= 0 or not approved.government:
        assert share == 0
        return
    exact = min(Fraction(approved.government), Fraction(cost * approved.government, approved.total))
    assert abs(exact - share) < 1 if rounding == "down" else abs(exact - share) <= Fraction(1, 2)


@tries(200)
@given(COST, st.integers(0, 10**6), APPROVED, ROUNDING)
def test_more_cost_never_earns_less(cost: int, more: int, approved: Approved, rounding: Rounding) -> None:
    less = government_share(cost, approved, grantable=True, rounding=rounding)
    assert government_share(cost + more, approved, grantable=True, rounding=rounding) >= less


@tries(200)
@given(
    st.integers(-(10**9), 10**9), st.lists(st.integers(-(10**6), 10**6).map(Decimal), min_size=1, max_size=8)
)
def test_parts_add_up_to_the_header(total: int, weights: list[Decimal]) -> None:
    assert sum(spread(total, weights)) == total


@tries(200)
@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=8))
def test_parts_are_within_a_dollar_of_their_proportion_but_the_largest(
    total: int, weights: list[Decimal]
) -> None:
    parts = spread(total, weights)
    whole = sum(weights)
    largest = max(range(len(weights)), key=lambda place: weights[place])
    for place, (part, weight) in enumerate(zip(parts, weights, strict=True)):
        exact = Fraction(weight) * total / Fraction(whole) if whole else Fraction(0)
        if place != largest:
            assert exact - 1 < part <= exact


def test_lines_that_cancel_leave_the_header_on_one_of_them() -> None:
    assert spread(7, [Decimal(100), Decimal(-100)]) == [7, 0]


def test_nothing_to_spread_over() -> None:
    assert spread(7, []) == []


@tries(200)
@given(MONEY, MONEY, MONEY)
def test_withdrawing_what_may_be_leaves_nothing_and_overdraws_nothing(
    entitled: int, withdrawn: int, received: int
) -> None:
    may = withdrawable(entitled, withdrawn, received)
    assert may >= 0
    if may:
        assert withdrawn + may <= min(entitled, received)
        assert withdrawable(entitled, withdrawn + may, received) == 0
