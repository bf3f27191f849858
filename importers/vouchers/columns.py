"""Tables whose columns are found by what their headers mean, in any order and below any title rows."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal

from importers.sources.delimited import Row
from importers.vouchers.values import money
from importers.vouchers.values import row_error
from importers.vouchers.values import too_wide_error
from ledger.util.dates import parse_date
from ledger.util.i18n import _
from ledger.util.text import fold

Synonyms = Mapping[str, tuple[str, ...]]
"""Our name of a column -> the headers it may bear, the first being the one on our own form."""

_HEADER_ROWS = 40
_SPLIT_OFF = re.compile(r"0\d\d(?:\.\d+)?")  # what the comma of `8,000` leaves in the next cell
_REMARK = re.compile(r"\([^()]*\)|\*")


@dataclasses.dataclass(frozen=True, slots=True)
class TableRow:
    """One row below the header: its number in the sheet from 1, and its cells by our names of the columns."""

    row: int
    cells: Mapping[str, str]
    labels: Mapping[str, str]
    first: str  # the first cell that is not empty

    def text(self, field: str) -> str:
        """The cell, empty where the table has no such column."""
        return self.cells.get(field, "")

    def money(self, field: str) -> Decimal | None:
        """The amount in the cell, None where it is empty. Raises ReadError where it is no amount."""
        text = self.text(field)
        if _SPLIT_OFF.fullmatch(text):
            raise row_error(self.row, self.labels[field], text)
        try:
            return money(text)
        except ValueError:
            raise row_error(self.row, self.labels[field], text) from None

    def need_money(self, field: str) -> Decimal:
        """The amount in the cell. Raises ReadError also where it is empty."""
        amount = self.money(field)
        if amount is None:
            raise row_error(self.row, self.labels[field], "")
        return amount

    def day(self, field: str) -> datetime.date | None:
        """The date in the cell, None where it is empty. Raises ReadError where it is no date."""
        text = self.text(field)
        day = parse_date(text)
        if text and day is None:
            raise row_error(self.row, self.labels[field], text)
        return day

    def need_day(self, field: str) -> datetime.date:
        """The date in the cell. Raises ReadError also where it is empty."""
        day = self.day(field)
        if day is None:
            raise row_error(self.row, self.labels[field], "")
        return day


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose header was found: which column means what, and the rows below."""

    columns: Mapping[str, int]
    labels: Mapping[str, str]
    header: int  # index of the header row
    rows: Sequence[Row]

    def ignored_columns(self) -> list[str]:
        """The headers of columns that hold something and that no name of ours fits."""
        used = set(self.columns.values())
        header = self.rows[self.header]
        unused = [index for index, cell in enumerate(header) if cell and index not in used]
        below = [self.rows[index] for index in range(self.header + 1, len(self.rows))]
        return [header[index] for index in unused if any(index < len(row) and row[index] for row in below)]

    def lines(self) -> Iterator[TableRow]:
        """The rows below the header that hold anything; the header repeated by a page break is left out.

        Raises ReadError naming a row with more cells than the header: an amount split at its comma shifts them.
        """
        header = self.rows[self.header]
        for index in range(self.header + 1, len(self.rows)):
            row = self.rows[index]
            first = next((cell for cell in row if cell), "")
            if not first or row == header:
                continue
            if any(row[len(header) :]):
                raise too_wide_error(index + 1, len(row), len(header))
            cells = {field: row[column] for field, column in self.columns.items() if column < len(row)}
            yield TableRow(index + 1, cells, self.labels, first)


def ignored_columns_warning(table: Table) -> list[str]:
    """A warning that names the columns which are not read, where there are any."""
    ignored = table.ignored_columns()
    if not ignored:
        return []
    return [_("這些欄位沒有讀入:{columns}").format(columns=_("、").join(name[:20] for name in ignored[:12]))]


def find_table(rows: Sequence[Row], synonyms: Synonyms, required: tuple[str, ...]) -> Table | None:
    """The table in `rows` whose header names every one of `required`; the fullest such header wins."""
    labels = {field: names[0] for field, names in synonyms.items()}
    meanings = {fold(name).lower(): field for field, names in synonyms.items() for name in names}
    best: dict[str, int] = {}
    header = -1
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        columns = _columns(row, meanings)
        if len(columns) > len(best) and all(field in columns for field in required):
            best, header = columns, index
    return Table(best, labels, header, rows) if best else None


def _columns(row: Row, meanings: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        name = fold(cell).lower()
        field = meanings.get(name) or meanings.get(_REMARK.sub("", name))
        if field is not None:
            columns.setdefault(field, index)
    return columns
