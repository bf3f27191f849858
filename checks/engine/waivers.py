"""Waivers: what a company claims the authority let pass, and what the auditor confirmed. Shown, never silent."""

from __future__ import annotations

from typing import NamedTuple

from checks.engine.catalogue import NOT_WAIVABLE
from checks.engine.catalogue import catalogue
from checks.engine.finding import Check
from checks.engine.finding import Claim
from checks.engine.finding import Finding
from ledger.case.case import Case
from ledger.case.disallowance import decision_on
from ledger.model.directives import Waiver
from ledger.model.directives import WaiverDecision
from ledger.util.text import fold

_Key = tuple[str, str]


class Waived(NamedTuple):
    """A finding that the authority agreed to let pass, the waiver that says so, and who confirmed it."""

    finding: Finding
    waiver: Waiver
    decision: WaiverDecision | None = None


class Waivers:
    """The waivers of a case, found by what they cover, each with the auditor's decision where there is one.

    A waiver is the company's claim. It waives nothing until the auditor confirms this very claim: a decision names
    its digest, and one on another wording says nothing of it. What was refused stays a finding.
    """

    def __init__(self, case: Case) -> None:
        self._case = fold(case.award.id) if case.award else ""
        self._by_subject: dict[_Key, Waiver] = {
            (waiver.check, self._subject(waiver.subject)): waiver
            for waiver in case.waivers
            if not is_never_waived(waiver.check)
        }
        decisions: dict[_Key, list[WaiverDecision]] = {}
        for decision in case.waiver_decisions:
            decisions.setdefault((decision.check, self._subject(decision.subject)), []).append(decision)
        self._decided = {
            key: decided
            for key, waiver in self._by_subject.items()
            if (decided := decision_on(waiver, decisions.get(key, ()))) is not None
        }

    def _subject(self, name: str) -> str:
        """A voucher's number, or nothing where the waiver is about the case as a whole."""
        return "" if fold(name) == self._case else fold(name)

    def checks(self) -> list[Check]:
        """The checks that any waiver names."""
        named = {check for check, _subject in self._by_subject}
        return [check for check in catalogue().values() if check.name in named]

    def of(self, finding: Finding) -> Waiver | None:
        """The waiver that covers a finding: by its voucher's number, or the case where it has none."""
        return self._by_subject.get((finding.check, fold(finding.voucher)))

    def confirmed(self, finding: Finding) -> Waived | None:
        """The finding as waived, where the auditor confirmed the claim."""
        waiver, decision = self.of(finding), self.decision_of(finding)
        if waiver is None or decision is None or not decision.is_confirmed:
            return None
        return Waived(finding, waiver, decision)

    def decision_of(self, finding: Finding) -> WaiverDecision | None:
        """The auditor's decision on the claim that covers a finding."""
        return self._decided.get((finding.check, fold(finding.voucher)))

    def claimed(self, finding: Finding) -> Finding:
        """A finding as it stands: a warning that bears the claim, where one waits for the auditor."""
        waiver = self.of(finding)
        if waiver is None or self.decision_of(finding) is not None:
            return finding
        return finding._replace(severity="warning", claim=Claim(waiver.reason, waiver.approval))


def is_never_waived(check: str) -> bool:
    """Whether nobody can agree to let a check's findings pass."""
    return check in NOT_WAIVABLE or check.startswith("audit-")
