"""`undo` and `restore`: one operation of the history taken back, while what came after it stays.

What it added has to stand unchanged, and the months it touched have to be open. Shares of later vouchers that move by
it are set anew. The files of an import go back to the inbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.case.case import Case
from ledger.entries.builder import with_amounts
from ledger.entries.builder import with_splits
from ledger.files import AUDIT_FILE
from ledger.files import PENDING
from ledger.files import RULES
from ledger.files import SUMS
from ledger.files.history import BY_HAND
from ledger.files.history import START
from ledger.files.history import Change
from ledger.files.history import History
from ledger.files.history import Operation
from ledger.files.text_blocks import changed_blocks
from ledger.files.text_blocks import gone_and_come
from ledger.files.text_blocks import taken_back
from ledger.operations.as_of import entries_with
from ledger.operations.edit import Context
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.edit import effect_of
from ledger.operations.edit import split_amounts
from ledger.operations.rebooking.payment_shares import payment_shares
from ledger.util.i18n import _

_NOTHING_WHEN_EMPTY = frozenset({PENDING, RULES, SUMS})  # made where needed
_UNDONE, _REDONE = "復原:", "重做:"
_NEVER = frozenset({START, "new", "close", "reopen"})


class _StoodOnError(OperationError):
    """An operation on whose entries a later one stands."""


class Undone(NamedTuple):
    """An operation to take back: which, what is planned, and the files that go back (from, to)."""

    operation: Operation
    planned: Planned
    moves: tuple[tuple[str, str], ...]


def undone(operations: Sequence[Operation]) -> frozenset[str]:
    """The ids of the operations that stand taken back: by one that was not taken back itself since."""
    found: set[str] = set()
    for operation in reversed(operations):
        if operation.undoes and operation.id not in found:
            found.add(operation.undoes)
    return frozenset(found)


def last_undoable(history: History) -> Operation:
    """The last operation that is no undo and stands. Raises OperationError."""
    operations = history.operations()
    gone = undone(operations)
    for operation in reversed(operations):
        if operation.kind not in {*_NEVER, BY_HAND, "undo"} and operation.id not in gone:
            return operation
    raise OperationError(_("沒有可以復原的操作"))


def plan_undo(context: Context, history: History, operation: Operation, *, kind: str = "undo") -> Undone:
    """Work out taking `operation` back. Raises OperationError where it cannot be."""
    case = context.case
    if kind == "restore" and operation.kind != "remove":
        raise OperationError(_("操作 {id} 不是移除;要取消其他操作請用 grant undo").format(id=operation.id))
    if operation.id in undone(history.operations()):
        raise OperationError(_("這個操作已經復原過了"))
    changes = history.changes(operation)
    try:
        texts = _texts(context, operation, changes)
    except _StoodOnError as error:
        raise OperationError(_named(error, history, operation)) from None
    entries = _entries(context, texts)
    after_entries = entries_with(context, texts)
    after = Case(after_entries, folder=case.folder, as_of=case.as_of)
    amounts, splits = split_amounts(after, after, set(), after.expected_splits)
    base = _base(after)

    def text_now(path: Path) -> str:
        name = path.relative_to(base).as_posix()
        return texts[name] or "" if name in texts else context.text_of(name)

    shared = Case(with_splits(after_entries, amounts), folder=case.folder, as_of=case.as_of)
    paid = payment_shares(case, shared, text_now)
    if paid.entries:
        after = Case(
            [paid.entries.get(id(entry), entry) for entry in after_entries],
            folder=case.folder,
            as_of=case.as_of,
        )
    for path, lines in paid.amounts.items():
        amounts[path] |= lines
    for path, lines in amounts.items():
        texts[path.relative_to(base).as_posix()] = with_amounts(text_now(path), lines)
    effect = effect_of(case, after, context.judge, entries=entries, splits=splits)
    planned = Planned(kind, _text(operation, kind), texts, case, after, effect)
    return Undone(operation, planned, tuple((target, source) for source, target in operation.moves))


def _text(operation: Operation, kind: str) -> str:
    """What the operation is called in the log: of an undo taken back, what was undone is done again."""
    for mark, instead in ((_UNDONE, _REDONE), (_REDONE, _UNDONE)):
        if operation.text.startswith(mark):
            return instead + operation.text.removeprefix(mark)
    return f"{_UNDONE if kind == 'undo' else '恢復:'}{operation.text}"


def _entries(context: Context, texts: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """The entries that come, go or change, by their texts before and after."""
    return [
        change
        for name, text in sorted(texts.items())
        if name.endswith(".beancount")
        for change in changed_blocks(context.text_of(name), text or "")
    ]


def _named(error: OperationError, history: History, operation: Operation) -> str:
    """Why an operation cannot be undone alone, with the later ones that stand on it."""
    operations = history.operations()
    gone = undone(operations)
    added: dict[str, set[str]] = {}
    for change in history.changes(operation):
        added[change.name] = set(_gone_and_come(change)[1])
    on_it = []
    for later in operations[int(operation.id) :]:
        if later.id in gone or later.undoes in gone:
            continue
        for change in history.changes(later):
            taken, put = _gone_and_come(change)
            if taken & added.get(change.name, set()):
                added[change.name] |= put
                on_it.append(later)
    if not on_it:
        return str(error)
    told = _("、").join(_("{id}「{text}」").format(id=one.id, text=one.text) for one in dict.fromkeys(on_it))
    return _("「{text}」不能單獨復原:之後的操作 {later} 改過同一筆資料,請先由後往前復原這些操作").format(
        text=operation.text, later=told
    )


def _gone_and_come(change: Change) -> tuple[frozenset[str], frozenset[str]]:
    before, after = _decoded(change.before), _decoded(change.after)
    return gone_and_come(before, after, is_ledger=change.name.endswith(".beancount"))


def refusal(context: Context, history: History, operation: Operation) -> str:
    """Why an operation cannot be undone; empty where it can."""
    if operation.id in undone(history.operations()):
        return _("這個操作已經復原過了")
    try:
        _texts(context, operation, history.changes(operation))
    except OperationError as error:
        return str(error)
    return ""


def _texts(context: Context, operation: Operation, changes: Sequence[Change]) -> dict[str, str | None]:
    """Each file's text without the operation; None where the file goes. Raises OperationError."""
    if operation.kind in _NEVER:
        raise OperationError(
            _("「{text}」不能復原;月結請用 grant reopen 重開").format(text=operation.text)
            if operation.kind == "close"
            else _("「{text}」不能復原").format(text=operation.text)
        )
    texts: dict[str, str | None] = {}
    for change in changes:
        if change.name == AUDIT_FILE:
            raise OperationError(_("查核紀錄只能由查核人員以新的紀錄取代,不能復原"))
        now = context.text_of(change.name)
        text = taken_back(
            _decoded(change.before), _decoded(change.after), now, is_ledger=change.name.endswith(".beancount")
        )
        if text is None:
            raise _StoodOnError(
                _("之後的操作改過同一筆資料,不能單獨復原「{text}」;請先復原後來的操作(grant log)").format(
                    text=operation.text
                )
            )
        goes = not text.strip() and (change.before is None or change.name in _NOTHING_WHEN_EMPTY)
        texts[change.name] = None if goes else text
    _refuse_closed(context.case, texts)
    return texts


def _refuse_closed(case: Case, texts: Mapping[str, str | None]) -> None:
    closed = sorted(month for month in case.closed_months if f"books/{month}.beancount" in texts)
    if closed:
        raise OperationError(
            _("{months} 已月結,不能復原;請先以 grant reopen 重開該月").format(months=_("、").join(closed))
        )


def _decoded(content: bytes | None) -> str:
    return (content or b"").decode("utf-8-sig", "replace")


def _base(case: Case) -> Path:
    assert case.folder is not None  # noqa: S101 -- load_case() has set it
    return case.folder.resolve()
