"""證明文件檢核表: the moments of the case, and every paper that it is asked for: there or missing, due, at what cost."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.case.papers.checklist import Wanted
from ledger.case.papers.checklist import checklist
from ledger.model.milestones import in_order
from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.labels import confidence_name
from reports.labels import milestone_name
from reports.labels import stage_name
from reports.xlsx.grid import Entry
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_WIDTHS = [8, 34, 22, 17, 8, 12, 10, 14, 20]


def write_checklist(sheet: Sheet, report: SettlementReport) -> None:
    """The sheet: milestones first, then the papers by stage."""
    begin(sheet, report.frame, _("證明文件檢核表"), _WIDTHS)
    section(sheet, _("一、里程碑"))
    _write_milestones(sheet, report)
    section(sheet, _("二、應備文件"))
    wanted = checklist(report.tables.case)
    if wanted:
        _write_papers(sheet, report, wanted)
    else:
        sheet.line(_("無。"), "field")
    finish(sheet, report.frame)
    sheet.worksheet.freeze_panes = "A3"


def _write_milestones(sheet: Sheet, report: SettlementReport) -> None:
    reached = in_order(report.tables.case.milestones)
    if not reached:
        sheet.line(_("沒有登記。"), "field")
        return
    columns = [
        Column("kind", _("里程碑"), 42, span=2),
        Column("number", _("文號或編號"), 39, span=2),
        Column("date", _("日期"), 20, "date", span=2),
        Column("amount", _("金額"), 24, "amount", span=2),
        Column("until", _("到期日"), 20, "date"),
    ]
    rows = [
        TableRow(
            {
                "kind": milestone_name(milestone.kind),
                "number": milestone.number,
                "date": milestone.date,
                "amount": milestone.amount,
                "until": milestone.until,
            },
            (milestone.entry,),
        )
        for milestone in reached
    ]
    write_table(sheet, columns, rows)


def _write_papers(sheet: Sheet, report: SettlementReport, wanted: Sequence[Wanted]) -> None:
    columns = [
        Column("stage", _("階段"), 8, "center"),
        Column("name", _("文件"), 34),
        Column("category", _("科目"), 22),
        Column("voucher", _("憑證號碼"), 17, "center"),
        Column("need", _("性質"), 8, "center"),
        Column("due", _("應備妥日"), 12, "date"),
        Column("state", _("狀態"), 10, "center"),
        Column("amount", _("缺件影響"), 14, "amount"),
        Column("source", _("依據"), 20),
    ]
    vouchers: dict[str, tuple[Entry, ...]] = {}
    for row in report.tables.vouchers:
        vouchers[row.number] = (*vouchers.get(row.number, ()), row.entry)
    award: tuple[Entry, ...] = (report.tables.award.entry,)
    write_table(
        sheet,
        columns,
        [
            TableRow(_values(paper, report.tables.case.as_of), vouchers.get(paper.voucher, award))
            for paper in wanted
        ],
    )
    missing = [paper for paper in wanted if not paper.is_there]
    due = sum(paper.required for paper in missing)
    sheet.line(
        _(
            "共 {count} 件,缺 {missing} 件,其中應備 {due} 件。缺件影響為該文件未補齊時不予認列或應繳回的金額(元)。"
        ).format(count=len(wanted), missing=len(missing), due=due),
        "note",
    )


def _values(paper: Wanted, today: datetime.date) -> dict[str, Value]:
    late = _("逾期未備") if paper.due < today else _("未備")
    return {
        "stage": stage_name(paper.when),
        "name": paper.name,
        "category": category_name(paper.category) if paper.category else "",
        "voucher": paper.voucher,
        "need": _("應備") if paper.required else _("建議"),
        "due": paper.due,
        "state": _("已備") if paper.is_there else late,
        "amount": paper.amount or None,
        "source": confidence_name(paper.confidence),
    }
