"""What was done to the case lately, in words, from its own history; the page tells what is new since the last visit."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from audit.case_view import View
from ledger.errors import GrantError

_MOST = 40


class RecentChange(NamedTuple):
    """One operation of the case's history: its number, the day, who, and what in words."""

    number: int
    date: datetime.date
    by: str
    text: str


def recent_changes(view: View) -> list[RecentChange]:
    """The last operations, the latest first; empty where the case has no history of ours."""
    return view.cached("recent changes", _recent)


def _recent(view: View) -> list[RecentChange]:
    folder = view.case.folder
    if folder is None:
        return []
    from ledger.files.history import History  # noqa: PLC0415 -- dulwich takes a while to import

    history = History(folder)
    try:
        operations = history.operations()
    except GrantError:  # a damaged history is doctor's to tell
        return []
    finally:
        history.close()
    return [
        RecentChange(int(each.id), each.date, each.by, each.text) for each in reversed(operations[-_MOST:])
    ]
