"""Whether a report is what the books give: the same report made again, and compared row by row.

Rows are matched by what was written into them, formulas left out, so that a line that is gone or new is told as
one line and not as a shift of all that follow.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter

from ledger.util.i18n import _
from reports.data.stamp import Stamp
from reports.trace.build_info import BuildInfo
from reports.trace.build_info import NoBuildInfoError
from reports.trace.build_info import read_build_info
from reports.trace.report_file import ReportFile

_CLOSE = Decimal("1e-9")
_UNSAID = str.maketrans("", "", "'$ ")
_HEADING = "grant heading"


class CellDifference(NamedTuple):
    """A cell or a row that is not the same. `row` is its row in the file, or the row it would have there."""

    sheet: str
    cell: str
    label: str  # what the row says of itself
    heading: str  # what the column is called
    written: str  # in the file
    now: str  # by the books


class _Cell(NamedTuple):
    shown: Any
    formula: str

    @property
    def written(self) -> Any:
        return None if self.formula else self.shown


class _Grid(NamedTuple):
    """A report's sheets as rows of cells, its visible ones first told apart from the hidden."""

    sheets: dict[str, list[tuple[_Cell, ...]]]
    hidden: tuple[str, ...]
    headings: dict[str, dict[int, list[tuple[int, str]]]]  # rows and texts by column; of our own file alone


def build_info(path: Path) -> BuildInfo:
    """How the report at `path` was made. Raises ReportUnreadableError, NoBuildInfoError, NoSuchCellError."""
    report = ReportFile(path)
    rows = report.rows(report.hidden()["made"])
    said = {str(row[0]): str(row[1] or "") for row in rows[1:] if len(row) > 1}
    if not said:
        raise NoBuildInfoError
    return read_build_info(said)


def stamp_differences(written: Stamp, now: Stamp) -> list[tuple[str, str, str]]:
    """(what, in the file, now) of each mark that differs."""
    names = {
        "ledger": _("帳本"),
        "scheme_id": _("計畫別"),
        "scheme": _("計畫別內容"),
        "version": _("程式版本"),
    }
    return [
        (names[key], getattr(written, key), getattr(now, key))
        for key in Stamp._fields
        if getattr(written, key) != getattr(now, key)
    ]


def differences(path: Path, made: bytes, stamps: tuple[Stamp, Stamp]) -> list[CellDifference]:
    """The rows that differ between the report at `path` and the one `made` again; none where they say the same.

    `stamps` are the file's and today's. The hidden sheets are compared where nothing else differs.
    """
    content = path.read_bytes()
    if content == made:
        return []
    written, now = _grid(content, stamps[0], styled=False), _grid(made, stamps[1], styled=True)
    found = [difference for name in _visible(written, now) for difference in _of_sheet(name, written, now)]
    if not found and stamps[0].ledger == stamps[1].ledger:
        for name in now.hidden[:-1]:
            found += _of_sheet(name, written, now)
    return found


def _visible(written: _Grid, now: _Grid) -> list[str]:
    names = dict.fromkeys([*now.sheets, *written.sheets])
    return [name for name in names if name not in {*now.hidden, *written.hidden}]


def _grid(content: bytes, stamp: Stamp, *, styled: bool) -> _Grid:
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sheets, headings = {}, {}
    for sheet in formulas.worksheets:
        pairs = zip(sheet.iter_rows(), shown[sheet.title].iter_rows(values_only=True), strict=True)
        sheets[sheet.title] = [
            tuple(_cell(cell, value, str(stamp)) for cell, value in zip(row, values, strict=True))
            for row, values in pairs
        ]
        headings[sheet.title] = _headings(sheet) if styled else {}
    hidden = tuple(sheet.title for sheet in formulas.worksheets if sheet.sheet_state == "hidden")
    return _Grid(sheets, hidden, headings)


def _cell(cell: Any, shown: Any, stamp: str) -> _Cell:
    if isinstance(shown, str):
        shown = shown.replace(stamp, "")
    elif isinstance(shown, datetime.datetime):
        shown = shown.date()
    return _Cell(shown, str(cell.value) if cell.data_type == "f" else "")


def _headings(sheet: Any) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.style == _HEADING:
                found.setdefault(cell.column, []).append((cell.row, cell.value))
    return found


def _of_sheet(name: str, written: _Grid, now: _Grid) -> Iterator[CellDifference]:
    if name not in written.sheets or name not in now.sheets:
        has, lacks = _("有此工作表"), _("無此工作表")
        both = (has, lacks) if name in written.sheets else (lacks, has)
        yield CellDifference(name, "", "", "", *both)
        return
    old, new = written.sheets[name], now.sheets[name]
    matcher = SequenceMatcher(None, [_key(row) for row in old], [_key(row) for row in new], autojunk=False)
    for _kind, first, last, start, end in matcher.get_opcodes():
        for offset in range(max(last - first, end - start)):
            before = old[first + offset] if first + offset < last else None
            after = new[start + offset] if start + offset < end else None
            yield from _of_row((name, first + offset + 1, start + offset + 1, now), before, after)


def _key(row: Sequence[_Cell]) -> tuple[str, ...]:
    texts = ["" if cell.written is None else str(cell.written) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _of_row(
    place: tuple[str, int, int, _Grid], before: tuple[_Cell, ...] | None, after: tuple[_Cell, ...] | None
) -> Iterator[CellDifference]:
    name, row, row_now, grid = place
    if before is None or after is None:
        there = _summary(before or after or ())
        if there:
            yield CellDifference(
                name, str(row), _label(before or after or ()), "", *_one_sided(there, before)
            )
        return
    empty = _Cell(None, "")
    for column in range(max(len(before), len(after))):
        old = before[column] if column < len(before) else empty
        new = after[column] if column < len(after) else empty
        told = _told(old, new, moved=row != row_now)
        if told is not None:
            cell = f"{get_column_letter(column + 1)}{row}"
            yield CellDifference(name, cell, _label(after), _heading(grid, name, column + 1, row_now), *told)


def _one_sided(there: str, before: tuple[_Cell, ...] | None) -> tuple[str, str]:
    return ("", there) if before is None else (there, "")


def _told(old: _Cell, new: _Cell, *, moved: bool) -> tuple[str, str] | None:
    """What differs between two cells, in the file and now; None where they say the same."""
    if old.shown is None and old.formula and _bare(old.formula) == _bare(new.formula):
        return None  # saved by a program that keeps no figures beside its formulas
    if not _same(old.shown, new.shown):
        return _text(old.shown), _text(new.shown)
    if bool(old.formula) != bool(new.formula) or (not moved and _bare(old.formula) != _bare(new.formula)):
        return old.formula or _("{value}(不是公式)").format(value=_text(old.shown)), new.formula
    return None


def _bare(formula: str) -> str:
    """A formula without what programs write one way or the other."""
    return formula.translate(_UNSAID)


def _same(one: Any, other: Any) -> bool:
    numbers = (int, float, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return abs(Decimal(str(one)) - Decimal(str(other))) < _CLOSE
    return (one or None) == (other or None)


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _label(row: Sequence[_Cell]) -> str:
    """The first texts of a row: enough to find it by."""
    texts = [cell.shown for cell in row if isinstance(cell.shown, str) and cell.shown.strip()]
    return " ".join(text.replace("\n", " ") for text in texts[:3])[:60]


def _summary(row: Sequence[_Cell]) -> str:
    """A whole row on one line."""
    return " ".join(_text(cell.shown).replace("\n", " ") for cell in row if cell.shown is not None)[:200]


def _heading(grid: _Grid, sheet: str, column: int, row: int) -> str:
    above = [text for line, text in grid.headings[sheet].get(column, ()) if line < row]
    return above[-1] if above else ""
