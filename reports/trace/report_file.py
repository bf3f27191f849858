"""A report read back: only the sheets that are asked about, what they show by one library and their formulas by another.

A workbook of thousands of vouchers is megabytes of sheets that a question about one figure never looks at.
"""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import python_calamine
from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import SheetVisibleEnum

from ledger.errors import GrantError
from ledger.util.i18n import _
from reports.sheets.sources import HIDDEN

Cell = tuple[str, int, int]  # sheet, row, column

_UNREADABLE = (python_calamine.CalamineError, BadZipFile, InvalidFileException, KeyError, ValueError)


class NoSuchCellError(GrantError):
    """The workbook has no such sheet or cell, or is no report of ours; the message says which."""


class ReportUnreadableError(GrantError):
    """The file is no workbook, or cannot be opened."""


class ReportFile:
    """The workbook at a path, read once; each sheet when it is first asked for."""

    def __init__(self, path: Path) -> None:
        """Raises ReportUnreadableError."""
        self._path = path
        try:
            self._content = path.read_bytes()
            self._values = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self._content))
        except (OSError, *_UNREADABLE) as error:
            raise self._unreadable() from error
        self._rows: dict[str, list[list[Any]]] = {}
        self._formulas: dict[str, dict[tuple[int, int], str]] = {}
        self.titles = [sheet.name for sheet in self._values.sheets_metadata]

    def hidden(self) -> dict[str, str]:
        """The titles of our hidden sheets by what they hold. Raises NoSuchCellError where the workbook has them not."""
        found = [
            sheet.name for sheet in self._values.sheets_metadata if sheet.visible is SheetVisibleEnum.Hidden
        ]
        if len(found) != len(HIDDEN):
            raise NoSuchCellError(_("這份檔案沒有來源工作表,不是本程式產生的結算報表"))
        return dict(zip(HIDDEN, found, strict=True))

    def rows(self, title: str) -> list[list[Any]]:
        """What the cells of a sheet show, from its first row and column on. Raises ReportUnreadableError."""
        if title not in self._rows:
            self._rows[title] = self._read_rows(title)
        return self._rows[title]

    def formula(self, cell: Cell) -> str:
        """The formula of a cell; empty where it has none."""
        sheet = cell[0]
        if sheet not in self._formulas:
            self._formulas[sheet] = self._read_formulas(sheet)
        return self._formulas[sheet].get(cell[1:], "")

    def shown(self, cell: Cell) -> Any:
        """What a cell shows: a text, a number, a moment; None where it is empty."""
        rows = self.rows(cell[0])
        if cell[1] > len(rows) or cell[2] > len(rows[cell[1] - 1]):
            return None
        return rows[cell[1] - 1][cell[2] - 1]

    def written(self, cell: Cell) -> Any:
        """What is written in a cell: its formula where it has one, else what it shows."""
        return self.formula(cell) or self.shown(cell)

    def _read_rows(self, title: str) -> list[list[Any]]:
        try:
            sheet = self._values.get_sheet_by_name(title)
            return [[_plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        except _UNREADABLE as error:
            raise self._unreadable() from error

    def _read_formulas(self, title: str) -> dict[tuple[int, int], str]:
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(self._content), read_only=True)
            sheet: Any = workbook[title]
            sheet.reset_dimensions()  # programs write them wrong
            found = {
                (cell.row, cell.column): str(cell.value)
                for row in sheet.iter_rows()
                for cell in row
                if cell.data_type == "f"
            }
            workbook.close()
        except _UNREADABLE as error:
            raise self._unreadable() from error
        return found

    def _unreadable(self) -> ReportUnreadableError:
        return ReportUnreadableError(_("{file} 打不開,或不是 xlsx 檔").format(file=self._path))


def _plain(value: Any) -> Any:
    """A value as a ledger's own: whole numbers whole, days as moments, nothing as None."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- the format wants it bare
    return None if value == "" else value
