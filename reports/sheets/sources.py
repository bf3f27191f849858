"""The hidden sheets: which entries the amounts stand for, these entries, the rules, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from ledger.util.i18n import _
from reports.data.place import place
from reports.data.rules import RuleText
from reports.trace.entry_text import entry_text
from reports.xlsx.grid import Book
from reports.xlsx.grid import Entry
from reports.xlsx.grid import Sheet
from reports.xlsx.table import Column
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

HIDDEN = ("sources", "entries", "rules", "made")  # their order, by which they are found again


def write_hidden(
    workbook: Workbook,
    book: Book,
    folder: Path | None,
    rules: Mapping[str, RuleText],
    made: Mapping[str, str],
) -> None:
    """Write the four hidden sheets behind all others."""
    numbers: dict[int, int] = {}
    entries: list[Entry] = []
    for trail in book.trails:
        for entry in trail.sources:
            if id(entry) not in numbers:
                entries.append(entry)
                numbers[id(entry)] = len(entries)
    names = (_("來源"), _("分錄"), _("規則"), _("產製資料"))
    sheets = [Sheet(workbook.create_sheet(name), book) for name in names]
    _write_trails(sheets[0], book, numbers)
    _write_entries(sheets[1], entries, folder)
    _write_rules(sheets[2], book, rules)
    _write_made(sheets[3], made)
    for sheet in sheets:
        sheet.worksheet.sheet_state = "hidden"


def _write(sheet: Sheet, columns: list[Column], rows: list[TableRow]) -> None:
    sheet.set_widths([column.width for column in columns])
    write_table(sheet, columns, rows)


def _write_trails(sheet: Sheet, book: Book, numbers: Mapping[int, int]) -> None:
    """One row a row of amounts: its cells, and the numbers of its entries."""
    columns = [_wide("sheet", _("工作表")), _wide("cells", _("儲存格")), _wide("entries", _("分錄"))]
    rows = [
        TableRow(
            {
                "sheet": trail.sheet,
                "cells": " ".join(trail.cells),
                "entries": " ".join(str(numbers[id(entry)]) for entry in trail.sources),
            }
        )
        for trail in list(book.trails)
    ]
    _write(sheet, columns, rows)


def _write_entries(sheet: Sheet, entries: list[Entry], folder: Path | None) -> None:
    columns = [
        Column("number", _("序號"), 8, screen_only=True),
        _wide("date", _("日期")),
        _wide("voucher", _("憑證號碼")),
        _wide("import_id", _("匯入識別碼")),
        _wide("place", _("帳本位置")),
        _wide("text", _("內容")),
    ]
    rows = [
        TableRow(
            {
                "number": str(number),
                "date": entry.date.isoformat(),
                "voucher": str(entry.meta.get("number") or ""),
                "import_id": str(entry.meta.get("import-id") or ""),
                "place": place(entry, folder),
                "text": entry_text(entry),
            }
        )
        for number, entry in enumerate(entries, 1)
    ]
    _write(sheet, columns, rows)


def _write_rules(sheet: Sheet, book: Book, rules: Mapping[str, RuleText]) -> None:
    """One row a rule and sheet: its cells, in words, its source."""
    columns = [
        _wide("sheet", _("工作表")),
        _wide("cells", _("儲存格")),
        _wide("rule", _("規定")),
        _wide("source", _("出處")),
        _wide("confidence", _("確定程度")),
    ]
    rows = []
    for name, cells in sorted(book.rules.items()):
        rule = rules.get(name)
        if rule is None:
            continue
        by_sheet: dict[str, list[str]] = {}
        for title, cell in cells:
            by_sheet.setdefault(title, []).append(cell)
        rows += [
            TableRow(
                {
                    "sheet": title,
                    "cells": " ".join(_runs(found)),
                    "rule": rule.text,
                    "source": rule.source,
                    "confidence": rule.confidence,
                }
            )
            for title, found in by_sheet.items()
        ]
    _write(sheet, columns, rows)


def _runs(cells: list[str]) -> list[str]:
    """Cells as few ranges as may be: those that stand under each other in a column as one."""
    places = sorted((column_index_from_string(name), row) for name, row in map(coordinate_from_string, cells))
    runs: list[list[int]] = []
    for column, row in places:
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1][2] = row
        else:
            runs.append([column, row, row])
    letters = [(get_column_letter(column), first, last) for column, first, last in runs]
    return [
        f"{name}{first}" if first == last else f"{name}{first}:{name}{last}" for name, first, last in letters
    ]


def _write_made(sheet: Sheet, made: Mapping[str, str]) -> None:
    columns = [_wide("key", _("項目")), _wide("value", _("內容"))]
    _write(sheet, columns, [TableRow({"key": key, "value": value}) for key, value in made.items()])


def _wide(key: str, heading: str) -> Column:
    return Column(key, heading, 40, screen_only=True)
