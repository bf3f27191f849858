"""復原: one operation of the history taken back."""

from __future__ import annotations

from desk.web.act_request import ActRequest
from ledger.files.history import History
from ledger.operations.apply import Ready
from ledger.operations.apply import ready
from ledger.operations.undo import plan_undo


def plan_undo_act(asked: ActRequest) -> Ready:
    """The operation of the field `operation` taken back. Raises HistoryError and OperationError."""
    history = History(asked.folder)
    try:
        operation = history.operation(asked.form.text("operation"))
        undone = plan_undo(asked.context, history, operation)
    finally:
        history.close()
    return ready(undone.planned, by=asked.by, undoes=operation.id, moves=undone.moves)
