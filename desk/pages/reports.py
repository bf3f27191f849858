"""報表: the settlement as it stands, how much of it is not sure yet, and every paper that is made from it."""

from __future__ import annotations

import dataclasses
import datetime
import importlib.util

from audit.pages.overview.page import Stake
from audit.pages.overview.page import stakes_of
from audit.web.query import Query
from desk.acts.fields import FieldError
from desk.acts.fields import date_of
from desk.case_desk import CaseDesk
from ledger.case.papers.checklist import Wanted
from ledger.case.papers.checklist import missing_evidence
from ledger.case.settlement import CaseSettlement
from ledger.case.settlement import Stage
from ledger.case.settlement import settle_case
from ledger.util.i18n import _


@dataclasses.dataclass(frozen=True, slots=True)
class ReportsPage:
    """The settlement of a stage on a day, and what stands against it. Money is NT$.

    `asked` are the parameters of it that its files are made with, too.
    """

    stage: Stage
    day: datetime.date
    asked: dict[str, str]
    settlement: CaseSettlement
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
        stakes=[stake for stake in stakes_of(desk.view) if stake.findings],
        missing=[paper for paper in missing_evidence(case) if paper.required],
        may_pdf=has_pdf(),
        holders=tuple((party, case.award.party_name(party)) for party in case.dedicated_accounts.holders),
    )


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
