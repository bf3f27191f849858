"""專戶收支明細: the dedicated account by line, its balance as a running formula."""

from __future__ import annotations

from ledger.util.dates import roc_month
from ledger.util.i18n import _
from reports.data.account_rows import AccountRow
from reports.data.report import SettlementReport
from reports.labels import movement_kind
from reports.sheets.common import shown
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_CHANGE = (
    "{instalment}+{interest}+{other_in}-{withdrawn}-{tax}-{remitted_interest}-{remitted_surplus}-{other_out}"
)


def write_account(sheet: Sheet, report: SettlementReport, party: str) -> Placed:
    """The sheet of one party's dedicated account."""
    columns = _columns()
    award = report.tables.award
    begin(sheet, report.frame, _("專戶收支明細"), columns)
    number = next((a for a in award.accounts if a.dedicated and a.party == party), None)
    if number is not None:
        sheet.line(
            _("專戶:{bank} {number}  戶名:{name}").format(
                bank=number.bank, number=number.number, name=award.party_name(party)
            ),
            "subtitle",
        )
    rows = _rows(report.tables.accounts[party])
    placed = write_table(sheet, columns, rows, _("合計"))
    balance = sum(row.change for row in report.tables.accounts[party])
    last = Formula(f"={placed.letters['balance']}{placed.last}", balance)
    sheet.put(placed.total, len(columns), last, "total")
    finish(sheet, report.frame, placed, freeze=2)
    return placed


def _columns() -> list[Column]:
    come, gone = _("存入"), _("支出")
    return [
        Column("date", _("日期"), 11, "date"),
        Column("kind", _("摘要"), 11, "center"),
        Column("text", _("說明"), 28),
        Column("instalment", _("補助款撥入"), 12, "amount", come, total=True),
        Column("interest", _("孳息毛額"), 10, "amount", come, total=True),
        Column("other_in", _("其他存入"), 11, "amount", come, total=True),
        Column("withdrawn", _("提領"), 12, "amount", gone, total=True),
        Column("months", _("對應月份"), 9, "center", gone),
        Column("tax", _("扣繳稅款"), 10, "amount", gone, total=True),
        Column("remitted_interest", _("孳息繳庫"), 10, "amount", gone, total=True),
        Column("remitted_surplus", _("結餘繳庫"), 11, "amount", gone, total=True),
        Column("other_out", _("其他支出"), 11, "amount", gone, total=True),
        Column("balance", _("餘額"), 13, "amount"),
    ]


def _rows(lines: list[AccountRow]) -> list[TableRow]:
    rows: list[TableRow] = []
    balance = 0
    for line in lines:
        formula = f"={{balance^}}+{_CHANGE}" if rows else f"={_CHANGE}"
        balance += line.change
        rows.append(TableRow(_values(line) | {"balance": Formula(formula, balance)}, (line.entry,)))
    return rows


def _values(line: AccountRow) -> dict[str, Value]:
    return {
        "date": line.date,
        "kind": movement_kind(line.kind),
        "text": line.text,
        "instalment": shown(line.instalment),
        "interest": shown(line.interest),
        "other_in": shown(line.other_in),
        "withdrawn": shown(line.withdrawn),
        "months": "\n".join(roc_month(month) for month in line.months),
        "tax": shown(line.tax),
        "remitted_interest": shown(line.remitted_interest),
        "remitted_surplus": shown(line.remitted_surplus),
        "other_out": shown(line.other_out),
    }
