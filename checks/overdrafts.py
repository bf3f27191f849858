"""A dedicated account's two sub-accounts below zero at the end of a day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from operator import attrgetter
from typing import Literal

from checks import words
from checks.finding import Found
from ledger.award import Award
from ledger.case import Case
from ledger.case import Movement
from ledger.i18n import _

Money = Literal["grant", "own"]


def overdrafts(case: Case, award: Award) -> Iterator[Found]:
    """One finding a stretch of days below zero, on the movement that crossed; each dedicated account by itself."""
    movements: dict[str, list[Movement]] = defaultdict(list)
    for movement in case.movements:
        movements[case.holder_of(movement.party)].append(movement)
    for holder, moves in movements.items():
        yield from _of(moves, "grant", _named(_("政府補助款"), award, holder, several=len(movements) > 1))
        yield from _of(moves, "own", _named(_("業者自籌款"), award, holder, several=len(movements) > 1))


def _named(money: str, award: Award, holder: str, *, several: bool) -> str:
    """What the money is called; with its holder where there are several accounts."""
    return (
        _("{party}的{category}").format(party=award.party_name(holder), category=money) if several else money
    )


def _of(movements: list[Movement], money: Money, name: str) -> Iterator[Found]:
    amount = attrgetter(money)
    balance = 0
    was_below = False
    for day, moves in itertools.groupby(movements, key=attrgetter("date")):
        before = balance
        todays = list(moves)
        balance += sum(amount(move) for move in todays)
        if balance < 0 and not was_below:
            entry = _crossing(todays, amount, before).entry
            message = _("{date} 終了時專戶的{money}餘額為 {balance};請補記漏列的存入或更正付款").format(
                date=day, money=name, balance=words.money(balance)
            )
            yield Found(entry, message, -balance)
        was_below = balance < 0


def _crossing(moves: list[Movement], amount: attrgetter[int], balance: int) -> Movement:
    """The last movement of the day that took the balance from zero or more to below it."""
    crossing = moves[0]
    for move in moves:
        if balance >= 0 > balance + amount(move):
            crossing = move
        balance += amount(move)
    return crossing
