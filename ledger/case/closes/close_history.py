"""Which months stand closed: the closes and re-openings of a case, put in the order in which they were made.

A close is dated by its month's end as often as by the day it was made, and those of one day may stand in
several files, so neither dates nor places tell their order. The chain does: a close names the digest of the
close before it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from ledger.model.directives import Close
from ledger.model.directives import Reopen

Event = Close | Reopen


class CloseHistory(NamedTuple):
    """The closes in force, oldest first, and what stood closed from each day on."""

    closes: list[Close]
    history: list[tuple[datetime.date, frozenset[str]]]

    def closed_on(self, day: datetime.date) -> frozenset[str]:
        """The months that stood closed at the end of `day`."""
        current: frozenset[str] = frozenset()
        for date, closed in self.history:
            if date <= day:
                current = closed
        return current


def close_history(events: Iterable[Event]) -> CloseHistory:
    """Work out the months in force.

    A re-opening opens its month and every later one; a close made after it counts again, whatever its date.
    A close that fits nowhere in the chain counts from its date all the same, and `chain_breaks` names it.
    """
    by_day: dict[datetime.date, list[Event]] = {}
    for event in events:
        by_day.setdefault(event.date, []).append(event)
    current: list[Close] = []
    history: list[tuple[datetime.date, frozenset[str]]] = []
    pool: list[Event] = []
    days = sorted(by_day)
    for place, day in enumerate(days):
        pool += by_day[day]
        later = [event for other in days[place + 1 :] for event in by_day[other]]
        while (made := _next(pool, current, later)) is not None:
            pool.remove(made)
            current = _after(current, made)
        history.append((day, frozenset(close.month for close in current)))
    return CloseHistory(current, history)


def _after(current: list[Close], event: Event) -> list[Close]:
    if isinstance(event, Close):
        return [*current, event]
    return [close for close in current if close.month < event.month]


def _next(pool: Sequence[Event], current: Sequence[Close], later: Sequence[Event]) -> Event | None:
    """What was made next; None where all that is left waits for something of a later day.

    The close that continues the chain, else a re-opening, else a close that fits nowhere.
    """
    end = current[-1].digest if current else ""
    closed = {close.month for close in current}
    closes = sorted((event for event in pool if isinstance(event, Close)), key=lambda close: close.month)
    for close in closes:
        if close.previous == end and close.month not in closed:
            return close
    for event in pool:
        if isinstance(event, Reopen):
            return event
    for close in closes:
        if not _waits(close, [*closes, *later], later, closed):
            return close
    return None


def _waits(close: Close, unmade: Sequence[Event], later: Sequence[Event], closed: set[str]) -> bool:
    """Whether a close follows something that comes later: the close before it, or its month's re-opening."""
    if close.month in closed:
        return any(isinstance(event, Reopen) and event.month <= close.month for event in later)
    return any(
        isinstance(event, Close) and event is not close and event.digest and event.digest == close.previous
        for event in unmade
    )
