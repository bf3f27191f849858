"""接下來: what to do now, why, and by when; each step leads to the page where it is done."""

from __future__ import annotations

import dataclasses
import datetime
from typing import NamedTuple

from audit.pages.overview.page import Period
from audit.pages.overview.page import Stake
from audit.pages.overview.page import period_of
from audit.pages.overview.page import stakes_of
from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from desk.case_desk import CaseDesk
from desk.pages.remedies import Remedy
from desk.pages.remedies import remedies
from ledger.operations.doctor import NextStep
from ledger.operations.doctor import next_steps

_ERRORS_A_PAGE = 20


class Wrong(NamedTuple):
    """An error that the checks found: what, the money at stake (NT$), and the voucher it is about, by its name.

    `check` is what found it.
    """

    message: str
    amount: int | None
    number: str
    remedy: Remedy
    check: str


@dataclasses.dataclass(frozen=True, slots=True)
class NextPage:
    """The steps, the most pressing first, and how the case stands; `subject` is its number. Money is NT$."""

    subject: str
    steps: list[NextStep]
    stakes: list[Stake]
    questions: int
    inbox: int
    period: Period | None
    today: datetime.date
    errors: Page[Wrong]


def next_page(desk: CaseDesk, query: Query) -> NextPage:
    """The page of a case; one without an award has its questions and errors alone."""
    award = desk.case.award
    return NextPage(
        award.id if award else "",
        next_steps(desk.case, desk.waiting),
        [stake for stake in stakes_of(desk.view) if stake.findings],
        len(desk.questions),
        len(desk.waiting.inbox),
        period_of(desk.case, award) if award else None,
        desk.case.as_of,
        paged(_errors(desk), query.number("page", 1), _ERRORS_A_PAGE),
    )


def _errors(desk: CaseDesk) -> list[Wrong]:
    """The errors, the one with the most money first."""
    errors = [finding for finding in desk.view.findings if finding.severity == "error"]
    found = [
        Wrong(finding.message, finding.amount, finding.voucher, remedy, finding.check)
        for finding, remedy in zip(errors, remedies(desk, errors), strict=True)
    ]
    return sorted(found, key=lambda each: -abs(each.amount or 0))
