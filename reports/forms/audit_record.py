"""查核紀錄: what was looked at and why, what was said of it by whom and when, ready to sign.

A voucher that was drawn or judged has a row for each finding; one without a finding yet has an empty row to write in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.settlement import NoAwardError
from ledger.files.whole_file import write_atomically
from ledger.model.directives import AuditFinding
from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.data.finding_words import words_of
from reports.data.stamp import stamp_of
from reports.labels import finding_state
from reports.sheets.common import shown
from reports.xlsx.grid import Book
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.package import workbook_bytes
from reports.xlsx.sheet_frame import SheetFrame
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.styles import add_styles
from reports.xlsx.table import Column
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table


class RecordedVoucher(NamedTuple):
    """A voucher of the record: its points of risk with their reasons, whether it was drawn, what was filed about it."""

    voucher: Voucher
    risk: int
    reasons: Sequence[str]
    is_sampled: bool
    findings: Sequence[AuditFinding]


def write_audit_record(case: Case, vouchers: Sequence[RecordedVoucher], path: Path) -> None:
    """Write the record of `vouchers`, all of it or nothing. Raises NoAwardError where the books name no award."""
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        raise NoAwardError
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    book = Book({}, [])
    sheet = Sheet(workbook.create_sheet(_("查核紀錄")), book)
    whose = _("計畫編號:{id}  受補助單位:{company}  截至:{date}  單位:新臺幣元").format(
        id=award.id, company=award.company, date=roc(case.as_of)
    )
    notes = (str(stamp_of(case, scheme)), _mark(case), _typed(case))
    frame = SheetFrame("", whose, "・".join(filter(None, notes)))
    columns = [
        Column("number", _("憑證號碼"), 15, "center"),
        Column("date", _("憑證日期"), 12, "date"),
        Column("seller", _("對象"), 20),
        Column("declared", _("申報"), 12, "amount", total=True),
        Column("deducted", _("剔除"), 12, "amount"),
        Column("risk", _("風險"), 22, "remark"),
        Column("state", _("處理"), 11, "center"),
        Column("opinion", _("查核意見"), 30, "remark"),
        Column("opinion_by", _("查核人員及日期"), 14, "remark"),
        Column("reply", _("業者回覆"), 26, "remark"),
        Column("reply_by", _("回覆人及日期"), 14, "remark"),
        Column("reviewed_by", _("複核人員及日期"), 14, "remark"),
    ]
    begin(sheet, frame, _("查核紀錄"), columns)
    rows = [row for each in vouchers for row in _rows(case, each)]
    placed = write_table(sheet, columns, rows, _("合計"))
    signers = (_("查核人員"), _("複核人員"), _("受查單位"), _("執行單位主管"))
    finish(sheet, frame, placed, signers=signers)
    write_atomically(path, workbook_bytes(workbook, award.id, case.as_of, book.figures))


def _typed(case: Case) -> str:
    """What names that were typed do not prove; empty where each is that of who was logged in."""
    is_typed = any(act.is_typed and act.by for act in case.filed)
    return _("姓名為自行輸入者,不是以帳號登入所簽,不算兩人複核") if is_typed else ""


def _mark(case: Case) -> str:
    """What proves the acts on paper: nobody who holds the books can cut one off that is printed here."""
    acts = case.audit_acts
    told = _("查核紀錄 {count} 筆,末筆的指紋:{digest}")
    return told.format(count=len(acts.acts), digest=acts.head) if acts.head else ""


def _rows(case: Case, each: RecordedVoucher) -> list[TableRow]:
    voucher = each.voucher
    points = _("{points} 分").format(points=each.risk)
    sampled = _("抽出") if each.is_sampled else ""
    first: dict[str, Value] = {
        "number": voucher.number,
        "date": voucher.date,
        "seller": voucher.seller_name,
        "declared": voucher.cost,
        "risk": " ".join(part for part in (points, sampled, _("、").join(each.reasons)) if part),
    }
    if not each.findings:
        return [TableRow(first, (voucher.entry,))]
    rows = []
    for place, finding in enumerate(each.findings):
        told: dict[str, Value] = {
            "deducted": shown(finding.deducted or 0),
            "state": f"{finding.id} {finding_state(finding.state)}",
            **words_of(case, finding)._asdict(),
        }
        known: dict[str, Value] = first if place == 0 else {"number": voucher.number}
        rows.append(TableRow(known | told, (voucher.entry, finding.entry)))
    return rows
