"""Writing to audit.beancount and nowhere else: only what a person has seen and confirmed, on the file they saw."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data
from beancount.parser import parser

from ledger.case.audit_acts import acts_in
from ledger.entries.builder import as_text
from ledger.entries.digest import act_digest
from ledger.errors import GrantError
from ledger.files import AUDIT_FILE
from ledger.files.prefix_digest import mark_of
from ledger.files.prefix_digest import seen_of
from ledger.files.writer import CaseWriter
from ledger.files.writer import WriteRefusedError
from ledger.operations.commit import commit_operation
from ledger.util.i18n import _

Build = Callable[[str], Sequence[data.Custom]]


class StaleError(GrantError):
    """The file is no longer what the page saw. `added` is what came after it; None where it was rewritten."""

    def __init__(self, added: str | None) -> None:
        super().__init__()
        self.added = added


def seen(folder: Path) -> str:
    """The mark of audit.beancount as it is now."""
    return mark_of(_bytes(folder))


def _bytes(folder: Path) -> bytes:
    path = folder / AUDIT_FILE
    return path.read_bytes() if path.is_file() else b""


def refuse_stale(folder: Path, page: str) -> None:
    """Raise StaleError unless the file is what the page saw (`seen`)."""
    now = _bytes(folder)
    kept = seen_of(now, page)
    if kept != len(now):
        raise StaleError(None if kept is None else now[kept:].decode("utf-8", "replace").strip())


def file_entries(folder: Path, page: str, build: Build, case_id: str = "") -> None:
    """Append what `build` gives for the file's text, if the file still is what the page saw; `case_id` as in `chain`.

    Raises StaleError, WriteRefusedError, and whatever `build` raises; then nothing was written.
    """
    with CaseWriter(folder) as writer:
        refuse_stale(folder, page)
        append_acts(writer, build(writer.text(AUDIT_FILE)), case_id)
        commit_operation(writer, "audit", "登錄查核紀錄")


def append_acts(writer: CaseWriter, entries: Sequence[data.Custom], case_id: str = "") -> None:
    """Stage acts at the end of the file, each chained to the one before. Raises WriteRefusedError."""
    chain(entries, writer.text(AUDIT_FILE), case_id)
    text = as_text(entries)
    refuse_unreadable(text, entries)
    writer.append(AUDIT_FILE, "\n" + text)


def chain(entries: Sequence[data.Custom], before: str, case_id: str = "") -> None:
    """Make each act name the one before it (`previous`), the first of them the last of the file's text.

    The first of all names the case, so that a chain that was begun in another one is told from this one's.
    """
    head = acts_in(before).head
    for entry in entries:
        if not head and case_id:
            entry.meta["case"] = case_id
        entry.meta["previous"] = head
        head = act_digest(entry)


def refuse_unreadable(text: str, entries: Sequence[data.Custom]) -> None:
    """Raise WriteRefusedError unless Beancount reads the text back as these very entries."""
    read, errors, _options = parser.parse_string(text)
    read = sorted(read, key=lambda entry: int(entry.meta["lineno"]))
    if errors or [_content(entry) for entry in read] != [_content(entry) for entry in entries]:
        raise WriteRefusedError(_("這些內容無法寫成帳本讀得懂的文字,沒有寫入任何東西"))


def _content(entry: data.Directive) -> object:
    if not isinstance(entry, data.Custom):
        return None
    meta = {key: value for key, value in entry.meta.items() if key not in {"filename", "lineno"}}
    return (entry.date, entry.type, [value.value for value in entry.values], meta)
