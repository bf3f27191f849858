"""接下來: what to do now, why, and by when; each step leads to the page where it is done."""

from __future__ import annotations

import dataclasses
import datetime

from audit.pages.overview import Period
from audit.pages.overview import Stake
from audit.pages.overview import period_of
from audit.pages.overview import stakes_of
from audit.web.query import Query
from desk.case_desk import CaseDesk
from ledger.operations.doctor import NextStep
from ledger.operations.doctor import next_steps


@dataclasses.dataclass(frozen=True, slots=True)
class NextPage:
    """The steps, the most pressing first, and how the case stands. Money is NT$."""

    steps: list[NextStep]
    stakes: list[Stake]
    questions: int
    inbox: int
    period: Period | None
    today: datetime.date


def next_page(desk: CaseDesk, _query: Query) -> NextPage:
    """The page of a case; one without an award has its questions and errors alone."""
    award = desk.case.award
    return NextPage(
        next_steps(desk.case, desk.waiting),
        [stake for stake in stakes_of(desk.view) if stake.findings],
        len(desk.questions),
        len(desk.waiting.inbox),
        period_of(desk.case, award) if award else None,
        desk.case.as_of,
    )
