"""總覽: who, which scheme, how far along, the money against the budget and its limits, what to do next."""

from __future__ import annotations

import dataclasses
import datetime
from typing import NamedTuple

from audit.case_view import View
from audit.labels import guarantee
from audit.labels import moment
from audit.pages.overview import limits
from audit.pages.overview import next_steps
from audit.pages.overview.history import RecentChange
from audit.pages.overview.history import recent_changes
from audit.pages.overview.limits import Limit
from audit.pages.overview.milestones import MilestoneRow
from audit.pages.overview.milestones import milestone_rows
from audit.pages.overview.next_steps import NextStep
from audit.pages.overview.progress import AuditProgress
from audit.pages.overview.progress import EvidenceRow
from audit.pages.overview.progress import evidence
from audit.pages.overview.progress import progress
from ledger.case.case import Case
from ledger.case.instalments import schedules
from ledger.model.award import Award
from ledger.schemes.model import Scheme
from ledger.util.dates import months_between
from ledger.util.i18n import _


class Period(NamedTuple):
    """The case's time: how much of it is gone, in percent, and the months closed."""

    start: datetime.date
    end: datetime.date
    percent: int
    days_left: int
    closed: int
    months: int


class InstalmentRow(NamedTuple):
    """One payment of the grant: what is due and what came; a payment nobody planned has no `due`."""

    name: str
    due: int | None
    received: int | None
    date: datetime.date | None


class Bar(NamedTuple):
    """One category and fund: approved, used, and the share of it in percent."""

    category: str
    fund: str
    approved: int
    used: int

    @property
    def percent(self) -> int:
        """How much of what was approved is used; 100 where nothing was approved and something is used."""
        if self.approved <= 0:
            return 100 if self.used > 0 else 0
        return 100 * self.used // self.approved

    @property
    def is_over(self) -> bool:
        """Whether more was used than approved."""
        return self.used > self.approved


class Stake(NamedTuple):
    """The findings of one severity: how many, and the money at stake in NT$."""

    severity: str
    findings: int
    amount: int


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows; `facts` are label and value."""

    facts: list[tuple[str, str]]
    period: Period | None
    instalments: list[InstalmentRow]
    bars: list[Bar]
    limits: list[Limit]
    stakes: list[Stake]
    steps: list[NextStep]
    progress: AuditProgress
    evidence: list[EvidenceRow]
    milestones: list[MilestoneRow]
    received: int
    earned: int
    withdrawn: int
    recent: list[RecentChange] = dataclasses.field(default_factory=list)  # filled in for the page alone


def overview_page(view: View) -> Overview:
    """The page of a case, with what was done to it lately."""
    return dataclasses.replace(overview(view), recent=recent_changes(view))


def overview(view: View) -> Overview:
    """The page of a case. A case without an award shows what it can: its findings and the next steps."""
    case, award, scheme = view.case, view.case.award, view.case.scheme
    return Overview(
        facts=_facts(award, scheme) if award else [],
        period=period_of(case, award) if award else None,
        instalments=_instalments(view, award) if award and scheme else [],
        bars=_bars(case, award) if award and scheme else [],
        limits=limits.limits(view),
        stakes=stakes_of(view),
        steps=next_steps.next_steps(view),
        progress=progress(view),
        evidence=evidence(view),
        milestones=milestone_rows(case),
        received=case.dedicated_accounts.received(),
        earned=case.entitlement(case.as_of),
        withdrawn=case.dedicated_accounts.withdrawn(),
    )


def _facts(award: Award, scheme: Scheme | None) -> list[tuple[str, str]]:
    account = award.dedicated_account
    facts = [
        (_("受補助業者"), f"{award.company}({award.ubn})"),
        (_("代表人"), award.representative),
        (_("計畫編號"), award.id),
        (_("計畫名稱"), award.title),
        (_("補助計畫別"), scheme.name if scheme else award.scheme),
        (_("主管機關"), scheme.authority if scheme else ""),
        (_("撥款保證"), guarantee(award.guarantee)),
        (_("保證書到期日"), str(award.guarantee_until or "")),
        (_("專戶"), f"{account.bank} {account.number}" if account else _("(未登錄)")),
        (_("合作業者"), _("、").join(partner.name for partner in award.partners)),
    ]
    if scheme is not None and scheme.coaching is not None:
        government, own = scheme.coaching.government.value, scheme.coaching.self_funded.value
        fee = _("補助 {government} 元,自籌 {own} 元").format(government=f"{government:,}", own=f"{own:,}")
        facts += [(_("輔導費"), fee), (_("應交報告"), _("、").join(scheme.coaching.reports))]
    return [(label, value) for label, value in facts if value]


def period_of(case: Case, award: Award) -> Period:
    """The case's time, and how far its months are closed."""
    days = (award.end - award.start).days + 1
    gone = (case.as_of - award.start).days + 1
    has_months = case.scheme is not None and case.scheme.coaching is None
    months = months_between(award.start, award.end) if has_months else []
    return Period(
        start=award.start,
        end=award.end,
        percent=min(100, max(0, 100 * gone // days)) if days > 0 else 100,
        days_left=(award.end - case.as_of).days,
        closed=sum(month in case.closed_months for month in months),
        months=len(months),
    )


def _instalments(view: View, award: Award) -> list[InstalmentRow]:
    """The schedule of each dedicated account beside what came of it, parts added up."""
    plans = schedules(view.case)
    rows = []
    for plan in plans:
        for due in plan.instalments:
            name = _("第 {number} 期").format(number=due.number)
            shown = f"{name} {moment(due.when)}" if due.when else _("{name}(期程未列)").format(name=name)
            if len(plans) > 1:
                shown = _("{party}:{message}").format(party=award.party_name(plan.party), message=shown)
            last = due.came[-1].date if due.came else None
            rows.append(InstalmentRow(shown, due.amount, due.received if due.came else None, last))
    return rows


def _bars(case: Case, award: Award) -> list[Bar]:
    """Approved and used by category and fund, parties added up, in the order of the budget."""
    cost, shares = case.cost(), case.government_shares()
    budget = award.budget_on(case.as_of)
    sums: dict[str, list[int]] = {}
    for key in {**budget, **cost}:
        line = sums.setdefault(key[1], [0, 0, 0, 0])
        approved, share = budget.get(key), shares.get(key, 0)
        line[0] += approved.government if approved else 0
        line[1] += share
        line[2] += approved.self_funded if approved else 0
        line[3] += cost.get(key, (0, 0))[0] - share
    bars = []
    for category, (grant, share, own, paid) in sums.items():
        bars += [Bar(category, "government", grant, share), Bar(category, "self", own, paid)]
    return [bar for bar in bars if bar.approved or bar.used]


def stakes_of(view: View) -> list[Stake]:
    """The errors and the warnings of a case, with their money."""
    rows = []
    for severity in ("error", "warning"):
        found = [finding for finding in view.findings if finding.severity == severity]
        rows.append(Stake(severity, len(found), sum(abs(finding.amount or 0) for finding in found)))
    return rows
