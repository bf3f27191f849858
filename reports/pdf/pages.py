"""One sheet of the workbook as a table in HTML: its cells as they show, merged as they are, headings repeated."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from html import escape
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from ledger.util.dates import roc
from reports.pdf.style import css_class
from reports.xlsx.styles import AMOUNT
from reports.xlsx.styles import DATE
from reports.xlsx.styles import SHARE

_CHARACTER = 2.0  # mm: the width that a sheet's column widths are counted in, at the base size
_ROOM = {"landscape": 277, "portrait": 190}  # mm between the margins
_BASE_PT = 10
_SMALLEST_PT = 4.5
_FOOT = 2  # an empty row and the stamp, which stands in the margin here

Figures = Mapping[str, int | Decimal | str]


def sheet_html(sheet: Worksheet, figures: Figures, charts: str = "") -> str:
    """The sheet as a section that begins a page; `charts` stand where the sheet has its own."""
    columns, last = _print_area(sheet)
    widths = [_width(sheet, column) for column in range(1, columns + 1)]
    orientation = "landscape" if sheet.page_setup.orientation == "landscape" else "portrait"
    points = max(_SMALLEST_PT, min(_BASE_PT, _BASE_PT * _ROOM[orientation] / (sum(widths) * _CHARACTER)))
    head = _heading_rows(sheet)
    page = _Page(sheet, figures, columns)
    shares = "".join(f'<col style="width:{width * 100 / sum(widths):.4f}%">' for width in widths)
    before = page.rows(1, head[0] - 1) if head else ""
    titles = f"<thead>{page.rows(*head)}</thead>" if head else ""
    if charts:
        content = f"<table>{shares}{page.rows(1, 2)}</table>{charts}"
    else:
        body = page.rows(head[1] + 1 if head else 1, last - _FOOT)
        top = f"<table>{shares}{before}</table>" if before else ""
        content = f"{top}<table>{shares}{titles}<tbody>{body}</tbody></table>"
    name = escape(sheet.title)
    return (
        f'<section class="{orientation}" title="{name}" style="font-size:{points:.2f}pt">{content}</section>'
    )


def _print_area(sheet: Worksheet) -> tuple[int, int]:
    """The last column and row that are printed."""
    area = str(sheet.print_area).rpartition("!")[2].replace("$", "")
    _left, _top, right, bottom = range_boundaries(area)
    return right or 1, bottom or 1


def _width(sheet: Worksheet, column: int) -> int:
    return int(sheet.column_dimensions[get_column_letter(column)].width)


def _heading_rows(sheet: Worksheet) -> tuple[int, int] | None:
    rows = str(sheet.print_title_rows or "").replace("$", "")
    if ":" not in rows:
        return None
    first, _mark, last = rows.partition(":")
    return int(first), int(last)


class _Page:
    """The cells of one sheet, by rows."""

    def __init__(self, sheet: Worksheet, figures: Figures, columns: int) -> None:
        self._sheet = sheet
        self._figures = figures
        self._columns = columns
        self._spans: dict[tuple[int, int], tuple[int, int]] = {}
        self._covered: set[tuple[int, int]] = set()
        for area in sheet.merged_cells.ranges:
            first = (area.min_row, area.min_col)
            self._spans[first] = (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
            for row in range(area.min_row, area.max_row + 1):
                self._covered.update((row, column) for column in range(area.min_col, area.max_col + 1))
            self._covered.discard(first)

    def rows(self, first: int, last: int) -> str:
        return "".join(self._row(row) for row in range(first, last + 1))

    def _row(self, row: int) -> str:
        cells = [
            self._cell(row, column)
            for column in range(1, self._columns + 1)
            if (row, column) not in self._covered
        ]
        return f"<tr>{''.join(cells)}</tr>"

    def _cell(self, row: int, column: int) -> str:
        cell: Any = self._sheet.cell(row, column)
        rows, columns = self._spans.get((row, column), (1, 1))
        spans = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")
        value = self._figures.get(cell.coordinate, cell.value) if cell.data_type == "f" else cell.value
        text = escape(shown(value, cell.number_format))
        style = css_class(cell.style) if cell.has_style else ""
        if cell.hyperlink is not None and cell.hyperlink.location:
            text = f'<a href="#{escape(_anchor(cell.hyperlink.location))}">{text}</a>'
        name = (
            f' id="{escape(_anchor(f"{self._sheet.title}!{cell.coordinate}"))}"' if style == "center" else ""
        )
        return f'<td class="{style}"{spans}{name}>{text}</td>' if style else f"<td{spans}>{text}</td>"


def _anchor(location: str) -> str:
    return location.replace("'", "").replace("$", "").replace(" ", "_")


def shown(value: Any, number_format: str) -> str:
    """A value as the workbook shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return roc(value) if number_format == DATE else value.isoformat()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if number_format.endswith("%"):
            return f"{round(Decimal(value) * 100, 1)}%"
        if number_format == SHARE:
            return f"{round(Decimal(value), 2):.2f}"
        if number_format == AMOUNT:
            return f"{value:,}"
        return f"{value.normalize():,f}" if isinstance(value, Decimal) else f"{value:,}"
    return str(value)
