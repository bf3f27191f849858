"""孳息及結餘款繳庫單: what goes to the treasury, interest gross of withholding and surplus, filled in."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from ledger.arithmetic.settlement import Settlement
from ledger.case.case import Case
from ledger.case.recovery import Ending
from ledger.case.recovery import ending_of
from ledger.case.settlement import NoAwardError
from ledger.case.settlement import settle_case
from ledger.files.whole_file import write_atomically
from ledger.model.award import Award
from ledger.model.records import Movement
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.data.stamp import stamp_of
from reports.forms.numerals import in_words
from reports.forms.receipt import NothingDueError
from reports.labels import confidence_name
from reports.labels import party_sheet
from reports.sheets.common import figure_line
from reports.sheets.common import shown
from reports.sheets.common import surplus_value
from reports.sheets.common import write_owed_beside
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


def write_remittance(case: Case, path: Path) -> None:
    """Write the remittance sheet of what is due on the case's `as_of`; once all is paid, the copy to file.

    Every dedicated account has a sheet of its own, the lead's first: its holder pays what it holds.

    Raises NothingDueError where nothing ever came that goes back, NoAwardError without an award.
    """
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        raise NoAwardError
    settled = settle_case(case)
    holders = [holder for holder in case.dedicated_accounts.holders if _is_wanted(settled.of(holder))]
    if not holders:
        raise NothingDueError(_("沒有應繳國庫的孳息或結餘款"))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    book = Book({}, [])
    stamp = str(stamp_of(case, scheme))
    for holder in holders:
        sheet = Sheet(workbook.create_sheet(party_sheet(_("繳庫單"), award, holder)), book)
        whose = _("計畫編號:{id}  受補助單位:{company}  結算日:{date}  單位:新臺幣元").format(
            id=award.id, company=award.party_name(holder), date=roc(case.as_of)
        )
        _write(sheet, _Account(case, award, holder, settled.of(holder)), SheetFrame("", whose, stamp))
    write_atomically(path, workbook_bytes(workbook, award.id, case.as_of, book.figures))


class _Account(NamedTuple):
    """The dedicated account that one sheet is for, and what it settles."""

    case: Case
    award: Award
    holder: str
    settled: Settlement

    @property
    def movements(self) -> list[Movement]:
        return self.case.dedicated_accounts.of(self.holder).movements


def _is_wanted(settled: Settlement) -> bool:
    """Whether anything goes back, or went."""
    return settled.due_to_treasury > 0 or bool(settled.flows.remitted)


def _write(sheet: Sheet, made: _Account, frame: SheetFrame) -> None:
    case, award, settled = made.case, made.award, made.settled
    columns = _columns()
    paid = settled.due_to_treasury <= 0
    title = _("孳息及結餘款繳庫單(已繳存查)") if paid else _("孳息及結餘款繳庫單")
    begin(sheet, frame, title, columns)
    section(sheet, _("一、專戶孳息及已繳國庫"))
    placed = write_table(sheet, columns, _rows(made.movements), _("合計"))
    section(sheet, _("二、本次應繳國庫"))
    _write_due(sheet, placed, settled, ending_of(case))
    account = award.account_of(made.holder)
    section(sheet, _("三、繳款資料"))
    for label, text in (
        (_("繳款人"), f"{award.party_name(made.holder)} {made.holder}"),
        (_("專戶"), f"{account.bank} {account.number}" if account else ""),
        (_("受款人"), _("國庫")),
        (_("主管機關"), case.scheme.authority if case.scheme else ""),
        (_("繳款期限"), "" if paid else _deadline(case, award)),
        (
            _("繳款日期"),
            _("、").join(roc(move.date) for move in made.movements if _is_paid(move)) if paid else "",
        ),
        (_("繳款書編號"), ""),
    ):
        sheet.span(1, 2, label, "key")
        sheet.span(3, sheet.width, text, "text")
        sheet.end_row()
    finish(sheet, frame, placed, landscape=False)
    sheet.worksheet.auto_filter.ref = None


def _columns() -> list[Column]:
    return [
        Column("date", _("日期"), 14, "date"),
        Column("text", _("說明"), 34),
        Column("interest", _("孳息毛額"), 15, "amount", total=True),
        Column("tax", _("扣繳稅款"), 15, "amount", total=True),
        Column("remitted_interest", _("已繳孳息"), 15, "amount", total=True),
        Column("remitted_surplus", _("已繳結餘款"), 15, "amount", total=True),
    ]


def _rows(movements: list[Movement]) -> list[TableRow]:
    return [
        TableRow(
            {
                "date": move.date,
                "text": " ".join(filter(None, (move.entry.payee, move.entry.narration))),
                "interest": shown(move.interest),
                "tax": shown(move.tax),
                "remitted_interest": shown(move.remitted_interest),
                "remitted_surplus": shown(move.remitted_surplus),
            },
            (move.entry,),
        )
        for move in movements
        if _concerns(move)
    ]


def _is_paid(move: Movement) -> bool:
    return bool(move.remitted_interest or move.remitted_surplus)


def _deadline(case: Case, award: Award) -> str:
    """The last day to pay, and how sure that is; empty where the scheme tells none."""
    ending = ending_of(case)
    if ending is not None:
        within = ending.terms.within_days
        return _("{day}(終止或解除後 {days} 日;{confidence})").format(
            day=roc(ending.return_by), days=within.value, confidence=confidence_name(within.confidence)
        )
    rule = case.scheme.remit_days if case.scheme else None
    if rule is None:
        return ""
    day = award.end + datetime.timedelta(days=rule.value)
    return _("{day}(計畫結束後 {days} 日;{confidence})").format(
        day=roc(day), days=rule.value, confidence=confidence_name(rule.confidence)
    )


def _concerns(move: Movement) -> bool:
    return bool(move.interest or move.tax or move.remitted_interest or move.remitted_surplus)


def _write_due(sheet: Sheet, placed: Placed, settled: Settlement, ending: Ending | None) -> None:
    flows = settled.flows
    interest = figure_line(
        sheet,
        _("(一)孳息毛額"),
        Formula("=" + placed.total_cell("interest"), flows.interest_gross),
        _("扣繳前之毛額;扣繳稅款 {tax} 元由公司補足").format(tax=f"{flows.tax_withheld:,}"),
        _SPLIT,
    )
    recognised = figure_line(sheet, _("認列補助款"), settled.answerable, "", _SPLIT)
    deductions = figure_line(sheet, _("計畫執行扣款"), flows.deductions, "", _SPLIT)
    received = figure_line(sheet, _("補助款累計撥款"), flows.received, "", _SPLIT)
    surplus = figure_line(
        sheet,
        _("(二)補助款結餘"),
        surplus_value(settled, received, f"{recognised}-{deductions}"),
        _("累計撥款 −(認列補助款 − 扣款),不足者為 0"),
        _SPLIT,
    )
    remitted = figure_line(
        sheet,
        _("(三)已繳國庫"),
        Formula(
            f"={placed.total_cell('remitted_interest')}+{placed.total_cell('remitted_surplus')}",
            flows.remitted,
        ),
        "",
        _SPLIT,
    )
    beside = write_owed_beside(sheet, settled, ending, _SPLIT)
    figure_line(
        sheet,
        _("本次應繳國庫"),
        Formula(f"={interest}+{surplus}{beside}-{remitted}", settled.due_to_treasury),
        in_words(settled.due_to_treasury),
        _SPLIT,
        "total",
    )
