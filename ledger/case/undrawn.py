"""What closed months have earned and nobody has withdrawn, of each dedicated account by itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from ledger.case.case import Case
from ledger.case.settlement import CaseSettlement
from ledger.model.directives import Close
from ledger.util.dates import month_last_day


class Undrawn(NamedTuple):
    """What may still be withdrawn from an account, in NT$."""

    holder: str
    amount: int


def last_close(case: Case, grace: datetime.timedelta) -> Close | None:
    """The close of the last month that was closed longer ago than `grace`."""
    closes = case.closed_months
    months = [month for month, close in closes.items() if case.as_of > close.date + grace]
    return closes[max(months)] if months else None


def undrawn(case: Case, close: Close, settled: CaseSettlement | None) -> Iterator[Undrawn]:
    """What the months through `close` have earned beyond what was withdrawn, while grant money is there.

    Once the case is settled, no more than is recognised.
    """
    shares = case.government_shares(month_last_day(close.month))
    for holder in case.holders:
        earned = sum(share for (party, _c), share in shares.items() if case.holder_of(party) == holder)
        if settled is not None:
            earned = min(earned, _recognised(settled, holder))
        moves = [move for move in case.movements if case.holder_of(move.party) == holder]
        gone = sum(move.remitted_surplus - (move.grant if move.kind == "fee" else 0) for move in moves)
        amount = min(earned, case.received(party=holder) - gone) - case.withdrawn(party=holder)
        if amount > 0:
            yield Undrawn(holder, amount)


def _recognised(settled: CaseSettlement, holder: str) -> int:
    """The recognised grant that an account pays."""
    own = settled.parties.get(holder, settled.whole)
    return own.recognised_government if own.answers_for is None else own.answers_for
