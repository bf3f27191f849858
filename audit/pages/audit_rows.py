"""查核: the auditor's rows: declared, deducted, accepted, state, comment, who signed."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from audit.audit_trail import Thread
from audit.audit_trail import VoucherAudit
from audit.audit_trail import lost_threads
from audit.audit_trail import rows_of
from audit.case_view import View
from audit.pages.clauses import clauses
from audit.pages.filters import Choices
from audit.pages.filters import Filter
from audit.pages.filters import choices
from audit.pages.filters import count_of
from audit.pages.filters import in_order
from audit.pages.filters import items_of
from audit.pages.filters import wanted
from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query


class AuditRow(NamedTuple):
    """A row of the page: the voucher with what was filed, what it bought, and the doubts about it."""

    row: VoucherAudit
    items: str
    categories: tuple[str, ...]
    errors: int
    warnings: int
    checks: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class AuditRowsPage:
    """All that the page shows; sums in NT$ are of all rows listed, states count the whole case."""

    rows: Page[AuditRow]
    declared: int
    disallowed: int
    parked: int
    states: list[tuple[str, int]]
    signed: int
    signable: list[str]
    lost: list[Thread]
    choices: Choices
    asked: Filter
    clauses: list[str]

    @property
    def accepted(self) -> int:
        """What counts of what is listed."""
        return self.declared - self.disallowed - self.parked


def audit_rows_page(view: View, query: Query) -> AuditRowsPage:
    """The rows that the query asks for."""
    asked = Filter.of(query)
    everything = rows_of(view)
    rows = in_order(view, [row for row in everything if wanted(view, row, asked)], asked.sort)
    counts: dict[str, int] = {}
    for row in everything:
        counts[row.state] = counts.get(row.state, 0) + 1
    order = ("", "open", "replied", "parked", "disallowed", "accepted")
    return AuditRowsPage(
        rows=_paged(view, rows, query.number("page", 1)),
        declared=sum(row.declared for row in rows),
        disallowed=sum(row.disallowed for row in rows),
        parked=sum(row.parked for row in rows),
        states=[(state, counts[state]) for state in order if state in counts],
        signed=sum(row.is_signed for row in everything),
        signable=[
            thread.id
            for row in rows
            for thread in row.threads
            if not thread.signed_by and not thread.is_changed and thread.state in {"accepted", "disallowed"}
        ],
        lost=lost_threads(view),
        choices=choices(view),
        asked=asked,
        clauses=clauses(view),
    )


def _paged(view: View, rows: list[VoucherAudit], number: int) -> Page[AuditRow]:
    page = paged(rows, number)
    shown = [
        AuditRow(
            row=row,
            items=items_of(row, row.keyed.voucher.lines),
            categories=tuple(dict.fromkeys(line.category for line in row.keyed.voucher.lines)),
            errors=count_of(view, row, "error"),
            warnings=count_of(view, row, "warning"),
            checks=tuple(dict.fromkeys(each.check for each in view.findings_of(row.keyed.voucher))),
        )
        for row in page.rows
    ]
    return Page(shown, page.number, page.pages, page.total, page.first)
