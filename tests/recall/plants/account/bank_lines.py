"""Faults and near misses of bank lines that stand twice in the books (`bank-line-twice`)."""

from __future__ import annotations

import datetime

from ledger.entries.builder import bank_entry
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

TWICE = "bank-line-twice"
ACCOUNT = "490264681158"


def at(day: datetime.date, amount: int) -> tuple[tuple[str, int | None], ...]:
    return ((str(day), amount),)


def lines(ground: Ground, *marks: str, amount: int, account: str = ACCOUNT) -> datetime.date:
    """Own money that came in and went out again, each way once for every mark of its import-id."""
    day = ground.day(1, 12)
    for way in (amount, -amount):
        for mark in marks:
            meta = {
                "import-id": f"bank:{account}:{day}:{way}:{mark.replace('~', 'in' if way > 0 else 'out')}"
            }
            ground.more.append(bank_entry("own-money", day, way, "", "自籌款", meta))
    return day


@plant(TWICE)
def copy_of_a_line_that_came_in_and_went_out(ground: Ground) -> Planted:
    amount = ground.chance.randrange(1_000, 9_000)
    day = lines(ground, "880011", "880011", amount=amount)
    return Planted(ground.books(), at(day, amount) * 2)


@plant(TWICE)
def line_without_a_balance_merged_from_two_sides(ground: Ground) -> Planted:
    amount = ground.chance.randrange(1_000, 9_000)
    day = lines(ground, "place-1", "place-1", amount=amount)
    return Planted(ground.books(), at(day, amount) * 2)


@plant(TWICE)
def older_id_of_words_beside_the_one_of_a_balance(ground: Ground) -> Planted:
    amount = ground.chance.randrange(1_000, 9_000)
    day = lines(ground, "自籌款~", "770022", amount=amount)
    return Planted(ground.books(), at(day, amount) * 2)


@near_miss(TWICE)
def equal_sums_of_a_day_with_other_balances(ground: Ground) -> Planted:
    lines(ground, "880011", "990011", amount=ground.chance.randrange(1_000, 9_000))
    return Planted(ground.books(), ())


@near_miss(TWICE)
def equal_sums_of_a_day_by_their_place(ground: Ground) -> Planted:
    lines(ground, "place-1", "place-2", amount=ground.chance.randrange(1_000, 9_000))
    return Planted(ground.books(), ())


@near_miss(TWICE)
def one_sum_seen_by_its_balance_and_another_by_its_place(ground: Ground) -> Planted:
    lines(ground, "880011", "place-2", amount=ground.chance.randrange(1_000, 9_000))
    return Planted(ground.books(), ())


def by_hand(ground: Ground, *, words: str = "自籌款", more: int = 0) -> tuple[datetime.date, int]:
    """Own money that came in and out by imported lines, and an entry without an id beside each."""
    amount = ground.chance.randrange(1_000, 9_000)
    day = lines(ground, "880011", amount=amount)
    for way in (amount + more, -amount - more):
        ground.more.append(bank_entry("own-money", day, way, "", words, {}))
    return day, amount


@plant(TWICE)
def line_copied_without_its_id(ground: Ground) -> Planted:
    day, amount = by_hand(ground)
    return Planted(ground.books(), at(day, amount) * 2)


@near_miss(TWICE)
def entry_by_hand_of_the_same_sum_with_other_words(ground: Ground) -> Planted:
    by_hand(ground, words="追加自籌款")
    return Planted(ground.books(), ())


@near_miss(TWICE)
def entry_by_hand_of_another_sum(ground: Ground) -> Planted:
    by_hand(ground, more=1)
    return Planted(ground.books(), ())
