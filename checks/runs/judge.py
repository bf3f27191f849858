"""What the checks find of a case, as operations compare it before and after (`ledger.operations.edit.Judge`)."""

from __future__ import annotations

from checks.engine.runner import run_checks
from ledger.case.case import Case


def judge(case: Case) -> list[tuple[str, str, str]]:
    """(check, voucher, message) of each finding."""
    return [(found.check, found.voucher, found.message) for found in run_checks(case)]
