"""The auditor's acts: which of a case's directives count as such, in which order, and where their chain is broken.

They count from `audit.beancount` at the top of the case and from nowhere else. What stands there is read from that
very file: metadata in a book of the company's may claim any file name for itself.
"""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from ledger.entries.digest import act_digest
from ledger.files import AUDIT_FILE
from ledger.loading.parser_crash import parse_text
from ledger.util.i18n import _
from ledger.util.text import fold

ACT_TYPES = frozenset({"grant-finding", "grant-sample", "grant-waiver-decision", "grant-merge"})

_BOM = b"\xef\xbb\xbf"


class ChainBreak(NamedTuple):
    """An act that is not as the chain wants it, and why."""

    entry: data.Custom
    reason: str
    is_grave: bool = True


class AuditActs(NamedTuple):
    """The acts that count, in the order of the file, with the digest of each; and those found elsewhere.

    `unread`: acts of the file that the books do not include.
    """

    acts: list[data.Custom]
    digests: list[str]
    head: str  # the digest that the next act names as its `previous`; empty where there is no act
    misplaced: list[data.Custom]
    unread: list[data.Custom]


def audit_acts(entries: Sequence[data.Directive], folder: Path | None) -> AuditActs:
    """The acts of a case. What has no file (a trial) counts after the file's; without a folder, all counts."""
    loaded = [entry for entry in entries if isinstance(entry, data.Custom) and entry.type in ACT_TYPES]
    if folder is None:
        return _told(loaded, [], [])
    filed = _filed(folder)
    found: dict[str, list[data.Custom]] = defaultdict(list)
    tried = [entry for entry in loaded if "filename" not in entry.meta]
    for entry in loaded:
        if "filename" in entry.meta:
            found[act_digest(entry)].append(entry)
    wanted = Counter(map(act_digest, filed)) if found or filed else Counter()
    path = str(_place(folder))
    misplaced = []
    for digest, same in found.items():
        same.sort(key=lambda entry: str(entry.meta["filename"]) != path)
        misplaced += same[wanted[digest] :]
    left = Counter({digest: len(same) for digest, same in found.items()})
    unread = []
    for entry in filed:
        digest = act_digest(entry)
        left[digest] -= 1
        if left[digest] < 0:
            unread.append(entry)
    return _told([*filed, *tried], misplaced, unread)


def _told(acts: list[data.Custom], misplaced: list[data.Custom], unread: list[data.Custom]) -> AuditActs:
    digests: list[str] = []
    head = _walk(acts, "", digests, [])
    return AuditActs(acts, digests, head, misplaced, unread)


def returned_count(entry: data.Custom) -> int:
    """How many acts after a `grant-merge` came back with it, a chain of their own; 0 for any other act."""
    count = entry.meta.get("acts") if entry.type == "grant-merge" else None
    return (
        int(count) if isinstance(count, Decimal) and count == count.to_integral_value() and count > 0 else 0
    )


def _walk(
    acts: Sequence[data.Custom], base: str, digests: list[str], breaks: list[ChainBreak], before: str = ""
) -> str:
    """Follow the chain of acts from `base`, filling in digests and what is broken; gives the digest of its end.

    What came back with a `grant-merge` stands after it, a chain from the act that both had last (`base`) to the head
    that the merge names (`theirs`). The chain itself goes on from the merge, which so vouches for all of them.
    """
    head, known, place, latest = base, {base}, 0, datetime.date.min
    while place < len(acts):
        entry = acts[place]
        digest = act_digest(entry, head)
        previous = entry.meta.get("previous")
        if previous is None:
            if base or any("previous" in each.meta for each in acts[:place]):
                breaks.append(ChainBreak(entry, _("沒有銜接前一筆查核紀錄(previous)")))
            else:
                head, known = digest, {digest}
        elif previous in known:
            head, known = digest, {digest}
        else:
            reason = _("與前一筆({before})銜接不上:前一筆被改過或刪去,或這一筆是插進來的")
            breaks.append(ChainBreak(entry, reason.format(before=before or _("(無)"))))
            head = digest
            known.add(digest)
        if entry.date < latest:
            late = _("日期 {date} 早於前一筆的 {latest};查核紀錄是依先後登錄的")
            breaks.append(ChainBreak(entry, late.format(date=entry.date, latest=latest), is_grave=False))
        if entry.type != "grant-merge":  # which is dated by when it came back
            latest = max(latest, entry.date)
        digests.append(digest)
        before, place = name_of(entry), place + 1
        count = returned_count(entry)
        if count:
            returned = acts[place : place + count]
            end = _walk(returned, str(entry.meta.get("base") or ""), digests, breaks, before)
            if end != entry.meta.get("theirs"):
                breaks.append(ChainBreak(entry, _("併入的查核紀錄與當時退回的不同:被改過、刪去或插入")))
            place += len(returned)
    return head


def acts_in(text: str, path: str = AUDIT_FILE) -> AuditActs:
    """The acts in the text of an audit file."""
    return _told(list(_parsed(text.encode("utf-8", "surrogatepass"), path)), [], [])


def _place(folder: Path) -> Path:
    return folder.resolve() / AUDIT_FILE


def _filed(folder: Path) -> tuple[data.Custom, ...]:
    path = _place(folder)
    if path.is_symlink() or not path.is_file():
        return ()
    try:
        return _parsed(path.read_bytes(), str(path))
    except OSError:
        return ()


@functools.lru_cache(maxsize=8)
def _parsed(content: bytes, path: str) -> tuple[data.Custom, ...]:
    """The acts in the order of the file; none where Beancount cannot read it (the case is then unreadable too)."""
    text = content.removeprefix(_BOM).decode("utf-8", "replace")
    try:
        entries, _errors, _options = parse_text(text, path)
        acts = [entry for entry in entries if isinstance(entry, data.Custom) and entry.type in ACT_TYPES]
        return tuple(sorted(acts, key=lambda entry: entry.meta["lineno"]))
    except Exception:  # noqa: BLE001 -- whatever Beancount stumbles over, it is in the file
        return ()


def name_of(entry: data.Custom) -> str:
    """What an act is called: its id, or the check and the voucher that a decision is about."""
    return " ".join(str(value.value) for value in entry.values or ()) or entry.type


def chain_breaks(acts: AuditActs, case_id: str = "") -> list[ChainBreak]:
    """Where the chain of a case's acts is broken; with `case_id`, also where it was begun in another case.

    Acts before the first that has `previous` are from before the chain and are told once: the first link covers
    them. An act that was put in, changed, or whose neighbour went, is named.
    """
    filed = [entry for entry in acts.acts if "filename" in entry.meta]
    first = next((place for place, entry in enumerate(filed) if "previous" in entry.meta), len(filed))
    found: list[ChainBreak] = []
    if first:
        reason = _("有 {count} 筆查核紀錄是在紀錄開始互相銜接之前登錄的,之後是否被改過無從查對")
        found.append(ChainBreak(filed[0], reason.format(count=first), is_grave=False))
    for place, entry in enumerate(filed):
        covered = place < first < len(filed)
        if _wants_digest(entry) and not entry.meta.get("digest") and not covered:
            found.append(ChainBreak(entry, _("沒有記載所查憑證的內容摘要(digest)")))
    strange = [entry for entry in filed if case_id and fold(begun_in([entry]) or case_id) != fold(case_id)]
    reason = _("是另一個案件({case})的查核紀錄")
    found += [ChainBreak(entry, reason.format(case=begun_in([entry]))) for entry in strange]
    _walk(filed, "", [], found)
    if acts.unread:
        reason = _("main.beancount 沒有納入 audit.beancount(include),其中的查核紀錄照樣計入")
        found.append(ChainBreak(acts.unread[0], reason))
    return found


def begun_in(acts: Sequence[data.Custom]) -> str:
    """The id of the case in which a chain of acts was begun, which its first act says; empty where none says it."""
    return next((str(entry.meta["case"]) for entry in acts if entry.meta.get("case")), "")


def _wants_digest(entry: data.Custom) -> bool:
    return entry.type == "grant-waiver-decision" or (
        entry.type == "grant-finding" and entry.meta.get("act") != "reply"
    )
