"""紀錄: what was done to the case, the last operation first."""

from __future__ import annotations

import dataclasses

from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from desk.case_desk import CaseDesk
from ledger.files.history import Operation
from ledger.operations.undo import undone


@dataclasses.dataclass(frozen=True, slots=True)
class LogPage:
    """The operations of one page; `undone` are the ids of those that were taken back."""

    rows: Page[Operation]
    undone: frozenset[str]


def log_page(desk: CaseDesk, query: Query) -> LogPage:
    """The operations whose words hold what is searched for (`q`), the last one first."""
    wanted = query.text("q").lower()
    found = [each for each in reversed(desk.operations) if wanted in f"{each.text} {each.by}".lower()]
    return LogPage(paged(found, query.number("page", 1)), undone(desk.operations))
