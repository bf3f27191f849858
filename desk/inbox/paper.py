"""A paper of the inbox as a page shows it beside its row: the table around the row, an invoice's fields, a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from typing import NamedTuple

from audit.documents import INLINE_TYPES
from audit.documents import DocumentField
from audit.documents import fields_of
from importers.records import ReadError
from importers.sources.delimited import Row
from importers.sources.regular_file import read_regular
from importers.sources.source import Source
from ledger.util.decoding import decode

_HEAD_ROWS = 8
_AROUND = 6
_MOST_COLUMNS = 40
_MOST_TEXT = 20_000


class PaperRow(NamedTuple):
    """A row of a table: its number from 1, its cells, and whether it is the one that is looked at."""

    number: int
    cells: tuple[str, ...]
    marked: bool


class Paper(NamedTuple):
    """A file and what is shown of it; `gap` is the row before which rows are left out (0: nowhere)."""

    name: str
    row: int
    shown: Literal["pdf", "picture", "fields", "table", "text", "file"]
    rows: tuple[PaperRow, ...] = ()
    fields: tuple[DocumentField, ...] = ()
    text: str = ""
    gap: int = 0


def paper_of(path: Path, name: str, row: int) -> Paper:
    """The paper at `path`, called `name`, with the row that is looked at (0: none)."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return Paper(name, row, "pdf")
    if suffix in INLINE_TYPES:
        return Paper(name, row, "picture")
    if suffix == ".xml":
        fields = tuple(fields_of(path))
        return Paper(name, row, "fields", fields=fields) if fields else Paper(name, row, "file")
    try:
        source = Source(path.name, read_regular(path))
        if source.kind in {"spreadsheet", "text"}:
            return _table(name, row, [rows for _sheet, rows in source.tables])
        if source.kind == "html":
            return Paper(name, row, "text", text=decode(source.data)[0][:_MOST_TEXT])
    except (ReadError, OSError, ValueError):
        return Paper(name, row, "file")
    return Paper(name, row, "file")


def _table(name: str, row: int, sheets: Sequence[Sequence[Row]]) -> Paper:
    """The sheet that holds the row, or the first that holds anything: its head and what stands around the row."""
    filled = [rows for rows in sheets if any(any(cells) for cells in rows)]
    with_data = [rows for rows in filled if 0 < row <= len(rows) and any(rows[row - 1])]
    rows = next(iter([*with_data, *filled]), [])
    last = len(rows)
    first = max(1, row - _AROUND)
    near = range(first, min(last, row + _AROUND) + 1) if row else range(1, min(last, 3 * _HEAD_ROWS) + 1)
    head = [number for number in range(1, min(last, _HEAD_ROWS) + 1) if number < near.start]
    shown = [
        PaperRow(number, tuple(rows[number - 1][:_MOST_COLUMNS]), number == row)
        for number in (*head, *near)
        if any(rows[number - 1])
    ]
    gap = near.start if head and near.start > head[-1] + 1 else 0
    return Paper(name, row, "table", tuple(shown), gap=gap)
