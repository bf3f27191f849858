"""Interest on money that goes back: day by day, once rounded."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.arithmetic.recovery import simple_interest
from tests.ledger.ledgers import day

FIRST = day("2023-07-20")
MOVES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(-900_000, 900_000)),
    min_size=1,
    max_size=6,
    unique_by=lambda move: move[0],
)


@pytest.mark.parametrize(
    ("moves", "until", "percent", "interest"),
    [
        ([("2023-07-20", 350_000)], "2024-02-01", "3", 5_638),  # 196 days: 5,638.36
        ([("2023-07-20", 365_000)], "2023-07-21", "1", 10),  # one day of 3,650 a year
        ([("2023-07-20", 350_000)], "2023-07-20", "3", 0),  # paid on the day it came
        ([("2023-07-20", 350_000)], "2024-02-01", "0", 0),
        ([("2023-07-20", 300_000), ("2023-10-28", -300_000)], "2024-02-01", "3.65", 3_000),  # 100 days
        (
            [("2023-07-20", 300_000), ("2023-10-28", -400_000)],
            "2024-02-01",
            "3.65",
            3_000,
        ),  # too much paid back
        ([("2024-03-01", 300_000)], "2024-02-01", "3", 0),  # not come yet
        ([], "2024-02-01", "3", 0),
        ([("2023-01-01", 1)], "2023-12-31", "50.14", 1),  # 364 days: 0.50003
        ([("2023-01-01", 1)], "2023-12-31", "50.13", 0),  # 0.49993
    ],
)
def test_interest_by_days(moves: list[tuple[str, int]], until: str, percent: str, interest: int) -> None:
    dated = [(day(date), amount) for date, amount in moves]
    assert simple_interest(dated, day(until), Decimal(percent) / 100, 365) == interest


@given(MOVES, st.integers(0, 500), st.integers(0, 1000))
def test_it_is_the_sum_of_every_day_on_its_own(
    moves: list[tuple[int, int]], until: int, per_mille: int
) -> None:
    dated = [(FIRST + datetime.timedelta(days=later), amount) for later, amount in moves]
    dollars = 0
    for place in range(until):
        dollars += max(0, sum(amount for later, amount in moves if later <= place))
    exact = Fraction(dollars * per_mille, 365_000)
    found = simple_interest(dated, FIRST + datetime.timedelta(days=until), Decimal(per_mille) / 1000, 365)
    assert found == int(exact + Fraction(1, 2))
