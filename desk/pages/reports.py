"""報表: the settlement as it stands, how much of it is not sure yet, and every paper that is made from it."""

from __future__ import annotations

import dataclasses
import datetime
import importlib.util
from typing import NamedTuple

from audit.pages.overview.page import Stake
from audit.pages.overview.page import stakes_of
from audit.web.query import Query
from desk.acts.fields import FieldError
from desk.acts.fields import date_of
from desk.case_desk import CaseDesk
from ledger.case.case import Case
from ledger.case.papers.checklist import Wanted
from ledger.case.papers.checklist import missing_evidence
from ledger.case.settlement import CaseSettlement
from ledger.case.settlement import Stage
from ledger.case.settlement import settle_case
from ledger.util.i18n import _


class Source(NamedTuple):
    """A line that a figure of the settlement is a sum of: its day, its words, its NT$."""

    date: datetime.date
    words: str
    amount: int


@dataclasses.dataclass(frozen=True, slots=True)
class ReportsPage:
    """The settlement of a stage on a day, and what stands against it. Money is NT$.

    `asked` are the parameters of it that its files are made with, too.
    """

    stage: Stage
    day: datetime.date
    asked: dict[str, str]
    settlement: CaseSettlement
    sources: dict[str, list[Source]]
    stakes: list[Stake]
    missing: list[Wanted]
    may_pdf: bool
    holders: tuple[tuple[str, str], ...]  # the parties with a dedicated account: company number and name


def reports_page(desk: CaseDesk, query: Query) -> ReportsPage | None:
    """The page of a case as of its day; None without an award or where its scheme keeps no books."""
    case = desk.case
    if case.award is None or case.scheme is None or case.scheme.coaching is not None:
        return None
    stage: Stage = "interim" if query.text("stage") == "interim" else "final"
    return ReportsPage(
        stage=stage,
        day=case.as_of,
        asked={"stage": stage} | {name: query.text(name) for name in ("day", "interim")},
        settlement=settle_case(case, stage),
        sources=_sources(case),
        stakes=[stake for stake in stakes_of(desk.view) if stake.findings],
        missing=[paper for paper in missing_evidence(case) if paper.required],
        may_pdf=has_pdf(),
        holders=tuple((party, case.award.party_name(party)) for party in case.dedicated_accounts.holders),
    )


def _sources(case: Case) -> dict[str, list[Source]]:
    """What each figure that moved is a sum of, by its name in `Flows`; the interest on what goes back is worked out."""
    moves = case.movements
    found = {
        "received": [(move, move.grant) for move in moves if move.kind == "instalment"],
        "interest_gross": [(move, move.interest) for move in moves],
        "tax_withheld": [(move, move.tax) for move in moves],
        "remitted": [(move, move.remitted_interest + move.remitted_surplus) for move in moves],
    }
    told = {
        name: [Source(move.date, move.entry.narration or "", amount) for move, amount in lines if amount]
        for name, lines in found.items()
    }
    told["deductions"] = [Source(each.date, each.reason, each.amount) for each in case.deductions]
    told["other_income"] = [Source(each.date, each.reason, each.amount) for each in case.income]
    return told


def report_day(query: Query) -> datetime.date | None:
    """The last day that a report is to tell of (`day`); None where none is asked for. Raises FieldError."""
    return date_of(query, "day", _("資料截止日"))


def interim_day(query: Query, last: datetime.date) -> datetime.date | None:
    """The last day of the earlier report (`interim`), before `last`. Raises FieldError."""
    day = date_of(query, "interim", _("前期的資料截止日"))
    if day is not None and day >= last:
        raise FieldError(_("前期的截止日 {date} 要在本期之前").format(date=day))
    return day


def has_pdf() -> bool:
    """Whether the optional part that makes PDF is installed."""
    return importlib.util.find_spec("weasyprint") is not None
