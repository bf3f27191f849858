"""Acts that were made on a bundle come back: appended unchanged after an act that holds both heads."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from audit.filing.audit_file import chain
from audit.filing.audit_file import refuse_unreadable
from audit.filing.findings import FilingError
from ledger.case.audit_acts import AuditActs
from ledger.case.audit_acts import acts_in
from ledger.case.audit_acts import begun_in
from ledger.case.audit_acts import chain_breaks
from ledger.case.audit_acts import name_of
from ledger.entries.builder import as_text
from ledger.files import AUDIT_FILE
from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.loading.parser_crash import parse_text
from ledger.model.directives import custom
from ledger.operations.commit import commit_operation
from ledger.util.i18n import _
from ledger.util.text import fold

_MOST_BYTES = 50_000_000


class Merged(NamedTuple):
    """What came back: how many acts, and what both sides said meanwhile of the same voucher or under one id."""

    acts: int
    conflicts: list[str]


def merge_acts(folder: Path, file: Path, day: datetime.date | None = None) -> Merged:
    """Append the acts of a returned audit file that the case has not, unchanged, after a `grant-merge`.

    Raises FilingError where the file cannot be read or its chain is broken; CaseNotFoundError, WriteRefusedError.
    """
    award = load_case(folder, datetime.date.max, keep_unread=True).case.award
    theirs = acts_in(_read(file), str(file))
    broken = [each for each in chain_breaks(theirs) if each.is_grave]
    if broken:
        raise FilingError(
            _("退回的查核紀錄 {name}:{reason};沒有併入").format(
                name=name_of(broken[0].entry), reason=broken[0].reason
            )
        )
    begun = begun_in(theirs.acts)
    if award is not None and begun and fold(begun) != fold(award.id):
        raise FilingError(_("{file} 是另一個案件({case})的查核紀錄;沒有併入").format(file=file, case=begun))
    with CaseWriter(folder) as writer:
        ours = acts_in(writer.text(AUDIT_FILE))
        common = _common(ours, theirs)
        returned = theirs.acts[common:]
        known = set(ours.digests)
        if not returned or all(digest in known for digest in theirs.digests[common:]):
            return Merged(0, [])
        entry = custom(
            day or datetime.date.today(),
            "merge",
            f"M-{1 + sum(each.type == 'grant-merge' for each in ours.acts):03}",
            theirs=theirs.head,
            ours=ours.head,
            acts=len(returned),
        )
        entry.meta["base"] = theirs.digests[common - 1] if common else ""
        chain([entry], writer.text(AUDIT_FILE), award.id if award else "")
        text = as_text([entry, *returned])
        refuse_unreadable(text, [entry, *returned])
        writer.append(AUDIT_FILE, "\n" + text)
        commit_operation(writer, "merge", f"併入 {len(returned)} 筆查核紀錄")
    return Merged(len(returned), _conflicts(ours.acts[common:], returned))


def _read(file: Path) -> str:
    """A returned file's text: readable by Beancount, and holding nothing but acts."""
    if not file.is_file() or file.stat().st_size > _MOST_BYTES:
        raise FilingError(_("找不到檔案 {file},或檔案太大").format(file=file))
    try:
        text = file.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        raise FilingError(_("{name} 不是 UTF-8 文字檔,沒有更動").format(name=file.name)) from None
    returned = acts_in(text, str(file))
    if not returned.acts:
        raise FilingError(_("{file} 裡沒有查核紀錄").format(file=file))
    entries, errors, _options = parse_text(text, str(file))
    if errors or len(entries) != len(returned.acts):
        raise FilingError(_("{file} 有讀不懂的地方,或有查核紀錄以外的內容;沒有併入").format(file=file))
    return text


def _common(ours: AuditActs, theirs: AuditActs) -> int:
    """How many acts both files begin with."""
    count = 0
    for one, other in zip(ours.digests, theirs.digests, strict=False):
        if one != other:
            break
        count += 1
    return count


def _conflicts(ours: list[data.Custom], returned: list[data.Custom]) -> list[str]:
    """What both sides judged meanwhile: the same voucher, or another matter under the same id."""
    told = []
    own_ids = {name_of(entry) for entry in ours}
    own_vouchers = {str(entry.meta.get("voucher") or "") for entry in ours} - {""}
    for entry in returned:
        voucher = str(entry.meta.get("voucher") or "")
        if name_of(entry) in own_ids:
            told.append(_("{name} 兩邊都有登錄").format(name=name_of(entry)))
        elif voucher in own_vouchers:
            told.append(_("憑證 {voucher} 兩邊都有登錄意見").format(voucher=voucher))
    return list(dict.fromkeys(told))
