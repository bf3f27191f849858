"""查核意見: what the auditor took out or parked, the auditor's findings, the checks' findings, the waivers, the samples."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from ledger.case.disallowance import decision_on
from ledger.model.directives import AuditFinding
from ledger.model.directives import Waiver
from ledger.schemes.categories import category_name
from ledger.util.dates import roc
from ledger.util.i18n import _
from ledger.util.text import fold
from reports.data.authority_words import for_authority
from reports.data.authority_words import title_of
from reports.data.finding_words import words_of
from reports.data.report import SettlementReport
from reports.data.tables import FindingRow
from reports.labels import error_type
from reports.labels import finding_state
from reports.labels import sampling_method
from reports.labels import severity_name
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

_WIDTHS = [13, 12, 15, 13, 13, 16, 28, 15, 28, 15, 15]


def write_findings(sheet: Sheet, report: SettlementReport, details: dict[str, Placed]) -> None:
    """The sheet of findings."""
    begin(sheet, report.frame, _("查核意見"), _WIDTHS)
    section(sheet, _("一、剔除及待補正"))
    _write_struck(sheet, report, details)
    section(sheet, _("二、查核人員意見"))
    _write_audit(sheet, report)
    section(sheet, _("三、程式檢核結果"))
    _write_checks(sheet, report, report.tables.findings)
    for note in report.tables.notes:
        sheet.line(for_authority(note, report.tables.titles), "field")
    section(sheet, _("四、經核准不計之項目"))
    _write_waivers(sheet, report)
    if report.tables.waived or not report.tables.case.waivers:
        _write_checks(sheet, report, report.tables.waived)
    section(sheet, _("五、抽樣"))
    _write_samples(sheet, report)
    finish(sheet, report.frame)
    sheet.worksheet.freeze_panes = "A3"


def _write_struck(sheet: Sheet, report: SettlementReport, details: dict[str, Placed]) -> None:
    columns = [
        Column("category", _("預算科目"), 25, span=2),
        Column("booked", _("入帳日"), 15, "date"),
        Column("number", _("憑證號碼"), 13, "center"),
        Column("claimed", _("申報"), 13, "amount", total=True),
        Column("disallowed", _("剔除"), 16, "amount", total=True),
        Column("parked", _("待補正"), 28, "amount", total=True),
        Column("item", _("品名"), 73, "remark", span=4),
    ]
    rows = []
    for category, lines in report.tables.details.items():
        placed = details[category]
        for offset, line in enumerate(lines):
            if not (line.disallowed or line.parked):
                continue
            values: dict[str, Value] = {
                "category": category_name(category),
                "booked": line.booked,
                "number": line.number,
                "item": line.item,
            }
            for key in ("claimed", "disallowed", "parked"):
                amount = getattr(line, key)
                if amount:
                    values[key] = Formula("=" + placed.cell(key, placed.first + offset), amount)
            rows.append(TableRow(values, (line.entry,)))
    if not rows:
        sheet.line(_("無。"), "field")
        return
    write_table(sheet, columns, rows, _("合計"))


def _write_audit(sheet: Sheet, report: SettlementReport) -> None:
    case = report.tables.case
    columns = [
        Column("id", _("編號"), 13),
        Column("state", _("處理"), 12, "center"),
        Column("voucher", _("憑證號碼"), 15, "center"),
        Column("declared", _("申報"), 13, "amount"),
        Column("deducted", _("剔除"), 13, "amount"),
        Column("basis", _("依據"), 16, "remark"),
        Column("opinion", _("查核意見"), 28, "remark"),
        Column("opinion_by", _("查核人員及日期"), 15, "remark"),
        Column("reply", _("業者回覆"), 28, "remark"),
        Column("reply_by", _("回覆人及日期"), 15, "remark"),
        Column("reviewed_by", _("複核人員及日期"), 15, "remark"),
    ]
    rows = [
        TableRow(
            {
                "id": finding.id,
                "state": finding_state(finding.state),
                "voucher": finding.voucher,
                "declared": finding.declared,
                "deducted": finding.deducted,
                "basis": _basis(finding, report.tables.titles),
                **words_of(case, finding)._asdict(),
            },
            (finding.entry,),
        )
        for finding in case.findings
    ]
    if not rows:
        sheet.line(_("無。"), "field")
        return
    write_table(sheet, columns, rows)


def _basis(finding: AuditFinding, titles: Mapping[str, str]) -> str:
    """What the finding is based on: the check, the clause, the kind of error, and what an older file notes."""
    kind = error_type(finding.error_type)
    parts = (
        title_of(finding.check, titles),
        finding.clause,
        kind,
        str(finding.entry.meta.get("note") or ""),
    )
    return "\n".join(part for part in parts if part)


def _write_samples(sheet: Sheet, report: SettlementReport) -> None:
    columns = [
        Column("id", _("編號"), 13),
        Column("date", _("日期"), 12, "date"),
        Column("method", _("方法"), 15, "center"),
        Column("size", _("件數"), 13, "amount"),
        Column("seed", _("亂數種子"), 29, "remark", span=2),
        Column("population", _("母體摘要"), 28, "remark"),
        Column("vouchers", _("抽出憑證"), 58, "remark", span=3),
        Column("by", _("查核人員"), 15, "remark"),
    ]
    rows = [
        TableRow(
            {
                "id": sample.id,
                "date": sample.date,
                "method": sampling_method(sample.method),
                "size": len(sample.vouchers),
                "seed": sample.seed,
                "population": sample.population,
                "vouchers": _("、").join(sample.vouchers),
                "by": str(sample.entry.meta.get("by") or ""),
            },
            (sample.entry,),
        )
        for sample in report.tables.case.samples
    ]
    if not rows:
        sheet.line(_("無。"), "field")
        return
    write_table(sheet, columns, rows)


def _write_checks(sheet: Sheet, report: SettlementReport, findings: Sequence[FindingRow]) -> None:
    """What the checks said; its amounts stand for the voucher, or for the award where no voucher is named."""
    by_number: dict[str, tuple[Entry, ...]] = {}
    for voucher in report.tables.vouchers:
        by_number[voucher.number] = (*by_number.get(voucher.number, ()), voucher.entry)
    award = (report.tables.award.entry,)
    if not findings:
        sheet.line(_("無。"), "field")
        return
    columns = [
        Column("check", _("檢核項目"), 25, span=2),
        Column("date", _("日期"), 15, "date"),
        Column("voucher", _("憑證號碼"), 13, "center"),
        Column("severity", _("程度"), 13, "center"),
        Column("amount", _("金額"), 16, "amount"),
        Column("message", _("說明"), 101, "remark", span=5),
    ]
    rows = [
        TableRow(
            {
                "check": title_of(finding.check, report.tables.titles),
                "date": finding.date,
                "voucher": finding.voucher,
                "severity": severity_name(finding.severity),
                "amount": finding.amount,
                "message": for_authority(finding.message, report.tables.titles),
            },
            by_number.get(finding.voucher, award) if finding.voucher else award,
        )
        for finding in findings
    ]
    write_table(sheet, columns, rows)


def _write_waivers(sheet: Sheet, report: SettlementReport) -> None:
    waivers = report.tables.case.waivers
    if not waivers:
        return
    columns = [
        Column("check", _("檢核項目"), 25, span=2),
        Column("date", _("日期"), 15, "date"),
        Column("subject", _("憑證號碼"), 13, "center"),
        Column("reason", _("理由"), 57, "remark", span=3),
        Column("approval", _("核准文號"), 43, "remark", span=2),
        Column("decision", _("查核核定"), 30, "remark", span=2),
    ]
    rows = [
        TableRow(
            {
                "check": title_of(waiver.check, report.tables.titles),
                "date": waiver.date,
                "subject": waiver.subject,
                "reason": waiver.reason or _("未載明"),
                "approval": waiver.approval or _("未載明"),
                "decision": _decision(report, waiver),
            }
        )
        for waiver in waivers
    ]
    write_table(sheet, columns, rows)
    sheet.end_row()


def _decision(report: SettlementReport, waiver: Waiver) -> str:
    """What the auditor made of a claimed waiver, and who."""
    case = report.tables.case
    own = [
        each
        for each in case.waiver_decisions
        if (each.check, fold(each.subject)) == (waiver.check, fold(waiver.subject))
    ]
    decision = decision_on(waiver, own)
    if decision is None:
        return _("業者主張,待核定")
    said = _("核定放行") if decision.is_confirmed else _("不同意放行")
    return f"{said} {decision.by} {roc(decision.date)}"
