"""Scans and pictures: each is linked to the voucher whose number its name holds, a new one or one booked before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from importers.changes import Changes
from importers.filing import Shelf
from importers.filing import evidence_for
from importers.filing import evidence_name
from ledger import accounts
from ledger.case import Case


class Linked(NamedTuple):
    """What linking came to: the new entries with their documents, each scan's place, and the scans of no voucher."""

    entries: list[data.Transaction]
    places: list[tuple[Path, str]]
    left: list[Path]


def link_scans(
    scans: Sequence[Path], case: Case, entries: Sequence[data.Transaction], shelf: Shelf, changes: Changes
) -> Linked:
    """Link each scan; lines for vouchers that stand in the books already go to `changes`."""
    documents: dict[int, list[str]] = defaultdict(list)  # by the entry
    places: list[tuple[Path, str]] = []
    left: list[Path] = []
    new = {id(entry) for entry in entries}
    for path in scans:
        found = evidence_for(path.name, case, entries)
        if not found:
            left.append(path)
            continue
        entry = found[0]
        place, _known = shelf.place(
            accounts.PAYABLE, evidence_name(entry, path.name), entry.meta["voucher-date"], path.read_bytes()
        )
        places.append((path, place))
        name = place.rpartition("/")[2]
        told = documents[id(entry)]
        if name in told or name in _documents_of(entry):
            continue
        told.append(name)
        if id(entry) not in new:
            line = f'  {_free_key(entry, len(told))}: "{name}"'
            changes.put_after(entry.meta["filename"], entry.meta["lineno"], line)
    return Linked([_with_documents(entry, documents[id(entry)]) for entry in entries], places, left)


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
