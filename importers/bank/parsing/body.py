"""The lines of one statement as the file has them, before balances have put them in order and proved them."""

from __future__ import annotations

import dataclasses
from typing import Literal

from importers.bank.parsing.totals import Totals
from importers.records import BankLine


@dataclasses.dataclass(frozen=True, slots=True)
class Body:
    """The lines of one statement in the order of the file, and what is known of their signs.

    `unsigned`: rows whose amount is a magnitude only. `doubtful`: rows marked as corrections, whose sign the
    balance decides. `reversed_rows`: rows with a negative amount in the out or in column (錯誤更正).
    `minus_rows`: those of the out column, where every amount there has a minus, which then may say no more than "out".
    `sides`: where the signs come of 借方 and 貸方, whether these are the bank's (unless the balances contradict) or
    may be the company's as well.
    """

    lines: tuple[BankLine, ...]
    unsigned: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()
    reversed_rows: frozenset[int] = frozenset()
    minus_rows: frozenset[int] = frozenset()
    totals: tuple[Totals, ...] = ()
    opening: int | None = None
    sides: Literal["", "bank", "open"] = ""
