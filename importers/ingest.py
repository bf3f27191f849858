"""The door of an import: which files, and whether there is anything to do at all; then `importers.pipeline` does it.

The pipeline with its readers, and the books, are loaded only behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from importers.archive.index import FiledIndex
from importers.report import Report
from importers.sources.walk import files_in
from ledger.files import INBOX
from ledger.files import MAIN
from ledger.files import RULES
from ledger.files.pending import read_pending
from ledger.files.writer import CaseWriter
from ledger.loading.safe_folder import refuse_unsafe
from ledger.util.gc_pause import collector_at_rest

if TYPE_CHECKING:
    from importers.context import Progress

_TRANSACTION = re.compile(rb"^[ \t]*\d+[-/]\d+[-/]\d+[ \t]+(?:txn\b|[^a-z\s])", re.MULTILINE)
_TAKES_BACK = b"takes-back:"  # as `ledger.case.entry_reader` has it


def import_files(
    folder: Path,
    files: Sequence[Path] = (),
    *,
    account: str = "",
    opening_balance: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    by: str = "",
) -> Report:
    """Import `files`, or everything in the inbox, into the case in `folder`.

    A file that cannot be read is refused with its reason and left where it is; the others are imported. Files
    of the inbox move to documents/, others are copied there. `account` is the bank account of statements that
    name none, `opening_balance` (NT$) the balance before a statement whose first line does not tell its direction.
    `by` is who imports, as the history names them. `progress` may call the import off (see `importers.context.Progress`).
    Raises CaseNotFoundError, UnsafeCaseError, UnreadableBooksError, NoAwardError, RulesError, WriteRefusedError,
    ImportCancelledError.
    """
    chosen = files_to_import(folder, files)
    if dry_run:
        from importers.pipeline import foresee  # noqa: PLC0415 -- see above

        foreseen = foresee(
            folder, chosen, account=account, opening_balance=opening_balance, progress=progress
        )
        return foreseen.report
    with collector_at_rest(), CaseWriter(folder) as writer:
        if not chosen and _has_nothing_new(folder):
            return Report()
        from importers.pipeline import import_all  # noqa: PLC0415 -- see above

        return import_all(writer, chosen, account, opening_balance, progress, by)


def files_to_import(folder: Path, files: Sequence[Path] = ()) -> list[Path]:
    """The files that are named, or those of the inbox."""
    inbox = folder / INBOX
    return files_in(list(files) or ([inbox] if inbox.is_dir() else []))


def _has_nothing_new(folder: Path) -> bool:
    """Whether an import of no files has nothing to judge anew, told without loading the books.

    Either nothing was ever booked and nothing waits, or all stands as the last import left it. A picture that waits
    may be gone from the inbox, a line of `pending.jsonl` that nobody can read is told every time, and which line
    another takes back hangs on the statements beside it: these are for the pipeline. Raises UnsafeCaseError.
    """
    main = folder.resolve() / MAIN
    if not main.is_file():
        return False  # no case: the pipeline says so
    sources = refuse_unsafe(main, incoming=True)
    pending = read_pending(folder)
    books = sources.files.values()
    if pending.broken or pending.of_kind("document") or any(_TAKES_BACK in content for content in books):
        return False
    if FiledIndex(folder).is_unchanged:
        return True
    if len(pending) or (folder / RULES).exists():  # rules that no import has read may be wrong
        return False
    return not any(map(_TRANSACTION.search, books))
