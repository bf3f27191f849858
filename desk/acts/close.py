"""月結 and 重開: a month declared final, and taken back."""

from __future__ import annotations

import re

from checks.runs.close_month import ClosedMonth
from checks.runs.close_month import commit_close
from checks.runs.close_month import plan_reopen
from checks.runs.close_month import stage_close
from desk.acts.fields import FieldError
from desk.acts.fields import date_of
from desk.acts.fields import needed_text
from desk.web.act_request import ActRequest
from ledger.operations.apply import Ready
from ledger.util.i18n import _

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def plan_close_act(asked: ActRequest) -> Ready:
    """The month of the field `month` closed on the day `date` (its last day by default). Raises GrantError."""
    month = _month(asked)
    date = date_of(asked.form, "date", _("月結日"))
    early = needed_text(asked.form, "early", _("提早月結的理由")) if asked.form.text("is_early") else ""
    closed = stage_close(asked.writer, asked.context.loaded, month, date, early=early, today=asked.today)
    if closed.was_closed:
        raise FieldError(_("{month} 先前已月結,內容相同,沒有更動。").format(month=month))
    text = _("月結 {month}:可提領 {amount} 元").format(month=month, amount=f"{closed.figures.withdrawable:,}")
    return Ready("close", text, lambda writer: commit_close(writer, month, asked.by), told=_told(closed))


def _told(closed: ClosedMonth) -> tuple[str, ...]:
    figures = closed.figures
    told = [
        _("累計應得補助款 {amount} 元").format(amount=f"{figures.entitlement:,}"),
        _("先前已提領 {amount} 元").format(amount=f"{figures.withdrawn_before:,}"),
    ]
    told += [_("還缺:{what}").format(what=missing.what) for missing in closed.missing]
    if closed.in_error:
        told.append(
            _("可提領的金額中有 {amount} 元的憑證有錯誤未解決。").format(amount=f"{closed.in_error:,}")
        )
    if closed.findings:
        told.append(_("這個月有 {count} 項查核疑點未解決,已記在月結裡。").format(count=closed.findings))
    return tuple(told)


def plan_reopen_act(asked: ActRequest) -> Ready:
    """A closed month, and those after it, opened again for the reason given. Raises GrantError."""
    reason = needed_text(asked.form, "reason", _("重開的理由"))
    day = date_of(asked.form, "date", _("重開日")) or asked.today
    return plan_reopen(asked.context.loaded, _month(asked), reason, day, asked.by)


def _month(asked: ActRequest) -> str:
    month = asked.form.text("month")
    if not _MONTH.fullmatch(month):
        raise FieldError(_("月份請寫成 YYYY-MM,例如 2023-07"))
    return month
