"""認列計算表: from the cost claimed to the grant recognised, category by category and step by step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from reports.data.cost_rows import SummaryRow
from reports.data.report import SettlementReport
from reports.sheets.budget import BudgetCells
from reports.sheets.common import share_formula
from reports.sheets.steps import StepCells
from reports.sheets.steps import write_steps
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Given
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table


def write_calculation(
    sheet: Sheet,
    report: SettlementReport,
    details: Mapping[str, Placed],
    budget: BudgetCells,
    accounts: list[Placed],
) -> tuple[Placed, StepCells]:
    """The table by category, and the steps of the settlement under it."""
    columns = _columns(report)
    begin(sheet, report.frame, _("認列計算表"), columns)
    rows = [_row(report, row, details.get(row.category), budget) for row in report.tables.summary]
    placed = write_table(sheet, columns, rows, _("合計"))
    _write_total_usage(sheet, columns, placed, report)
    steps = write_steps(sheet, report, placed, accounts)
    finish(sheet, report.frame, placed)
    sheet.worksheet.auto_filter.ref = None
    return placed, steps


def _columns(report: SettlementReport) -> list[Column]:
    approved, cost, share = _("核定預算"), _("累計實支"), _("分攤(各科目)")
    party = [Column("party", _("受補助單位"), 16)] if report.tables.several else []
    counted = [Column("counted", _("計入比率之經費"), 12, "amount", share, total=True)]
    return [
        Column("category", _("預算科目"), 22),
        *party,
        Column("government_budget", _("補助款"), 11, "amount", approved, total=True),
        Column("self_budget", _("自籌款"), 11, "amount", approved, total=True),
        Column("budget", _("小計"), 11, "amount", approved, total=True),
        Column("claimed", _("申報"), 11, "amount", cost, total=True),
        Column("disallowed", _("剔除"), 10, "amount", cost, total=True),
        Column("parked", _("待補正"), 10, "amount", cost, total=True),
        Column("accepted", _("認列"), 11, "amount", cost, total=True),
        Column("usage", _("動支率"), 8, "percent"),
        Column("cap_percent", _("上限(%)"), 7, "quantity", share),
        Column("cap", _("上限金額"), 11, "amount", share),
        Column("free", _("上限前補助款"), 11, "amount", share, total=True),
        *(counted if _caps_cost(report) else []),
        Column("government", _("補助款"), 11, "amount", share, total=True),
        Column("self", _("自籌款"), 11, "amount", share, total=True),
        Column("left", _("補助款結餘"), 11, "amount", total=True),
    ]


def _caps_cost(report: SettlementReport) -> bool:
    return report.tables.scheme.cap_base.value == "category"


def _row(report: SettlementReport, row: SummaryRow, detail: Placed | None, budget: BudgetCells) -> TableRow:
    several = report.tables.several
    party = report.tables.award.party_name(row.party)
    values: dict[str, Value] = {
        "category": category_name(row.category),
        "party": party,
        "budget": Formula("={government_budget}+{self_budget}", row.approved.total),
        "accepted": Formula("={claimed}-{disallowed}-{parked}", row.accepted, "accepted"),
        "usage": Formula(
            "=IF({budget}=0,0,{accepted}/{budget})", usage(row.accepted, row.approved.total), "usage"
        ),
        "self": Formula("={accepted}-{government}", row.self_funded, "self"),
        "left": Formula("={government_budget}-{government}", row.approved.government - row.government),
    }
    key = (row.party, row.category)
    version = len(report.tables.budget.versions) - 1
    for fund, amount in (("government", row.approved.government), ("self", row.approved.self_funded)):
        if key in budget.rows:
            values[f"{fund}_budget"] = Formula("=" + budget.cell(key, version, fund), amount)
        else:
            values[f"{fund}_budget"] = Given(amount, "coaching")
    for name in ("claimed", "disallowed", "parked"):
        if detail is None:
            values[name] = Given(getattr(row, name), "coaching")
            continue
        text = f"={detail.total_cell(name)}"
        if several:
            text = f"=SUMIFS({detail.column(name)},{detail.column('party')},{{party}})"
        values[name] = Formula(text, getattr(row, name))
    return TableRow(values | _shares(report, row))


def _shares(report: SettlementReport, row: SummaryRow) -> dict[str, Value]:
    """The government's share of a category, its cap as NT$ and what the cap leaves."""
    caps_cost = _caps_cost(report)
    none = Formula("=0", 0, f"grantable:{row.category}")
    values: dict[str, Value] = {"free": none, "government": none}
    cap_rule = f"cap:{row.category}"
    if row.cap_ratio is not None and row.cap is not None:
        values["cap_percent"] = Given((row.cap_ratio * 100).normalize(), cap_rule)
        values["cap"] = _cap(report, row.cap, cap_rule)
    capped = row.cap is not None
    counted = "=MIN({accepted},{cap})" if capped and caps_cost else "={accepted}"
    values["counted"] = Formula(counted, row.counted, "cap-base")
    if not row.grantable:
        return values

    def share(cost: str) -> str:
        return "=" + share_formula(report.tables.scheme, cost, "{government_budget}", "{budget}")

    values["free"] = Formula(share("{accepted}"), row.free, "share")
    after = "=MIN({free},{cap})" if capped else "={free}"
    if capped and caps_cost:
        after = share("{counted}")
    values["government"] = Formula(after, row.government, cap_rule if capped else "share")
    return values


def _cap(report: SettlementReport, cap: int, rule: str) -> Value:
    """A category's cap as NT$; of several parties what the project's cap leaves this one, which no cell works out."""
    if report.tables.several:
        return Given(cap, rule)
    total = "SUM({accepted*})" if report.tables.scheme.cap_total.value == "actual" else "SUM({budget*})"
    return Formula(f"=ROUNDDOWN({total}*{{cap_percent}}/100,0)", cap, rule)


def usage(accepted: int, approved: int) -> Decimal:
    """The part of the budget that was spent."""
    return round(Decimal(accepted) / approved, 15) if approved else Decimal(0)


def _write_total_usage(sheet: Sheet, columns: list[Column], placed: Placed, report: SettlementReport) -> None:
    accepted = sum(row.accepted for row in report.tables.summary)
    approved = sum(row.approved.total for row in report.tables.summary)
    budget, cost = placed.total_cell("budget"), placed.total_cell("accepted")
    formula = Formula(f"=IF({budget}=0,0,{cost}/{budget})", usage(accepted, approved), "usage")
    index = next(index for index, column in enumerate(columns, 1) if column.key == "usage")
    sheet.put(placed.total, index, formula, "total-percent")
