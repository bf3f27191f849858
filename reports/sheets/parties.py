"""各單位結算: the settlement of each party of a supply-chain case, by its own budget and account."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.arithmetic.settlement import Settlement
from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.sheets.common import tail_formula
from reports.xlsx.grid import Entry
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


def write_parties(
    sheet: Sheet, report: SettlementReport, summary: Placed, accounts: Mapping[str, Placed]
) -> None:
    """One row a party; the limits of the whole case stand in the summary."""
    columns = _columns()
    begin(sheet, report.frame, _("各單位結算"), columns)
    rows = [
        TableRow(
            _values(report, party, settlement, summary, accounts.get(party)),
            of_column=_sources(report, party),
        )
        for party, settlement in report.tables.settled.parties.items()
    ]
    placed = write_table(sheet, columns, rows, _("合計"))
    sheet.line(
        _("各單位依其自身預算計算;全案之認列以經費支用彙總表為準。由公司帳戶繳交國庫者列於孳息及結餘計算。"),
        "note",
    )
    finish(sheet, report.frame, placed)
    sheet.worksheet.auto_filter.ref = None


def _sources(report: SettlementReport, party: str) -> dict[str, tuple[Entry, ...]]:
    """The entries of the two figures that no other sheet tells by party."""
    case = report.tables.case
    remitted = tuple(
        move.entry
        for move in case.movements
        if move.party == party and (move.remitted_interest or move.remitted_surplus)
    )
    deducted = tuple(deduction.entry for deduction in case.deductions)
    return {"remitted": remitted, "deductions": deducted if party == report.tables.award.ubn else ()}


def _columns() -> list[Column]:
    recognised, money, treasury = _("認列"), _("撥款與尾款"), _("國庫")
    return [
        Column("party", _("受補助單位"), 26),
        Column("approved", _("核定補助款"), 12, "amount", total=True),
        Column("accepted", _("認列實支"), 12, "amount", recognised, total=True),
        Column("capped", _("各科目補助款"), 12, "amount", recognised, total=True),
        Column("ratio", _("補助比率上限"), 12, "amount", recognised, total=True),
        Column("recognised", _("認列補助款"), 12, "amount", recognised, total=True),
        Column("received", _("累計撥款"), 12, "amount", money, total=True),
        Column("withdrawn", _("累計提領"), 12, "amount", money, total=True),
        Column("deductions", _("扣款"), 10, "amount", money, total=True),
        Column("tail", _("尾款"), 12, "amount", money, total=True),
        Column("surplus", _("補助款結餘"), 12, "amount", treasury, total=True),
        Column("interest", _("孳息毛額"), 11, "amount", treasury, total=True),
        Column("remitted", _("已繳國庫"), 11, "amount", treasury, total=True),
        Column("due", _("應再繳"), 11, "amount", treasury, total=True),
    ]


def _values(
    report: SettlementReport, party: str, settlement: Settlement, summary: Placed, account: Placed | None
) -> dict[str, Value]:
    flows = settlement.flows
    _category, ratio, _approved = settlement.steps
    percent = (report.tables.scheme.subsidy_ratio.value * 100).normalize()
    counted = "counted" if "counted" in summary.letters else "accepted"

    def of_party(key: str, figure: int) -> Formula:
        text = f"SUMIFS({summary.column(key)},{summary.column('party')},{{party}})"
        return Formula("=" + text, figure)

    def of_account(key: str, figure: int) -> Value:
        return Formula("=" + account.total_cell(key), figure) if account else 0

    limit = of_party(counted, 0).text[1:]
    return {
        "party": report.tables.award.party_name(party),
        "approved": of_party("government_budget", settlement.approved_government),
        "accepted": of_party("accepted", settlement.accepted),
        "capped": of_party("government", ratio.before),
        "ratio": Formula(f"=MAX(0,ROUNDDOWN({limit}*{percent:f}/100,0))", ratio.limit, "ratio"),
        "recognised": Formula(
            "=MIN({capped},{ratio},{approved})", settlement.recognised_government, "recognised"
        ),
        "received": of_account("instalment", flows.received),
        "withdrawn": of_account("withdrawn", flows.withdrawn),
        "deductions": flows.deductions,
        "tail": _tail(settlement),
        "surplus": Formula("=MAX(0,-{tail})", settlement.surplus, "surplus"),
        "interest": of_account("interest", flows.interest_gross),
        "remitted": flows.remitted,
        "due": Formula(
            f"={{surplus}}+{{interest}}+{flows.recall_interest + flows.other_income}-{{remitted}}"
            if flows.recall_interest + flows.other_income
            else "={surplus}+{interest}-{remitted}",
            settlement.due_to_treasury,
            "treasury",
        ),
    }


def _tail(settlement: Settlement) -> Value:
    """What a party is still paid; where one account pays several, the account's sum stands at who holds it."""
    if settlement.answerable != settlement.recognised_government and not settlement.all_due_back:
        return Given(settlement.tail_payment, "tail")
    text = tail_formula(settlement, "{recognised}", "{deductions}", "{received}")
    return Formula(text, settlement.tail_payment, "tail")
