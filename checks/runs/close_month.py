"""Closing a month, where the books are judged and the figures worked out; and opening it again."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from checks.runs.check_case import settings_of
from checks.runs.check_case import unreadable
from ledger.case.case import Case
from ledger.case.month_close import CloseError
from ledger.case.month_close import MonthFigures
from ledger.case.month_close import close_directive
from ledger.case.month_close import month_figures
from ledger.case.month_close import reopen_directive
from ledger.entries.builder import as_text
from ledger.errors import GrantError
from ledger.files.writer import CaseWriter
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.loading.loader import main_file
from ledger.operations.commit import commit_operation
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.i18n import _


class StrictCloseError(GrantError):
    """`--strict`, and errors stand in the month."""


class ClosedMonth(NamedTuple):
    """A month as closed: its figures, the number of findings standing in it, and the case it was closed in."""

    figures: MonthFigures
    findings: int
    was_closed: bool
    case: Case


def close_month(folder: Path, month: str, date: datetime.date | None, *, strict: bool) -> ClosedMonth:
    """Close a month of the case in `folder`, dated `date` or the month's last day.

    Raises CaseNotFoundError; CloseError for unreadable books, a month out of order or closed with other
    content; StrictCloseError; WriteRefusedError.
    """
    closed_on = date or month_last_day(month)
    main_file(folder)
    with CaseWriter(folder) as writer:
        file = f"books/{month}.beancount"
        writer.append(file, "\n")  # a blank line, so that what comes after it adds to no entry
        above = writer.text(file)
        loaded = load_case(folder, datetime.date.max)
        broken = unreadable(loaded)
        if broken:
            raise CloseError(broken[0].message)
        standing = _standing(loaded, month, closed_on)
        if strict and any(finding.severity == "error" for finding in standing):
            raise StrictCloseError(_("{month} 還有錯誤未解決,沒有月結").format(month=month))
        directive = close_directive(loaded.case, month, closed_on, len(standing), above)
        if directive is not None:
            writer.append(file, as_text([directive]))
            commit_operation(writer, "close", f"月結 {month}")
    figures = month_figures(loaded.case, month, closed_on)
    return ClosedMonth(figures, len(standing), directive is None, loaded.case)


def reopen_month(folder: Path, month: str, reason: str, date: datetime.date) -> None:
    """Re-open a closed month, and the months after it, by an entry that says why.

    Raises CaseNotFoundError; CloseError where the month is not closed, no reason is given, or the day is before
    its close; WriteRefusedError.
    """
    main_file(folder)
    with CaseWriter(folder) as writer:
        loaded = load_case(folder, datetime.date.max)
        writer.append(
            f"books/{month}.beancount", "\n" + as_text([reopen_directive(loaded.case, month, reason, date)])
        )
        commit_operation(writer, "reopen", f"重開 {month}({reason})")


def _standing(loaded: Loaded, month: str, closed_on: datetime.date) -> list[Finding]:
    """The findings that stand in the month on the day it is closed."""
    case = Case(loaded.entries, folder=loaded.case.folder, as_of=max(closed_on, month_last_day(month)))
    found = run_checks(case, settings=settings_of(loaded.options))
    return [finding for finding in found if finding.date and month_of(finding.date) == month]
