"""Grant money paid in, held against the scheme's schedule for the guarantee given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checks import words
from checks.finding import Found
from checks.purses import Purse
from checks.purses import purses
from checks.terms import Terms
from ledger.case import Case
from ledger.case import Movement
from ledger.case_settlement import settle_case
from ledger.i18n import _
from ledger.scheme import Instalment
from ledger.scheme import PayingOut
from ledger.settlement import Settlement
from ledger.settlement import share_of


class _Place(NamedTuple):
    """An instalment where it stands: its number from 1, what is approved and what came before, in NT$."""

    number: int
    move: Movement
    approved: int
    received: int


def unexpected_instalments(case: Case, terms: Terms) -> Iterator[Found]:
    """Instalments whose number or amount the schedule does not know."""
    schedule = terms.scheme.paying_out.get(terms.award.guarantee)
    if schedule is None:
        return
    note = words.assumption() if schedule.confidence in {"assumed", "sister programme"} else ""
    for purse in purses(case, terms.award):
        for place in _places(terms, purse):
            message, amount = _judge(case, terms, schedule, purse, place)
            if message:
                yield Found(place.move.entry, message + note, amount)


def _places(terms: Terms, purse: Purse) -> Iterator[_Place]:
    received = 0
    instalments = [move for move in purse.movements if move.kind == "instalment" and move.grant > 0]
    for number, move in enumerate(instalments, start=1):
        budget = terms.award.budget_on(move.date)
        approved = sum(line.government for (party, _c), line in budget.items() if party in purse.parties)
        yield _Place(number, move, approved, received)
        received += move.grant


def _judge(case: Case, terms: Terms, schedule: PayingOut, purse: Purse, place: _Place) -> tuple[str, int]:
    """What is wrong with an instalment, and the amount at stake; an empty message where nothing is."""
    amount, rest = place.move.grant, place.approved - place.received
    shown = {"date": place.move.date, "number": place.number, "amount": words.money(amount)}
    if amount > rest:
        message = _("{date} 第 {number} 期撥款 {amount}使累計撥款超過核定補助款 {approved};請核對撥款函")
        return message.format(**shown, approved=words.money(place.approved)), amount - max(0, rest)
    planned = len(schedule.instalments)
    if place.number > planned:
        message = _("{date} 第 {number} 期撥款 {amount},但撥款期程只有 {planned} 期;請核對撥款函")
        return message.format(**shown, planned=planned), amount
    step = schedule.instalments[place.number - 1]
    if _is_share(amount, step, place.approved):
        return "", 0
    if place.number == planned and _may_be_last(case, terms, purse, place):
        return "", 0
    expected = share_of(place.approved, step.share) if step.share is not None else rest
    message = _("{date} 第 {number} 期撥款 {amount},依期程應為 {expected};請核對撥款函")
    return message.format(**shown, expected=words.money(expected)), abs(amount - expected)


def _is_share(amount: int, step: Instalment, approved: int) -> bool:
    """Whether the amount is the step's share, rounded either way; anything is where no share is known."""
    if step.share is None:
        return True
    low = share_of(approved, step.share)
    return amount in {low, low + (low != approved * step.share)}


def _may_be_last(case: Case, terms: Terms, purse: Purse, place: _Place) -> bool:
    """Whether the amount can be a last instalment: the rest, or what is recognised less what came before.

    Before the end, and where findings changed since what is recognised, that cannot be told.
    """
    move = place.move
    if case.as_of <= terms.award.end or any(finding.date > move.date for finding in case.findings):
        return True
    settled = settle_case(case)
    parts: list[Settlement] = [
        settlement for party, settlement in settled.parties.items() if party in purse.parties
    ] or [settled.whole]
    recognised = sum(part.recognised_government for part in parts)
    deducted = sum(part.flows.deductions for part in parts)
    tail = min(recognised, settled.whole.recognised_government) - place.received
    return move.grant in {place.approved - place.received, tail, tail - deducted}
