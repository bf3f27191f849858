"""Where a new case may be made: one folder below a served one, under a name that is a name on every system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from importers.templates.award_draft import AwardDraft
from ledger.errors import GrantError
from ledger.util.i18n import _

_LONGEST = 60  # characters: a Chinese one takes three bytes, and a system allows 255
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_DEVICES = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")  # no names of files on Windows


class FolderError(GrantError):
    """A folder that no case can be made in; the message says why."""


def folder_of(place: Path, name: str) -> Path:
    """The folder of a new case in the served folder `place`. Raises FolderError for a name that is none."""
    wanted = unicodedata.normalize("NFC", name).strip()
    if not wanted:
        raise FolderError(_("請填資料夾名稱"))
    if _UNSAFE.search(wanted) or any(unicodedata.category(letter)[0] == "C" for letter in wanted):
        raise FolderError(_('資料夾名稱不能有 / \\ : * ? " < > | 或看不見的字元'))
    if wanted.startswith(".") or wanted.endswith((".", " ")) or _DEVICES.fullmatch(wanted):
        raise FolderError(_("「{name}」不能當資料夾名稱,請改用別的名稱").format(name=wanted))
    if len(wanted) > _LONGEST:
        raise FolderError(_("資料夾名稱太長,最多 {most} 個字").format(most=_LONGEST))
    return place / wanted


def suggested_name(draft: AwardDraft) -> str:
    """A name out of what is filled in: the case's number and the company."""
    said = f"{draft.text('award.id')} {draft.text('company.name')}"
    return _UNSAFE.sub("-", unicodedata.normalize("NFC", said)).strip(". ")[:_LONGEST].strip()
