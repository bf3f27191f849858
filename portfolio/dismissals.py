"""Findings across cases that somebody looked at and set aside, with the reason: `dismissals.toml` beside the index.

A dismissal is text that anybody can read, is shown with its finding, and never deletes it.
"""

from __future__ import annotations

import datetime
import os
import tomllib
from pathlib import Path
from typing import NamedTuple

from ledger.errors import GrantError
from ledger.util.i18n import _

FILE = "dismissals.toml"


class Dismissal(NamedTuple):
    """A finding set aside: its id, why, by whom and when."""

    id: str
    reason: str
    by: str
    date: datetime.date


def read_dismissals(folder: Path) -> dict[str, Dismissal]:
    """{id of the finding: its dismissal}. Raises GrantError where the file cannot be read."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("dismissed", [])
        found = [
            Dismissal(str(e["id"]), str(e["reason"]), str(e.get("by", "")), _day(e.get("date")))
            for e in entries
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise GrantError(_("{file} 讀不懂:{reason}").format(file=path, reason=error)) from error
    return {dismissal.id: dismissal for dismissal in found}


def _day(value: object) -> datetime.date:
    if not isinstance(value, datetime.date):
        raise TypeError(_("date 要寫成 2024-06-30"))
    return value


def dismiss(folder: Path, finding: str, reason: str, by: str, date: datetime.date) -> None:
    """Set a finding aside. Raises GrantError without a reason, or where it is set aside already."""
    import tomlkit  # noqa: PLC0415 -- only here something is written

    if not reason.strip():
        raise GrantError(_("請寫明理由(--reason)"))
    if finding in read_dismissals(folder):
        raise GrantError(_("{id} 已經排除過了,見 {file}").format(id=finding, file=folder / FILE))
    path = folder / FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig")) if path.is_file() else tomlkit.document()
    entry = tomlkit.table()
    entry.update({"id": finding, "reason": reason.strip(), "by": by, "date": date})
    entries = document.get("dismissed")
    if entries is None:
        entries = tomlkit.aot()
        document.append("dismissed", entries)
    entries.append(entry)
    draft = path.with_name(f".{FILE}.new")
    draft.write_text(tomlkit.dumps(document), encoding="utf-8", newline="")
    os.replace(draft, path)  # noqa: PTH105 -- says that it takes the old file's place
