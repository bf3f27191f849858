"""What to do next in a case, the most pressing first, and by when."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from audit.audit_trail import rows_of
from audit.case_view import View
from ledger.util.dates import add_months
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import next_month
from ledger.util.i18n import _


class NextStep(NamedTuple):
    """One thing to do: what, by when where there is a day, and the page that helps (`tab`, its parameters)."""

    text: str
    by: datetime.date | None
    tab: str
    params: tuple[tuple[str, str], ...] = ()


def next_steps(view: View) -> list[NextStep]:
    """What to do next; empty where nothing is."""
    return [*_books(view), *_findings(view), *_auditor(view), *_months(view), *_settling(view)]


def _books(view: View) -> Iterator[NextStep]:
    if view.unreadable:
        yield NextStep(
            _("先改正帳本讀不懂的地方:在那以前其他檢查都不能作準"),
            None,
            "checks",
            (("check", "books-unreadable"),),
        )
    if view.case.unclassified:
        text = _("認定 {count} 筆標示「!」的分錄").format(count=len(view.case.unclassified))
        yield NextStep(text, None, "checks", (("check", "entry-unclassified"),))


def _findings(view: View) -> Iterator[NextStep]:
    errors = sum(finding.severity == "error" for finding in view.findings)
    if errors:
        text = _("逐項處理檢查發現的 {count} 個錯誤").format(count=errors)
        yield NextStep(text, None, "checks", (("severity", "error"),))


def _auditor(view: View) -> Iterator[NextStep]:
    rows = rows_of(view)
    changed = sum(row.is_changed for row in rows)
    if changed:
        text = _("重看 {count} 張簽核後異動的憑證").format(count=changed)
        yield NextStep(text, None, "audit", (("state", "changed"),))
    claimed = sum(finding.claim is not None for finding in view.findings)
    if claimed:
        text = _("核定 {count} 項業者主張的放行").format(count=claimed)
        yield NextStep(text, None, "checks")
    late = [row for row in rows if row.due is not None and row.due < view.case.as_of]
    if late:
        text = _("催告 {count} 張逾期未回覆的憑證").format(count=len(late))
        yield NextStep(text, min(row.due for row in late if row.due), "audit", (("state", "overdue"),))
    for state, message in (
        ("replied", _("決定 {count} 張業者已回覆的憑證")),
        ("parked", _("決定 {count} 張待補正的憑證(結案前)")),
        ("open", _("等待 {count} 張憑證的說明")),
    ):
        own = [row for row in rows if row.state == state]
        if own:
            due = min((row.due for row in own if row.due and row.due >= view.case.as_of), default=None)
            yield NextStep(message.format(count=len(own)), due, "audit", (("state", state),))


def _months(view: View) -> Iterator[NextStep]:
    case, award = view.case, view.case.award
    if award is None or (case.scheme is not None and case.scheme.coaching is not None):
        return
    month = next_month(max(case.closed_months)) if case.closed_months else month_of(award.start)
    if month <= month_of(award.end) and month_last_day(month) < case.as_of:
        yield NextStep(
            _("月結 {month}").format(month=month), month_last_day(month), "account", (("month", month),)
        )
    if case.closed_months:
        through = month_last_day(max(case.closed_months))
        amount = sum(account.undrawn(through) for account in case.dedicated_accounts)
        if amount > 0:
            text = _("可自專戶提領 {amount} 元").format(amount=f"{amount:,}")
            yield NextStep(text, None, "account")


def _settling(view: View) -> Iterator[NextStep]:
    case, award = view.case, view.case.award
    if award is None or view.settlement is None or case.scheme is None:
        return
    unpaid = sum(1 for left in case.unpaid.values() if left > 0)
    if unpaid:
        by = add_months(award.end, case.scheme.payment_grace_months.value)
        yield NextStep(_("付清 {count} 張未付憑證").format(count=unpaid), by, "vouchers", (("paid", "no"),))
    if case.as_of <= award.end:
        return
    whole = view.settlement.whole
    if whole.due_to_treasury > 0:
        text = _("繳交國庫 {amount} 元").format(amount=f"{whole.due_to_treasury:,}")
        yield NextStep(text, None, "trial")
    elif whole.tail_payment > 0:
        text = _("請撥尾款 {amount} 元").format(amount=f"{whole.tail_payment:,}")
        yield NextStep(text, None, "trial")
