"""A bank that prints what goes out with a minus, in a column of its own: `支出 -3,000`.

A negative amount in the out column takes an earlier line back, where the others there have no sign. Where all have one, the
minus may only say that it is the out column. The balances prove which; without them the words do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Sequence

from importers.bank.parsing.body import Body
from importers.bank.parsing.reversals import takes_back
from importers.records import BankLine
from importers.records import ReadError

_Order = Callable[[Body], Sequence[BankLine]]


def settle_minus(
    body: Body,
    in_order: _Order,
    way_in_words: Callable[[BankLine], int],
    question: Callable[[BankLine], ReadError],
) -> Body:
    """The body with the amounts of its out column turned where its minus means no more than that they went out.

    `in_order` proves a body by its balances. Raises what `question` makes of the first such line where neither the
    balances nor the words tell.
    """
    turned = _turned(body)
    plain = [line for line in turned.lines if line.row in body.minus_rows and not line.is_reversal]
    if not plain:
        return body
    if any(line.balance is not None for line in body.lines):
        fits = [each for each in (body, turned) if _chains(each, in_order)]
        if len(fits) == 1:
            return fits[0]
        if not fits:
            return body
        if len(plain) == 1 and way_in_words(plain[0]) >= 0:
            raise question(plain[0]._replace(amount=-plain[0].amount))
        return turned
    return turned if len(plain) > 1 or way_in_words(plain[0]) < 0 else body


def _turned(body: Body) -> Body:
    """The body with its out column's minus as a mere mark; what the bank's word takes back still does."""
    lines = tuple(
        line._replace(amount=-line.amount, is_reversal=takes_back(line.text))
        if line.row in body.minus_rows
        else line
        for line in body.lines
    )
    return dataclasses.replace(
        body, lines=lines, reversed_rows=body.reversed_rows - body.minus_rows, minus_rows=frozenset()
    )


def _chains(body: Body, in_order: _Order) -> bool:
    try:
        in_order(body)
    except ReadError:
        return False
    return True
