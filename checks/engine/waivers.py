"""Waivers: findings that the authority agreed to let pass. A waiver is shown, never silent."""

from __future__ import annotations

from typing import NamedTuple

from checks.engine.catalogue import NOT_WAIVABLE
from checks.engine.catalogue import catalogue
from checks.engine.finding import Check
from checks.engine.finding import Finding
from ledger.case.case import Case
from ledger.model.directives import Waiver
from ledger.util.text import fold


class Waived(NamedTuple):
    """A finding that the authority agreed to let pass, and the waiver that says so."""

    finding: Finding
    waiver: Waiver


class Waivers:
    """The waivers of a case, found by what they cover."""

    def __init__(self, case: Case) -> None:
        self._case = fold(case.award.id) if case.award else ""
        self._by_subject = {
            (waiver.check, self._subject(waiver.subject)): waiver
            for waiver in case.waivers
            if waiver.check not in NOT_WAIVABLE
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
