"""One operation: what it changed file by file, and whether it can be taken back."""

from __future__ import annotations

import dataclasses

from audit.web.query import Query
from desk.case_desk import CaseDesk
from ledger.files.history import Change
from ledger.files.history import Operation
from ledger.operations.undo import refusal

_MOST_LINES = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What an operation changed in one file: lines that went and lines that came, and the text of both."""

    file: str
    removed: int
    added: int
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class OperationPage:
    """An operation, and why it cannot be undone; `refused` is empty where it can."""

    operation: Operation
    files: list[Difference]
    refused: str


def operation_page(desk: CaseDesk, query: Query) -> OperationPage | None:
    """The operation of the parameter `about`; None where there is none."""
    operation = desk.operation(query.text("about"))
    if operation is None:
        return None
    files = [_difference(change) for change in desk.history.changes(operation)]
    return OperationPage(operation, files, refusal(desk.context(), desk.history, operation))


def _difference(change: Change) -> Difference:
    told = change.difference(1)
    rows = told[2:] or told  # without the two lines that name the file
    shown = "\n".join(rows[:_MOST_LINES])
    return Difference(
        change.name,
        sum(row.startswith("-") for row in rows),
        sum(row.startswith("+") for row in rows),
        shown,
    )
