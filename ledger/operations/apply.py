"""Putting a planned operation into the case: the files, the note of the history, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from typing import NamedTuple

from ledger.files.writer import CaseWriter
from ledger.operations.commit import commit_operation
from ledger.operations.edit import Effect
from ledger.operations.edit import Planned

NO_EFFECT = Effect([], [], [], [], [])


class Ready(NamedTuple):
    """An operation worked out, as a command and a page show it before they write it.

    `text` says what it is, `effect` what it changes, `told` what else there is to say of it, a line each. `write` puts
    it into the case that the writer has locked, and gives the operation's id.
    """

    kind: str
    text: str
    write: Callable[[CaseWriter], str]
    effect: Effect = NO_EFFECT
    told: tuple[str, ...] = ()


def ready(
    planned: Planned, *, by: str = "", undoes: str = "", moves: Sequence[tuple[str, str]] = ()
) -> Ready:
    """What was planned, with its writing; the rest as `apply` takes it."""
    return Ready(
        planned.kind,
        planned.text,
        lambda writer: apply(writer, planned, by=by, undoes=undoes, moves=moves),
        planned.effect,
    )


def apply(
    writer: CaseWriter,
    planned: Planned,
    *,
    by: str = "",
    undoes: str = "",
    moves: Sequence[tuple[str, str]] = (),
) -> str:
    """Write what was planned and record it; gives the operation's id. `moves` are files of the case (from, to).

    Raises WriteRefusedError; then nothing was written.
    """
    for name, text in planned.files.items():
        if text is None:
            writer.discard(writer.folder / name)
        else:
            writer.write(name, text)
    for source, target in moves:
        if (writer.folder / source).is_file():
            writer.move(writer.folder / source, target)
    return commit_operation(writer, planned.kind, planned.text, by=by, undoes=undoes)
