"""孳息及結餘計算: interest gross and withheld, what was remitted, what is still due to the treasury."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.util.i18n import _
from reports.data.account_rows import AccountRow
from reports.data.report import SettlementReport
from reports.sheets.common import figure_line
from reports.sheets.common import surplus_value
from reports.sheets.common import total_of
from reports.sheets.common import write_owed_beside
from reports.sheets.steps import StepCells
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import figure_of
from reports.xlsx.table import write_table

_WIDTHS = [14, 34, 15, 15, 15, 22]
_SPLIT = (2, 3)


def write_interest(
    sheet: Sheet, report: SettlementReport, accounts: Mapping[str, Placed], steps: StepCells
) -> str:
    """The sheet of interest and surplus; gives the cell of what is due to the treasury."""
    begin(sheet, report.frame, _("孳息及結餘計算"), _WIDTHS)
    section(sheet, _("一、專戶孳息"))
    interest = _write_interest(sheet, report, accounts)
    section(sheet, _("二、繳交國庫"))
    remitted = _write_remittances(sheet, report, accounts)
    section(sheet, _("三、應繳國庫"))
    due = _write_due(sheet, report, accounts, interest, remitted, steps)
    finish(sheet, report.frame, landscape=False)
    sheet.worksheet.freeze_panes = "A3"
    return due


def _linked(
    report: SettlementReport, accounts: Mapping[str, Placed], keys: tuple[str, ...]
) -> list[TableRow]:
    """The account's rows that have something in `keys`, their amounts linked to the account's sheet."""
    rows = []
    for party, lines in report.tables.accounts.items():
        placed = accounts[party]
        for offset, line in enumerate(lines):
            if not any(getattr(line, key) for key in keys):
                continue
            values: dict[str, Value] = {"date": line.date, "text": line.text, "route": _("專戶")}
            for key in keys:
                amount = getattr(line, key)
                if amount:
                    values[key] = Formula("=" + placed.cell(key, placed.first + offset), amount)
            rows.append(TableRow(values, (line.entry,)))
    return rows


def _write_interest(sheet: Sheet, report: SettlementReport, accounts: Mapping[str, Placed]) -> Placed:
    columns = [
        Column("date", _("日期"), 14, "date"),
        Column("text", _("說明"), 34),
        Column("interest", _("孳息毛額"), 15, "amount", total=True),
        Column("tax", _("扣繳稅款"), 15, "amount", total=True),
        Column("net", _("實際入帳"), 15, "amount", total=True),
    ]
    rows = [
        TableRow(dict(row.values) | {"net": _net(row)}, row.sources)
        for row in _linked(report, accounts, ("interest", "tax"))
    ]
    return write_table(sheet, columns, rows, _("合計"))


def _net(row: TableRow) -> Formula:
    net = figure_of(row.values.get("interest")) - figure_of(row.values.get("tax"))
    return Formula("={interest}-{tax}", net)


def _write_remittances(sheet: Sheet, report: SettlementReport, accounts: Mapping[str, Placed]) -> Placed:
    columns = [
        Column("date", _("日期"), 14, "date"),
        Column("text", _("說明"), 34),
        Column("remitted_interest", _("孳息"), 15, "amount", total=True),
        Column("remitted_surplus", _("結餘款"), 15, "amount", total=True),
        Column("route", _("繳款帳戶"), 15, "center"),
    ]
    rows = _linked(report, accounts, ("remitted_interest", "remitted_surplus"))
    rows += [_elsewhere(line) for line in report.tables.elsewhere]
    return write_table(sheet, columns, rows, _("合計"))


def _elsewhere(line: AccountRow) -> TableRow:
    values: dict[str, Value] = {
        "date": line.date,
        "text": line.text,
        "remitted_interest": line.remitted_interest or None,
        "remitted_surplus": line.remitted_surplus or None,
        "route": _("公司帳戶"),
    }
    return TableRow(values, (line.entry,))


def _write_due(
    sheet: Sheet,
    report: SettlementReport,
    accounts: Mapping[str, Placed],
    interest: Placed,
    remitted: Placed,
    steps: StepCells,
) -> str:
    settlement = report.tables.settled.whole
    flows = settlement.flows
    recognised = _link(sheet, _("認列補助款"), steps.recognised, settlement.recognised_government)
    deductions = _link(sheet, _("計畫執行扣款"), steps.deductions, flows.deductions)
    received = _link(sheet, _("補助款累計撥款"), steps.received, flows.received)
    surplus = figure_line(
        sheet,
        _("(一)補助款結餘"),
        surplus_value(settlement, received, f"{recognised}-{deductions}"),
        _("累計撥款 −(認列補助款 − 扣款),不足者為 0"),
        _SPLIT,
        "total",
    )
    gross = figure_line(
        sheet,
        _("(二)孳息毛額"),
        Formula("=" + interest.total_cell("interest"), flows.interest_gross),
        _("扣繳前之毛額;扣繳稅款由公司補足"),
        _SPLIT,
        "total",
    )
    _link(sheet, _("其中扣繳稅款"), interest.total_cell("tax"), flows.tax_withheld)
    paid = figure_line(
        sheet,
        _("(三)已繳國庫"),
        total_of(
            [remitted.total_cell("remitted_interest"), remitted.total_cell("remitted_surplus")],
            flows.remitted,
        ),
        "",
        _SPLIT,
        "total",
    )
    beside = write_owed_beside(sheet, settlement, report.tables.settled.ending, _SPLIT, "total")
    due = figure_line(
        sheet,
        _("應再繳交國庫"),
        Formula(f"={surplus}+{gross}{beside}-{paid}", settlement.due_to_treasury, "treasury"),
        _("(一)+(二)−(三)"),
        _SPLIT,
        "total",
    )
    if any(report.tables.settled.parked.values()):
        figure_line(
            sheet,
            _("待補正全數認列時,應再繳交國庫"),
            report.tables.settled.if_accepted.whole.due_to_treasury,
            _("待補正 {amount} 元尚未決定,以上各項均未計入").format(
                amount=f"{sum(report.tables.settled.parked.values()):,}"
            ),
            _SPLIT,
            sources=tuple(each.entry for each in report.tables.case.findings if each.state == "parked"),
        )
    balance = sum(row.change for rows in report.tables.accounts.values() for row in rows)
    figure_line(
        sheet,
        _("專戶帳列餘額"),
        total_of([account.total_cell("balance") for account in accounts.values()], balance),
        _("應與存摺餘額相符"),
        _SPLIT,
    )
    return due


def _link(sheet: Sheet, label: str, cell: str, figure: int) -> str:
    """A line that repeats a figure of another sheet."""
    return figure_line(sheet, label, Formula("=" + cell, figure), "", _SPLIT)
