"""Why a cell of a report shows what it shows: its formula followed down to the entries that it sums.

Only the workbook is read, not the case: 來源, its hidden sheet, names the entry of every amount that was booked.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple

import openpyxl
from openpyxl import Workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries

from ledger.i18n import _

Cell = tuple[str, int, int]  # sheet, row, column

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"<=": operator.le, ">=": operator.ge}


class NoSuchCellError(Exception):
    """The workbook has no such sheet or cell, or is no report of ours; the message says which."""


class Source(NamedTuple):
    """An entry that a cell stands for, as 來源 names it."""

    voucher: str
    import_id: str
    place: str  # file:line in the case's folder


class Why(NamedTuple):
    """A cell, explained."""

    sheet: str
    cell: str
    value: Any
    formula: str  # empty where the cell is no formula
    sources: tuple[Source, ...]


class Provenance:
    """A report, opened once, that answers for each of its cells."""

    def __init__(self, path: Path) -> None:
        """Raises NoSuchCellError where the workbook is no report of ours."""
        self._workbook = openpyxl.load_workbook(path)
        self._shown = openpyxl.load_workbook(path, data_only=True)
        self._known = _read_sources(self._workbook)
        self._seen: set[Cell] = set()

    def why(self, sheet: str, cell: str) -> Why:
        """What a cell stands for: the entries under it in the order in which they are met, none twice.

        Raises NoSuchCellError.
        """
        if sheet not in self._workbook.sheetnames:
            raise NoSuchCellError(_("報表沒有「{sheet}」這張工作表").format(sheet=sheet))
        written: Any = self._workbook[sheet][cell]
        shown: Any = self._shown[sheet][cell]
        self._seen = set()
        sources = dict.fromkeys(self._walk((sheet, written.row, written.column)))
        formula = str(written.value) if written.data_type == "f" else ""
        return Why(sheet, cell, shown.value, formula, tuple(sources))

    def _walk(self, cell: Cell) -> Iterator[Source]:
        if cell in self._seen:
            return
        self._seen.add(cell)
        yield from self._known.get(cell, ())
        value = self._cell(cell)
        if value.data_type == "f":
            for other in self._named(cell[0], str(value.value)):
                yield from self._walk(other)

    def _cell(self, cell: Cell) -> Any:
        return self._workbook[cell[0]].cell(cell[1], cell[2])

    def _named(self, sheet: str, formula: str) -> Iterator[Cell]:
        """The cells that a formula uses: of a SUMIFS, those alone whose conditions hold."""
        tokens = [token for token in Tokenizer(formula).items if token.type != Token.WSPACE]
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == Token.FUNC and token.value == "SUMIFS(":
                arguments, index = _arguments(tokens, index + 1)
                yield from self._chosen(sheet, arguments)
            elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
                yield from _cells(sheet, token.value)
            index += 1

    def _chosen(self, sheet: str, arguments: list[list[Token]]) -> Iterator[Cell]:
        summed = list(_cells(sheet, arguments[0][0].value))
        kept = [True] * len(summed)
        for tested, wanted in zip(arguments[1::2], arguments[2::2], strict=True):
            holds = self._condition(sheet, wanted)
            for index, cell in enumerate(_cells(sheet, tested[0].value)):
                kept[index] = kept[index] and holds(self._cell(cell).value)
        yield from (cell for cell, keep in zip(summed, kept, strict=True) if keep)

    def _condition(self, sheet: str, tokens: list[Token]) -> Callable[[Any], bool]:
        """A condition as our formulas write it: a cell, a text, or `"<="&` and a cell or DATE(…)."""
        if len(tokens) == 1:
            wanted = self._operand(sheet, tokens)
            return lambda value: bool(value == wanted)
        compare = _COMPARE[_unquoted(tokens[0].value)]
        limit = self._operand(sheet, tokens[2:])
        return lambda value: value is not None and compare(value, limit)

    def _operand(self, sheet: str, tokens: list[Token]) -> Any:
        first = tokens[0]
        if first.type == Token.FUNC:
            year, month, day = (int(token.value) for token in tokens if token.subtype == Token.NUMBER)
            return datetime.datetime(year, month, day)  # noqa: DTZ001 -- as openpyxl reads a date
        if first.subtype == Token.RANGE:
            return self._cell(next(_cells(sheet, first.value))).value
        return _unquoted(first.value)


def _arguments(tokens: list[Token], index: int) -> tuple[list[list[Token]], int]:
    """The arguments of a function from the token after its name, and where it closes."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    while True:
        token = tokens[index]
        if token.type == Token.SEP and depth == 0:
            arguments.append([])
        elif token.type == Token.FUNC and token.subtype == Token.CLOSE and depth == 0:
            return arguments, index
        else:
            depth += {Token.OPEN: 1, Token.CLOSE: -1}.get(token.subtype, 0)
            arguments[-1].append(token)
        index += 1


def _cells(sheet: str, reference: str) -> Iterator[Cell]:
    """The cells of `C5`, `$C$5:$C$9` or `'name'!C5`, row by row."""
    name, _mark, area = reference.rpartition("!")
    sheet = name.strip("'").replace("''", "'") if name else sheet
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    for row in range(top or 1, (bottom or 1) + 1):
        for column in range(left or 1, (right or 1) + 1):
            yield sheet, row, column


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"')


def _read_sources(workbook: Workbook) -> dict[Cell, list[Source]]:
    """來源 by cell. Raises NoSuchCellError where the workbook has none."""
    hidden = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "hidden"]
    if not hidden:
        raise NoSuchCellError(_("這份檔案沒有來源工作表,不是本程式產生的報表"))
    known: dict[Cell, list[Source]] = {}
    for sheet, cells, *parts in hidden[0].iter_rows(min_row=2, max_col=5, values_only=True):
        lists = [str(part or "").split("\n") for part in parts]
        sources = [Source(*fields) for fields in zip(*lists, strict=False)]
        for name in str(cells or "").split():
            for cell in _cells(str(sheet), name):
                known.setdefault(cell, []).extend(sources)
    return known
