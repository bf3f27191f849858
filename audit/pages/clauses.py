"""The clauses that a finding may name: where the numbers of the case's programme come from."""

from __future__ import annotations

from audit.case_view import View
from reports.data.rules import rules_of


def clauses(view: View) -> list[str]:
    """The sources of the programme's rules in words, each with what it rules; empty without award or scheme."""
    award, scheme = view.case.award, view.case.scheme
    if award is None or scheme is None:
        return []
    found = [f"{rule.source}:{rule.text}"[:200] for rule in rules_of(scheme, award).values() if rule.source]
    found += [f"{paper.source}:{paper.name}"[:200] for paper in scheme.evidence if paper.source]
    return list(dict.fromkeys(found))
