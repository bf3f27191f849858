"""Interest on money that goes back to the authority: pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import ROUND_HALF_UP
from decimal import Decimal


def simple_interest(
    moves: Iterable[tuple[datetime.date, int]], until: datetime.date, yearly: Decimal, year_days: int
) -> int:
    """Simple interest, NT$, on what is owed from day to day: rounded half up once, at the end.

    `moves` are the days on which what is owed grew, or was paid back (negative); `until` is the day of payment, which
    itself bears none; `yearly` is a share (0.03 for three percent) of `year_days` days. Paid back too much earns nothing.
    """
    owed, days_of_dollars, since = 0, 0, None
    for day, amount in sorted(move for move in moves if move[0] < until):
        if since is not None:
            days_of_dollars += max(0, owed) * (day - since).days
        owed, since = owed + amount, day
    if since is not None:
        days_of_dollars += max(0, owed) * (until - since).days
    return int((days_of_dollars * yearly / year_days).to_integral_value(ROUND_HALF_UP))
