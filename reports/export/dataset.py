"""What an exported table is: its name, its fields with their meaning, and how its rows are made from a case."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal
from typing import NamedTuple

from ledger.case.case import Case

Kind = Literal["text", "date", "amount", "number", "whole"]
Value = str | datetime.date | int | Decimal | None
Rows = Iterable[tuple[Value, ...]]


class ExportField(NamedTuple):
    """A field: its name as the standards have it where they have it, its kind, what it says.

    `amount` is NT$, whole as long as the books are; `number` a decimal; `whole` a count.
    """

    name: str
    kind: Kind
    meaning: str
    after: str = ""  # the standard's field that it is shaped after; empty for our own


class ExportTable(NamedTuple):
    """A table of the export."""

    name: str
    meaning: str
    fields: tuple[ExportField, ...]
    rows: Callable[[Case], Rows]
