"""What the checks find of a case, as operations compare it before and after (`ledger.operations.edit.Judge`)."""

from __future__ import annotations

from checks.engine.runner import run_checks
from ledger.case.case import Case


def judge(case: Case) -> list[tuple[str, str, str]]:
    """(check, voucher, message) of each finding, as of today.

    `original-unbooked` holds the files of the folder against the books: an operation that takes a voucher out also files
    that, or gives its file back, which stands in the folder only once it is written.
    """
    return [
        (found.check, found.voucher, found.message)
        for found in run_checks(case.today())
        if found.check != "original-unbooked"
    ]
