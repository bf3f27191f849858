"""領據: the company's receipt for an instalment of the grant, filled in but for date, seals and signatures.

Its fields are those of the sister programme's receipt: the amount in capital numerals, who receives it, head,
accountant and cashier, company number, address, telephone, bank, account name and number, date.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

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
from reports.labels import party_sheet
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


class _Due(NamedTuple):
    """One receipt: whose account it is for, how much, and for which instalment where it is one of the schedule."""

    holder: str
    amount: int
    expected: Expected | None


def write_receipt(case: Case, path: Path, amount: int | None = None, party: str = "") -> None:
    """Write the receipt of every dedicated account for the next instalment of its schedule, a sheet each.

    With `amount` it is one receipt, of `party` (the lead where none is named); with `party` alone its next one.
    Raises NothingDueError where the schedule says no amount, or the party has no account of its own, NoAwardError
    without an award.
    """
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        raise NoAwardError
    if registration_missing(case):
        raise NothingDueError(_("未附特定工廠登記證明,不予撥付尾款,不能開領據;已撥款項應全數繳回"))
    if ended_by(case.milestones) is not None:
        raise NothingDueError(_("主管機關已終止或解除契約,不再撥款,不能開領據"))
    due = _due(case, award, amount, party)
    if not due:
        raise NothingDueError(_("撥款期程沒有下一期的金額;請以 --amount 指定"))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    book = Book({}, [])
    frame = SheetFrame("", "", str(stamp_of(case, scheme)))
    for receipt in due:
        sheet = Sheet(workbook.create_sheet(party_sheet(_("領據"), award, receipt.holder)), book)
        _write(sheet, case, receipt)
        finish(sheet, frame, landscape=False, sign=False)
    write_atomically(path, workbook_bytes(workbook, award.id, case.as_of, book.figures))


def _due(case: Case, award: Award, amount: int | None, party: str) -> list[_Due]:
    """The receipts to write. Raises NothingDueError where the party has no account of its own."""
    holders = case.dedicated_accounts.holders
    if party and party not in holders:
        raise NothingDueError(
            _("{party} 沒有自己的專戶;可用的有:{allowed}").format(party=party, allowed=_("、").join(holders))
        )
    following = {schedule.party: schedule.next for schedule in schedules(case)}
    if amount is not None:
        holder = party or award.ubn
        expected = following.get(holder)
        return [_Due(holder, amount, expected if expected and expected.rest == amount else None)]
    return [
        _Due(holder, expected.rest, expected)
        for holder, expected in following.items()
        if expected is not None and expected.rest and party in {"", holder}
    ]


def contract_number(case: Case) -> str:
    """The number of the contract: the award's, else that of the signing; empty where nobody says."""
    signed = [milestone.number for milestone in case.milestones if milestone.kind == "signing"]
    told = [case.award.contract if case.award else "", *reversed(signed)]
    return next(filter(None, told), "")


def _write(sheet: Sheet, case: Case, receipt: _Due) -> None:
    award, scheme = case.award, case.scheme
    assert award is not None  # noqa: S101 -- the caller has looked
    assert scheme is not None  # noqa: S101
    holder, amount, expected = receipt
    is_lead, account = holder == award.ubn, award.account_of(holder)
    name = award.party_name(holder)
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
        (_("具領單位"), name),
        (_("統一編號"), holder),
        (_("地址"), award.address if is_lead else ""),
        (_("電話"), award.telephone if is_lead else ""),
        (_("受款銀行"), account.bank if account else ""),
        (_("戶名"), name),
        (_("帳號"), account.number if account else ""),
    ):
        _field(sheet, label, value)
    sheet.end_row()
    for left, right in (
        (_("負責人(簽章)"), award.representative_of(holder)),
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
