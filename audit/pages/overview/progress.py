"""How far the audit is: what is judged, drawn and signed, the sums, who is waited for, which papers are there."""

from __future__ import annotations

import dataclasses
import datetime
from typing import NamedTuple

from audit.audit_trail import rows_of
from audit.case_view import View
from ledger.case.papers.checklist import Wanted
from ledger.case.papers.checklist import checklist


class Waiting(NamedTuple):
    """Vouchers with a finding in one state: how many, and what they claim in NT$."""

    state: str
    vouchers: int
    amount: int


class AuditProgress(NamedTuple):
    """Counts of vouchers, and sums of all of them in NT$."""

    vouchers: int
    judged: int
    sampled: int
    sampled_judged: int
    signed: int
    declared: int
    disallowed: int
    parked: int
    waiting: list[Waiting]

    @property
    def accepted(self) -> int:
        """What counts."""
        return self.declared - self.disallowed - self.parked

    @property
    def percent(self) -> int:
        """How much of the declared sum was judged, in percent of vouchers."""
        return 100 * self.judged // self.vouchers if self.vouchers else 0


@dataclasses.dataclass(frozen=True, slots=True)
class EvidenceRow:
    """The papers of one kind that a stage asks for: how many are there, of how many, and what the missing ones cost."""

    name: str
    when: str
    due: datetime.date
    there: int
    wanted: int
    amount: int
    required: bool

    @property
    def is_whole(self) -> bool:
        """Whether all are there."""
        return self.there == self.wanted


def progress(view: View) -> AuditProgress:
    """How far the audit of the case is."""
    rows = rows_of(view)
    waiting = []
    for state in ("open", "replied", "parked"):
        own = [row for row in rows if row.state == state]
        if own:
            waiting.append(Waiting(state, len(own), sum(row.declared for row in own)))
    return AuditProgress(
        vouchers=len(rows),
        judged=sum(bool(row.threads) for row in rows),
        sampled=sum(row.is_sampled for row in rows),
        sampled_judged=sum(row.is_sampled and bool(row.threads) for row in rows),
        signed=sum(row.is_signed for row in rows),
        declared=sum(row.declared for row in rows),
        disallowed=sum(row.disallowed for row in rows),
        parked=sum(row.parked for row in rows),
        waiting=waiting,
    )


def evidence(view: View) -> list[EvidenceRow]:
    """The papers that the case is asked for, a row a kind, in the order in which they are due."""
    by_kind: dict[tuple[str, str], list[Wanted]] = {}
    for paper in view.cached("evidence", lambda known: checklist(known.case)):
        by_kind.setdefault((paper.kind, paper.name), []).append(paper)
    found = [
        EvidenceRow(
            name=papers[0].name,
            when=papers[0].when,
            due=papers[0].due,
            there=sum(paper.is_there for paper in papers),
            wanted=len(papers),
            amount=sum(paper.amount for paper in papers if not paper.is_there),
            required=papers[0].required,
        )
        for papers in by_kind.values()
    ]
    return sorted(found, key=lambda row: (row.due, row.is_whole))
