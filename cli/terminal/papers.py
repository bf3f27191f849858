"""The checklist of papers on the screen: what is missing, when it is due, what it costs as long as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.terminal.output import print_table
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.case.case import Case


def print_missing(case: Case) -> None:
    """A line a kind of paper that is missing; nothing where none is."""
    from ledger.case.papers.checklist import missing_kinds
    from ledger.schemes.categories import category_name
    from reports.labels import confidence_name

    rows: list[list[object]] = []
    for missing in missing_kinds(case):
        of = category_name(missing.category) if missing.category else ""
        if missing.vouchers:
            of = _("{category} {count} 張憑證").format(category=of, count=missing.vouchers).strip()
        need = _("應備") if missing.required else _("建議")
        sure = confidence_name(missing.confidence)
        rows.append([missing.name, need, of, missing.due.isoformat(), missing.amount or "", sure])
    if rows:
        headings = [_("文件"), "", _("憑證或科目"), _("應備妥日"), _("未補齊的影響"), _("確定程度")]
        print_table(_("尚缺的證明文件"), headings, rows, numbers=(4,))
