"""Readers of bank statements: every one gives a `Reading` whose records are `BankLine`s, oldest first.

`READERS` are tried in turn; the first that does not answer None has the file. The strict formats come
first, because the table reader would make something of any text with a date, an amount and a balance.
"""

from __future__ import annotations

from collections.abc import Callable

from importers.bank import camt053
from importers.bank import html
from importers.bank import mt940
from importers.bank import pdf
from importers.bank import table
from importers.records import Reading
from importers.sources.source import Source

READERS: tuple[Callable[[Source], Reading | None], ...] = (
    camt053.read,
    mt940.read,
    html.read,
    pdf.read,
    table.read,
)
