"""What an import comes to, in the accountant's words."""

from __future__ import annotations

from importers.report import Report
from ledger.util.i18n import _

_MOST = 20


def words_of(report: Report) -> tuple[str, ...]:
    """A line for each thing that an import does; what it does not do is left out."""
    counted = (
        (report.imported, _("新入帳 {count} 筆")),
        (report.matched, _("其中 {count} 筆付款對到憑證")),
        (report.duplicates, _("{count} 筆已經在帳上,不再入帳")),
        (report.changed_splits, _("重算 {count} 張憑證的分攤")),
        (len(report.filed), _("歸檔 {count} 個檔案")),
        (len(report.set_aside), _("{count} 筆不是本案的,沒有入帳")),
    )
    lines = [text.format(count=count) for count, text in counted if count]
    lines += [_("要問您:{reason}").format(reason=each.reason) for each in report.unmatched[:_MOST]]
    lines += [
        _("讀不懂 {file}:{reason}").format(file=each.file, reason=each.reason) for each in report.rejected
    ]
    return (*lines, *report.warnings[:_MOST])
