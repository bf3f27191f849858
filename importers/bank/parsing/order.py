"""Lines of a file that keeps no balance with each: in the order of their days."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from importers.records import BankLine


def in_order_of_days(lines: Sequence[BankLine]) -> list[BankLine]:
    """The lines oldest first. Those of one day stay as the file has them, which is newest first where its days mostly fall."""
    falls = sum(before.date > after.date for before, after in itertools.pairwise(lines))
    rises = sum(before.date < after.date for before, after in itertools.pairwise(lines))
    ordered = lines[::-1] if falls > rises else lines
    return sorted(ordered, key=lambda line: line.date)
