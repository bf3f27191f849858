"""Which of the papers that a case is asked for are there, and what it means that one is not."""

from __future__ import annotations

from ledger.case.case import Case
from ledger.case.recovery import ended_by
from ledger.model.records import month_paid
from ledger.model.records import person_of
from ledger.schemes.model import RequiredEvidence
from ledger.util.text import fold

FORFEITS = "all-due-back"
TIMESHEET = "timesheet"


def is_filed(case: Case, kind: str, voucher: str = "") -> bool:
    """Whether a paper of a kind is registered and its file is there; of a voucher where one is named."""
    return any(
        evidence.kind == kind
        and (not voucher or evidence.entry.meta.get("voucher") == voucher)
        and case.papers.has(evidence.path)
        for evidence in case.evidence
    )


def is_shown(case: Case, paper: RequiredEvidence) -> bool:
    """Whether a paper of the scheme is filed, or the milestone is registered that says the same."""
    reached = {milestone.kind for milestone in case.milestones}
    told = paper.id == TIMESHEET and _hours_are_told(case)
    return told or is_filed(case, paper.id) or paper.milestone in reached


def _hours_are_told(case: Case) -> bool:
    """Whether every month's pay has its time sheet in the books."""
    if not case.timesheets:
        return False
    from ledger.model.timesheets import in_force  # noqa: PLC0415 -- as in `case`

    sheets = in_force(case.timesheets)
    paid = {
        (fold(person_of(voucher)), month_paid(voucher))
        for voucher in case.vouchers
        if voucher.kind == "payroll" and voucher.cost > 0 and not voucher.is_reversal
    }
    return bool(paid) and paid <= sheets.keys()


def registration_missing(case: Case) -> bool:
    """Whether the case has ended without the paper that its whole grant hangs on.

    Then nothing more is paid and all that was received is due back, from the day after the end. Source: 004
    還有其他要注意的嗎 (期末結案時應提供特登證明文件,若未檢附者,不予撥付尾款,並追繳已撥付款項).
    """
    if case.award is None or case.scheme is None or case.as_of <= case.award.end:
        return False
    if ended_by(case.milestones) is not None:  # it never came to its own end
        return False
    return any(paper.if_missing == FORFEITS and not is_shown(case, paper) for paper in case.scheme.evidence)
