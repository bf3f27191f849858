"""The portfolio as a workbook: cases by risk with their reasons, findings across cases, error rates, assurance plan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.chart import BarChart
from openpyxl.chart import Reference
from openpyxl.styles import Alignment
from openpyxl.styles import Border
from openpyxl.styles import Font
from openpyxl.styles import PatternFill
from openpyxl.styles import Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from portfolio.cross_checks import CrossFinding
from portfolio.crossed import up_to_date
from portfolio.dismissals import Dismissal
from portfolio.dismissals import read_dismissals
from portfolio.index import reading
from portfolio.reporting.rates import CONFIDENCE
from portfolio.reporting.rates import ErrorRate
from portfolio.reporting.rates import error_rates
from portfolio.risk import LOOKS
from portfolio.risk import CaseRisk
from portfolio.risk import look_name
from portfolio.risk import rank
from portfolio.risk import scheme_name
from portfolio.rules import Rules
from portfolio.rules import read_rules
from reports.xlsx.grid import lines_needed
from reports.xlsx.grid import plain
from reports.xlsx.grid import row_height

_HEAD = PatternFill("solid", fgColor="DCE6F1")
_BELOW = Border(bottom=Side("hair", "808080"))
_MONEY = "#,##0"
_INDENT = 1  # characters
Cell = str | int | Decimal | None


def write_report(folder: Path, output: Path) -> None:
    """Write the report of the indexed portfolio in `folder`. Raises PortfolioError where there is no index."""
    rules, dismissed, crossed = read_rules(folder), read_dismissals(folder), up_to_date(folder)
    with reading(folder) as connection:
        ranked = rank(connection, crossed, set(dismissed), rules)
        book = Workbook()
        book.remove(book.worksheets[0])
        _overview(book.create_sheet(_("總覽")), ranked, crossed, dismissed)
        _cases(book.create_sheet(_("案件")), ranked)
        _crossed(book.create_sheet(_("跨案疑點")), crossed, dismissed)
        _rates(book.create_sheet(_("錯誤率")), error_rates(connection))
        _plan(book.create_sheet(_("查核計畫")), ranked, rules)
    book.save(output)


def _rows(
    sheet: Worksheet, headings: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[int]
) -> None:
    for line, row in enumerate([headings, *rows], 1):
        tallest = 1
        for place, (value, width) in enumerate(zip(row, widths, strict=True), 1):
            cell = sheet.cell(line, place)
            if isinstance(value, str):
                cell.value = plain(value)
                cell.data_type = "s"  # also what a sheet would take for a formula
                tallest = max(tallest, lines_needed(value, width - _INDENT))
            else:
                cell.value = value
                cell.number_format = _MONEY
            is_number = bool(rows) and not isinstance(rows[0][place - 1], str)
            cell.alignment = Alignment(
                horizontal="right" if is_number else "left",
                vertical="top",
                wrap_text=isinstance(value, str),
                indent=0 if is_number else _INDENT,
            )
            cell.border = _BELOW
            if line == 1:
                cell.font, cell.fill = _bold(cell), _HEAD
        sheet.row_dimensions[line].height = row_height(tallest) or None
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _bold(cell: SheetCell | MergedCell) -> Font:
    """The cell's own font in bold: one without a name is shown in another."""
    return Font(name=cell.font.name, size=cell.font.size, bold=True)


def _overview(
    sheet: Worksheet,
    ranked: Sequence[CaseRisk],
    crossed: Sequence[CrossFinding],
    dismissed: dict[str, Dismissal],
) -> None:
    looks = {look: sum(1 for risk in ranked if risk.look == look) for look in LOOKS}
    total = {name: sum(risk.case[name] or 0 for risk in ranked) for name in _SUMMED}
    rows: list[Sequence[Cell]] = [
        [_("案件"), len(ranked)],
        [_("核定補助款"), total["approved_government"]],
        [_("已撥補助款"), total["received"]],
        [_("認列補助款"), total["recognised"]],
        [_("認列支出"), total["accepted"]],
        [_("剔除"), total["disallowed"]],
        [_("待補正"), total["parked"]],
        [_("尚應繳國庫"), total["due_to_treasury"]],
        [_("跨案疑點(未排除)"), sum(1 for finding in crossed if finding.id not in dismissed)],
    ]
    rows.append([_("查核方式(件)"), None])
    first_look = len(rows) + 2
    rows += [[look_name(look), count] for look, count in looks.items()]
    _rows(sheet, [_("項目"), _("數值")], rows, [28, 18])
    sheet.auto_filter.ref = None
    sheet.cell(first_look - 1, 1).font = _bold(sheet.cell(first_look - 1, 1))
    chart = BarChart()
    chart.type, chart.style, chart.legend = "bar", 10, None
    chart.title = _("查核方式(件)")
    last = first_look + len(looks) - 1
    chart.add_data(Reference(sheet, min_col=2, min_row=first_look, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first_look, max_row=last))
    chart.height, chart.width = 7, 14
    sheet.add_chart(chart, "D2")


_SUMMED = (
    "approved_government",
    "received",
    "recognised",
    "accepted",
    "disallowed",
    "parked",
    "due_to_treasury",
)


def _cases(sheet: Worksheet, ranked: Sequence[CaseRisk]) -> None:
    headings = [
        _("案件資料夾"),
        _("案件編號"),
        _("業者"),
        _("補助計畫別"),
        _("風險"),
        _("查核方式"),
        _("理由"),
        _("核定補助款"),
        _("已撥補助款"),
        _("認列補助款"),
        _("認列支出"),
        _("待補正"),
        _("尚應繳國庫"),
        _("已月結至"),
    ]
    rows = [
        [
            risk.path,
            risk.case["case_id"],
            risk.case["company"],
            scheme_name(risk.case["scheme"]),
            risk.points,
            look_name(risk.look),
            "\n".join(f"{reason.why}({reason.points})" for reason in risk.reasons),
            *(risk.case[name] for name in ("approved_government", "received", "recognised", "accepted")),
            *(risk.case[name] for name in ("parked", "due_to_treasury", "closed_through")),
        ]
        for risk in ranked
    ]
    _rows(sheet, headings, rows, [22, 18, 26, 24, 8, 12, 34, 14, 14, 14, 14, 12, 14, 12])


def _crossed(sheet: Worksheet, crossed: Sequence[CrossFinding], dismissed: dict[str, Dismissal]) -> None:
    headings = [
        _("編號"),
        _("輕重"),
        _("案件"),
        _("涉及案件"),
        _("憑證"),
        _("金額"),
        _("說明"),
        _("排除理由"),
    ]
    rows = [
        [
            finding.id,
            _("錯誤") if finding.severity == "error" else _("提醒"),
            finding.case,
            "\n".join(finding.cases),
            finding.voucher,
            finding.amount,
            finding.message,
            dismissed[finding.id].reason if finding.id in dismissed else "",
        ]
        for finding in crossed
    ]
    _rows(sheet, headings, rows, [14, 8, 20, 20, 16, 14, 70, 24])


def _rates(sheet: Worksheet, rates: Sequence[ErrorRate]) -> None:
    """What the auditors found wrong of what they decided on; the rates are formulas, the limit a figure."""
    headings = [
        _("補助計畫別"),
        _("會計科目"),
        _("案件"),
        _("憑證張數"),
        _("報支金額"),
        _("已核定張數"),
        _("已核定金額"),
        _("有誤張數"),
        _("剔除金額"),
        _("張數錯誤率"),
        _("張數錯誤率上限({confidence}%)").format(confidence=CONFIDENCE),
        _("金額錯誤率"),
    ]
    rows: list[list[Cell]] = [
        [
            scheme_name(rate.scheme),
            category_name(rate.category) if rate.category else _("全部"),
            *rate[2:-1],
            None,
            None if rate.limit is None else rate.limit / 100,
            None,
        ]
        for rate in rates
    ]
    _rows(sheet, headings, rows, [28, 22, 8, 10, 16, 10, 16, 10, 14, 10, 12, 10])
    for line, rate in enumerate(rates, 2):
        for column, top, bottom in ((10, "H", "F"), (12, "I", "G")):
            text = f'=IF({bottom}{line}=0,"",{top}{line}/{bottom}{line})'
            sheet.cell(line, column, text).number_format = "0.00%"
        sheet.cell(line, 11).number_format = "0.0%"
        if not rate.category:
            for cell in sheet[line]:
                cell.font = _bold(cell)
    note = sheet.cell(
        len(rates) + 3,
        1,
        _("上限以二項分配計算;已核定的憑證是隨機抽出的,上限才能說明全部憑證。"),
    )
    note.alignment = Alignment(wrap_text=False)
    if any(rate.decided for rate in rates):  # or there is nothing to draw
        _rate_chart(sheet, rates, len(rates) + 5)


def _rate_chart(sheet: Worksheet, rates: Sequence[ErrorRate], line: int) -> None:
    """A bar a programme: what was disallowed of what was decided on. Its figures stand below it, as a chart needs."""
    first = line + 16
    whole = [place for place, rate in enumerate(rates, 2) if not rate.category]
    for place, source in enumerate(whole, first):
        sheet.cell(place, 1, f"=A{source}")
        sheet.cell(place, 2, f"=L{source}").number_format = "0.00%"
    chart = BarChart()
    chart.type, chart.style, chart.legend = "bar", 10, None
    chart.title = _("各計畫金額錯誤率")
    chart.y_axis.scaling.min = 0  # or a bar says more than its figure
    last = first + len(whole) - 1
    chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.height, chart.width = 7, 16
    sheet.add_chart(chart, f"A{line}")


def _plan(sheet: Worksheet, ranked: Sequence[CaseRisk], rules: Rules) -> None:
    """The assurance plan: which look each case gets, why, and by which points."""
    headings = [_("查核方式"), _("起分"), _("案件資料夾"), _("業者"), _("風險"), _("理由"), _("已查核/憑證")]
    rows = [
        [
            look_name(risk.look),
            None if risk.look == LOOKS[-1] else int(rules["assurance"][risk.look]),
            risk.path,
            risk.case["company"],
            risk.points,
            "\n".join(f"{reason.why}({reason.points})" for reason in risk.reasons),
            f"{risk.case['judged']} / {risk.case['claims']}",
        ]
        for look in LOOKS
        for risk in ranked
        if risk.look == look
    ]
    _rows(sheet, headings, rows, [12, 8, 24, 28, 8, 40, 12])
