"""The charts of the report."""

from __future__ import annotations

from openpyxl.chart import BarChart
from openpyxl.chart import Reference
from openpyxl.utils import column_index_from_string

from ledger.i18n import _
from reports.grid import Sheet
from reports.table import Placed

_HEIGHT, _WIDTH = 8.5, 27  # cm


def add_budget_chart(sheet: Sheet, placed: Placed) -> None:
    """Budget against accepted cost by category, on a page of its own below the summary."""
    chart = BarChart()
    chart.type = "col"
    chart.title = _("各科目核定預算與認列實支")
    chart.height, chart.width = _HEIGHT, _WIDTH
    for key in ("budget", "accepted"):
        column = column_index_from_string(placed.letters[key])
        values = Reference(sheet.worksheet, min_col=column, min_row=placed.first, max_row=placed.last)
        chart.add_data(values)
    names = column_index_from_string(placed.letters["category"])
    chart.set_categories(Reference(sheet.worksheet, min_col=names, min_row=placed.first, max_row=placed.last))
    _name_series(chart, (_("核定預算"), _("認列實支")))
    chart.y_axis.numFmt = "#,##0"
    chart.y_axis.delete = False
    chart.x_axis.delete = False
    chart.legend.position = "b"
    sheet.worksheet.add_chart(chart, f"A{sheet.row + 1}")
    _include_in_print(sheet)


def _name_series(chart: BarChart, names: tuple[str, str]) -> None:
    from openpyxl.chart.series import SeriesLabel  # noqa: PLC0415

    for series, name, color in zip(chart.series, names, ("8EA9DB", "F4B183"), strict=True):
        series.tx = SeriesLabel(v=name)
        series.graphicalProperties.solidFill = color


def _include_in_print(sheet: Sheet) -> None:
    rows = int(_HEIGHT / 0.53) + 2
    first, _last = str(sheet.worksheet.print_area).replace("$", "").split(":")[-2:]
    letters = "".join(sign for sign in _last if sign.isalpha())
    sheet.worksheet.print_area = f"{first.rpartition('!')[2]}:{letters}{sheet.row + rows}"
