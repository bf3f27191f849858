"""Writing an operation: the files by the one writer, then its entry in the case's history.

A note of what is being done lies in `.grant/` meanwhile. Killed in between, the next operation finds the note and
records the change under its own name; without a note, what changed was changed by hand and is recorded as that.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from typing import Any

from ledger.files import MAIN
from ledger.files.disk import read_file
from ledger.files.writer import WORK_FOLDER
from ledger.files.writer import CaseWriter
from ledger.util.i18n import in_source_language

_NOTE = "operation.json"
_LOCALE = re.compile(r'(custom\s+"fava-option"\s+"locale"\s+")zh_Hant_TW(")')
_LANGUAGE = re.compile(r'(custom\s+"fava-option"\s+"language"\s+")zh_TW(")')
_BY_LINKS = "SELECT links, sum(position) WHERE account = 'Liabilities:1應付帳款' GROUP BY links"
UNPAID = (
    "SELECT coalesce(str(meta('number')), joinstr(links)) AS voucher, sum(position) AS unpaid "
    "WHERE account = 'Liabilities:1應付帳款' GROUP BY voucher HAVING not empty(sum(position))"
)  # the query of a case for what is not paid; a payment of several vouchers names each at its own posting
NEW = "new"  # the kind of the operation that makes a case: there is nothing before it
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def with_fava_settings(text: str) -> str:
    """A case's top file with Fava's settings as Fava and browsers take them.

    Older cases have a locale that is no tag of a browser's, so that no report opens, a language that Fava has not, or a
    query that its language of queries does not take.
    """
    text = text.replace(_BY_LINKS, UNPAID)
    return _LANGUAGE.sub(r"\1zh_Hant_TW\2", _LOCALE.sub(r"\1zh_TW\2", text))


def commit_operation(
    writer: CaseWriter, kind: str, text: str, *, by: str = "", undoes: str = "", **more: Any
) -> str:
    """Put everything staged in place and record it; gives the operation's id; nothing where nothing is staged.

    `kind` is a word of the program (`correct`, `import` …), `text` one line for the accountant, in Chinese whatever
    language is spoken. `more` is kept with it. Raises what `CaseWriter.commit` raises; then nothing was written.
    """
    if writer.is_empty:
        writer.commit()
        return ""
    main = writer.text(MAIN)
    if with_fava_settings(main) != main:
        writer.write(MAIN, with_fava_settings(main))
    from ledger.files.history import History  # noqa: PLC0415 -- takes a while: see there

    described = {"kind": kind, "text": text, "by": by, "undoes": undoes, "moves": writer.moved, **more}
    history = History(writer.folder)
    note = writer.folder / WORK_FOLDER / _NOTE
    try:
        if kind != NEW:
            with in_source_language():
                history.adopt(_noted(note))
        number = len(history.operations()) + 1  # before anything is written: a history may be damaged
        note.unlink(missing_ok=True)
        _write_note(note, described)
        writer.commit()
        history.record(described)
        note.unlink(missing_ok=True)
        return str(number)
    finally:
        history.close()


def _write_note(note: Path, described: dict[str, Any]) -> None:
    handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o644)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(described, file)  # escaped: a name of a file need not be text


def _noted(note: Path) -> dict[str, Any] | None:
    """The note that a killed operation left; None where there is none, or none of ours."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(read_file(note).decode("utf-8"))
        if isinstance(found, dict) and isinstance(found.get("text"), str):
            return found
    return None
