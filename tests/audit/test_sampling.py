"""Samples: the same facts give the same vouchers, and every voucher has its fair chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.sampling import METHODS
from audit.sampling import Method
from audit.sampling import Unit
from audit.sampling import chance_of_finding
from audit.sampling import draw
from audit.sampling import look_at_all
from audit.sampling import population_digest
from audit.sampling import size_for

TEN = [Unit(f"V{n:02}", 1000 * n, risk=n % 4) for n in range(1, 11)]

populations = st.lists(st.integers(-5000, 1_000_000), min_size=1, max_size=60).map(
    lambda amounts: [Unit(f"V{place:03}", amount, amount % 7) for place, amount in enumerate(amounts)]
)


def test_a_draw_is_what_it_was_when_the_program_was_written() -> None:
    assert draw(TEN, "random", 3, "12345678").names == ("V01", "V06", "V07")
    assert draw(TEN, "monetary", 3, "12345678").names == ("V05", "V08", "V10")
    assert population_digest(TEN) == "1d0edbbde8f86786"


def test_by_risk_the_riskiest_and_of_these_the_largest() -> None:
    assert draw(TEN, "risk", 3, "").names == ("V03", "V07", "V10")


def test_what_is_larger_than_the_interval_is_drawn_for_sure() -> None:
    units = [Unit("large", 900_000), *(Unit(f"s{n}", 1000) for n in range(100))]
    for seed in map(str, range(30)):
        drawn = draw(units, "monetary", 5, seed)
        assert drawn.certain == {"large"}
        assert len(drawn.names) == 5


def test_each_dollar_has_the_same_chance() -> None:
    units = [Unit("one", 10_000), Unit("two", 20_000), *(Unit(f"s{n}", 1000) for n in range(70))]
    drawn = [set(draw(units, "monetary", 2, str(seed)).names) for seed in range(600)]
    one = sum("one" in names for names in drawn)
    two = sum("two" in names for names in drawn)
    assert 80 <= one <= 160  # 2 of 100,000 dollars a time: 120 in 600 expected
    assert 190 <= two <= 290  # twice as often


@given(populations, st.sampled_from(METHODS), st.integers(0, 70), st.text(max_size=8))
def test_a_draw_can_be_drawn_again_whatever_the_order(
    units: list[Unit], method: Method, size: int, seed: str
) -> None:
    first = draw(units, method, size, seed)
    again = draw(list(reversed(units)), method, size, seed)
    assert set(first.names) == set(again.names)
    assert first.population == again.population
    assert len(first.names) == len(set(first.names)) <= size


@given(populations, st.integers(1, 60), st.text(max_size=8))
def test_nothing_of_no_value_is_drawn_by_monetary_unit(units: list[Unit], size: int, seed: str) -> None:
    amounts = {unit.name: unit.amount for unit in units}
    drawn = draw(units, "monetary", size, seed)
    assert all(amounts[name] > 0 for name in drawn.names)
    positive = sum(amount > 0 for amount in amounts.values())
    assert len(drawn.names) == min(size, positive)


def test_one_changed_amount_changes_the_population() -> None:
    changed = [TEN[0]._replace(amount=1001), *TEN[1:]]
    assert population_digest(changed) != population_digest(TEN)


@pytest.mark.parametrize(
    ("population", "size", "bad", "percent"),
    [(60, 10, 1, 16), (60, 20, 2, 55), (60, 30, 5, 97), (120, 20, 3, 42), (10, 10, 1, 100), (10, 3, 0, 0)],
)
def test_chance_of_finding_a_bad_one(population: int, size: int, bad: int, percent: int) -> None:
    assert chance_of_finding(population, size, bad) == percent


def test_sizes_that_expect_no_error() -> None:
    assert (size_for(10, 90), size_for(5, 95), size_for(2, 80)) == (24, 60, 81)


def test_small_cases_are_better_looked_at_whole() -> None:
    assert look_at_all(60, 10)
    assert look_at_all(200, 100)
    assert not look_at_all(200, 24)
