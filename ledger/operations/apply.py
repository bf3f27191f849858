"""Putting a planned operation into the case: the files, the note of the history, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.files.writer import CaseWriter
from ledger.operations.commit import commit_operation
from ledger.operations.edit import Planned


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
