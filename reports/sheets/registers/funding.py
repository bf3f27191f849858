"""收支明細表 and 經費分攤表: who pays for the project where other agencies do too, by category and in all.

Source: the sister programmes' forms (項目、預算、實支、本機關、其他機關、自籌; 機關、金額、比率). By which category another agency's
money goes is written on its own letter alone: here it is laid over what this grant leaves, in proportion (assumed).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal

from ledger.arithmetic.cost_share import spread
from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from reports.data.report import SettlementReport
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

_CENT = Decimal("0.01")


def write_funding(sheet: Sheet, report: SettlementReport, calculation: Placed, steps: StepCells) -> Placed:
    """The sheet of income and expenditure; gives the table of who pays."""
    columns = _spending_columns()
    begin(sheet, report.frame, _("收支明細表"), columns)
    section(sheet, _("一、收入"))
    payers = write_table(sheet, _payer_columns(), _payers(report, calculation, steps), _("合計"))
    section(sheet, _("二、支出"))
    placed = write_table(sheet, columns, _spending(report, calculation), _("合計"))
    sheet.line(
        _(
            "實支為未稅認列數。其他機關補助依各科目自籌數的比例分列,實際分攤以各機關核定函為準;孳息不計入收入。"
        ),
        "note",
    )
    finish(sheet, report.frame, placed, landscape=False)
    sheet.worksheet.auto_filter.ref = None
    return payers


def write_apportionment(sheet: Sheet, report: SettlementReport, payers: Placed) -> None:
    """The sheet of each payer's part, in NT$ and percent; the percentages come to 100."""
    columns = [
        Column("payer", _("分攤機關"), 40),
        Column("amount", _("分攤金額"), 18, "amount", total=True),
        Column("percent", _("分攤比率(%)"), 14, "decimal"),
        Column("note", _("備註"), 24, "remark"),
    ]
    begin(sheet, report.frame, _("經費分攤表"), columns)
    amounts = _amounts(report)
    whole = sum(amount for _name, amount in amounts)
    percents = [_percent(amount, whole) for _name, amount in amounts[:-1]]
    rows, first = [], sheet.row + 1  # under one row of headings
    for place, (name, amount) in enumerate(amounts):
        values: dict[str, Value] = {
            "payer": name,
            "amount": Formula("=" + payers.cell("settled", payers.first + place), amount),
        }
        total = payers.total_cell("settled")
        if place < len(percents):
            text = f"=IF({total}=0,0,ROUND({{amount}}*100/{total},2))"
            values["percent"] = Formula(text, percents[place], "apportioned")
        else:  # what rounding leaves stands with the company
            others = f"SUM(C{first}:C{first + len(percents) - 1})"
            rest = 100 - sum(percents) if whole else Decimal(0)
            values["percent"] = Formula(f"=IF({total}=0,0,100-{others})", rest, "apportioned")
        rows.append(TableRow(values))
    placed = write_table(sheet, columns, rows, _("合計"))
    all_of_it = Formula(f"=SUM(C{placed.first}:C{placed.last})", 100 if whole else 0)
    sheet.put(placed.total, 3, all_of_it, "total")
    finish(sheet, report.frame, placed, landscape=False)
    sheet.worksheet.auto_filter.ref = None


def _percent(amount: int, whole: int) -> Decimal:
    return (Decimal(amount) * 100 / whole).quantize(_CENT, ROUND_HALF_UP) if whole else Decimal(0)


def _amounts(report: SettlementReport) -> list[tuple[str, int]]:
    """Who pays how much of the accepted cost, NT$, the company last."""
    tables = report.tables
    whole = tables.settled.whole
    others = [(each.agency, each.amount) for each in tables.case.funding]
    own = whole.accepted - whole.recognised_government - sum(amount for _name, amount in others)
    return [(tables.scheme.authority, whole.recognised_government), *others, (tables.award.company, own)]


def _payer_columns() -> list[Column]:
    return [
        Column("payer", _("經費來源"), 26),
        Column("approved", _("核定數"), 14, "amount", total=True),
        Column("settled", _("結算數"), 14, "amount", total=True),
        Column("note", _("說明"), 42, "remark", span=3),
    ]


def _payers(report: SettlementReport, calculation: Placed, steps: StepCells) -> list[TableRow]:
    tables = report.tables
    whole, funding = tables.settled.whole, tables.case.funding
    other = sum(each.amount for each in funding)
    rows = [
        TableRow(
            {
                "payer": tables.scheme.authority,
                "approved": Formula("=" + steps.approved, whole.approved_government),
                "settled": Formula("=" + steps.recognised, whole.recognised_government),
                "note": _("本計畫補助款;結算數為認列補助款"),
            }
        )
    ]
    kinds = {"government": _("其他政府機關補助"), "other": _("其他單位補助")}
    rows += [
        TableRow(
            {
                "payer": each.agency,
                "approved": each.amount,
                "settled": each.amount,
                "note": kinds.get(each.kind, each.kind),
            },
            (each.entry,),
        )
        for each in funding
    ]
    budget = calculation.total_cell("budget")
    total = sum(row.approved.total for row in tables.summary)
    rows.append(
        TableRow(
            {
                "payer": tables.award.company,
                "approved": Formula(
                    f"={budget}-{steps.approved}-{other}", total - whole.approved_government - other
                ),
                "settled": Formula(
                    f"={calculation.total_cell('accepted')}-{steps.recognised}-{other}",
                    whole.accepted - whole.recognised_government - other,
                ),
                "note": _("業者自籌:其餘由業者負擔;負數表示補助合計超過支出"),
            }
        )
    )
    return rows


def _spending_columns() -> list[Column]:
    paid = _("實支的來源")
    return [
        Column("category", _("項目"), 26),
        Column("budget", _("預算"), 14, "amount", total=True),
        Column("accepted", _("實支"), 14, "amount", total=True),
        Column("government", _("本機關補助"), 14, "amount", paid, total=True),
        Column("other", _("其他機關補助"), 14, "amount", paid, total=True),
        Column("own", _("業者自籌"), 14, "amount", paid, total=True),
    ]


def _spending(report: SettlementReport, calculation: Placed) -> list[TableRow]:
    tables = report.tables
    whole = tables.settled.whole
    left = [line.self_funded for line in whole.categories]
    cut = sum(line.government for line in whole.categories) - whole.recognised_government
    other = min(sum(each.amount for each in tables.case.funding), sum(left) + cut)
    parts = spread(other, [Decimal(max(0, amount)) for amount in left])

    def summed(key: str) -> str:
        return f"=SUMIFS({calculation.column(key)},{calculation.column('category')},{{category}})"

    rows = [
        TableRow(
            {
                "category": category_name(line.category),
                "budget": Formula(summed("budget"), line.approved.total),
                "accepted": Formula(summed("accepted"), line.accepted),
                "government": Formula(summed("government"), line.government),
                "other": Given(part, "other-funding"),
                "own": Formula("={accepted}-{government}-{other}", line.self_funded - part),
            }
        )
        for line, part in zip(whole.categories, parts, strict=True)
    ]
    if cut:  # what the ratio or the approved grant takes off is of no category
        rows.append(
            TableRow(
                {
                    "category": _("補助比率或核定數減列"),
                    "government": Given(-cut, "recognised"),
                    "own": Formula("=-{government}", cut),
                }
            )
        )
    return rows
