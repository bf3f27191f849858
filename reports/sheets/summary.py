"""經費支用彙總表: the authority's form. Budget, the period before, this one, all of it; by category and fund.

The form of the sister programme (海洋委員會 經費支用明細表): 全程預算、第一期、第二期、累計、動支率、結餘, and at the
foot what was paid out, what may be withdrawn, deductions, what goes back and the last payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ledger.schemes.categories import category_name
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.data.cost_rows import SummaryRow
from reports.data.report import SettlementReport
from reports.sheets.budget import BudgetCells
from reports.sheets.calculation import usage
from reports.sheets.common import figure_line
from reports.sheets.common import share_formula
from reports.sheets.steps import StepCells
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Given
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_SPLIT = (1, 2)
_FUNDS = ("government", "self", "accepted")


def write_summary(
    sheet: Sheet,
    report: SettlementReport,
    details: Mapping[str, Placed],
    budget: BudgetCells,
    calculation: tuple[Placed, StepCells],
) -> Placed:
    """The form, every figure a link to the calculation or a formula over the details."""
    table, steps = calculation
    columns = _columns(report)
    begin(sheet, report.frame, _("經費支用彙總表"), columns)
    rows = [
        TableRow(_values(report, row, table, table.first + index) | _periods(report, row, details, budget))
        for index, row in enumerate(report.tables.summary)
    ]
    placed = write_table(sheet, columns, rows, _("合計"))
    _write_total_usage(sheet, columns, placed, report)
    section(sheet, _("撥款、提領與尾款"))
    _write_foot(sheet, report, steps)
    finish(sheet, report.frame, placed)
    sheet.worksheet.auto_filter.ref = None
    return placed


def _columns(report: SettlementReport) -> list[Column]:
    party = [Column("party", _("受補助單位"), 16)] if report.tables.several else []
    approved = _three("budget", _("核定預算"))
    periods: list[Column] = []
    if report.tables.interim is not None:
        words = _("前期累計(至 {date})").format(date=roc(report.tables.interim))
        periods = [*_three("before", words), *_three("period", _("本期"))]
    total = _("累計認列實支")
    return [
        Column("category", _("預算科目"), 24),
        *party,
        *approved,
        *periods,
        Column("government", _("補助款"), 12, "amount", total, total=True),
        Column("self", _("自籌款"), 12, "amount", total, total=True),
        Column("accepted", _("小計"), 12, "amount", total, total=True),
        Column("usage", _("動支率"), 9, "percent"),
        Column("left", _("補助款結餘"), 12, "amount", total=True),
    ]


def _three(key: str, group: str) -> list[Column]:
    return [
        Column(f"{key}_government", _("補助款"), 12, "amount", group, total=True),
        Column(f"{key}_self", _("自籌款"), 12, "amount", group, total=True),
        Column(key, _("小計"), 12, "amount", group, total=True),
    ]


def _values(report: SettlementReport, row: SummaryRow, table: Placed, place: int) -> dict[str, Value]:
    def link(key: str, figure: int) -> Formula:
        return Formula("=" + table.cell(key, place), figure)

    approved = row.approved
    return {
        "category": category_name(row.category),
        "party": report.tables.award.party_name(row.party),
        "budget_government": link("government_budget", approved.government),
        "budget_self": link("self_budget", approved.self_funded),
        "budget": Formula("={budget_government}+{budget_self}", approved.total),
        "government": link("government", row.government),
        "self": link("self", row.self_funded),
        "accepted": Formula("={government}+{self}", row.accepted),
        "usage": Formula(
            "=IF({budget}=0,0,{accepted}/{budget})", usage(row.accepted, approved.total), "usage"
        ),
        "left": Formula("={budget_government}-{government}", approved.government - row.government),
    }


def _periods(
    report: SettlementReport, row: SummaryRow, details: Mapping[str, Placed], budget: BudgetCells
) -> dict[str, Value]:
    """What the report before told on today's findings, and this period: all of it less that."""
    if report.tables.interim is None:
        return {}
    before = report.tables.before.get((row.party, row.category))
    told = (before.government, before.self_funded, before.accepted) if before else (0, 0, 0)
    now = (row.government, row.self_funded, row.accepted)
    values: dict[str, Value] = {
        "before_government": _government_before(report, row, budget, told[0]),
        "before_self": Formula("={before}-{before_government}", told[1], "self"),
        "before": _cost_before(report, details.get(row.category), told[2]),
    }
    keys = (("period_government", "period_self", "period"), ("before_government", "before_self", "before"))
    for period, earlier, key, all_of_it, part in zip(*keys, _FUNDS, now, told, strict=True):
        values[period] = Formula(f"={{{key}}}-{{{earlier}}}", all_of_it - part, "period")
    return values


def _cost_before(report: SettlementReport, detail: Placed | None, figure: int) -> Value:
    day = report.tables.interim
    if detail is None:
        return Given(figure, "coaching")
    assert day is not None  # noqa: S101 -- the caller has looked
    party = f",{detail.column('party')},{{party}}" if report.tables.several else ""
    booked = f'{detail.column("booked")},"<="&DATE({day.year},{day.month},{day.day})'
    return Formula(f"=SUMIFS({detail.column('accepted')},{booked}{party})", figure, "accepted")


def _government_before(report: SettlementReport, row: SummaryRow, budget: BudgetCells, figure: int) -> Value:
    """The share of the cost until then by the budget then in force, its cap applied."""
    tables, key = report.tables, (row.party, row.category)
    assert tables.interim is not None  # noqa: S101 -- the caller has looked
    version = tables.budget.version_on(tables.interim)
    if not row.grantable or key not in budget.rows:
        return Given(figure, f"grantable:{row.category}" if not row.grantable else "coaching")
    government, own = (budget.cell(key, version, fund) for fund in ("government", "self"))

    def share(cost: str) -> str:
        return share_formula(tables.scheme, cost, government, f"({government}+{own})")

    if row.cap_ratio is None:
        return Formula("=" + share("{before}"), figure, "share")
    if tables.several:  # what the project's cap left this party then, which no cell works out
        return Given(figure, f"cap:{row.category}")
    actual = tables.scheme.cap_total.value == "actual"
    total = "SUM({before*})" if actual else budget.placed.total_cell(f"total{version}")
    percent = f"{(row.cap_ratio * 100).normalize():f}"
    cap = f"ROUNDDOWN({total}*{percent}/100,0)"
    on_cost = tables.scheme.cap_base.value == "category"
    text = share(f"MIN({{before}},{cap})") if on_cost else f"MIN({share('{before}')},{cap})"
    return Formula("=" + text, figure, f"cap:{row.category}")


def _write_total_usage(sheet: Sheet, columns: list[Column], placed: Placed, report: SettlementReport) -> None:
    accepted = sum(row.accepted for row in report.tables.summary)
    approved = sum(row.approved.total for row in report.tables.summary)
    budget, cost = placed.total_cell("budget"), placed.total_cell("accepted")
    formula = Formula(f"=IF({budget}=0,0,{cost}/{budget})", usage(accepted, approved), "usage")
    index = next(index for index, column in enumerate(columns, 1) if column.key == "usage")
    sheet.put(placed.total, index, formula, "total-percent")


def _write_foot(sheet: Sheet, report: SettlementReport, steps: StepCells) -> None:
    """What the form has at its foot, each a link to the step that it comes from."""
    settlement, interim = report.tables.settled.whole, report.interim
    recognised, approved = settlement.recognised_government, settlement.approved_government
    ratio = Formula(
        f"=IF({steps.approved}=0,0,{steps.recognised}/{steps.approved})", _part(recognised, approved)
    )
    figures: list[tuple[str, str, int, str]] = [
        (_("認列補助款"), steps.recognised, recognised, _("科目上限、補助比率及核定補助款之後;見認列計算表")),
        (_("補助款累計撥款"), steps.received, settlement.flows.received, ""),
        (_("專戶累計提領"), steps.withdrawn, settlement.flows.withdrawn, ""),
        (_("可再自專戶提領"), steps.withdrawable, report.tables.withdrawable, ""),
        (_("計畫執行扣款"), steps.deductions, settlement.flows.deductions, ""),
        (
            _("撥款超過認列數") if interim else _("補助款結餘(應繳庫)"),
            steps.surplus,
            settlement.surplus,
            _("已撥而未認列之補助款"),
        ),
        (
            _("認列與撥款差額") if interim else _("尾款應撥付數"),
            steps.tail,
            settlement.tail_payment,
            _("認列補助款 − 扣款 − 累計撥款;負數為應繳回"),
        ),
    ]
    figure_line(sheet, _("結報比率"), ratio, _("認列補助款 ÷ 核定補助款"), _SPLIT, "percent")
    for label, cell, figure, note in figures:
        figure_line(sheet, label, Formula("=" + cell, figure), note, _SPLIT)


def _part(amount: int, whole: int) -> Decimal:
    return usage(amount, whole)
