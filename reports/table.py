"""Tables on a sheet: a heading of one or two rows, rows whose formulas name their columns, totals."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from beancount.core import data
from openpyxl.utils import get_column_letter
from openpyxl.utils import quote_sheetname

from reports.grid import Formula
from reports.grid import Sheet
from reports.grid import Trail
from reports.grid import Value
from reports.grid import lines_needed
from reports.grid import row_height
from reports.styles import Style


class Column(NamedTuple):
    """A column of a table: the key its values have, its heading, its width in characters."""

    key: str
    heading: str
    width: int
    style: Style = "text"
    group: str = ""
    total: bool = False


class Row(NamedTuple):
    """A row of a table: its values by column, and the transactions that they come from.

    In a formula `{key}` is the cell of another column of the row, `{key^}` the one above it, `{key*}` the
    whole column.
    """

    values: Mapping[str, Value]
    sources: tuple[data.Transaction, ...] = ()


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


def write_table(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Row], total: str = "") -> Placed:
    """Write a table at the sheet's next row, and its totals under the word `total` where there is one.

    A table without rows has one empty row, so that its ranges stand.
    """
    letters = {column.key: get_column_letter(index) for index, column in enumerate(columns, 1)}
    heading = _write_heading(sheet, columns)
    first = sheet.row
    last = first + max(len(rows), 1) - 1
    ranges = {f"{key}*": f"${letter}${first}:${letter}${last}" for key, letter in letters.items()}
    for row in rows or [Row({})]:
        _write_row(sheet, columns, letters, ranges, row)
    placed = Placed(sheet.name, letters, heading, first, sheet.row - 1, sheet.row)
    if total:
        _write_total(sheet, columns, placed, rows, total)
    return placed


def _write_heading(sheet: Sheet, columns: Sequence[Column]) -> tuple[int, int]:
    """One row of headings, or two where columns stand in groups; gives the rows."""
    top = sheet.row
    grouped = any(column.group for column in columns)
    index = 1
    for group, members in groupby(columns, key=lambda column: column.group):
        several = list(members)
        if group:
            sheet.span(index, index + len(several) - 1, group, "heading")
        for column in several:
            sheet.row = top + 1 if group else top
            sheet.span(index, index, column.heading, "heading", rows=2 if grouped and not group else 1)
            index += 1
        sheet.row = top
    sheet.row = top + 1 if grouped else top
    sheet.end_row(_heading_height(columns, grouped=grouped))
    return top, sheet.row - 1


def _heading_height(columns: Sequence[Column], *, grouped: bool) -> float:
    lines = max(
        lines_needed(column.heading, column.width) - (1 if grouped and not column.group else 0)
        for column in columns
    )
    return row_height(max(lines, 1)) or row_height(2) * 0.6


def _write_row(
    sheet: Sheet, columns: Sequence[Column], letters: dict[str, str], ranges: dict[str, str], row: Row
) -> None:
    cells = {key: f"{letter}{sheet.row}" for key, letter in letters.items()}
    above = {f"{key}^": f"{letter}{sheet.row - 1}" for key, letter in letters.items()}
    lines = 1
    for index, column in enumerate(columns, 1):
        value = row.values.get(column.key)
        if isinstance(value, Formula):
            value = value._replace(text=value.text.format_map(cells | above | ranges))
        elif isinstance(value, str):
            lines = max(lines, lines_needed(value, column.width))
        sheet.put(sheet.row, index, value, column.style)
        if row.sources and column.style == "amount" and isinstance(value, int):
            sheet.book.trails.append(Trail(sheet.name, cells[column.key], row.sources))
    sheet.end_row(row_height(lines))


def _write_total(
    sheet: Sheet, columns: Sequence[Column], placed: Placed, rows: Sequence[Row], word: str
) -> None:
    for index, column in enumerate(columns, 1):
        letter = placed.letters[column.key]
        if column.total:
            figure = sum(figure_of(row.values.get(column.key)) for row in rows)
            formula = Formula(f"=SUM({letter}{placed.first}:{letter}{placed.last})", figure)
            sheet.put(sheet.row, index, formula, "total")
        else:
            sheet.put(sheet.row, index, word if index == 1 else None, "total-text")
    sheet.end_row()


def figure_of(value: Value) -> int:
    """The whole number that a cell shows; 0 where it shows none."""
    figure = value.figure if isinstance(value, Formula) else value
    return figure if isinstance(figure, int) else 0
