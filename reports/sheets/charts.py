"""圖表: budget against cost by category, and earned against withdrawn by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart
from openpyxl.chart import LineChart
from openpyxl.chart import Reference
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import SeriesLabel
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker
from openpyxl.drawing.spreadsheet_drawing import TwoCellAnchor
from openpyxl.utils import column_index_from_string

from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.xlsx.grid import Sheet
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Placed

_WIDTHS = [12] * 12
_ROWS = 14
_COLORS = ("8EA9DB", "F4B183", "A9D08E", "7F7F7F")


def write_charts(
    sheet: Sheet, report: SettlementReport, summary: tuple[Sheet, Placed], months: tuple[Sheet, Placed]
) -> None:
    """The sheet of charts, over the summary and the months."""
    begin(sheet, report.frame, _("圖表"), _WIDTHS)
    by_category = BarChart()
    by_category.title = _("各科目核定預算與認列實支")
    _fill(by_category, summary, "category", [("budget", _("核定預算")), ("accepted", _("認列實支"))])
    _place(sheet, by_category)
    by_month = LineChart()
    by_month.title = _("核定補助款與各月累計應計、撥款、提領")
    series = [
        ("approved", _("核定補助款")),
        ("entitlement", _("累計應計補助款")),
        ("received_through", _("累計撥款")),
        ("withdrawn_through", _("累計提領")),
    ]
    _fill(by_month, months, "month", series)
    _place(sheet, by_month)
    finish(sheet, report.frame, sign=False)


def _fill(
    chart: BarChart | LineChart, source: tuple[Sheet, Placed], names: str, series: Sequence[tuple[str, str]]
) -> None:
    sheet, placed = source

    def column(key: str) -> Reference:
        index = column_index_from_string(placed.letters[key])
        return Reference(sheet.worksheet, min_col=index, min_row=placed.first, max_row=placed.last)

    for key, _label in series:
        chart.add_data(column(key))
    chart.set_categories(column(names))
    for line, (_key, label), color in zip(chart.series, series, _COLORS, strict=False):
        line.tx = SeriesLabel(v=label)
        if isinstance(chart, LineChart):
            line.graphicalProperties.line.solidFill = color
            line.smooth = False
        else:
            line.graphicalProperties.solidFill = color
    chart.y_axis.numFmt = "#,##0"
    chart.y_axis.delete = False
    chart.x_axis.delete = False
    chart.legend = Legend(legendPos="b")


def _place(sheet: Sheet, chart: BarChart | LineChart) -> None:
    """Over the whole width of the sheet, whatever the width of a column is there."""
    anchor: Any = TwoCellAnchor(
        _from=AnchorMarker(col=0, row=sheet.row), to=AnchorMarker(col=len(_WIDTHS), row=sheet.row + _ROWS)
    )
    chart.anchor = anchor
    sheet.worksheet.add_chart(chart)
    sheet.row += _ROWS + 1
