"""Closing a month, where the books are judged and the figures worked out; and opening it again."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any
from typing import NamedTuple

from checks.engine.runner import run_checks
from checks.runs.check_case import settings_of
from checks.runs.check_case import unreadable
from checks.runs.in_error import in_error
from ledger.case.case import Case
from ledger.case.closes.close_missing import Missing
from ledger.case.closes.close_missing import missing_for_close
from ledger.case.month_close import CloseError
from ledger.case.month_close import MonthFigures
from ledger.case.month_close import close_directive
from ledger.case.month_close import month_figures
from ledger.case.month_close import reopen_directive
from ledger.case.month_close import worked_out
from ledger.entries.builder import as_text
from ledger.entries.builder import with_amounts
from ledger.errors import GrantError
from ledger.files.pending import read_pending
from ledger.files.writer import CaseWriter
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.loading.loader import main_file
from ledger.operations.apply import Ready
from ledger.operations.commit import commit_operation
from ledger.operations.rebooking.reshare import reshare
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.i18n import _


class StrictCloseError(GrantError):
    """`--strict`, and errors stand in the month."""


class ClosedMonth(NamedTuple):
    """A month as closed: its figures, the number of findings in it, and the case it was closed in.

    `missing` is what was not there, `in_error` what of the sum that may be withdrawn stands in error, in NT$.
    """

    figures: MonthFigures
    findings: int
    was_closed: bool
    case: Case
    missing: tuple[Missing, ...] = ()
    in_error: int = 0

    def as_json(self) -> dict[str, Any]:
        """As `grant close --json` shows it."""
        return self.figures.as_json() | {
            "missing": [missing.as_json() for missing in self.missing],
            "in_error": self.in_error,
        }


def close_month(
    folder: Path,
    month: str,
    date: datetime.date | None,
    *,
    strict: bool,
    early: str = "",
    today: datetime.date | None = None,
) -> ClosedMonth:
    """Close a month of the case in `folder`, dated `date` or the month's last day.

    The shares of its vouchers are set right first. `early` is why it is closed before it is over. Raises
    CaseNotFoundError; CloseError for unreadable books, a month that is not over, out of order or closed with other
    content; StrictCloseError; WriteRefusedError.
    """
    main_file(folder)
    with CaseWriter(folder) as writer:
        closed = stage_close(
            writer, load_case(folder, datetime.date.max), month, date, strict=strict, early=early, today=today
        )
        if not closed.was_closed:
            commit_close(writer, month)
    return closed


def stage_close(
    writer: CaseWriter,
    loaded: Loaded,
    month: str,
    date: datetime.date | None,
    *,
    strict: bool = False,
    early: str = "",
    today: datetime.date | None = None,
) -> ClosedMonth:
    """What `close_month` writes, handed to the writer and not written yet: it tells what the close would be.

    `loaded` is the case as it is on disk. Raises as `close_month` does.
    """
    last, now = month_last_day(month), today or datetime.date.today()
    closed_on = date or (min(last, now) if early else last)
    folder = writer.folder
    file = f"books/{month}.beancount"
    broken = unreadable(loaded)
    if broken:
        first = broken[0]
        raise CloseError(
            _("{file} 第 {line} 行:{message}").format(
                file=Path(first.file).name, line=first.line, message=first.message
            )
        )
    closed = loaded.case.closed_months.get(month)
    if closed is None and not early and min(date or now, now) < last:
        raise CloseError(
            _("{month} 還沒結束(最後一天是 {last}),不能月結;確有必要請加 --early 並說明理由").format(
                month=month, last=last
            )
        )

    def name_of(path: Path) -> str:
        return path.relative_to(folder.resolve()).as_posix()

    case, entries, amounts = reshare(
        loaded.case, loaded.entries, last, lambda path: writer.text(name_of(path))
    )
    for path, lines in amounts.items():
        writer.write(name_of(path), with_amounts(writer.text(name_of(path)), lines))
    writer.append(file, "\n")  # a blank line, so that what comes after it adds to no entry
    judged = Case(entries, folder=case.folder, as_of=max(closed_on, last))
    found = run_checks(judged, settings=settings_of(loaded.options))
    in_month = [finding for finding in found if finding.date and month_of(finding.date) == month]
    if strict and any(finding.severity == "error" for finding in in_month):
        raise StrictCloseError(_("{month} 還有錯誤未解決,沒有月結").format(month=month))
    directive = close_directive(case, month, closed_on, len(in_month), writer.text(file), early)
    if directive is not None:
        writer.append(file, as_text([directive]))
    return ClosedMonth(
        figures=month_figures(case, month, closed_on),
        findings=len(in_month),
        was_closed=directive is None,
        case=case,
        missing=tuple(missing_for_close(case, month, read_pending(folder))),
        in_error=in_error(
            case,
            entries,
            [finding for finding in found if finding.date and finding.date <= last],
            lambda tried: worked_out(tried, month, closed_on).withdrawable,
        ),
    )


def commit_close(writer: CaseWriter, month: str, by: str = "") -> str:
    """Write what `stage_close` handed over; gives the operation's id. Raises WriteRefusedError."""
    return commit_operation(writer, "close", f"月結 {month}", by=by)


def reopen_month(folder: Path, month: str, reason: str, date: datetime.date) -> str:
    """Re-open a closed month, and the months after it, by an entry that says why; gives the operation's id.

    Raises CaseNotFoundError; CloseError where the month is not closed, no reason is given, or the day is before
    its close; WriteRefusedError.
    """
    main_file(folder)
    with CaseWriter(folder) as writer:
        return plan_reopen(load_case(folder, datetime.date.max), month, reason, date).write(writer)


def plan_reopen(loaded: Loaded, month: str, reason: str, date: datetime.date, by: str = "") -> Ready:
    """`reopen_month` worked out, for whoever shows it first. Raises CloseError."""
    entry = reopen_directive(loaded.case, month, reason, date)
    text = f"重開 {month}({reason})"

    def write(writer: CaseWriter) -> str:
        writer.append(f"books/{month}.beancount", "\n" + as_text([entry]))
        return commit_operation(writer, "reopen", text, by=by)

    return Ready("reopen", text, write)
