"""The dedicated account's two sub-accounts below zero at the end of a day."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from operator import attrgetter
from typing import Literal

from checks import words
from checks.finding import Found
from ledger.case import Case
from ledger.case import Movement
from ledger.i18n import _

Money = Literal["grant", "own"]


def overdrafts(case: Case) -> Iterator[Found]:
    """One finding a stretch of days below zero, on the movement that crossed."""
    yield from _of(case, "grant", _("政府補助款"))
    yield from _of(case, "own", _("業者自籌款"))


def _of(case: Case, money: Money, name: str) -> Iterator[Found]:
    amount = attrgetter(money)
    balance = 0
    was_below = False
    for day, moves in itertools.groupby(case.movements, key=attrgetter("date")):
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
