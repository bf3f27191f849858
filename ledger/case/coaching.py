"""Coaching cases (診斷輔導): a fixed fee, the company's share of it, and reports to deliver; nothing else asked.

A report delivered is `custom "grant-evidence" "report" "documents/….pdf"`, with `name:` where it says which.
Source: 000 診斷輔導 (200,000 = 160,000 + 40,000; 300,000 = 240,000 + 60,000).
"""

from __future__ import annotations

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.settlement import CategoryCost
from ledger.case.case import Case
from ledger.model.directives import FiledEvidence
from ledger.schemes.categories import COACHING
from ledger.schemes.model import Coaching
from ledger.util.text import fold

REPORT = "report"


def missing_reports(case: Case) -> tuple[str, ...]:
    """The reports that are not delivered yet, by the scheme's names; none where the case is no coaching.

    A report counts when its file is there. Reports registered without a name count for the first ones that no
    name claims.
    """
    if case.scheme is None or case.scheme.coaching is None:
        return ()
    shown = [e for e in case.evidence if e.kind == REPORT and case.papers.has(e.path)]
    names = {_name(evidence) for evidence in shown}
    open_reports = [report for report in case.scheme.coaching.reports if fold(report) not in names]
    wanted = {fold(report) for report in case.scheme.coaching.reports}
    unnamed = {evidence.path for evidence in shown if _name(evidence) not in wanted}
    return tuple(open_reports[len(unnamed) :])


def _name(evidence: FiledEvidence) -> str:
    return fold(str(evidence.entry.meta.get("name") or ""))


def coaching_cost(case: Case, fee: Coaching, party: str) -> CategoryCost:
    """The fee as the settlement takes it: earned as a whole once every report is delivered, nothing before."""
    approved = Approved(fee.government.value, fee.self_funded.value)
    return CategoryCost(
        category=COACHING,
        approved=approved,
        accepted=0 if missing_reports(case) else approved.total,
        disallowed=0,
        grantable=True,
        party=party,
    )
