"""What is next in a case and by when, for its card: told by what is cheap to look at, without loading the books."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path
from typing import NamedTuple

from importers.ingest import files_to_import
from ledger.files.pending import read_pending
from ledger.util.dates import month_last_day
from ledger.util.dates import next_month
from ledger.util.i18n import _


class NextUp(NamedTuple):
    """One thing to do, and the last day for it where there is one."""

    text: str
    by: datetime.date | None = None

    def is_late(self, today: datetime.date) -> bool:
        """Whether its day is gone."""
        return self.by is not None and self.by < today


def close_by(month: str, today: datetime.date) -> datetime.date:
    """The day that a month is to be closed by: the end of the next, once it is over; else its own end."""
    last = month_last_day(month)
    return month_last_day(next_month(month)) if last < today else last


def next_up(folder: Path, month: str, end: datetime.date | None, today: datetime.date) -> NextUp | None:
    """What is next: files that wait, then questions, then the month to close (`month`), then the settlement."""
    if waiting := _files(folder):
        return NextUp(_("匯入收件匣的 {count} 個檔案").format(count=waiting))
    if asked := _questions(folder):
        return NextUp(_("回答 {count} 個問題").format(count=asked))
    if month:
        text = _("月結 {month}") if month_last_day(month) < today else _("{month} 結束後月結")
        return NextUp(text.format(month=month), close_by(month, today))
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
