"""Filling in an authority's workbook: the map's cells and tables from a case, all else as it came.

What stands in the template is not touched: formulas, styles, merged cells, print settings, protection, pictures. Only
what formulas last showed is taken out, so that whoever opens the workbook sees it worked out anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import NamedTuple

from lxml import etree
from openpyxl.utils import column_index_from_string

from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.files.whole_file import write_atomically
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.export.dataset import ExportTable
from reports.export.dataset import Kind
from reports.export.dataset import Value
from reports.export.tables import TABLES
from reports.fill.grow import insert_rows
from reports.fill.map_file import SERIAL
from reports.fill.map_file import Condition
from reports.fill.map_file import FillMap
from reports.fill.map_file import MapCell
from reports.fill.map_file import MapTable
from reports.fill.package import Package
from reports.fill.package import child
from reports.fill.references import Insertion
from reports.fill.sheet import LONGEST_TEXT
from reports.fill.sheet import TemplateSheet
from reports.fill.sheet import place_of
from reports.fill.sheet import sheets_of
from reports.fill.sheet import split_place

_SUFFIX = ".xlsx"
_LAST_COLUMN = 16_384
_MOST_DIGITS = 15  # that a spreadsheet keeps of a number


class FillError(GrantError):
    """A form that is not filled in; the message says a line for every reason, each with its cell."""


class FilledTable(NamedTuple):
    """One table of the map: its rows in the form, and how many had to be put in."""

    sheet: str
    table: str
    rows: int
    inserted: int


class LeftOut(NamedTuple):
    """Rows of a table that no part of the map took; `amount` is what they claim, NT$, None where it has no such."""

    table: str
    rows: int
    amount: int | None


class Filled(NamedTuple):
    """What was filled in."""

    cells: int
    tables: tuple[FilledTable, ...]
    left_out: tuple[LeftOut, ...]

    def as_json(self) -> dict[str, Any]:
        """As `grant fill --json` shows it."""
        return {
            "cells": self.cells,
            "tables": [table._asdict() for table in self.tables],
            "left_out": [rows._asdict() for rows in self.left_out],
        }


class _Table(NamedTuple):
    """An exported table with its rows made."""

    of: ExportTable
    rows: list[tuple[Value, ...]]

    def place(self, field: str) -> int | None:
        return next((i for i, each in enumerate(self.of.fields) if each.name == field), None)

    def kind(self, field: str) -> Kind:
        return next(each.kind for each in self.of.fields if each.name == field)

    def chosen(self, where: Condition, without: Condition) -> list[int]:
        """The rows, by their number, that are `where` and not `without`."""
        return [
            number
            for number, row in enumerate(self.rows)
            if all(self._is(row, field, said) for field, said in where.items())
            and not (without and all(self._is(row, field, said) for field, said in without.items()))
        ]

    def _is(self, row: tuple[Value, ...], field: str, said: str | list[str]) -> bool:
        place = self.place(field)
        allowed = [said] if isinstance(said, str) else said
        return place is not None and str("" if row[place] is None else row[place]) in allowed


class _Data:
    """The tables that a map speaks of, made once each."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._made: dict[str, _Table] = {}

    def table(self, name: str) -> _Table | None:
        found = next((table for table in TABLES if table.name == name), None)
        if found is not None and name not in self._made:
            self._made[name] = _Table(found, list(found.rows(self._case)))
        return self._made.get(name)


def fill_workbook(case: Case, template: Path, filling: FillMap, output: Path) -> Filled:
    """Write `output`: `template` with what the map names filled in from the case.

    The same case, template and map give the same bytes. Raises FillError where a sheet, cell or field is not there or may
    not be written, and where a table does not fit; TemplateError for a file that is no workbook. Nothing is written then.
    """
    if template.suffix.lower() != _SUFFIX or output.suffix.lower() != _SUFFIX:
        raise FillError(_("範本與要產生的檔案都要是 .xlsx;其他格式請先用試算表軟體另存為 .xlsx"))
    if not template.is_file():
        raise FillError(_("找不到範本 {file}").format(file=template))
    if output.exists() and output.samefile(template):
        raise FillError(_("要產生的檔案不能就是範本;請用 -o 指定另一個檔名"))
    package = Package(template.read_bytes())
    filled = _Filling(case, package, filling).run()
    write_atomically(output, package.data())
    return filled


class _Filling:
    """One run: everything is judged before anything is changed."""

    def __init__(self, case: Case, package: Package, filling: FillMap) -> None:
        self._package, self._map = package, filling
        self._data = _Data(case)
        self._sheets = sheets_of(package)
        self._taken: dict[str, set[int]] = {}  # the rows that some part of the map took, by table

    def run(self) -> Filled:
        """The workbook filled in. Raises FillError with everything that is wrong with the map."""
        problems = [*self._problems()]
        if problems:
            raise FillError("\n".join(dict.fromkeys(problems)))
        for cell in self._map.cell:
            sheet, place = self._sheet(cell.sheet), split_place(cell.cell)
            if place is not None:
                self._write(sheet, *place, self._value(cell))
        # from the lowest up: rows that are put in move only what was filled in already
        order = sorted(range(len(self._map.table)), key=lambda number: -self._map.table[number].start)
        done = {number: self._fill_table(self._map.table[number]) for number in order}
        self._forget_shown()
        return Filled(
            len(self._map.cell), tuple(done[number] for number in sorted(done)), tuple(self._left_out())
        )

    # --- what speaks against it ------------------------------------------------------------------------

    def _problems(self) -> Iterator[str]:
        targets: dict[tuple[str, int, int], int] = {}
        for cell in self._map.cell:
            yield from self._cell_problems(cell)
            place = split_place(cell.cell)
            if place is not None:
                key = (cell.sheet, *place)
                targets[key] = targets.get(key, 0) + 1
        for table in self._map.table:
            yield from self._table_problems(table)
            for column in self._columns(table):
                for row in range(table.start, table.last + 1):
                    targets[table.sheet, row, column] = targets.get((table.sheet, row, column), 0) + 1
        for (sheet, row, column), times in targets.items():
            if times > 1:
                yield _("{cell} 在對照檔裡出現兩次").format(cell=f"{sheet}!{place_of(row, column)}")
        yield from self._side_by_side()

    def _cell_problems(self, cell: MapCell) -> Iterator[str]:
        place = split_place(cell.cell)
        if place is None:
            yield _("{sheet}!{cell} 不是儲存格;請寫成例如 C3").format(sheet=cell.sheet, cell=cell.cell)
            return
        yield from self._sheet_problems(cell.sheet)
        sheet = self._sheets.get(cell.sheet)
        if isinstance(sheet, TemplateSheet) and (refusal := sheet.refusal(*place)):
            yield refusal
        named, _dot, field = cell.field.partition(".")
        where = f"{cell.sheet}!{cell.cell}"
        found = list(self._field_problems(named, (field,), where))
        found += self._field_problems(named, (*cell.where, *cell.without), where) if not found else ()
        yield from found
        table = self._data.table(named)
        if found or table is None:
            return
        chosen = table.chosen(cell.where, cell.without)
        if table.kind(field) in {"text", "date"} and len(chosen) > 1:
            yield _("{cell} 的 {field} 有 {count} 列符合,不知道填哪一列;請在對照檔加上 where").format(
                cell=where, field=cell.field, count=len(chosen)
            )
        else:
            yield from self._value_problems(self._value(cell), where)

    def _table_problems(self, table: MapTable) -> Iterator[str]:
        where = _("{sheet} 第 {row} 列起的表").format(sheet=table.sheet, row=table.start)
        yield from self._sheet_problems(table.sheet)
        for letters in table.columns:
            if not self._is_column(letters):
                yield _("{where}:{column} 不是欄;請寫成例如 B").format(where=where, column=letters)
        fields = [field for field in table.columns.values() if field != SERIAL]
        found = list(self._field_problems(table.table, (*fields, *table.where, *table.without), where))
        yield from found
        sheet = self._sheets.get(table.sheet)
        if isinstance(sheet, TemplateSheet):
            for row in range(table.start, table.last + 1):
                for column in self._columns(table):
                    if refusal := sheet.refusal(row, column):
                        yield refusal
        data = self._data.table(table.table)
        if found or data is None:
            return
        chosen = data.chosen(table.where, table.without)
        if table.grow == "fixed" and len(chosen) > table.rows:
            yield _(
                '{where}有 {rows} 列,要填的有 {count} 列,放不下;請在對照檔改用 grow = "insert",或分成幾張'
            ).format(where=where, rows=table.rows, count=len(chosen))
        for number in chosen:
            for field in fields:
                value = data.rows[number][data.place(field) or 0]
                yield from self._value_problems(value, f"{where} {field}")

    def _sheet_problems(self, name: str) -> Iterator[str]:
        found = self._sheets.get(name)
        if found is None:
            yield _("範本沒有工作表「{name}」;有的是:{names}").format(
                name=name, names=_("、").join(self._sheets)
            )
        elif isinstance(found, str):
            yield found
        elif found.is_hidden:
            yield _("工作表「{name}」是隱藏的;請換一個,或先取消隱藏").format(name=name)

    def _field_problems(self, table: str, fields: tuple[str, ...], where: str) -> Iterator[str]:
        found = self._data.table(table)
        if found is None:
            yield _("{where}:資料字典沒有「{table}」這張表;有的是:{names}").format(
                where=where, table=table, names=_("、").join(each.name for each in TABLES)
            )
            return
        for field in fields:
            if found.place(field) is None:
                yield _("{where}:{table} 沒有「{field}」這個欄位;有的是:{names}").format(
                    where=where,
                    table=table,
                    field=field,
                    names=_("、").join(each.name for each in found.of.fields),
                )

    def _value_problems(self, value: Value, where: str) -> Iterator[str]:
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            yield _("{where}的文字太長,一格放不下").format(where=where)
        if isinstance(value, (int, Decimal)) and len(Decimal(value).as_tuple().digits) > _MOST_DIGITS:
            yield _("{where}的數字太長,試算表會失去尾數").format(where=where)

    def _side_by_side(self) -> Iterator[str]:
        """Tables that share rows: neither may grow, for its new rows would tear the other apart."""
        for number, table in enumerate(self._map.table):
            for other in self._map.table[:number]:
                shares = other.start <= table.last and table.start <= other.last
                if table.sheet == other.sheet and shares and "insert" in {table.grow, other.grow}:
                    yield _(
                        '{sheet} 第 {row} 列起與第 {other} 列起的兩張表用到同樣的列,不能加列;請都改用 grow = "fixed"'
                    ).format(sheet=table.sheet, row=table.start, other=other.start)

    # --- filling in ------------------------------------------------------------------------------------

    def _sheet(self, name: str) -> TemplateSheet:
        found = self._sheets[name]
        if isinstance(found, str):  # told among the problems before
            raise FillError(found)
        return found

    @staticmethod
    def _is_column(letters: str) -> bool:
        return (
            letters.isascii()
            and letters.isalpha()
            and len(letters) <= 3
            and (column_index_from_string(letters.upper()) <= _LAST_COLUMN)
        )

    def _columns(self, table: MapTable) -> dict[int, str]:
        """The fields by the number of their column."""
        return {
            column_index_from_string(letters.upper()): field
            for letters, field in table.columns.items()
            if self._is_column(letters)
        }

    def _value(self, cell: MapCell) -> Value:
        """The field of the one row that is meant; of several, their sum. Nothing to add up comes to 0."""
        named, _dot, field = cell.field.partition(".")
        table = self._data.table(named)
        place = table.place(field) if table else None
        if table is None or place is None:
            return None
        values = [table.rows[number][place] for number in table.chosen(cell.where, cell.without)]
        if table.kind(field) in {"text", "date"}:
            return values[0] if values else ""
        return sum((value for value in values if isinstance(value, (int, Decimal))), 0)

    def _write(self, sheet: TemplateSheet, row: int, column: int, value: Value) -> None:
        text = ""
        if isinstance(value, datetime.date):
            text = roc(value) if self._map.form.dates == "roc" else value.isoformat()
        sheet.write(row, column, value, roc=text)

    def _fill_table(self, table: MapTable) -> FilledTable:
        sheet, data = self._sheet(table.sheet), self._data.table(table.table)
        chosen = data.chosen(table.where, table.without) if data else []
        more = max(0, len(chosen) - table.rows)
        if more:
            sheets = [each for each in self._sheets.values() if isinstance(each, TemplateSheet)]
            insert_rows(sheet, sheets, Insertion(sheet.name, table.start, table.last, more))
        for place in range(max(table.rows, len(chosen))):
            for column, field in self._columns(table).items():
                value: Value = None  # a row that is not used stays as it was, but empty
                if place < len(chosen) and data is not None:
                    at = data.place(field)
                    value = place + 1 if at is None else data.rows[chosen[place]][at]
                self._write(sheet, table.start + place, column, value)
        self._taken.setdefault(table.table, set()).update(chosen)
        return FilledTable(table.sheet, table.table, len(chosen), more)

    def _left_out(self) -> Iterator[LeftOut]:
        for name, taken in self._taken.items():
            table = self._data.table(name)
            if table is None:
                continue
            left = [row for number, row in enumerate(table.rows) if number not in taken]
            place = table.place("Claimed_Amount")
            if left:
                claimed = [row[place] for row in left] if place is not None else []
                amount = sum(value for value in claimed if isinstance(value, int))
                yield LeftOut(name, len(left), None if place is None else amount)

    def _forget_shown(self) -> None:
        """Take out what formulas showed before, and have them worked out when the workbook is opened."""
        for name in self._package.names("xl/worksheets/"):
            if not name.endswith(".xml"):
                continue
            for cell in self._package.tree(name).iter("{*}c"):
                shown = child(cell, "v")
                if child(cell, "f") is not None and shown is not None and shown.text:
                    cell.remove(shown)
                    if "t" in cell.attrib:
                        del cell.attrib["t"]
                    self._package.changed(name)
        root = self._package.tree(self._package.workbook)
        calculation = child(root, "calcPr")
        if calculation is None:
            calculation = etree.Element(f"{{{etree.QName(root).namespace}}}calcPr")
            before = [
                each
                for kind in ("definedNames", "externalReferences", "sheets")
                for each in (child(root, kind),)
            ]
            next(each for each in before if each is not None).addnext(calculation)
        calculation.set("fullCalcOnLoad", "1")
        self._package.changed(self._package.workbook)
