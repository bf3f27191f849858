"""Why a cell of a report shows what it shows: its formula and rule, followed down to the entries it sums.

Only the workbook is read, not the case: its hidden sheets name the entries and the rule of every amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple
from zipfile import BadZipFile

import openpyxl
from openpyxl import Workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from ledger.errors import GrantError
from ledger.util.i18n import _
from reports.data.rules import RuleText
from reports.sheets.sources import HIDDEN
from reports.trace.precedents import Cell
from reports.trace.precedents import cells_of
from reports.trace.precedents import precedents

_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,5}")
_LAST_COLUMN = 16_384


class NoSuchCellError(GrantError):
    """The workbook has no such sheet or cell, or is no report of ours; the message says which."""


class ReportUnreadableError(GrantError):
    """The file is no workbook, or cannot be opened."""


class EntrySource(NamedTuple):
    """An entry that a cell stands for, as the hidden sheets tell it."""

    voucher: str
    import_id: str
    place: str  # file:line in the case's folder
    date: str = ""
    text: str = ""  # the entry with its postings, in the ledger's form


class Leaf(NamedTuple):
    """A cell with a number that was booked, and the entries it is from."""

    sheet: str
    cell: str
    value: Any
    sources: tuple[EntrySource, ...]


class Why(NamedTuple):
    """A cell, explained."""

    sheet: str
    cell: str
    value: Any
    formula: str  # empty where the cell is no formula
    sources: tuple[EntrySource, ...]
    rule: RuleText | None = None
    named: tuple[tuple[str, Any], ...] = ()  # the cells that the formula names, with what they show
    leaves: tuple[Leaf, ...] = ()


class Provenance:
    """A report, opened once, that answers for each of its cells."""

    def __init__(self, path: Path) -> None:
        """Raises ReportUnreadableError, and NoSuchCellError where the workbook is no report of ours."""
        self._workbook = open_workbook(path)
        self._shown = open_workbook(path, data_only=True)
        hidden = hidden_sheets(self._workbook)
        self._known = _read_sources(hidden["sources"], hidden["entries"])
        self._rules = _read_rules(hidden["rules"])
        self._seen: set[Cell] = set()

    def why(self, sheet: str, cell: str) -> Why:
        """What a cell stands for: the entries under it in the order in which they are met, none twice.

        Raises NoSuchCellError.
        """
        if sheet not in self._workbook.sheetnames:
            raise NoSuchCellError(_("報表沒有「{sheet}」這張工作表").format(sheet=sheet))
        if not _CELL.fullmatch(cell) or column_index_from_string(cell.rstrip("0123456789")) > _LAST_COLUMN:
            raise NoSuchCellError(_("「{cell}」不是儲存格,請寫成例如 D8").format(cell=cell))
        place = next(cells_of(sheet, cell))
        written: Any = self._cell(place)
        self._seen = set()
        leaves = tuple(self._walk(place))
        named: tuple[tuple[str, Any], ...] = ()
        formula = ""
        if written.data_type == "f":
            formula = str(written.value)
            cells = dict.fromkeys(precedents(self._workbook, sheet, formula))
            named = tuple((_name(other), self._value(other)) for other in cells)
        sources = dict.fromkeys(source for leaf in leaves for source in leaf.sources)
        rule = self._rules.get(place)
        return Why(sheet, cell, self._value(place), formula, tuple(sources), rule, named, leaves)

    def _walk(self, cell: Cell) -> Iterator[Leaf]:
        """The booked cells under a cell. Not recursive: a running balance leads up the whole sheet."""
        waiting = [cell]
        while waiting:
            place = waiting.pop()
            if place in self._seen:
                continue
            self._seen.add(place)
            if place in self._known:
                sources = tuple(self._known[place])
                yield Leaf(place[0], _coordinate(place), self._value(place), sources)
            value = self._cell(place)
            if value.data_type == "f":
                waiting += reversed(list(precedents(self._workbook, place[0], str(value.value))))

    def _cell(self, cell: Cell) -> Any:
        return self._workbook[cell[0]].cell(cell[1], cell[2])

    def _value(self, cell: Cell) -> Any:
        return self._shown[cell[0]].cell(cell[1], cell[2]).value


def _coordinate(cell: Cell) -> str:
    return f"{get_column_letter(cell[2])}{cell[1]}"


def _name(cell: Cell) -> str:
    return f"{cell[0]}!{_coordinate(cell)}"


def open_workbook(path: Path, *, data_only: bool = False) -> Workbook:
    """The workbook at `path`; with `data_only` the figures beside the formulas. Raises ReportUnreadableError."""
    try:
        return openpyxl.load_workbook(path, data_only=data_only)
    except (OSError, BadZipFile, InvalidFileException, KeyError) as error:
        raise ReportUnreadableError(_("{file} 打不開,或不是 xlsx 檔").format(file=path)) from error


def hidden_sheets(workbook: Workbook) -> dict[str, Any]:
    """Our hidden sheets by what they hold. Raises NoSuchCellError where the workbook has them not."""
    hidden = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "hidden"]
    if len(hidden) != len(HIDDEN):
        raise NoSuchCellError(_("這份檔案沒有來源工作表,不是本程式產生的結算報表"))
    return dict(zip(HIDDEN, hidden, strict=True))


def _read_sources(trails: Any, entries: Any) -> dict[Cell, list[EntrySource]]:
    """The entries of every amount, by cell."""
    by_number = {}
    for row in entries.iter_rows(min_row=2, max_col=6, values_only=True):
        number, date, voucher, import_id, place, text = (str(field or "") for field in row)
        by_number[number] = EntrySource(voucher, import_id, place, date, text)
    known: dict[Cell, list[EntrySource]] = {}
    for sheet, cells, numbers in trails.iter_rows(min_row=2, max_col=3, values_only=True):
        sources = [by_number[number] for number in str(numbers or "").split() if number in by_number]
        for name in str(cells or "").split():
            for cell in cells_of(str(sheet), name):
                known.setdefault(cell, []).extend(sources)
    return known


def _read_rules(sheet: Any) -> dict[Cell, RuleText]:
    rules: dict[Cell, RuleText] = {}
    for title, cells, *said in sheet.iter_rows(min_row=2, max_col=5, values_only=True):
        rule = RuleText(*(str(part or "") for part in said))
        for name in str(cells or "").split():
            rules.update(dict.fromkeys(cells_of(str(title), name), rule))
    return rules
