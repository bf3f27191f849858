"""Scans and pictures: each is linked to the voucher whose number its name holds, a new one or one booked before."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from importers.archive.archive import safe_name
from importers.archive.shelf import Shelf
from importers.planning.ledger_edits import Changes
from importers.read import Scan
from importers.records import Reading
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.model import accounts
from ledger.util.text import fold

_INVOICE = re.compile(r"(?<![0-9A-Z])[A-Z]{2}[- ]?\d{8}(?![0-9A-Z])")
_LEAST_NUMBER = 4


class ScanNames:
    """The names by which a scan tells that it is a voucher's: the numbers and 附件 booked or just read."""

    def __init__(self, case: Case, readings: Iterable[Reading]) -> None:
        booked = [(voucher.number, str(voucher.meta("attachment") or "")) for voucher in case.vouchers]
        read = [
            (record.number, record.attachment)
            for reading in readings
            for record in reading.records
            if isinstance(record, VoucherRecord)
        ]
        numbers = {fold(number).upper() for number, _attachment in booked + read}
        self._numbers = sorted(number for number in numbers if len(number) >= _LEAST_NUMBER)
        self._attachments = {name for _number, cell in booked + read for name in attachments_of(cell)}

    def has(self, name: str) -> bool:
        """Whether a file's name is an 附件, or holds a number that no other letters or digits touch."""
        folded = fold(Path(name).stem).upper()
        spaced = unicodedata.normalize("NFKC", Path(name).stem).upper()
        if folded in self._attachments or _INVOICE.search(spaced):
            return True
        return any(
            number in said and re.search(rf"(?<![0-9A-Z]){re.escape(number)}(?![0-9A-Z])", said)
            for said in (folded, spaced)
            for number in self._numbers
        )


class Kept(NamedTuple):
    """A scan that has found its voucher: where it is kept, the voucher's day, and the SHA-256 of its bytes."""

    scan: Scan
    place: str
    day: datetime.date
    digest: str


class Linked(NamedTuple):
    """What linking came to: the new entries with their documents, what is kept, and the scans of no voucher."""

    entries: list[data.Transaction]
    kept: list[Kept]
    left: list[Scan]


def link_scans(
    scans: Iterable[Scan], case: Case, entries: Sequence[data.Transaction], shelf: Shelf, changes: Changes
) -> Linked:
    """Link each scan; lines for vouchers that stand in the books already go to `changes`."""
    documents: dict[int, list[str]] = defaultdict(list)  # by the entry
    kept: list[Kept] = []
    left: list[Scan] = []
    new = {id(entry) for entry in entries}
    for scan in scans:
        found = evidence_for(scan.name, case, entries)
        if not found:
            left.append(scan)
            continue
        entry, day = found[0], found[0].meta["voucher-date"]
        digest = hashlib.sha256(scan.data()).hexdigest()
        place, _is_kept = shelf.place(accounts.PAYABLE, evidence_name(entry, scan.name), day, digest)
        kept.append(Kept(scan, place, day, digest))
        name = place.rpartition("/")[2]
        told = documents[id(entry)]
        if name in told or name in _documents_of(entry):
            continue
        told.append(name)
        if id(entry) not in new:
            line = f'  {_free_key(entry, len(told))}: "{name}"'
            changes.put_after(entry.meta["filename"], entry.meta["lineno"], line)
    return Linked([_with_documents(entry, documents[id(entry)]) for entry in entries], kept, left)


def evidence_for(name: str, case: Case, new: Sequence[data.Transaction]) -> list[data.Transaction]:
    """The voucher entries that a scan is of: its name stands in their sheet's 附件, or holds their number.

    Of numbers that hold one another the longest is meant.
    """
    said = fold(Path(name).stem).upper()
    entries = [voucher.entry for voucher in case.vouchers if not voucher.reverses] + [
        entry for entry in new if "voucher" in entry.meta and "reverses" not in entry.meta
    ]
    attached = [entry for entry in entries if said in attachments_of(str(entry.meta.get("attachment") or ""))]
    named = [(fold(str(entry.meta.get("number") or "")).upper(), entry) for entry in entries]
    held = [
        (len(number), entry) for number, entry in named if len(number) >= _LEAST_NUMBER and number in said
    ]
    return attached or [entry for _length, entry in sorted(held, key=lambda pair: -pair[0])]


def attachments_of(cell: str) -> set[str]:
    """The file names in a sheet's cell, folded, each with its suffix and without."""
    parts = [part.strip() for part in re.split(r"[;,、;,\n]", cell) if part.strip()]
    return {fold(name).upper() for part in parts for name in (part, Path(part).stem)}


def evidence_name(entry: data.Transaction, name: str) -> str:
    """The name of a voucher's scan: its number and the scan's own suffix, so that it is found by number."""
    return f"{safe_name(str(entry.meta['number']))}{Path(name).suffix.lower()}"


def _documents_of(entry: data.Transaction) -> set[str]:
    return {str(value) for key, value in entry.meta.items() if key.startswith("document")}


def _with_documents(entry: data.Transaction, names: Sequence[str]) -> data.Transaction:
    keys = {_free_key(entry, place): name for place, name in enumerate(names, 1)}
    return entry._replace(meta=entry.meta | keys) if keys else entry


def _free_key(entry: data.Transaction, place: int) -> str:
    """Of document, document-2, document-3 … the first, second … that the entry does not have."""
    number = 0
    while place:
        number += 1
        key = "document" if number == 1 else f"document-{number}"
        place -= key not in entry.meta
    return key
