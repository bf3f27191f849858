"""The cells that one of our formulas uses; of a SUMIFS, those alone whose conditions hold."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries

from reports.trace.report_file import Cell
from reports.trace.report_file import ReportFile

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"<=": operator.le, ">=": operator.ge}


def precedents(report: ReportFile, sheet: str, formula: str) -> Iterator[Cell]:
    """The cells that `formula`, which stands on `sheet`, uses."""
    tokens = [token for token in Tokenizer(formula).items if token.type != Token.WSPACE]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == Token.FUNC and token.value == "SUMIFS(":
            arguments, index = _arguments(tokens, index + 1)
            yield from _chosen(report, sheet, arguments)
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            yield from cells_of(sheet, token.value)
        index += 1


def _chosen(report: ReportFile, sheet: str, arguments: list[list[Token]]) -> Iterator[Cell]:
    summed = list(cells_of(sheet, arguments[0][0].value))
    kept = [True] * len(summed)
    for tested, wanted in zip(arguments[1::2], arguments[2::2], strict=True):
        holds = _condition(report, sheet, wanted)
        for index, cell in enumerate(cells_of(sheet, tested[0].value)):
            kept[index] = kept[index] and holds(report.written(cell))
    yield from (cell for cell, keep in zip(summed, kept, strict=True) if keep)


def _condition(report: ReportFile, sheet: str, tokens: list[Token]) -> Callable[[Any], bool]:
    """A condition as our formulas write it: a cell, a text, or `"<="&` and a cell or DATE(…)."""
    if len(tokens) == 1:
        wanted = _operand(report, sheet, tokens)
        return lambda value: bool(value == wanted)
    compare = _COMPARE[_unquoted(tokens[0].value)]
    limit = _operand(report, sheet, tokens[2:])
    return lambda value: value is not None and compare(value, limit)


def _operand(report: ReportFile, sheet: str, tokens: list[Token]) -> Any:
    first = tokens[0]
    if first.type == Token.FUNC:
        year, month, day = (int(token.value) for token in tokens if token.subtype == Token.NUMBER)
        return datetime.datetime(year, month, day)  # noqa: DTZ001 -- as openpyxl reads a date
    if first.subtype == Token.RANGE:
        return report.written(next(cells_of(sheet, first.value)))
    return int(first.value) if first.subtype == Token.NUMBER else _unquoted(first.value)


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


def cells_of(sheet: str, reference: str) -> Iterator[Cell]:
    """The cells of `C5`, `$C$5:$C$9` or `'name'!C5`, row by row."""
    name, _mark, area = reference.rpartition("!")
    sheet = name.strip("'").replace("''", "'") if name else sheet
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    for row in range(top or 1, (bottom or 1) + 1):
        for column in range(left or 1, (right or 1) + 1):
            yield sheet, row, column


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"')
