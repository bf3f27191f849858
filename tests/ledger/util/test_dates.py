"""Dates and months as Taiwanese papers write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.util import dates
from tests.ledger.ledgers import tries

DAYS = st.dates(datetime.date(1921, 1, 1), datetime.date(2910, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "114/07/01",
        "1140701",
        "0114/07/01",
        "01140701",
        "2025/07/01",
        "2025-07-01",
        "20250701",
        "2025年7月1日",
        "114年7月1日",
        "114.7.1",
        "１１４／０７／０１",
        "  114/07/01 12:34:56",
        "* 2025/07/01",
        "114/07/01\n13:00",
    ],
)
def test_every_form_of_one_day(text: str) -> None:
    assert dates.parse_date(text) == datetime.date(2025, 7, 1)


@pytest.mark.parametrize(("year", "gregorian"), [(112, 2023), (1910, 3821), (1911, 1911), (2023, 2023)])
def test_years_before_1911_are_roc_years(year: int, gregorian: int) -> None:
    assert dates.gregorian_year(year) == gregorian


@pytest.mark.parametrize(
    "text", ["", "合計", "114/13/01", "114/02/30", "12345", "123456789", "2025/07", "帳號:0123456789012"]
)
def test_what_is_no_day(text: str) -> None:
    assert dates.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("114/07/01 9:05", "09:05:00"),
        ("23:59:59", "23:59:59"),
        ("24:00:00", ""),
        ("12:60", ""),
        ("12:59:60", ""),
        ("1140701", ""),
    ],
)
def test_time_of_day(text: str, time: str) -> None:
    assert dates.parse_time(text) == time


@pytest.mark.parametrize(
    "text", ["2023-06", "112/06", "112年6月", "11206", "202306", "2023/6", "１１２年６月份"]
)
def test_every_form_of_one_month(text: str) -> None:
    assert dates.parse_month(text) == "2023-06"


@pytest.mark.parametrize("text", ["", "六月", "112/13", "11213", "0612"])
def test_what_is_no_month(text: str) -> None:
    assert dates.parse_month(text) is None


@tries()
@given(DAYS)
def test_a_day_written_in_the_roc_way_is_read_back(day: datetime.date) -> None:
    assert dates.parse_date(dates.roc(day)) == day
    assert dates.parse_date(f"{day.year - 1911:03}{day:%m%d}") == day
    assert dates.parse_month(dates.roc_month(dates.month_of(day))) == dates.month_of(day)


@tries()
@given(DAYS)
def test_months_follow_one_another(day: datetime.date) -> None:
    month = dates.month_of(day)
    last = dates.month_last_day(month)
    assert dates.month_end(day) == last
    assert day <= last < datetime.date.fromisoformat(dates.next_month(month) + "-01")
    assert dates.month_of(last) == month


@tries()
@given(DAYS, st.integers(0, 60))
def test_months_between_counts_both_ends(day: datetime.date, months: int) -> None:
    later = dates.add_months(day, months)
    between = dates.months_between(day, later)
    assert len(between) == months + 1
    assert (between[0], between[-1]) == (dates.month_of(day), dates.month_of(later))
    assert between == sorted(between)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-05-31", 3, "2024-08-31"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2023-12-01", 12, "2024-12-01"),
        ("2024-03-31", -1, "2024-02-29"),
    ],
)
def test_add_months_stays_in_the_month(day: str, months: int, later: str) -> None:
    assert dates.add_months(datetime.date.fromisoformat(day), months) == datetime.date.fromisoformat(later)


def test_months_between_nothing() -> None:
    assert dates.months_between(datetime.date(2023, 7, 1), datetime.date(2023, 6, 30)) == []
