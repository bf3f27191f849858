"""The papers of a case as a checklist: what is asked for by stage, category and voucher, and what is missing.

Of each: when it is due, and what it costs where it stays missing.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple

from ledger.case.case import Case
from ledger.case.coaching import REPORT
from ledger.case.coaching import missing_reports
from ledger.case.papers.evidence import FORFEITS
from ledger.case.papers.evidence import is_filed
from ledger.case.papers.evidence import is_shown
from ledger.case.settlement import settle_case
from ledger.model.award import Award
from ledger.model.milestones import Stage
from ledger.model.records import Voucher
from ledger.schemes.categories import form_order
from ledger.schemes.categories import kind_of
from ledger.schemes.model import Confidence
from ledger.schemes.model import RequiredEvidence
from ledger.schemes.model import Scheme


class Wanted(NamedTuple):
    """One paper that is asked for; `amount` is what it costs where it stays missing, in NT$."""

    kind: str
    name: str
    when: Stage
    due: datetime.date
    category: str
    voucher: str
    amount: int
    confidence: Confidence
    required: bool  # by the programme or the award; else it is on the list and no finding
    is_there: bool

    def as_json(self) -> dict[str, Any]:
        """As `grant settle --json` shows it."""
        shown = self._asdict() | {"due": self.due.isoformat()}
        del shown["is_there"]
        return shown


class MissingKind(NamedTuple):
    """All that is missing of one kind of paper: of how many vouchers, and what it costs together, in NT$."""

    kind: str
    name: str
    due: datetime.date
    category: str
    vouchers: int  # 0 where the paper is of the case and not of a voucher
    amount: int
    confidence: Confidence
    required: bool

    def as_json(self) -> dict[str, Any]:
        """As `grant doctor --json` shows it."""
        return self._asdict() | {"due": self.due.isoformat()}


def missing_kinds(case: Case) -> list[MissingKind]:
    """What is missing by kind: what is asked for first, then by the day it is due."""
    kinds: dict[tuple[str, str], list[Wanted]] = defaultdict(list)
    for wanted in missing_evidence(case):
        kinds[wanted.kind, wanted.name].append(wanted)
    found = [
        MissingKind(
            same[0].kind,
            same[0].name,
            min(wanted.due for wanted in same),
            same[0].category,
            sum(bool(wanted.voucher) for wanted in same),
            sum(wanted.amount for wanted in same),
            same[0].confidence,
            same[0].required,
        )
        for same in kinds.values()
    ]
    return sorted(found, key=lambda each: (not each.required, each.due))


def missing_evidence(case: Case, *, required: bool = False) -> list[Wanted]:
    """The papers of the checklist that are not there; with `required` those alone that have to be."""
    return [wanted for wanted in checklist(case, required=required) if not wanted.is_there]


def checklist(case: Case, *, required: bool = False) -> list[Wanted]:
    """Every paper that the case is asked for, by its scheme and its award; nothing without these.

    A paper of each voucher is asked for those whose cost still counts. With `required` those are left out that are on
    the list and no finding.
    """
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        return []
    found = [report for report in _reports(case, award, scheme) if report.required or not required]
    for paper in scheme.evidence:
        if paper.required or not required:
            found += _of_scheme(case, award, paper)
    for asked in case.required:
        found.append(
            Wanted(
                kind=asked.kind,
                name=asked.name or asked.kind,
                when=asked.when,
                due=due_day(case, award, asked.when),
                category=asked.category,
                voucher="",
                amount=0,
                confidence="seed",
                required=True,
                is_there=is_filed(case, asked.kind),
            )
        )
    return found


def evidence_name(case: Case, kind: str) -> str:
    """What a kind of paper is called: by the award or the scheme; the kind itself where neither names it."""
    named = {paper.id: paper.name for paper in case.scheme.evidence} if case.scheme else {}
    return (named | {asked.kind: asked.name for asked in case.required if asked.name}).get(kind, kind)


def due_day(case: Case, award: Award, stage: Stage) -> datetime.date:
    """When the papers of a stage are due: on its day where that is known, else when it may be looked for."""
    kinds = {"signing": "signing", "interim": "interim-passed", "final": "final-passed"}
    for milestone in case.milestones:
        if milestone.kind == kinds[stage] and stage != "final":
            return milestone.date
    if stage == "signing":
        return award.start
    return award.end if stage == "final" else award.start + (award.end - award.start) / 2


def _reports(case: Case, award: Award, scheme: Scheme) -> Iterator[Wanted]:
    """The reports of a coaching case, each of which holds up the whole fee."""
    if scheme.coaching is None:
        return
    missing = missing_reports(case)
    rule = scheme.coaching.all_reports
    for report in scheme.coaching.reports:
        yield Wanted(
            kind=REPORT,
            name=report,
            when="final",
            due=award.end,
            category="",
            voucher="",
            amount=scheme.coaching.government.value if report in missing else 0,
            confidence=rule.confidence if rule else "assumed",
            required=rule is None or rule.value,
            is_there=report not in missing,
        )


def _of_scheme(case: Case, award: Award, paper: RequiredEvidence) -> Iterator[Wanted]:
    due = due_day(case, award, paper.when)
    categories = _categories(case, paper)

    def wanted(amount: int, *, is_there: bool, category: str, voucher: str = "") -> Wanted:
        return Wanted(
            kind=paper.id,
            name=paper.name,
            when=paper.when,
            due=due,
            category=category,
            voucher=voucher,
            amount=amount,
            confidence=paper.confidence,
            required=paper.required,
            is_there=is_there,
        )

    if paper.each_voucher:
        for category in categories:
            for voucher, cost in _not_reversed(case.vouchers, category):
                if paper.voucher_kinds and voucher.kind not in paper.voucher_kinds:
                    continue
                is_there = is_filed(case, paper.id, voucher.number)
                at_stake = cost if paper.if_missing == "cost" and not is_there else 0
                yield wanted(at_stake, is_there=is_there, category=category, voucher=voucher.number)
        return
    for category in categories:
        spent = _cost(case, category)
        if category and spent <= 0:
            continue
        is_there = is_shown(case, paper)
        amount = 0
        if not is_there and paper.if_missing == FORFEITS:
            whole = settle_case(case).whole
            amount = max(whole.flows.received, whole.answerable - whole.flows.deductions)
        elif not is_there and paper.if_missing == "cost":
            amount = spent
        yield wanted(amount, is_there=is_there, category=category)


def _categories(case: Case, paper: RequiredEvidence) -> list[str]:
    """The categories that a paper is asked for: the one it names and those of that kind; one empty where it names none."""
    if not paper.category:
        return [""]
    met = {category for _party, category in case.cost()}
    return [each for each in sorted(met, key=form_order) if paper.category in {each, kind_of(each)}]


def _cost(case: Case, category: str) -> int:
    """What a category cost so far, NT$, all parties together; the whole case where it is empty."""
    return sum(kept for (_party, each), (kept, _disallowed) in case.cost().items() if category in {"", each})


def _not_reversed(vouchers: Iterable[Voucher], category: str) -> Iterator[tuple[Voucher, int]]:
    """The vouchers with cost in a category (any where it is empty) that nothing took back wholly, and that cost."""
    taken: dict[str, int] = defaultdict(int)
    papers = []
    for voucher in vouchers:
        cost = sum(line.cost for line in voucher.lines if category in {"", line.category})
        if voucher.is_reversal:
            taken[voucher.reverses] += cost
        elif voucher.number and cost > 0:
            papers.append((voucher, cost))
    for voucher, cost in papers:
        left = cost + taken[voucher.number]
        if left > 0:
            yield voucher, left
