"""What the `import-id` of a bank line says: its account, day and amount, and the balance or the place that proves it."""

from __future__ import annotations

import datetime
import functools
import re
from typing import NamedTuple

from ledger.util.text import fold

_ID = re.compile(
    r"bank:([^:]*):([0-9]{4}-[0-9]{2}-[0-9]{2}):(-?[0-9]{1,15}):(.*)"
)  # the rest: a mark, and `:2` where it comes again
_BALANCE = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_PLACE = re.compile(r"place-\d+")
_LONGEST = 15  # figures of a balance


class BankLineId(NamedTuple):
    """A bank line as its `import-id` tells it, in NT$."""

    import_id: str
    account: str
    day: datetime.date
    amount: int
    balance: int | None
    has_place: bool  # in its place the id says which of equal lines of its day it is

    @property
    def is_older(self) -> bool:
        """Whether it has neither: it holds the line's words, which another export may print otherwise."""
        return self.balance is None and not self.has_place


@functools.lru_cache(maxsize=65_536)  # a case is judged more than once, before and after a change
def read_bank_line_id(import_id: str, words: str = "") -> BankLineId | None:
    """What an `import-id` says of a bank line; None where it is of something else.

    `words` are those of the entry: they tell a memo of nothing but figures from a balance.
    """
    found = _ID.fullmatch(import_id) if import_id.startswith("bank:") else None
    if found is None:
        return None
    account, written, amount, mark = found.groups()
    try:
        day = datetime.date.fromisoformat(written)
    except ValueError:  # the books may come from anywhere
        return None
    head, colon, tail = mark.rpartition(":")
    if colon and tail.isdecimal():
        mark = head
    is_balance = _BALANCE.fullmatch(mark) is not None and (not words or fold(words) != mark)
    return BankLineId(
        import_id,
        account,
        day,
        int(amount),
        int(mark) if is_balance else None,
        not is_balance and _PLACE.fullmatch(mark) is not None,
    )


def is_older(import_id: str, words: str = "") -> bool:
    """Whether `read_bank_line_id` gives a line that is `is_older`; an id that ends with a balance need not be read."""
    mark = import_id.split(":", 4)[-1]
    if mark.isdecimal() and mark.isascii() and mark[0] != "0" and len(mark) <= _LONGEST:
        return bool(words) and fold(words) == mark and _reads_older(import_id, words)
    return _reads_older(import_id, words)


def _reads_older(import_id: str, words: str) -> bool:
    told = read_bank_line_id(import_id, words)
    return told is not None and told.is_older
