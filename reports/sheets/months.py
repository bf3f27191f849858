"""撥款與提領對照: by month, what was earned, closed, paid in, withdrawn and not yet withdrawn."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.model.award import Key
from ledger.schemes.categories import category_name
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from reports.data.account_rows import MonthRow
from reports.data.report import SettlementReport
from reports.sheets.budget import BudgetCells
from reports.sheets.common import share_formula
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_QUOTED = str.maketrans(
    {'"': '""', "{": "{{", "}": "}}"}
)  # a name inside a formula that is yet to be filled in


def write_months(
    sheet: Sheet,
    report: SettlementReport,
    details: Mapping[str, Placed],
    budget: BudgetCells,
    accounts: list[Placed],
) -> Placed:
    """The sheet of the months."""
    groups = _groups(report)
    columns = _columns(groups)
    begin(sheet, report.frame, _("撥款與提領對照"), columns)
    writer = _Months(report, details, budget, accounts, groups)
    placed = write_table(
        sheet,
        columns,
        [TableRow(writer.values(row), (row.close,) if row.close else ()) for row in report.tables.months],
    )
    sheet.line(_("累計應計補助款已扣除查核剔除及待補正之支出;月結欄為月結當時核計之數。"), "note")
    finish(sheet, report.frame, placed)
    sheet.worksheet.auto_filter.ref = None
    return placed


def _groups(report: SettlementReport) -> dict[str, list[Key]]:
    """The keys that may earn, a column each; by party where there are several parties."""
    tables = report.tables
    earning = [
        key
        for key in tables.budget.keys
        if tables.scheme.may_carry_grant(key[1])
        and any(version[key].government for version in tables.budget.versions)
    ]
    groups: dict[str, list[Key]] = {}
    for key in earning:
        name = tables.award.party_name(key[0]) if tables.several else category_name(key[1])
        groups.setdefault(name, []).append(key)
    return groups


def _columns(groups: Mapping[str, list[Key]]) -> list[Column]:
    earned, closed, moved = _("累計應計補助款"), _("月結"), _("撥款與提領")
    return [
        Column("month", _("月份"), 9, "center"),
        Column("last", _("截止日"), 11, "date"),
        Column("cost", _("本月認列實支"), 12, "amount"),
        *(Column(f"share{index}", name, 12, "amount", earned) for index, name in enumerate(groups)),
        Column("entitlement", _("合計"), 12, "amount", earned),
        Column("approved", _("核定補助款"), 12, "amount"),
        Column("close_date", _("月結日"), 11, "date", closed),
        Column("closed", _("可提領"), 12, "amount", closed),
        Column("received", _("本月撥款"), 12, "amount", moved),
        Column("received_through", _("累計撥款"), 12, "amount", moved),
        Column("withdrawn", _("本月提領"), 12, "amount", moved),
        Column("withdrawn_through", _("累計提領"), 12, "amount", moved),
        Column("undrawn", _("應計未提領"), 12, "amount"),
        Column("withdrawals", _("對應本月之提領"), 19),
    ]


class _Months:
    """Makes the values of a month's row, over the detail, budget and account sheets."""

    def __init__(
        self,
        report: SettlementReport,
        details: Mapping[str, Placed],
        budget: BudgetCells,
        accounts: list[Placed],
        groups: Mapping[str, list[Key]],
    ) -> None:
        self._report = report
        self._details = details
        self._budget = budget
        self._accounts = accounts
        self._groups = list(groups.values())

    def values(self, row: MonthRow) -> dict[str, Value]:
        first = row.last.replace(day=1)
        begins = f'>="&DATE({first.year},{first.month},1)'
        version = self._report.tables.budget.versions[row.version]
        approved = self._budget.placed.total_cell(f"government{row.version}")
        values: dict[str, Value] = {
            "month": roc_month(row.month),
            "last": row.last,
            "cost": Formula("=" + self._cost(begins), row.cost),
            "entitlement": Formula(self._sum_of_shares(), row.entitlement),
            "approved": Formula(f"={approved}", sum(line.government for line in version.values())),
            "close_date": row.close_date,
            "closed": row.closed_withdrawable,
            "received": Formula("=" + self._flow("instalment", begins), row.received),
            "received_through": Formula("=" + self._flow("instalment"), row.received_through),
            "withdrawn": Formula("=" + self._flow("withdrawn", begins), row.withdrawn),
            "withdrawn_through": Formula("=" + self._flow("withdrawn"), row.withdrawn_through),
            "undrawn": Formula("={entitlement}-{withdrawn_through}", row.entitlement - row.withdrawn_through),
            "withdrawals": row.withdrawals,
        }
        for index, keys in enumerate(self._groups):
            text = "+".join(self._share(key, row.version) for key in keys)
            values[f"share{index}"] = Formula(
                "=" + text, sum(row.shares.get(key, 0) for key in keys), "share"
            )
        return values

    def _sum_of_shares(self) -> str:
        return "=" + ("+".join(f"{{share{index}}}" for index in range(len(self._groups))) or "0")

    def _share(self, key: Key, version: int) -> str:
        """A category's share of the cost booked through the month's last day, by the budget then in force."""
        government = self._budget.cell(key, version, "government")
        own = self._budget.cell(key, version, "self")
        return share_formula(
            self._report.tables.scheme, self._accepted(key), government, f"({government}+{own})"
        )

    def _accepted(self, key: Key) -> str:
        detail = self._details[key[1]]
        conditions = f'{detail.column("booked")},"<="&{{last}}'
        if self._report.tables.several:
            name = self._report.tables.award.party_name(key[0]).translate(_QUOTED)
            conditions += f',{detail.column("party")},"{name}"'
        return f"SUMIFS({detail.column('accepted')},{conditions})"

    def _cost(self, begins: str) -> str:
        parts = [
            f'SUMIFS({d.column("accepted")},{d.column("booked")},"<="&{{last}},{d.column("booked")},"{begins})'
            for d in self._details.values()
        ]
        return "+".join(parts) or "0"

    def _flow(self, key: str, begins: str = "") -> str:
        """The account's money in or out through the month, or in it alone."""
        parts = []
        for account in self._accounts:
            more = f',{account.column("date")},"{begins}' if begins else ""
            parts.append(f'SUMIFS({account.column(key)},{account.column("date")},"<="&{{last}}{more})')
        return "+".join(parts) or "0"
