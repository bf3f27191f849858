"""Why a cell of a report shows what it shows: its formula and rule, followed down to the entries it sums.

Only the workbook is read, not the case: its hidden sheets name the entries and the rule of every amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple

from openpyxl.utils import column_index_from_string
from openpyxl.utils import get_column_letter

from ledger.util.i18n import _
from reports.data.rules import RuleText
from reports.trace.precedents import cells_of
from reports.trace.precedents import precedents
from reports.trace.report_file import Cell
from reports.trace.report_file import NoSuchCellError
from reports.trace.report_file import ReportFile

_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,5}")
_LAST_COLUMN = 16_384


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
        self._report = ReportFile(path)
        hidden = self._report.hidden()
        self._known = _read_sources(self._rows(hidden["sources"], 3), self._rows(hidden["entries"], 6))
        self._rules = _read_rules(self._rows(hidden["rules"], 5))
        self._seen: set[Cell] = set()

    def why(self, sheet: str, cell: str) -> Why:
        """What a cell stands for: the entries under it in the order in which they are met, none twice.

        Raises NoSuchCellError.
        """
        if sheet not in self._report.titles:
            raise NoSuchCellError(_("報表沒有「{sheet}」這張工作表").format(sheet=sheet))
        if not _CELL.fullmatch(cell) or column_index_from_string(cell.rstrip("0123456789")) > _LAST_COLUMN:
            raise NoSuchCellError(_("「{cell}」不是儲存格,請寫成例如 D8").format(cell=cell))
        place = next(cells_of(sheet, cell))
        formula = self._report.formula(place)
        self._seen = set()
        leaves = tuple(self._walk(place))
        named: tuple[tuple[str, Any], ...] = ()
        if formula:
            cells = dict.fromkeys(precedents(self._report, sheet, formula))
            named = tuple((_name(other), self._report.shown(other)) for other in cells)
        sources = dict.fromkeys(source for leaf in leaves for source in leaf.sources)
        rule = self._rules.get(place)
        return Why(sheet, cell, self._report.shown(place), formula, tuple(sources), rule, named, leaves)

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
                yield Leaf(place[0], _coordinate(place), self._report.shown(place), sources)
            if formula := self._report.formula(place):
                waiting += reversed(list(precedents(self._report, place[0], formula)))

    def _rows(self, title: str, columns: int) -> list[list[Any]]:
        """So many columns of a sheet's rows, without its headings."""
        return [[*row, *[None] * columns][:columns] for row in self._report.rows(title)[1:]]


def _coordinate(cell: Cell) -> str:
    return f"{get_column_letter(cell[2])}{cell[1]}"


def _name(cell: Cell) -> str:
    return f"{cell[0]}!{_coordinate(cell)}"


def _read_sources(trails: list[list[Any]], entries: list[list[Any]]) -> dict[Cell, list[EntrySource]]:
    """The entries of every amount, by cell."""
    by_number = {}
    for row in entries:
        number, date, voucher, import_id, place, text = (str(field or "") for field in row)
        by_number[number] = EntrySource(voucher, import_id, place, date, text)
    known: dict[Cell, list[EntrySource]] = {}
    for sheet, cells, numbers in trails:
        sources = [by_number[number] for number in str(numbers or "").split() if number in by_number]
        for name in str(cells or "").split():
            for cell in cells_of(str(sheet), name):
                known.setdefault(cell, []).extend(sources)
    return known


def _read_rules(rows: list[list[Any]]) -> dict[Cell, RuleText]:
    rules: dict[Cell, RuleText] = {}
    for title, cells, *said in rows:
        rule = RuleText(*(str(part or "") for part in said))
        for name in str(cells or "").split():
            rules.update(dict.fromkeys(cells_of(str(title), name), rule))
    return rules
