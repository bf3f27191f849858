"""The month-end sheet: what may be withdrawn, by category, from which vouchers of the month, ready to sign."""

from __future__ import annotations

import datetime
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from ledger.case.case import Case
from ledger.case.dedicated_account import DedicatedAccount
from ledger.case.month_close import MonthFigures
from ledger.case.month_close import PartyFigures
from ledger.case.month_close import month_figures
from ledger.case.month_close import worked_out
from ledger.case.settlement import NoAwardError
from ledger.files.whole_file import write_atomically
from ledger.model.award import Award
from ledger.model.award import Key
from ledger.schemes.categories import category_name
from ledger.schemes.model import Scheme
from ledger.util.dates import month_last_day
from ledger.util.dates import roc
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from reports.data.cost_rows import detail_rows
from reports.data.stamp import stamp_of
from reports.labels import party_sheet
from reports.labels import voucher_kind
from reports.sheets.common import figure_line
from reports.sheets.common import share_formula
from reports.sheets.common import shown
from reports.xlsx.grid import Book
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.package import workbook_bytes
from reports.xlsx.sheet_frame import SheetFrame
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.sheet_frame import section
from reports.xlsx.styles import add_styles
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_SPLIT = (2, 3)


class _Month(NamedTuple):
    case: Case
    award: Award
    scheme: Scheme
    figures: MonthFigures
    stamp: str

    def frame(self, company: str) -> SheetFrame:
        """The frame of a sheet, under a company's name."""
        whose = _("計畫編號:{id}  受補助單位:{company}  月結日:{date}  單位:新臺幣元").format(
            id=self.award.id, company=company, date=roc(self.figures.date)
        )
        return SheetFrame(roc_month(self.figures.month), whose, self.stamp)

    @property
    def last(self) -> datetime.date:
        return month_last_day(self.figures.month)


def write_month_end(case: Case, month: str, date: datetime.date, path: Path) -> None:
    """Write the withdrawal sheet of `month` (`YYYY-MM`) as closed on `date`, all of it or nothing.

    Raises NoAwardError where the books name no award or no known scheme.
    """
    workbook, book = month_end_workbook(case, month, date)
    write_atomically(path, workbook_bytes(workbook, month, date, book.figures))


def month_end_workbook(case: Case, month: str, date: datetime.date) -> tuple[Workbook, Book]:
    """The workbook, and the ledger's figure for every formula in it. Raises NoAwardError for a case without one."""
    if case.award is None or case.scheme is None:
        raise NoAwardError
    figures = worked_out(case, month, date)  # what the formulas give, from the rows as they stand now
    made = _Month(case, case.award, case.scheme, figures, str(stamp_of(case, case.scheme)))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    book = Book({}, [])
    fronts = {
        account.holder: Sheet(
            workbook.create_sheet(party_sheet(_("月結提領表"), made.award, account.holder)), book
        )
        for account in case.dedicated_accounts
    }
    vouchers = _write_vouchers(Sheet(workbook.create_sheet(_("本月憑證")), book), made)
    for holder, front in fronts.items():
        _write_front(front, made, vouchers, case.dedicated_accounts.of(holder))
    return workbook, book


def _write_vouchers(sheet: Sheet, made: _Month) -> Placed:
    columns = [
        Column("booked", _("入帳日"), 11, "date"),
        Column("number", _("憑證號碼"), 16, "center"),
        Column("kind", _("憑證種類"), 10, "center"),
        Column("supplier", _("供應商"), 24),
        Column("item", _("品名"), 24),
        Column("category", _("預算科目"), 22),
        Column("party", _("受補助單位"), 26),
        Column("claimed", _("申報"), 12, "amount", total=True),
        Column("disallowed", _("剔除"), 11, "amount", total=True),
        Column("parked", _("待補正"), 11, "amount", total=True),
        Column("accepted", _("認列"), 12, "amount", total=True),
    ]
    frame = made.frame(made.award.company)
    begin(sheet, frame, _("憑證明細"), columns)
    first = made.last.replace(day=1)
    rows = [
        TableRow(
            {
                "booked": row.booked,
                "number": row.number,
                "kind": voucher_kind(row.kind),
                "supplier": row.supplier,
                "item": row.item,
                "category": category_name(row.category),
                "party": made.award.party_name(row.party),
                "claimed": row.claimed,
                "disallowed": shown(row.disallowed),
                "parked": shown(row.parked),
                "accepted": Formula("={claimed}-{disallowed}-{parked}", row.accepted),
            },
            (row.entry,),
        )
        for row in detail_rows(made.case)
        if first <= row.booked <= made.last
    ]
    placed = write_table(sheet, columns, rows, _("合計"))
    finish(sheet, frame, placed, sign=False)
    return placed


def _write_front(sheet: Sheet, made: _Month, vouchers: Placed, account: DedicatedAccount) -> None:
    """What may leave one account for the parties that it pays."""
    columns = [
        Column("category", _("預算科目"), 22),
        Column("party", _("受補助單位"), 26),
        Column("government", _("核定補助款"), 13, "amount", total=True),
        Column("budget", _("核定總額"), 13, "amount", total=True),
        Column("before", _("前期累計認列"), 13, "amount", total=True),
        Column("month", _("本月認列"), 13, "amount", total=True),
        Column("cost", _("累計認列"), 13, "amount", total=True),
        Column("share", _("累計應計補助款"), 14, "amount", total=True),
    ]
    frame = made.frame(made.award.party_name(account.holder))
    begin(sheet, frame, _("月結提領表"), columns)
    placed = write_table(sheet, columns, _category_rows(made, vouchers, account.parties), _("合計"))
    section(sheet, _("提領計算"))
    _write_withdrawal(sheet, made, placed, account)
    section(sheet, _("提領資料"))
    _write_way(sheet, made, account)
    finish(sheet, frame, placed, landscape=False)
    sheet.worksheet.auto_filter.ref = None


def _write_way(sheet: Sheet, made: _Month, account: DedicatedAccount) -> None:
    """Out of which account, on which day and by which way: what the books do not tell is left to fill in."""
    bank = made.award.account_of(account.holder)
    paying = [each for each in made.award.accounts if not each.dedicated and each.party == account.holder]
    drawn = [
        move
        for move in account.movements
        if move.kind == "withdrawal" and made.figures.month in move.months and move.date >= made.figures.date
    ]
    days = _("、").join(f"{roc(move.date)} {-move.grant:,}" for move in drawn)
    for label, text in (
        (_("專戶銀行"), bank.bank if bank else ""),
        (_("戶名"), made.award.party_name(account.holder)),
        (_("專戶帳號"), bank.number if bank else ""),
        (_("提領日期"), days or _("    年    月    日")),
        (_("提領方式"), _("□ 轉帳  □ 匯款  □ 臨櫃提款")),
        (_("轉入帳戶"), _("、").join(f"{each.bank} {each.number}" for each in paying)),
    ):
        sheet.span(1, _SPLIT[0], label, "key")
        sheet.span(_SPLIT[0] + 1, sheet.width, text, "text")
        sheet.end_row()


def _category_rows(made: _Month, vouchers: Placed, parties: AbstractSet[str]) -> list[TableRow]:
    before = made.case.cost(made.last.replace(day=1) - datetime.timedelta(days=1))
    shares = made.case.government_shares(made.last)
    return [
        _category_row(made, vouchers, key, (before.get(key, (0, 0))[0], cost, shares.get(key, 0)))
        for key, (cost, _disallowed) in made.case.cost(made.last).items()
        if key[0] in parties
    ]


def _category_row(made: _Month, vouchers: Placed, key: Key, known: tuple[int, int, int]) -> TableRow:
    before, cost, share = known
    approved = made.award.budget_on(made.last).get(key)
    conditions = f"{vouchers.column('category')},{{category}},{vouchers.column('party')},{{party}}"
    earned = "=" + share_formula(made.scheme, "{cost}", "{government}", "{budget}")
    grantable = made.scheme.may_carry_grant(key[1])
    return TableRow(
        {
            "category": category_name(key[1]),
            "party": made.award.party_name(key[0]),
            "government": approved.government if approved else 0,
            "budget": approved.total if approved else 0,
            "before": before,
            "month": Formula(f"=SUMIFS({vouchers.column('accepted')},{conditions})", cost - before),
            "cost": Formula("={before}+{month}", cost),
            "share": Formula(earned, share) if grantable else 0,
        }
    )


def _write_withdrawal(sheet: Sheet, made: _Month, placed: Placed, account: DedicatedAccount) -> None:
    figures = made.figures
    own = _own(figures, account)
    entitlement = figure_line(
        sheet,
        _("累計應計補助款"),
        Formula("=" + placed.total_cell("share"), own.entitlement),
        _("截至 {month} 月底認列之支出").format(month=roc_month(figures.month)),
        _SPLIT,
    )
    before = figure_line(
        sheet,
        _("先前已提領"),
        own.withdrawn_before,
        _("{date} 之前自專戶提領").format(date=roc(figures.date)),
        _SPLIT,
    )
    received = figure_line(
        sheet,
        _("補助款累計撥款"),
        account.received(figures.date),
        _("孳息不得提領"),
        _SPLIT,
    )
    figure_line(
        sheet,
        _("本次可提領"),
        Formula(f"=MAX(0,MIN({entitlement}-{before},{received}-{before}))", own.withdrawable),
        _("應計未提領之數,以專戶補助款本金為限"),
        _SPLIT,
        "total",
    )
    closed = month_figures(made.case, figures.month, figures.date)
    certified = _own(closed, account).withdrawable
    if certified != own.withdrawable:
        figure_line(
            sheet,
            _("月結登載之可提領"),
            certified,
            _("{date} 月結時登載;其後的查核意見或收支使本表與登載之數不同").format(date=roc(closed.date)),
            _SPLIT,
        )


def _own(figures: MonthFigures, account: DedicatedAccount) -> PartyFigures:
    """The figures of one account: of all parties that it pays, its money its holder's."""
    if not figures.parties:
        return PartyFigures(
            figures.entitlement, figures.withdrawn_before, figures.withdrawable, figures.by_category
        )
    earned = sum(figures.parties[party].entitlement for party in account.parties)
    return figures.parties[account.holder]._replace(entitlement=earned)
