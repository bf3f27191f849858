"""What is next in a case and by when, for its card: told by what is cheap to look at, without loading the books."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from importers.ingest import files_to_import
from ledger.case.case import Case
from ledger.files.pending import read_pending
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import next_month
from ledger.util.i18n import _
from portfolio.index import FILE
from portfolio.index import PortfolioError
from portfolio.index import reading


class NextUp(NamedTuple):
    """One thing to do, and the last day for it where there is one."""

    text: str
    by: datetime.date | None = None

    def is_late(self, today: datetime.date) -> bool:
        """Whether its day is gone."""
        return self.by is not None and self.by < today


class Indexed(NamedTuple):
    """What the portfolio's index says of a case: its errors, the money they are about (NT$), and of which day."""

    errors: int
    amount: int
    day: datetime.date | None


def next_month_to_close(case: Case) -> str:
    """The month that is closed next; empty where all are, or the case has none."""
    award = case.award
    if award is None or case.scheme is None or case.scheme.coaching is not None:
        return ""
    month = next_month(max(case.closed_months)) if case.closed_months else month_of(award.start)
    return month if month <= month_of(award.end) else ""


def next_up(folder: Path, month: str, end: datetime.date | None, today: datetime.date) -> NextUp | None:
    """What is next: files that wait, then questions, then the month to close (`month`), then the settlement."""
    if waiting := _files(folder):
        return NextUp(_("匯入收件匣的 {count} 個檔案").format(count=waiting))
    if asked := _questions(folder):
        return NextUp(_("回答 {count} 個問題").format(count=asked))
    if month and month_last_day(month) < today:
        return NextUp(_("月結 {month}").format(month=month), month_last_day(next_month(month)))
    if month:
        return NextUp(_("{month} 結束後月結").format(month=month), month_last_day(month))
    if end is not None and end < today:
        return NextUp(_("結案:期末報告、繳庫與請款"))
    return None


def _files(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return len(files_to_import(folder))
    return 0


def _questions(folder: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        return sum(each.is_open for each in read_pending(folder))
    return 0


_INDEXES: dict[Path, tuple[tuple[int, int], dict[str, Indexed]]] = {}  # by file: its stamp, the cases by path


def indexed(place: Path, folder: Path) -> Indexed | None:
    """What the index of the served folder `place` says of a case below it; None where there is none to be read."""
    file = place / FILE
    try:
        at = file.stat()
    except OSError:
        return None
    stamp = (at.st_mtime_ns, at.st_size)
    if file not in _INDEXES or _INDEXES[file][0] != stamp:
        _INDEXES[file] = (stamp, _read(place))
    return _INDEXES[file][1].get(folder.relative_to(place).as_posix())


def _read(place: Path) -> dict[str, Indexed]:
    """The cases of an index; none where somebody is just writing it, or it is none of ours."""
    rows: Sequence[tuple[str, int, int, datetime.date | None]] = []
    with contextlib.suppress(PortfolioError, duckdb.Error), reading(place) as connection:
        rows = connection.execute("SELECT path, errors, at_stake, as_of FROM cases").fetchall()
    return {path: Indexed(errors or 0, amount or 0, day) for path, errors, amount, day in rows}
