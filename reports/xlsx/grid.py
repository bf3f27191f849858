"""Writing cells: by style, every formula beside the ledger's own figure, and data never as a formula."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import functools
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from typing import NamedTuple

from beancount.core import data
from openpyxl.utils import get_column_letter
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reports.xlsx.styles import Style

_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LONGEST_TEXT = 32_000
_RISKY = ("=", "+", "-", "@", "\t")
_LINE_HEIGHT = 15
_PADDING = 3


class Formula(NamedTuple):
    """A live formula, the ledger's figure for the cell (NT$, a ratio, or a word), and the rule it follows."""

    text: str
    figure: int | Decimal | str
    rule: str = ""  # its name in `reports.data.rules`


class Given(NamedTuple):
    """A number that no entry says: the rule it comes from, by its name in `reports.data.rules`."""

    number: int | Decimal
    rule: str


Value = str | int | Decimal | datetime.date | Formula | Given | None


Entry = data.Transaction | data.Custom


class Trail(NamedTuple):
    """Amount cells that stand for the same entries: where they are, and what they come from."""

    sheet: str
    cells: tuple[str, ...]
    sources: tuple[Entry, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Book:
    """What is gathered over all sheets: the figure of every formula, the sources and the rules of amounts."""

    figures: dict[str, dict[str, int | Decimal | str]]
    trails: list[Trail]
    rules: dict[str, list[tuple[str, str]]] = dataclasses.field(default_factory=dict)  # cells by rule
    links: dict[int, str] = dataclasses.field(
        default_factory=dict
    )  # the cell that shows an entry, by its id()


class Sheet:
    """One worksheet while it is written, from the top down: `row` is the next free one."""

    def __init__(self, worksheet: Worksheet, book: Book) -> None:
        self.worksheet = worksheet
        self.book = book
        self.row = 1
        self.widths: list[int] = [10]
        self._styles: dict[Style, Any] = {}

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.worksheet.title

    @property
    def width(self) -> int:
        """How many columns the sheet has."""
        return len(self.widths)

    def ref(self, row: int, column: int) -> str:
        """`'name'!$C$5`: a cell of this sheet, from any sheet."""
        return f"{quote_sheetname(self.name)}!${get_column_letter(column)}${row}"

    def set_widths(self, widths: list[int], beyond: Sequence[int] = ()) -> None:
        """Set the widths of the columns that are printed, in characters, and of those beyond, for the screen."""
        self.widths = widths
        for index, width in enumerate([*widths, *beyond], 1):
            self.worksheet.column_dimensions[get_column_letter(index)].width = width

    def put(self, row: int, column: int, value: Value, style: Style) -> None:
        """Write one cell."""
        cell: Any = self.worksheet.cell(row, column)
        self._set_style(cell, style)
        if isinstance(value, Formula):
            cell.value = value.text
            cell.data_type = "f"
            self.book.figures.setdefault(self.name, {})[cell.coordinate] = value.figure
            self._note_rule(cell.coordinate, value.rule)
        elif isinstance(value, Given):
            cell.value = value.number
            self._note_rule(cell.coordinate, value.rule)
        elif isinstance(value, str):
            text = plain(value)
            if text:
                cell.value = text
                cell.data_type = "s"
                cell.quotePrefix = text.startswith(_RISKY)
        elif value is not None:
            cell.value = value

    def link(self, row: int, column: int, location: str) -> None:
        """Make a cell lead to another one of the workbook."""
        cell: Any = self.worksheet.cell(row, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)

    def _note_rule(self, coordinate: str, rule: str) -> None:
        if rule:
            self.book.rules.setdefault(rule, []).append((self.name, coordinate))

    def _set_style(self, cell: Any, style: Style) -> None:
        """Give a cell a style; from the second time on by copying, which spares openpyxl the search by name."""
        if style not in self._styles:
            cell.style = f"grant {style}"
            self._styles[style] = copy.copy(cell._style)  # noqa: SLF001 -- there is no public way to copy a style
        cell._style = copy.copy(self._styles[style])  # noqa: SLF001

    def span(self, first: int, last: int, value: Value, style: Style, *, rows: int = 1) -> None:
        """Write columns `first` to `last` of the next row as one cell; the row stays the next."""
        for row in range(self.row, self.row + rows):
            for column in range(first, last + 1):
                self.put(row, column, None, style)
        self.put(self.row, first, value, style)
        if last > first or rows > 1:
            area = f"{get_column_letter(first)}{self.row}:{get_column_letter(last)}{self.row + rows - 1}"
            self.worksheet.merged_cells.add(area)  # its cells have their borders: openpyxl need not set them

    def fit(self, first: int, last: int, text: str, style: Style) -> None:
        """Write text over columns `first` to `last` of the next row, and make the row as high as it needs."""
        self.span(first, last, text, style)
        lines = lines_needed(text, sum(self.widths[first - 1 : last]))
        dimension = self.worksheet.row_dimensions[self.row]
        if row_height(lines) > (dimension.height or 0):
            dimension.height = row_height(lines)

    def line(self, value: Value, style: Style, *, first: int = 1, last: int = 0, height: float = 0) -> None:
        """Write one row over the whole width, or from `first` to `last`, as high as its text needs."""
        last = last or self.width
        self.span(first, last, value, style)
        if isinstance(value, str):
            lines = lines_needed(value, sum(self.widths[first - 1 : last]))
            height = height or row_height(lines)
        self.end_row(height)

    def end_row(self, height: float = 0) -> None:
        """Go on to the next row."""
        if height:
            self.worksheet.row_dimensions[self.row].height = height
        self.row += 1


def plain(text: str) -> str:
    """Text that a cell can hold: no control characters, not too long."""
    return _ILLEGAL.sub(" ", text)[:_LONGEST_TEXT]


@functools.lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """How many columns of a fixed font a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def lines_needed(text: str, width: int) -> int:
    """How many lines a text takes in a column of `width` characters."""
    if len(text) * 2 <= width and "\n" not in text:
        return 1
    room = max(1, width + width // 20)  # our type is a little smaller than what widths are counted in
    return sum(max(1, -(-text_width(line) // room)) for line in text.split("\n"))


def row_height(lines: int) -> float:
    """The height of a row of so many lines; 0, the usual height, for one."""
    return lines * _LINE_HEIGHT + _PADDING if lines > 1 else 0
