"""月結: one month as a checklist, the one number with how it came to be, and the months before it."""

from __future__ import annotations

import dataclasses
import datetime
from typing import NamedTuple

from audit.web.query import Query
from checks.engine.finding import Finding
from desk.case_desk import CaseDesk
from desk.pages.remedies import Remedy
from desk.pages.remedies import remedies
from importers.questions.open_questions import Question
from ledger.case.closes.close_missing import Missing
from ledger.case.closes.close_missing import missing_for_close
from ledger.case.month_close import MonthFigures
from ledger.case.month_close import month_figures
from ledger.model.directives import Close
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import months_between

# Where each kind of what is missing is put right: the desk's tab.
PLACES = {"inbox": "inbox", "statement": "inbox", "payroll": "inbox", "question": "questions"}


class MonthRow(NamedTuple):
    """A month of the case and, where it is closed, the day and what its close certified, NT$."""

    month: str
    closed: datetime.date | None
    entitlement: int | None
    withdrawable: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class ClosePage:
    """The month looked at. Money is NT$; `principal` is the grant money in the account before this withdrawal."""

    month: str
    last: datetime.date
    figures: MonthFigures
    principal: int
    is_closed: bool
    is_next: bool
    is_over: bool
    missing: list[Missing]
    errors: list[tuple[Finding, Remedy]]
    questions: list[Question]
    months: list[MonthRow]

    @property
    def earned(self) -> int:
        """What is earned and not withdrawn yet."""
        return self.figures.entitlement - self.figures.withdrawn_before

    def question_of(self, missing: Missing) -> str:
        """The id of the open question that something missing is; empty where it is none."""
        named = [one for one in self.questions if missing.kind == "question" and one.text in missing.what]
        told = [one for one in named if str(one.record.get("number") or one.date) in missing.what]
        return next((one.id for one in [*told, *named]), "")

    @property
    def places(self) -> dict[str, str]:
        """See `PLACES`."""
        return PLACES


def close_page(desk: CaseDesk, query: Query) -> ClosePage | None:
    """The month of the parameter `month`, else the next to close; None where the case has no such month."""
    case = desk.case
    award = case.award
    if award is None or case.scheme is None or case.scheme.coaching is not None:
        return None
    months = months_between(award.start, max(award.end, award.start))
    closes = case.closed_months
    following = next((month for month in months if month not in closes), months[-1])
    month = query.text("month") or following
    if month not in months:
        return None
    figures, last = month_figures(case, month), month_last_day(month)
    accounts = case.dedicated_accounts
    errors = [
        found
        for found in desk.view.findings
        if found.severity == "error" and found.date and month_of(found.date) == month
    ]
    return ClosePage(
        month=month,
        last=last,
        figures=figures,
        principal=accounts.received(figures.date) - figures.withdrawn_before,
        is_closed=month in closes,
        is_next=month == following and month not in closes,
        is_over=last <= case.as_of,
        missing=[] if month in closes else missing_for_close(case, month, desk.pending),
        errors=list(zip(errors, remedies(desk, errors), strict=True)),
        questions=desk.questions,
        months=[_row(case.closed_months.get(each), each) for each in months],
    )


def _row(close: Close | None, month: str) -> MonthRow:
    if close is None:
        return MonthRow(month, None, None, None)
    return MonthRow(month, close.date, close.entitlement, close.withdrawable)
