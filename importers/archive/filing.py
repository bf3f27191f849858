"""The third step of an import, file away: where each original goes, and the entries linked to it.

What was read is what is filed: a file whose bytes are no longer those that were read stays where it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data
from beancount.utils.misc_utils import escape_string

from importers.archive.archive import account_of_reading
from importers.archive.archive import day_of_reading
from importers.archive.archive import folder_of
from importers.archive.document_links import Linked
from importers.archive.document_links import link_scans
from importers.archive.index import Filed
from importers.context import ImportContext
from importers.inputs import Inputs
from importers.inputs import KnownFile
from importers.planning.ledger_edits import Changes
from importers.planning.line_entries import documented
from importers.planning.papers.told import Completed
from importers.planning.papers.told import Unmatched
from importers.planning.plan import Plan
from importers.read import Read
from importers.read import is_evidence
from importers.records import VoucherRecord
from importers.report import Filing
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from ledger.files.writer import CaseWriter
from ledger.files.writer import Places
from ledger.files.writer import file_digest
from ledger.model import accounts
from ledger.util.i18n import _
from ledger.util.text import one_line

_BOOKED = frozenset({"invoice", "receipt"})


class Original(NamedTuple):
    """One file to keep at a place of the case.

    `content` is that of a member of a zip at `path`; `is_kept` where the bytes stand at the place already, `stays`
    where the inbox keeps the file as well.
    """

    path: Path
    place: str
    digest: str
    content: bytes | None = None
    is_kept: bool = False
    stays: bool = False


class FiledAway(NamedTuple):
    """The entries of an import with their documents, what changes in the books, the originals, and what waits."""

    entries: list[data.Transaction]
    changes: Changes
    originals: list[Original]
    pending: PendingStore | None = None  # what waits; None where nothing changes in that


def file_away(context: ImportContext, inputs: Inputs, plan: Plan) -> FiledAway:
    """Give each original its place and link the entries to it; what cannot be filed is told in the report."""
    originals = [_known_again(context, known) for known in inputs.known]
    if not context.is_loaded:
        return _told(context, FiledAway([], Changes(context.folder, {}), originals))
    reads = [read for read in inputs.reads if _is_unchanged(context, read)]
    waiting = {unmatched.file for unmatched in plan.unmatched if unmatched.waits}
    conflicts = {unmatched.file for unmatched in plan.unmatched if unmatched.conflicts}
    placed = [_place(context, read, inputs) for read in reads]
    placed = [each for each in placed if not _waits(each.read, waiting, conflicts)]
    places, own = _places_by_file(placed), own_papers(each.read for each in placed)
    entries = linked(plan.entries, places, own)
    amounts = {
        path: plan.splits.get(path, {}) | plan.paid_lines.get(path, {})
        for path in {*plan.splits, *plan.paid_lines}
    }
    changes = Changes(context.folder, amounts)
    for replacement in plan.replacements:
        changes.put_instead(replacement.entry, replacement.entries)
    for old, new in plan.superseded:
        changes.put_instead(old, linked([documented(new, old)], places, own))
    for more in plan.completed:
        _complete(more, places.get(more.file, "") if more.file in own else "", changes)
    scans = link_scans(
        [scan for each in placed for scan in each.read.scans], context.case, entries, context.shelf, changes
    )
    originals += [Original(kept.scan.path, kept.place, kept.digest, kept.scan.content) for kept in scans.kept]
    _tell_of_scans(context, scans)
    for each in placed:
        originals += _original_of(context, each, scans)
        _remember(context, each.read, waiting, inputs)
    return _told(
        context, FiledAway(scans.entries, changes, originals, _still_waiting(context, plan, originals))
    )


def _complete(more: Completed, place: str, changes: Changes) -> None:
    """Put what a later record tells of a booked voucher into its entry, with its own paper where that is filed."""
    document = (
        (("document", place.rpartition("/")[2]),) if place and "document" not in more.entry.meta else ()
    )
    for key, value in (*more.told, *document):
        line = f'  {key}: "{escape_string(one_line(value))}"'  # type: ignore[no-untyped-call]
        changes.put_after(more.entry.meta["filename"], more.entry.meta["lineno"], line)


def stage(originals: Sequence[Original], context: ImportContext, writer: CaseWriter) -> list[str]:
    """Stage the filing of originals; gives the lines of their digests, as `sha256sum` writes them."""
    places = Places(context.folder)
    sums = []
    for original in originals:
        path, place = original.path, original.place
        in_inbox = places.resolved(path).is_relative_to(context.inbox) and not original.stays
        if original.is_kept:
            if in_inbox:
                writer.discard(path, original.digest)
            continue
        sums.append(f"{original.digest}  {place.partition('/')[2]}")
        if original.content is not None:
            writer.add(original.content, place)
        elif in_inbox:
            writer.move(path, place, original.digest)
        else:
            writer.copy(path, place, original.digest)
    return sums


def _told(context: ImportContext, filed: FiledAway) -> FiledAway:
    context.report.filed += [Filing(original.path.name, original.place) for original in filed.originals]
    return filed


# --- the files that were read --------------------------------------------------------------------------


class _Placed(NamedTuple):
    """A file that was read and where it will be kept; no place where it speaks of no day."""

    read: Read
    place: str | None
    is_kept: bool


def _known_again(context: ImportContext, known: KnownFile) -> Original:
    filed = known.filed
    place, is_kept = context.shelf.place_once(
        filed.account, known.path.name, filed.day, known.digest, known.size
    )
    return Original(known.path, place, known.digest, is_kept=is_kept)


def _is_unchanged(context: ImportContext, read: Read) -> bool:
    """Whether a file still holds the bytes that were read; one that does not is told and left where it is."""
    if not read.digest or file_digest(read.path) == read.digest:
        return True
    context.report.warnings.append(
        _("{file}:讀取之後檔案又被改過,留在原處沒有歸檔;請再匯入一次").format(file=read.path.name)
    )
    return False


def _place(context: ImportContext, read: Read, inputs: Inputs) -> _Placed:
    day = day_of_reading(read)
    if day is None:
        return _Placed(read, None, is_kept=False)
    account = account_of_reading(read, inputs.bank_accounts.get(read.path), context.case.award)
    return _Placed(read, *context.shelf.place_once(account, read.path.name, day, read.digest, read.size))


def _waits(read: Read, waiting: set[str], conflicts: set[str]) -> bool:
    """Whether a file stays where it is: its one record could not be booked yet, or one of them is in conflict."""
    records = [reading.file for reading in read.readings for _record in reading.records]
    return (len(records) == 1 and records[0] in waiting) or not conflicts.isdisjoint(records)


def _original_of(context: ImportContext, placed: _Placed, scans: Linked) -> list[Original]:
    """What is kept of a file. A zip stays in the inbox until all scans in it have found their voucher."""
    read, place, is_kept = placed
    if is_evidence(read.path) and not read.readings:
        return []  # it is filed as a scan
    waits = any(scan.path == read.path for scan in scans.left)
    days = [kept.day for kept in scans.kept if kept.scan.path == read.path]
    if place is None and days and not waits:
        place, is_kept = context.shelf.place_once(
            accounts.PAYABLE, read.path.name, max(days), read.digest, read.size
        )
    if place is None or (waits and is_kept):
        return []
    return [Original(read.path, place, read.digest, is_kept=is_kept, stays=waits)]


def _tell_of_scans(context: ImportContext, scans: Linked) -> None:
    """Ask about the pictures of no voucher."""
    for scan in scans.left:
        name = scan.name if scan.content is None else f"{scan.path.name}/{scan.name}"
        reason = _("檔名裡沒有已入帳的憑證號碼,無法連結到憑證")
        reason = f"{reason};{scan.reason}" if scan.reason else reason
        digest = hashlib.sha256(scan.data()).hexdigest()
        question = pending_id("document", scan.name, digest)
        context.report.unmatched.append(Unmatched(name, {}, reason, question=question))
        context.asked.append(
            Pending(
                id=question,
                kind="document",
                file=name,
                reason=reason,
                choices=("attach",),
                asks=True,
                data={"path": context.inbox_path(scan.path), "sha256": digest},
            )
        )


def _still_waiting(context: ImportContext, plan: Plan, originals: Sequence[Original]) -> PendingStore | None:
    """What waits, with the files that are asked about; those that were linked or are gone wait no more."""
    store = plan.pending
    if store is None:
        return None
    filed = {original.digest for original in originals}
    for each in store.of_kind("document"):
        path = str(each.data.get("path", ""))
        is_gone = bool(path) and not (context.inbox / path).is_file()
        if is_gone or each.data.get("sha256") in filed:
            store.drop(each.id)
    for pending in context.asked:
        store.add(pending)
    return store


def _remember(context: ImportContext, read: Read, waiting: set[str], inputs: Inputs) -> None:
    """Note in the index what need not be read another time; a scan in it may find its voucher later."""
    day = day_of_reading(read)
    if read.scans or read.unread or day is None:
        return
    if any(reading.format != "mig-xml" or reading.warnings for reading in read.readings):
        return
    records = [record for reading in read.readings for record in reading.records]
    is_taken = waiting.isdisjoint(reading.file for reading in read.readings)
    if is_taken and all(map(_is_booked, records)):
        account = account_of_reading(read, inputs.bank_accounts.get(read.path), context.case.award)
        context.index.add(read.digest, Filed(len(records), account, day))


def _is_booked(record: object) -> bool:
    """Whether a record, once imported, is an entry of the books; events and credit notes depend on others."""
    return isinstance(record, VoucherRecord) and record.kind in _BOOKED and record.status == "valid"


# --- the entries and their documents -------------------------------------------------------------------


def _places_by_file(placed: Sequence[_Placed]) -> dict[str, str]:
    """Where each file that was read is kept, by the name its readings go by."""
    return {reading.file: each.place for each in placed if each.place for reading in each.read.readings}


def own_papers(reads: Iterable[Read]) -> set[str]:
    """The files that are one e-invoice's own paper, by the name its reading goes by."""
    return {
        read.readings[0].file
        for read in reads
        if len(read.readings) == 1 and read.readings[0].format == "mig-xml"
    }


def linked(
    entries: Sequence[data.Transaction], kept: Mapping[str, str], own_papers: set[str]
) -> list[data.Transaction]:
    """Entries with the filed names of what they were read from, and with their document.

    `kept` are the places by the names in their `source`. A voucher's document is its own paper (`own_papers`),
    which a list that names it is not; that of a bank line is the statement.
    """
    found = []
    for entry in entries:
        files = str(entry.meta.get("source", "")).split("; ")
        names = [kept[file].rpartition("/")[2] if file in kept else file for file in files]
        source = {"source": "; ".join(dict.fromkeys(names))}
        if "voucher" not in entry.meta:
            document = {"document": _link(entry, kept[files[0]])} if files[0] in kept else {}
            found.append(entry._replace(meta=entry.meta | source | document))
            continue
        own = [name for name, file in zip(names, files, strict=True) if file in own_papers and file in kept]
        document = {"document": own[0]} if own and "reverses" not in entry.meta else {}
        found.append(entry._replace(meta=_before("source", document, entry.meta | source)))
    return found


def _before(key: str, more: dict[str, str], meta: data.Meta) -> data.Meta:
    """Metadata with `more` put before a key: a voucher names its document before its source."""
    made: data.Meta = {}
    for name, value in meta.items():
        if name == key:
            made |= more
        made[name] = value
    return made


def _link(entry: data.Transaction, place: str) -> str:
    """How an entry names a filed document so that Fava finds it.

    By its name, where it is filed under one of the entry's accounts; else by the way from the books to it.
    """
    folder, _slash, name = place.rpartition("/")
    is_own = any(folder_of(posting.account) == folder for posting in entry.postings)
    return name if is_own else f"../{place}"
