"""The steps of the settlement under the summary: limits in their order, what is recognised, the tail payment."""

from __future__ import annotations

from typing import NamedTuple

from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.data.rules import share_words
from reports.labels import binding_name
from reports.labels import confidence_name
from reports.sheets.common import figure_line
from reports.sheets.common import tail_formula
from reports.sheets.common import tail_words
from reports.sheets.common import total_of
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Given
from reports.xlsx.grid import Sheet
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Placed

_SPLIT = (3, 4)  # the last column of the label and of the figure


class StepCells(NamedTuple):
    """Where the figures of the settlement stand."""

    approved: str
    recognised: str
    received: str
    withdrawn: str
    deductions: str
    tail: str
    surplus: str
    withdrawable: str


def write_steps(sheet: Sheet, report: SettlementReport, placed: Placed, accounts: list[Placed]) -> StepCells:
    """Write the steps; every figure a formula over the table above and the account sheets."""
    section(sheet, _("補助款認列"))
    recognised, approved = _write_recognition(sheet, report, placed)
    section(sheet, _("撥款、提領與尾款"))
    return _write_payments(sheet, report, placed, accounts, (approved, recognised))


def _write_recognition(sheet: Sheet, report: SettlementReport, placed: Placed) -> tuple[str, str]:
    """The limits in their order; gives the cells of what is recognised and of what was approved."""
    settlement, scheme = report.tables.settled.whole, report.tables.scheme
    category, ratio, limit = settlement.steps
    free = figure_line(
        sheet,
        _("各科目應計補助款"),
        Formula(f"={placed.total_cell('free')}", category.before, "share"),
        share_words(scheme),
        _SPLIT,
    )
    capped = figure_line(
        sheet,
        _("科目上限後"),
        Formula(f"={placed.total_cell('government')}", category.after),
        _("科目上限對整個科目經費計算({confidence})").format(
            confidence=confidence_name(scheme.cap_base.confidence)
        )
        if scheme.cap_base.value == "category"
        else _("科目上限對補助款計算({confidence})").format(
            confidence=confidence_name(scheme.cap_base.confidence)
        ),
        _SPLIT,
    )
    percent = figure_line(
        sheet,
        _("補助比率上限(%)"),
        Given((scheme.subsidy_ratio.value * 100).normalize(), "ratio"),
        scheme.subsidy_ratio.source,
        _SPLIT,
        "quantity",
    )
    counted = placed.total_cell("counted" if "counted" in placed.letters else "accepted")
    most = figure_line(
        sheet,
        _("補助比率上限金額"),
        Formula(f"=MAX(0,ROUNDDOWN({counted}*{percent}/100,0))", ratio.limit, "ratio"),
        _("計入比率之認列實支 × 補助比率上限"),
        _SPLIT,
    )
    approved = figure_line(
        sheet,
        _("核定補助款"),
        Formula(f"={placed.total_cell('government_budget')}", limit.limit),
        "",
        _SPLIT,
    )
    recognised = figure_line(
        sheet,
        _("認列補助款"),
        Formula(f"=MIN({capped},{most},{approved})", settlement.recognised_government, "recognised"),
        _("以上三者取其低"),
        _SPLIT,
        "total",
    )
    figure_line(
        sheet,
        _("認列自籌款"),
        Formula(f"={placed.total_cell('accepted')}-{recognised}", settlement.recognised_self, "self"),
        _("認列實支 − 認列補助款"),
        _SPLIT,
    )
    words = {name: binding_name(name) for name in ("approved", "ratio", "category", "none")}
    figure_line(
        sheet,
        _("受限於"),
        Formula(
            f'=IF({recognised}<MIN({capped},{most}),"{words["approved"]}",'
            f'IF(MIN({capped},{most})<{capped},"{words["ratio"]}",'
            f'IF({capped}<{free},"{words["category"]}","{words["none"]}")))',
            words[settlement.binding],
        ),
        _("最後使補助款減少的限制"),
        _SPLIT,
        "center",
    )
    return recognised, approved


def _write_payments(
    sheet: Sheet, report: SettlementReport, placed: Placed, accounts: list[Placed], known: tuple[str, str]
) -> StepCells:
    tables = report.tables
    settlement = tables.settled.whole
    flows = settlement.flows
    approved, recognised = known
    received = figure_line(
        sheet,
        _("補助款累計撥款"),
        total_of([account.total_cell("instalment") for account in accounts], flows.received),
        _("專戶收支明細"),
        _SPLIT,
    )
    withdrawn = figure_line(
        sheet,
        _("專戶累計提領"),
        total_of([account.total_cell("withdrawn") for account in accounts], flows.withdrawn),
        _("專戶收支明細"),
        _SPLIT,
    )
    free = placed.total_cell("free")
    withdrawable = figure_line(
        sheet,
        _("可再自專戶提領"),
        Formula(
            f"=MAX(0,MIN({free}-{withdrawn},{received}-{withdrawn}))", tables.withdrawable, "withdrawable"
        ),
        _("各科目應計補助款 − 累計提領,以專戶補助款本金為限"),
        _SPLIT,
    )
    deductions = figure_line(
        sheet,
        _("計畫執行扣款"),
        flows.deductions,
        _("、").join(f"{deduction.reason} {deduction.amount:,}" for deduction in tables.case.deductions),
        _SPLIT,
        sources=tuple(deduction.entry for deduction in tables.case.deductions),
    )
    interim = report.interim
    tail = figure_line(
        sheet,
        _("認列與撥款差額") if interim else _("尾款應撥付數"),
        Formula(
            tail_formula(settlement, recognised, deductions, received),
            settlement.tail_payment,
            "tail",
        ),
        tail_words(settlement, tables.settled.ending),
        _SPLIT,
        "total",
    )
    surplus = figure_line(
        sheet,
        _("撥款超過認列數") if interim else _("補助款結餘(應繳庫)"),
        settlement.surplus
        if settlement.accounts
        else Formula(f"=MAX(0,-{tail})", settlement.surplus, "surplus"),
        _("各專戶已撥而未認列之補助款合計") if settlement.accounts else _("已撥而未認列之補助款"),
        _SPLIT,
    )
    return StepCells(approved, recognised, received, withdrawn, deductions, tail, surplus, withdrawable)
