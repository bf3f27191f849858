"""What waits in a case, for its next steps: files, questions, errors, deadlines."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from checks.engine.finding import Finding
from checks.engine.settings import Settings
from checks.runs.forecast import upcoming
from ledger.case.case import Case
from ledger.files import INBOX
from ledger.operations.doctor import Waiting

HORIZON_DAYS = 60


def waiting_of(
    case: Case,
    entries: Sequence[data.Directive],
    settings: Settings,
    findings: Iterable[Finding],
) -> Waiting:
    """The errors and the deadlines of the next `HORIZON_DAYS`; files and questions are the caller's to add."""
    errors = [found.message for found in findings if found.severity == "error"]
    coming = upcoming(case, entries, HORIZON_DAYS, settings)
    return Waiting((), 0, errors, [(each.finding.message, each.due) for each in coming if each.due])


def inbox_files(folder: Path) -> list[str]:
    """The names of what lies in a case's inbox."""
    inbox = folder / INBOX
    if not inbox.is_dir():
        return []
    return sorted(path.name for path in inbox.iterdir() if not path.name.startswith("."))
