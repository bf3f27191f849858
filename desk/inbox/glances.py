"""What a file that just came is, in a line; and whether the inbox is still the one that was shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desk.inbox.store import InboxError
from desk.inbox.store import Put
from desk.inbox.store import file_named
from importers.ingest import files_to_import
from importers.preview.preview import glance
from importers.preview.preview import state_of
from ledger.model.award import Award
from ledger.util.i18n import _


def told_of(folder: Path, put: Put, award: Award | None) -> dict[str, Any]:
    """What the page's script shows of a file as soon as it was sent."""
    told: dict[str, Any] = {
        "given": put.given,
        "outcome": put.outcome,
        "reason": put.reason,
        "name": put.name,
    }
    if not put.is_there:
        return told
    seen = glance(folder, file_named(folder, put.name), award)
    period = " – ".join(dict.fromkeys(str(day) for day in (seen.first, seen.last) if day))
    rows = _("{count} 筆").format(count=seen.rows) if seen.rows else ""
    parts = [seen.what, seen.account, period, rows]
    return told | {"what": " · ".join(filter(None, parts)), "problem": seen.problem, "advice": seen.advice}


def refuse_another_inbox(folder: Path, shown: str) -> None:
    """Raise InboxError where the inbox, or the books, are no longer what the page showed."""
    if shown != state_of(folder, files_to_import(folder)):
        raise InboxError(_("收件匣或帳在這期間變了,沒有匯入;請看過新的預覽再按一次"))
