"""Where the originals go: `documents/`, under their account and with their date in front (beangulp's archive)."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from importers.read import Read
from importers.records import BankLine
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.files.writer import file_digest
from ledger.model import accounts
from ledger.model.award import BankAccount
from ledger.util.text import fold

DOCUMENTS = "documents"

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LEAST_NUMBER = 4
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}\.")


def folder_of(account: str) -> str:
    """The folder of an account's documents, relative to the case."""
    return "/".join((DOCUMENTS, *account.split(":")))


def safe_name(name: str) -> str:
    """A file name that every system can hold; never a path."""
    return _UNSAFE.sub("_", Path(name).name).strip(". ") or "file"


def filed_name(name: str, day: datetime.date) -> str:
    """The name under which a file is kept: its day, then its own name."""
    bare = _DATED.sub("", safe_name(name))
    return f"{day.isoformat()}.{bare}"


def account_of_reading(read: Read, bank_account: BankAccount | None) -> str:
    """The account that a file belongs to: the bank's side for a statement, what is payable for vouchers."""
    if bank_account is not None:
        return accounts.GRANT_MONEY if bank_account.dedicated else accounts.COMPANY
    if any(reading.format == "payroll-sheet" for reading in read.readings):
        return accounts.expense_account("self", "personnel")
    return accounts.PAYABLE


def day_of_reading(read: Read) -> datetime.date | None:
    """The last day that a file speaks of; None where it speaks of none."""
    days = [
        record.date
        for reading in read.readings
        for record in reading.records
        if isinstance(record, BankLine | VoucherRecord) and record.date is not None
    ]
    return max(days, default=None)


class Shelf:
    """Places in documents/ for new files: no place is given twice, and a file kept already is known again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given: dict[str, str] = {}  # place: SHA-256
        self._sizes: dict[str, dict[int, list[str]]] = {}  # folder: {size of a file: names}
        self._digests: dict[str, str | None] = {}  # place: SHA-256 of what stands there
        self._alike: dict[tuple[str, int], dict[str | None, str]] = {}  # (folder, size): {SHA-256: place}

    def place(self, account: str, name: str, day: datetime.date, content: bytes) -> tuple[str, bool]:
        """(the place relative to the case, whether the very same file is kept there already)."""
        digest = hashlib.sha256(content).hexdigest()
        dated = filed_name(name, day)
        stem, dot, suffix = dated.rpartition(".")
        for number in range(1, 10_000):
            bare = dated if number == 1 else f"{stem}-{number}{dot}{suffix}"
            place = f"{folder_of(account)}/{bare}"
            standing = self.digest(place)
            if standing is None:
                self._given[place] = digest
                return place, False
            if standing == digest:
                return place, True
        raise FileExistsError(dated)

    def paper(self, account: str, name: str, day: datetime.date, content: bytes) -> tuple[str, bool]:
        """As `place`; but a paper whose bytes are kept under another name keeps that place."""
        digest, folder = hashlib.sha256(content).hexdigest(), folder_of(account)
        alike = (folder, len(content))
        if alike not in self._alike:
            places = [f"{folder}/{kept}" for kept in reversed(self._of_size(*alike))]
            self._alike[alike] = {self._kept(place): place for place in places}
        standing = self._alike[alike].get(digest)
        return self.place(account, name, day, content) if standing is None else (standing, True)

    def digest(self, place: str) -> str | None:
        """The SHA-256 of what stands at a place, or will stand there."""
        return self._given.get(place) or self._kept(place)

    def _of_size(self, folder: str, size: int) -> list[str]:
        """The files of a folder that have a size, in the order of their names."""
        if folder not in self._sizes:
            sizes: dict[int, list[str]] = defaultdict(list)
            with contextlib.suppress(OSError), os.scandir(self._folder / folder) as found:
                for entry in sorted(found, key=lambda entry: entry.name):
                    if entry.is_file(follow_symlinks=False):
                        sizes[entry.stat(follow_symlinks=False).st_size].append(entry.name)
            self._sizes[folder] = sizes
        return self._sizes[folder].get(size, [])

    def _kept(self, place: str) -> str | None:
        if place not in self._digests:
            self._digests[place] = file_digest(self._folder / place)
        return self._digests[place]


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


def linked(entries: Sequence[data.Transaction], kept: Mapping[str, str]) -> list[data.Transaction]:
    """Entries with the filed names of what they were read from, linked to it where they are no vouchers.

    `kept` are the places by the names in their `source`. A voucher's document is its own paper, which a list that
    names it is not.
    """
    found = []
    for entry in entries:
        files = str(entry.meta.get("source", "")).split("; ")
        names = [kept[file].rpartition("/")[2] if file in kept else file for file in files]
        meta = entry.meta | {"source": "; ".join(dict.fromkeys(names))}
        if "voucher" not in meta and files[0] in kept:
            meta["document"] = _link(entry, kept[files[0]])
        found.append(entry._replace(meta=meta))
    return found


def _link(entry: data.Transaction, place: str) -> str:
    """How an entry names a filed document so that Fava finds it.

    By its name, where it is filed under one of the entry's accounts; else by the way from the books to it.
    """
    folder, _slash, name = place.rpartition("/")
    is_own = any(folder_of(posting.account) == folder for posting in entry.postings)
    return name if is_own else f"../{place}"
