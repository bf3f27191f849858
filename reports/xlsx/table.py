"""Tables on a sheet: a heading of one or two rows, rows whose formulas name their columns, totals."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.utils import quote_sheetname

from reports.xlsx.grid import Entry
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Given
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Trail
from reports.xlsx.grid import Value
from reports.xlsx.grid import lines_needed
from reports.xlsx.grid import row_height
from reports.xlsx.styles import Style

_HEADING_HEIGHT = 20
_SOURCED = {
    "amount",
    "quantity",
    "share",
    "decimal",
}  # the styles of cells that say where their numbers come from


class Column(NamedTuple):
    """A column of a table: the key its values have, its heading, its width in characters."""

    key: str
    heading: str
    width: int
    style: Style = "text"
    group: str = ""
    total: bool = False
    span: int = 1  # how many columns of the sheet it covers
    screen_only: bool = False  # stands beyond what is printed


class TableRow(NamedTuple):
    """A row of a table: its values by column, and the entries that they come from.

    In a formula `{key}` is the cell of another column of the row, `{key^}` the one above it, `{key*}` the
    whole column.
    """

    values: Mapping[str, Value]
    sources: tuple[Entry, ...] = ()
    link: str = ""  # the cell, on any sheet, that its number leads to
    of_column: Mapping[str, tuple[Entry, ...]] = MappingProxyType({})  # where a column has sources of its own


class Placed(NamedTuple):
    """Where a table stands on its sheet."""

    sheet: str
    letters: dict[str, str]
    heading: tuple[int, int]
    first: int
    last: int
    total: int

    def cell(self, key: str, row: int) -> str:
        """`'name'!$C$5`: a cell, from any sheet."""
        return f"{quote_sheetname(self.sheet)}!${self.letters[key]}${row}"

    def column(self, key: str) -> str:
        """`'name'!$C$5:$C$90`: the table's column, from any sheet."""
        letter = self.letters[key]
        return f"{quote_sheetname(self.sheet)}!${letter}${self.first}:${letter}${self.last}"

    def total_cell(self, key: str) -> str:
        """The column's total, from any sheet."""
        return self.cell(key, self.total)


def write_table(sheet: Sheet, columns: Sequence[Column], rows: Sequence[TableRow], total: str = "") -> Placed:
    """Write a table at the sheet's next row, and its totals under the word `total` where there is one.

    A table without rows has one empty row, so that its ranges stand.
    """
    places = _places(columns)
    letters = {column.key: get_column_letter(first) for column, first, _last in places}
    heading = _write_heading(sheet, places)
    first = sheet.row
    last = first + max(len(rows), 1) - 1
    ranges = {f"{key}*": f"${letter}${first}:${letter}${last}" for key, letter in letters.items()}
    for row in rows or [TableRow({})]:
        _write_row(sheet, places, letters, ranges, row)
    placed = Placed(sheet.name, letters, heading, first, sheet.row - 1, sheet.row)
    if total:
        _write_total(sheet, places, placed, rows, total)
    return placed


_Place = tuple[Column, int, int]  # a column and the first and last column of the sheet that it covers


def _places(columns: Sequence[Column]) -> list[_Place]:
    places, first = [], 1
    for column in columns:
        places.append((column, first, first + column.span - 1))
        first += column.span
    return places


def _write_heading(sheet: Sheet, places: Sequence[_Place]) -> tuple[int, int]:
    """One row of headings, or two where columns stand in groups; gives the rows."""
    top = sheet.row
    grouped = any(column.group for column, _first, _last in places)
    for group, members in groupby(places, key=lambda place: place[0].group):
        several = list(members)
        if group:
            sheet.span(several[0][1], several[-1][2], group, "heading")
        for column, first, last in several:
            sheet.row = top + 1 if group else top
            sheet.span(first, last, column.heading, "heading", rows=2 if grouped and not group else 1)
        sheet.row = top
    sheet.row = top + 1 if grouped else top
    sheet.end_row(max(_HEADING_HEIGHT, row_height(_heading_lines(places, grouped=grouped))))
    return top, sheet.row - 1


def _heading_lines(places: Sequence[_Place], *, grouped: bool) -> int:
    """How many lines the lower row of the heading needs; a heading over both rows has one more to itself."""
    return max(
        lines_needed(column.heading, column.width) - (1 if grouped and not column.group else 0)
        for column, _first, _last in places
    )


def _write_row(
    sheet: Sheet, places: Sequence[_Place], letters: dict[str, str], ranges: dict[str, str], row: TableRow
) -> None:
    cells = {key: f"{letter}{sheet.row}" for key, letter in letters.items()}
    above = {f"{key}^": f"{letter}{sheet.row - 1}" for key, letter in letters.items()}
    lines = 1
    amounts: list[str] = []
    for column, first, last in places:
        value = row.values.get(column.key)
        if isinstance(value, Formula):
            value = value._replace(text=value.text.format_map(cells | above | ranges))
        elif isinstance(value, str) and not column.screen_only:
            width = column.width if first == last else sum(sheet.widths[first - 1 : last])
            lines = max(lines, lines_needed(value, width))
        if first == last:
            sheet.put(sheet.row, first, value, column.style)
            if row.link and column.style == "link":
                sheet.link(sheet.row, first, row.link)
        else:
            sheet.span(first, last, value, column.style)
        if column.style in _SOURCED and isinstance(value, int | Decimal):
            if own := row.of_column.get(column.key):
                sheet.book.trails.append(Trail(sheet.name, (cells[column.key],), own))
            elif row.sources:
                amounts.append(cells[column.key])
    if amounts:
        sheet.book.trails.append(Trail(sheet.name, tuple(amounts), row.sources))
    sheet.end_row(row_height(lines))


def _write_total(
    sheet: Sheet, places: Sequence[_Place], placed: Placed, rows: Sequence[TableRow], word: str
) -> None:
    for column, first, last in places:
        letter = placed.letters[column.key]
        if column.screen_only:
            continue
        if column.total:
            figure = sum(figure_of(row.values.get(column.key)) for row in rows)
            formula = Formula(f"=SUM({letter}{placed.first}:{letter}{placed.last})", figure)
            sheet.put(sheet.row, first, formula, "total")
        else:
            sheet.span(first, last, word if first == 1 else None, "total-text")
    sheet.end_row()


def figure_of(value: Value) -> int:
    """The whole number that a cell shows; 0 where it shows none."""
    figure = (
        value.figure if isinstance(value, Formula) else value.number if isinstance(value, Given) else value
    )
    return figure if isinstance(figure, int) else 0
