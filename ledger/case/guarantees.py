"""The guarantees that a case has given, and what they cover on a day."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case


class Letter(NamedTuple):
    """One guarantee: the letter's number, its amount (None where none is told) and its last day."""

    number: str
    amount: int | None
    since: datetime.date
    until: datetime.date | None
    entry: data.Directive


def guarantee_letters(case: Case) -> list[Letter]:
    """The guarantees of a case; one of the same number takes the place of the one before it.

    Where none is written down as a milestone, the one that the award speaks of.
    """
    letters: dict[str, Letter] = {}
    for milestone in case.milestones:
        if milestone.kind == "guarantee":
            letters[milestone.number] = Letter(
                milestone.number, milestone.amount, milestone.date, milestone.until, milestone.entry
            )
    if not letters and case.award is not None and case.award.guarantee_until is not None:
        award = case.award
        return [Letter("", None, award.start, award.guarantee_until, award.entry)]
    return list(letters.values())


def covered_on(letters: list[Letter], day: datetime.date) -> int:
    """What the guarantees in force on a day cover together, in NT$."""
    return sum(
        letter.amount or 0
        for letter in letters
        if letter.since <= day and (letter.until is None or day <= letter.until)
    )
