"""Which months stand closed, whatever order the closes and re-openings are written in."""

from __future__ import annotations

import datetime
import itertools

import pytest
from beancount.core import data

from ledger.case.closes.close_history import Event
from ledger.case.closes.close_history import close_history
from ledger.model.directives import Close
from ledger.model.directives import Reopen
from ledger.model.directives import custom
from tests.ledger.ledgers import day

ENTRY: data.Custom = custom(datetime.date(2023, 6, 1), "close", "x")


def close(month: str, on: str, digest: str, previous: str = "") -> Close:
    return Close(day(on), month, 0, 0, previous, digest, (), ENTRY)


def reopen(month: str, on: str) -> Reopen:
    return Reopen(day(on), month, "漏列", ENTRY)


JUNE = close("2023-06", "2023-06-30", "d6")
JULY = close("2023-07", "2023-07-31", "d7", "d6")
AUGUST = close("2023-08", "2023-08-31", "d8", "d7")


def in_force(*events: Event) -> list[str]:
    return [event.digest for event in close_history(events).closes]


def closed_on(on: str, *events: Event) -> list[str]:
    return sorted(close_history(events).closed_on(day(on)))


def test_months_close_one_after_another() -> None:
    assert in_force(JUNE, JULY, AUGUST) == ["d6", "d7", "d8"]
    assert closed_on("2023-06-29", JUNE, JULY) == []
    assert closed_on("2023-06-30", JUNE, JULY) == ["2023-06"]
    assert closed_on("2023-08-30", JUNE, JULY, AUGUST) == ["2023-06", "2023-07"]


def test_closes_made_on_one_day_stand_in_the_order_of_the_chain_wherever_they_are_written() -> None:
    on = day("2023-09-05")
    day_of_all: list[Event] = [JUNE._replace(date=on), JULY._replace(date=on), AUGUST._replace(date=on)]
    for order in itertools.permutations(day_of_all):
        assert in_force(*order) == ["d6", "d7", "d8"]


def test_a_month_closed_late_and_the_next_dated_by_its_end() -> None:
    june = JUNE._replace(date=day("2023-08-10"))
    assert in_force(JULY, june) == ["d6", "d7"]
    assert closed_on("2023-08-09", JULY, june) == []
    assert closed_on("2023-08-10", JULY, june) == ["2023-06", "2023-07"]


def test_a_reopening_opens_its_month_and_the_later_ones() -> None:
    events: list[Event] = [JUNE, JULY, AUGUST, reopen("2023-07", "2023-09-03")]
    assert in_force(*events) == ["d6"]
    assert closed_on("2023-09-02", *events) == ["2023-06", "2023-07", "2023-08"]
    assert closed_on("2023-09-03", *events) == ["2023-06"]


@pytest.mark.parametrize("again_on", ["2023-07-31", "2023-09-03", "2023-09-04"])
def test_a_close_after_the_reopening_counts_again_whatever_its_date(again_on: str) -> None:
    again = close("2023-07", again_on, "d7b", "d6")
    august = close("2023-08", "2023-09-10", "d8b", "d7b")
    events: list[Event] = [JUNE, JULY, AUGUST, reopen("2023-07", "2023-09-03"), again, august]
    assert in_force(*events) == ["d6", "d7b", "d8b"]
    assert closed_on("2023-09-02", *events) == ["2023-06", "2023-07", "2023-08"]
    assert closed_on("2023-09-10", *events) == ["2023-06", "2023-07", "2023-08"]


def test_a_close_its_reopening_and_its_close_again_on_one_day() -> None:
    on = "2023-08-01"
    events: list[Event] = [
        JUNE,
        close("2023-07", on, "d7", "d6"),
        reopen("2023-07", on),
        close("2023-07", on, "d7b", "d6"),
    ]
    assert in_force(*events) == ["d6", "d7b"]
    assert in_force(*events[:3]) == ["d6"]


def test_a_month_reopened_twice() -> None:
    events: list[Event] = [
        JUNE,
        JULY,
        reopen("2023-07", "2023-08-05"),
        close("2023-07", "2023-08-06", "d7b", "d6"),
        reopen("2023-06", "2023-08-07"),
        close("2023-06", "2023-08-08", "d6c"),
        close("2023-07", "2023-08-08", "d7c", "d6c"),
    ]
    assert in_force(*events) == ["d6c", "d7c"]
    assert closed_on("2023-08-07", *events) == []


def test_a_close_that_fits_nowhere_counts_and_holds_up_no_other() -> None:
    broken = JULY._replace(previous="tampered")
    assert in_force(JUNE, broken, AUGUST) == ["d6", "d7", "d8"]
    assert closed_on("2023-07-31", JUNE, broken, AUGUST) == ["2023-06", "2023-07"]


def test_closes_without_digests_are_taken_as_they_come() -> None:
    bare = [event._replace(digest="", previous="") for event in (JUNE, JULY, AUGUST)]
    assert [event.month for event in close_history(bare).closes] == ["2023-06", "2023-07", "2023-08"]


def test_closes_without_digests_count_again_after_a_reopening() -> None:
    june, july = JUNE._replace(digest=""), JULY._replace(digest="", previous="")
    events: list[Event] = [june, july, july, reopen("2023-07", "2023-08-05")]
    assert [event.month for event in close_history(events).closes] == ["2023-06", "2023-07"]
    assert closed_on("2023-08-04", *events[:2], events[3]) == ["2023-06", "2023-07"]
    assert closed_on("2023-08-05", *events[:2], events[3]) == ["2023-06"]


def test_nothing_closed() -> None:
    assert in_force() == []
    assert closed_on("2023-06-30") == []


def test_a_first_close_taken_back_on_its_own_day() -> None:
    assert in_force(reopen("2023-06", "2023-06-30"), JUNE) == []


def test_two_closes_that_follow_the_same_one_stand_in_the_order_of_their_months() -> None:
    july, august = JULY._replace(date=day("2023-09-05")), AUGUST._replace(previous="d6")
    june = JUNE._replace(date=day("2023-09-05"))
    assert in_force(august, july, june) == ["d6", "d7", "d8"]


def test_a_month_closed_twice_waits_for_nothing_but_its_reopening() -> None:
    again, more = close("2023-06", "2023-07-05", "d6b", "zz"), close("2023-06", "2023-08-01", "d6c", "zz")
    july = JULY._replace(previous="d6b")
    assert closed_on("2023-07-31", JUNE, again, july, more) == ["2023-06", "2023-07"]
