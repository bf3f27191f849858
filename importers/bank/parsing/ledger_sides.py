"""借方 and 貸方 mean one thing in a bank's statement and the opposite in the company's own ledger of that account.

A bank debits what leaves the account; the company debits what comes into it. The balances tell which it is; where
they do not, the bank's words for the lines may; where those do not either, somebody has to be asked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Sequence

from importers.bank.parsing.body import Body
from importers.bank.parsing.totals import Totals
from importers.records import BankLine
from importers.records import Choice
from importers.records import NeedsAnswerError
from importers.records import ReadError
from ledger.util.i18n import _


def settle_sides(
    body: Body, prove: Callable[[Body], list[BankLine]], says: Callable[[BankLine], int]
) -> Body:
    """The body with the signs that are right: as the bank means 借方 and 貸方, or turned round.

    `prove` gives the lines in order or raises ReadError where balances break; `says` is 1 or -1 where a line's words
    tell the way the money went, else 0. Raises NeedsAnswerError where nothing tells.
    """
    other = turned(body)
    as_bank, as_company = _proved(body, prove), _proved(other, prove)
    if isinstance(as_bank, ReadError):
        return body if isinstance(as_company, ReadError) else other
    if isinstance(as_company, ReadError):
        return body
    if body.sides == "bank":
        return body
    evidence = sum(_evidence(line, says) for line in as_bank)
    if evidence == 0:
        raise NeedsAnswerError(
            "statement",
            _("看不出「借方」「貸方」是銀行的還是公司帳上的:銀行的借方是支出,公司帳上的借方是存入;請選一種"),
            (
                Choice("bank-side", _("銀行的對帳單:借方是支出、貸方是存入")),
                Choice("company-side", _("公司自己的帳:借方是存入、貸方是支出")),
            ),
        )
    return body if evidence > 0 else other


def _proved(body: Body, prove: Callable[[Body], list[BankLine]]) -> list[BankLine] | ReadError:
    try:
        return prove(body)
    except ReadError as error:
        return error


def _evidence(line: BankLine, says: Callable[[BankLine], int]) -> int:
    """Above 0 where a line speaks for its sign, below where against it."""
    told = says(line) * (1 if line.amount > 0 else -1)
    if line.balance is None:
        return told
    # An account is hardly ever overdrawn: the balance before must not be below zero.
    before, before_turned = line.balance - line.amount, line.balance + line.amount
    return told + 2 * ((before_turned < 0 <= before) - (before < 0 <= before_turned))


def turned(body: Body) -> Body:
    """The same with every line's sign, and the two sums of printed totals, the other way round."""
    return dataclasses.replace(
        body,
        lines=tuple(line._replace(amount=-line.amount) for line in body.lines),
        totals=_totals_turned(body.totals),
    )


def _totals_turned(totals: Sequence[Totals]) -> tuple[Totals, ...]:
    return tuple(
        dataclasses.replace(
            each, out=each.into, into=each.out, out_count=each.in_count, in_count=each.out_count
        )
        for each in totals
    )
