"""領據: the company's receipt for an instalment of the grant, filled in but for date, seals and signatures.

Its fields are those of the sister programme's receipt: the amount in capital numerals, who receives it, head,
accountant and cashier, company number, address, telephone, bank, account name and number, date.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from ledger.case.case import Case
from ledger.case.instalments import Expected
from ledger.case.instalments import schedules
from ledger.case.papers.evidence import registration_missing
from ledger.case.recovery import ended_by
from ledger.case.settlement import NoAwardError
from ledger.errors import GrantError
from ledger.files.whole_file import write_atomically
from ledger.model.award import Award
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.data.stamp import stamp_of
from reports.forms.numerals import in_words
from reports.xlsx.grid import Book
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.package import workbook_bytes
from reports.xlsx.sheet_frame import SheetFrame
from reports.xlsx.sheet_frame import finish
from reports.xlsx.styles import Style
from reports.xlsx.styles import add_styles

_WIDTHS = [18, 26, 18, 30]


class NothingDueError(GrantError):
    """There is nothing to write a receipt or a remittance for; the message says why."""


def write_receipt(case: Case, path: Path, amount: int | None = None) -> None:
    """Write the receipt for `amount`, or for the next instalment of the schedule.

    Raises NothingDueError where the schedule does not say one, NoAwardError without an award.
    """
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        raise NoAwardError
    if registration_missing(case):
        raise NothingDueError(_("未附特定工廠登記證明,不予撥付尾款,不能開領據;已撥款項應全數繳回"))
    if ended_by(case.milestones) is not None:
        raise NothingDueError(_("主管機關已終止或解除契約,不再撥款,不能開領據"))
    expected = schedules(case)[0].next if schedules(case) else None
    due = amount if amount is not None else (expected.rest if expected else None)
    if due is None:
        raise NothingDueError(_("撥款期程沒有下一期的金額;請以 --amount 指定"))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    book = Book({}, [])
    sheet = Sheet(workbook.create_sheet(_("領據")), book)
    _write(sheet, case, due, expected if amount in {None, expected and expected.rest} else None)
    frame = SheetFrame("", "", str(stamp_of(case, scheme)))
    finish(sheet, frame, landscape=False, sign=False)
    write_atomically(path, workbook_bytes(workbook, award.id, case.as_of, book.figures))


def contract_number(case: Case) -> str:
    """The number of the contract: the award's, else that of the signing; empty where nobody says."""
    signed = [milestone.number for milestone in case.milestones if milestone.kind == "signing"]
    told = [case.award.contract if case.award else "", *reversed(signed)]
    return next(filter(None, told), "")


def _write(sheet: Sheet, case: Case, amount: int, expected: Expected | None) -> None:
    award, scheme = case.award, case.scheme
    assert award is not None  # noqa: S101 -- the caller has looked
    assert scheme is not None  # noqa: S101
    account = award.dedicated_account
    sheet.set_widths(_WIDTHS)
    sheet.line(_("領據"), "title", height=48)
    sheet.end_row()
    _field(sheet, _("茲收到"), scheme.authority)
    _field(sheet, _("事由"), _purpose(award, expected))
    _field(sheet, _("金額(大寫)"), in_words(amount))
    _field(sheet, _("金額"), amount, "amount")
    sheet.end_row()
    for label, value in (
        (_("計畫編號"), award.id),
        (_("契約編號"), contract_number(case)),
        (_("計畫期間"), _("{start} 至 {end}").format(start=roc(award.start), end=roc(award.end))),
        (_("具領單位"), award.company),
        (_("統一編號"), award.ubn),
        (_("地址"), award.address),
        (_("電話"), award.telephone),
        (_("受款銀行"), account.bank if account else ""),
        (_("戶名"), award.company),
        (_("帳號"), account.number if account else ""),
    ):
        _field(sheet, label, value)
    sheet.end_row()
    for left, right in (
        (_("負責人(簽章)"), award.representative),
        (_("主辦會計(簽章)"), ""),
        (_("出納(簽章)"), ""),
    ):
        sheet.span(1, 1, left, "key")
        sheet.span(2, 2, right, "text")
        sheet.span(3, 4, "", "sign")
        sheet.end_row(40)
    sheet.end_row()
    sheet.line(_("中華民國    年    月    日"), "subtitle", height=30)


def _purpose(award: Award, expected: Expected | None) -> str:
    if expected is None:
        return _("「{title}」計畫補助款").format(title=award.title)
    return _("「{title}」計畫第 {number} 期補助款").format(title=award.title, number=expected.number)


def _field(sheet: Sheet, label: str, value: Value, style: Style = "text") -> None:
    sheet.span(1, 1, label, "key")
    if isinstance(value, str):
        sheet.fit(2, 4, value, style)
        sheet.end_row(max(24, sheet.worksheet.row_dimensions[sheet.row].height or 0))
        return
    sheet.span(2, 4, value, style)
    sheet.end_row(24)
