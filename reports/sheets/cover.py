"""封面: whose case it is, the figures it comes to, the numbers it stands on, the statement to sign."""

from __future__ import annotations

from typing import Any

from ledger.case.recovery import Ending
from ledger.schemes.model import Scheme
from ledger.schemes.model import Sourced
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.labels import confidence_name
from reports.labels import term_row
from reports.sheets.steps import StepCells
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import finish
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_WIDTHS = [22, 22, 34, 18]


def write_cover(sheet: Sheet, report: SettlementReport, steps: StepCells, due: str) -> None:
    """The first sheet."""
    tables = report.tables
    sheet.set_widths(_WIDTHS)
    sheet.line(tables.scheme.authority, "subtitle")
    sheet.line(tables.scheme.name, "title", height=30)
    sheet.line(_("{stage}會計報告").format(stage=report.stage), "title", height=36)
    _write_case(sheet, report)
    section(sheet, _("結算摘要(新臺幣元)"))
    _write_figures(sheet, report, steps, due)
    section(sheet, _("計算依據"))
    _write_rules(sheet, tables.scheme, tables.settled.ending)
    section(sheet, _("聲明"))
    sheet.line(
        _(
            "本報告所列支出均為執行本計畫實際發生並已取得合法憑證,未以同一憑證向其他機關申請補助;"
            "如有不實,願負法律責任並繳回補助款。"
        ),
        "field",
    )
    finish(sheet, report.frame, landscape=False)


def _write_case(sheet: Sheet, report: SettlementReport) -> None:
    award, interim = report.tables.award, report.interim
    account = award.dedicated_account
    sheet.end_row()
    for label, value in (
        (_("計畫名稱"), award.title),
        (_("計畫編號"), award.id),
        (_("受補助單位"), _("{name}(統一編號 {ubn})").format(name=award.company, ubn=award.ubn)),
        *((_("合作單位"), f"{partner.name}({partner.ubn})") for partner in award.partners),
        (_("負責人"), award.representative),
        (_("執行期間"), _("{start} 至 {end}").format(start=roc(award.start), end=roc(award.end))),
        (
            _("資料期間"),
            _("{start} 至 {end}").format(start=roc(award.start), end=roc(report.tables.case.as_of)),
        ),
        (_("報告別"), _("■ 期中  □ 期末(結案)") if interim else _("□ 期中  ■ 期末(結案)")),
        (_("專戶"), f"{account.bank} {account.number}" if account else ""),
    ):
        sheet.span(1, 1, label, "key")
        sheet.fit(2, 4, value, "text")
        sheet.end_row()


def _write_figures(sheet: Sheet, report: SettlementReport, steps: StepCells, due: str) -> None:
    settlement = report.tables.settled.whole
    interim = report.interim
    for label, cell, figure in (
        (_("核定補助款"), steps.approved, settlement.approved_government),
        (_("認列補助款"), steps.recognised, settlement.recognised_government),
        (_("補助款累計撥款"), steps.received, settlement.flows.received),
        (_("專戶累計提領"), steps.withdrawn, settlement.flows.withdrawn),
        (_("認列與撥款差額") if interim else _("尾款應撥付數"), steps.tail, settlement.tail_payment),
        (_("應再繳交國庫"), due, settlement.due_to_treasury),
    ):
        sheet.span(1, 1, label, "key")
        sheet.span(2, 2, Formula("=" + cell, figure), "amount")
        sheet.end_row()


def _write_rules(sheet: Sheet, scheme: Scheme, ending: Ending | None) -> None:
    """The programme's numbers that decide something, each with its source and how sure it is."""
    rules: list[tuple[str, Value, Sourced[Any]]] = [
        (_("補助比率上限"), _percent(scheme.subsidy_ratio.value), scheme.subsidy_ratio),
        (
            _("科目上限計算基礎"),
            _("整個科目") if scheme.cap_base.value == "category" else _("補助款"),
            scheme.cap_base,
        ),
        (
            _("科目上限所占總經費"),
            _("實支總額") if scheme.cap_total.value == "actual" else _("核定總額"),
            scheme.cap_total,
        ),
        (
            _("補助款尾數"),
            _("四捨五入") if scheme.share_rounding.value == "half-up" else _("元以下捨去"),
            scheme.share_rounding,
        ),
    ]
    if scheme.subsidy_cap is not None:
        rules.insert(0, (_("補助款上限"), f"{scheme.subsidy_cap.value:,}", scheme.subsidy_cap))
    if ending is not None:
        rules += [(*term_row(key, term.value), term) for key, term in ending.terms.terms.items()]
    columns = [
        Column("rule", _("規定"), 22),
        Column("value", _("採用"), 22, "center"),
        Column("source", _("出處"), 34),
        Column("confidence", _("確定程度"), 18, "center"),
    ]
    rows = [
        TableRow(
            {
                "rule": label,
                "value": value,
                "source": rule.source,
                "confidence": confidence_name(rule.confidence),
            }
        )
        for label, value, rule in rules
    ]
    write_table(sheet, columns, rows)


def _percent(ratio: Any) -> str:
    return f"{(ratio * 100).normalize():f}%"
