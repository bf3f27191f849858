"""預算變更: the approved budget in its versions, and the revisions with their approvals."""

from __future__ import annotations

from typing import NamedTuple

from ledger.arithmetic.cost_share import Approved
from ledger.model.award import Key
from ledger.schemes.categories import category_name
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.xlsx.grid import Entry
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table


class BudgetCells(NamedTuple):
    """Where the approved amounts stand."""

    placed: Placed
    rows: dict[Key, int]

    def cell(self, key: Key, version: int, fund: str) -> str:
        """The cell of a category's approved amount (`government` or `self`) in a version of the budget."""
        return self.placed.cell(f"{fund}{version}", self.rows[key])


def write_budget(sheet: Sheet, report: SettlementReport) -> BudgetCells:
    """The sheet of the budget's versions."""
    budget = report.tables.budget
    columns = _columns(report)
    begin(sheet, report.frame, _("預算及變更"), [*columns, *[12] * max(0, 7 - len(columns))])
    rows = [TableRow(_values(report, key), _entries(report, key)) for key in budget.keys]
    placed = write_table(sheet, columns, rows, _("合計"))
    section(sheet, _("變更核定紀錄"))
    _write_revisions(sheet, report)
    finish(sheet, report.frame, placed)
    sheet.worksheet.auto_filter.ref = None
    return BudgetCells(placed, {key: placed.first + index for index, key in enumerate(budget.keys)})


def _columns(report: SettlementReport) -> list[Column]:
    budget = report.tables.budget
    columns = [Column("category", _("預算科目"), 24)]
    if report.tables.several:
        columns.append(Column("party", _("受補助單位"), 18))
    for version, date in enumerate(budget.dates):
        group = _("原核定") if version == 0 else _("{date} 變更後").format(date=roc(date))
        columns += [
            Column(f"government{version}", _("政府補助款"), 13, "amount", group, total=True),
            Column(f"self{version}", _("業者自籌款"), 13, "amount", group, total=True),
            Column(f"total{version}", _("小計"), 13, "amount", group, total=True),
        ]
    change = _("較原核定增減")
    return [*columns, Column("change", change, 13, "amount", total=True)]


def _values(report: SettlementReport, key: Key) -> dict[str, Value]:
    budget = report.tables.budget
    last = len(budget.versions) - 1
    change = budget.versions[last][key].total - budget.versions[0][key].total
    values: dict[str, Value] = {
        "category": category_name(key[1]),
        "party": report.tables.award.party_name(key[0]),
        "change": Formula(f"={{total{last}}}-{{total0}}", change),
    }
    for version, approved in enumerate(budget.versions):
        line = approved.get(key, Approved(0, 0))
        values[f"government{version}"] = line.government
        values[f"self{version}"] = line.self_funded
        values[f"total{version}"] = Formula(f"={{government{version}}}+{{self{version}}}", line.total)
    return values


def _entries(report: SettlementReport, key: Key) -> tuple[Entry, ...]:
    """Every `grant-budget` of a category through the report's day."""
    return tuple(
        budget.entry
        for budget in report.tables.award.budgets
        if (budget.party, budget.category) == key and budget.date <= report.tables.case.as_of
    )


def _write_revisions(sheet: Sheet, report: SettlementReport) -> None:
    revisions = report.tables.budget.revisions
    if not revisions:
        sheet.line(_("無預算變更。"), "field")
        return
    columns = [
        Column("category", _("預算科目"), 24),
        Column("date", _("生效日"), 13, "date"),
        Column("government", _("政府補助款"), 13, "amount"),
        Column("self", _("業者自籌款"), 13, "amount"),
        Column("approval", _("核准文號"), 20, "remark", span=3),
    ]
    if report.tables.several:
        columns.insert(1, Column("party", _("受補助單位"), 18))
    rows = [
        TableRow(
            {
                "category": category_name(revision.category),
                "date": revision.date,
                "government": revision.approved.government,
                "self": revision.approved.self_funded,
                "party": report.tables.award.party_name(revision.party),
                "approval": revision.approval or _("未經核准,不生效"),
            },
            (revision.entry,),
        )
        for revision in revisions
    ]
    write_table(sheet, columns, rows)
