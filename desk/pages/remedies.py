"""Where what the checks found is put right: the question that it waits for, or the voucher's own page."""

from __future__ import annotations

from typing import NamedTuple

from checks.engine.finding import Finding
from desk.case_desk import CaseDesk
from desk.pages.vouchers import name_of


class Remedy(NamedTuple):
    """What a finding is about, as the pages name it: its voucher and the open question; empty where there is none."""

    voucher: str
    question: str

    @property
    def tab(self) -> str:
        """The page where it is put right first of all."""
        return "questions" if self.question else "voucher" if self.voucher else "next"

    @property
    def about(self) -> str:
        """What is open there."""
        return self.question or self.voucher


def remedies(desk: CaseDesk, findings: list[Finding]) -> list[Remedy]:
    """Where each of the findings is put right."""
    vouchers = {id(voucher.entry): name_of(voucher) for voucher in desk.case.vouchers}
    asked = {one.target: one.id for one in desk.questions if one.target}
    return [
        Remedy(
            vouchers.get(id(finding.entry), finding.voucher),
            asked.get(str(finding.entry.meta.get("import-id") or ""), "") if finding.entry else "",
        )
        for finding in findings
    ]
