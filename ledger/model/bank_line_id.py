"""What the `import-id` of a bank line says: its account, day and amount, and the balance or the place that proves it."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from ledger.util.text import fold

_ID = re.compile(
    r"bank:(?P<account>[^:]*):(?P<day>\d{4}-\d\d-\d\d):(?P<amount>-?\d+):(?P<mark>.*?)(?::(?P<again>\d+))?"
)
_BALANCE = re.compile(r"-?(0|[1-9]\d*)")
_PLACE = re.compile(r"place-\d+")


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


def read_bank_line_id(import_id: str, words: str = "") -> BankLineId | None:
    """What an `import-id` says of a bank line; None where it is of something else.

    `words` are those of the entry: they tell a memo of nothing but figures from a balance.
    """
    found = _ID.fullmatch(import_id)
    if found is None:
        return None
    mark = found["mark"]
    is_balance = _BALANCE.fullmatch(mark) is not None and (not words or fold(words) != mark)
    return BankLineId(
        import_id,
        found["account"],
        datetime.date.fromisoformat(found["day"]),
        int(found["amount"]),
        int(mark) if is_balance else None,
        _PLACE.fullmatch(mark) is not None,
    )
