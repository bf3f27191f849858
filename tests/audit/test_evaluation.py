"""Projected error and upper limits, held against published tables and examples."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import evaluation
from audit.evaluation import factor
from audit.evaluation import most_bad
from audit.evaluation import project_monetary
from audit.evaluation import project_random
from audit.evaluation import rate_limit
from audit.sampling import Unit
from audit.sampling import draw
from audit.sampling import monetary_interval

# AICPA, Audit Guide: Audit Sampling, confidence factors for monetary-unit samples, number of overstatements 0 to 10.
# Risk of incorrect acceptance 5 % and 10 % (the table is reprinted in auditing textbooks).
FACTORS = {
    95: ("3.00", "4.75", "6.30", "7.76", "9.16", "10.52", "11.85", "13.15", "14.44", "15.71", "16.97"),
    90: ("2.31", "3.89", "5.33", "6.69", "8.00", "9.28", "10.54", "11.78", "13.00", "14.21", "15.41"),
}
# The same guide, table A-3: upper limits of the deviation rate at 5 % risk, in percent, for 0 to 3 deviations.
RATES = {
    70: ("4.2", "6.6", "8.8", "10.8"),
    80: ("3.7", "5.8", "7.7", "9.5"),
    90: ("3.3", "5.2", "6.9", "8.4"),
    100: ("3.0", "4.7", "6.2", "7.6"),
    125: ("2.4", "3.8", "5.0", "6.1"),
}


@pytest.mark.parametrize("confidence", FACTORS)
def test_factors_are_those_of_the_audit_guide(confidence: int) -> None:
    found = tuple(str(factor(errors, confidence)) for errors in range(11))
    assert found == FACTORS[confidence]


@pytest.mark.parametrize("size", RATES)
def test_rate_limits_are_those_of_the_audit_guide(size: int) -> None:
    assert tuple(str(rate_limit(size, errors, 95)) for errors in range(4)) == RATES[size]


def test_a_monetary_sample_without_errors_gives_the_basic_precision() -> None:
    """Messier, Glover, Prawitt, Auditing & Assurance Services: interval 26,882, no misstatement, 95 %: 80,646."""
    units = [Unit(f"u{place:04}", 26_882) for place in range(9_300)]
    size = 9_300 // 100
    _certain, interval = monetary_interval(units, size)
    assert interval == 2_688_200
    drawn = draw(units, "monetary", size, "1").names
    said = project_monetary(units, drawn, size, {}, 95)
    assert (said.projected, said.upper) == (0, 100 * 80_646)


def test_taintings_are_ranked_and_what_is_certain_stands_for_itself() -> None:
    """Taintings 1.00, 0.40 and 0.15 and a known error of 2,500 of one large unit, worked by hand from the factors.

    Interval 20,000: projected 1.55 x 20,000 + 2,500 = 33,500; the limit 3.00 x 20,000 = 60,000, and of the ranked
    taintings 1.75 x 20,000 = 35,000, 1.55 x 0.40 x 20,000 = 12,400, 1.46 x 0.15 x 20,000 = 4,380, and 2,500.
    """
    units = [Unit("large", 500_000), *(Unit(f"u{place:03}", 1_000) for place in range(200))]
    drawn = ["large", "u000", "u010", "u020", "u030"]
    size = 11
    certain, interval = monetary_interval(units, size)
    assert certain == {"large"}
    assert interval == 20_000
    errors = {"large": 2_500, "u000": 150, "u010": 1_000, "u020": 400}
    said = project_monetary(units, drawn, size, errors, 95)
    assert (said.found, said.projected, said.upper, said.errors) == (4_050, 33_500, 114_280, 4)


# Two worked examples of textbooks, whose tables have one decimal: confidence, interval, cumulative factors, the
# taintings with what each comes to, what is known of large units, and the limit as printed.
# Messier, Glover, Prawitt, Auditing & Assurance Services, problem 9-23: 9,000,000 / 156, 95 %.
MESSIER = (95, 57_692, ("3.0", "4.7", "6.2", "7.6"), ("0.33", "0.25", "0.20"), 60_000, 303_229)
# A university's notes on probability-proportional-to-size samples, chapter 16, problem 7: 2,500,000 / 59, 90 %.
PPS = (90, 42_373, ("2.31", "3.91", "5.31", "6.71"), ("0.60", "0.30", "0.10"), 10_699, 172_988)


@pytest.mark.parametrize("example", [MESSIER, PPS])
def test_the_limit_of_worked_examples(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the book's factors its own limit but for rounded dollars; with ours, of two decimals, within 1 % of it."""
    confidence, interval, factors, taintings, known, printed = example
    errors = {f"u{place}": int(Decimal(taint) * 100) for place, taint in enumerate(taintings)}
    small = [Unit(name, 100) for name in errors]
    size = 30
    filler = interval * (size - 1) - 100 * len(small)
    each, more = divmod(filler, 1_000)
    small += [Unit(f"f{place:03}", each + (1 if place < more else 0)) for place in range(1_000)]
    units = [*small, Unit("large", 10 * interval)]
    certain, found = monetary_interval(units, size)
    assert certain == {"large"}
    assert found == interval
    drawn = [*errors, "large"]
    ours = project_monetary(units, drawn, size, errors | {"large": known}, confidence)
    assert abs(ours.upper - printed) < printed * Decimal("0.01")
    book = {place: Decimal(text) for place, text in enumerate(factors)}
    monkeypatch.setattr(evaluation, "factor", lambda place, _confidence: book[place])
    theirs = project_monetary(units, drawn, size, errors | {"large": known}, confidence)
    assert abs(theirs.upper - printed) <= len(taintings)


@pytest.mark.parametrize("size", RATES)
def test_the_most_bad_of_a_large_population_are_the_audit_guide_s_rate(size: int) -> None:
    """Of 50,000 vouchers the hypergeometric limit is the rate of the guide's table A-3, which is rounded up."""
    population = 50_000
    for errors, printed in enumerate(RATES[size]):
        rate = Decimal(most_bad(population, size, errors, 95)) * 100 / population
        assert Decimal(printed) - Decimal("0.11") < rate <= Decimal(printed)


def test_a_random_sample_is_projected_by_the_mean_error() -> None:
    """10 of 100 vouchers of NT$1,000, one of them NT$500 too much: 500 x 100 / 10 = 5,000."""
    units = [Unit(f"u{place:03}", 1_000) for place in range(100)]
    drawn = [unit.name for unit in units[:10]]
    said = project_random(units, drawn, {"u003": 500}, 95)
    assert (said.found, said.projected, said.errors) == (500, 5_000, 1)
    assert said.most_bad is not None
    assert said.upper == 500 + (said.most_bad - 1) * 1_000


@pytest.mark.parametrize(
    ("population", "size", "errors"), [(100, 10, 0), (100, 10, 1), (60, 20, 2), (30, 29, 0)]
)
def test_the_most_bad_vouchers_are_just_still_possible(population: int, size: int, errors: int) -> None:
    def chance(bad: int) -> Fraction:
        few = sum(
            math.comb(bad, found) * math.comb(population - bad, size - found) for found in range(errors + 1)
        )
        return Fraction(few, math.comb(population, size))

    most = most_bad(population, size, errors, 95)
    assert chance(most) > Fraction(5, 100)
    assert most == population - (size - errors) or chance(most + 1) <= Fraction(5, 100)


def test_looking_at_everything_leaves_nothing_to_project() -> None:
    units = [Unit(f"u{place}", 1_000 + place) for place in range(8)]
    names = [unit.name for unit in units]
    said = project_random(units, names, {"u1": 300}, 95)
    assert (said.found, said.projected, said.upper, said.most_bad) == (300, 300, 300, 1)
    said = project_monetary(units, names, 8, {"u1": 300}, 95)
    assert said.found == 300


@given(
    st.lists(st.integers(1, 50_000), min_size=5, max_size=60),
    st.integers(1, 20),
    st.integers(0, 10),
    st.sampled_from([80, 90, 95]),
)
def test_a_limit_is_never_under_the_estimate_nor_over_all(
    amounts: list[int], size: int, wrong: int, confidence: int
) -> None:
    units = [Unit(f"u{place:03}", amount) for place, amount in enumerate(amounts)]
    size = min(size, len(units))
    drawn = draw(units, "monetary", size, "7").names
    errors = {
        name: 1 + len(name) * 100 % next(u.amount for u in units if u.name == name) for name in drawn[:wrong]
    }
    said = project_monetary(units, drawn, size, errors, confidence)
    assert said.found <= said.upper <= sum(amounts)
    assert said.projected <= said.upper or said.upper == sum(amounts)
    drawn = draw(units, "random", size, "7").names
    cut = {name: errors.get(name, 0) for name in drawn}
    assert project_random(units, drawn, cut, confidence).upper >= sum(cut.values())


def test_more_confidence_is_a_higher_limit() -> None:
    assert factor(0, 80) < factor(0, 90) < factor(0, 95) == Decimal("3.00")
