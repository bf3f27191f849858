"""Where the originals go: `documents/`, under their account and with their date in front (beangulp's archive)."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

from importers.read import Read
from importers.records import BankLine
from importers.records import VoucherRecord
from ledger.files import DOCUMENTS
from ledger.model import accounts
from ledger.model.award import Award
from ledger.model.award import BankAccount
from ledger.schemes.categories import PAYROLL
from ledger.util.dates import month_last_day

# What a name may not hold somewhere, and what nobody sees in it.
_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+'
)
_MOST_BYTES = 230  # of 255: before it goes the day, behind it a number where the name is taken
_LONGEST_SUFFIX = 10
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}\.")


def folder_of(account: str) -> str:
    """The folder of an account's documents, relative to the case."""
    return "/".join((DOCUMENTS, *account.split(":")))


def safe_name(name: str) -> str:
    """A file name that every system can hold; never a path. One that is too long loses the end of its stem.

    One that is no UTF-8 (as Windows packed it in Taiwan) is read as Big5.
    """
    plain = _UNSAFE.sub("_", _as_text(Path(name).name)).strip(". ") or "file"
    over = len(plain.encode("utf-8", "surrogateescape")) - _MOST_BYTES
    if over <= 0:
        return plain
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = plain, "", ""
    kept = stem.encode("utf-8", "surrogateescape")[:-over]
    return kept.decode("utf-8", "ignore").rstrip(". ") + dot + suffix


def _as_text(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("cp950", "replace")
    return name


def filed_name(name: str, day: datetime.date) -> str:
    """The name under which a file is kept: its day, then its own name."""
    bare = safe_name(_DATED.sub("", Path(name).name))
    return f"{day.isoformat()}.{bare}"


def account_of_reading(read: Read, bank_account: BankAccount | None, award: Award | None) -> str:
    """The account that a file belongs to: the bank's side for a statement, what is payable for vouchers."""
    if bank_account is not None:
        return accounts.GRANT_MONEY if bank_account.dedicated else accounts.COMPANY
    if any(reading.format in {"payroll-sheet", "timesheet"} for reading in read.readings):
        return accounts.expense_account("self", award.payroll_category if award else PAYROLL)
    return accounts.PAYABLE


def day_of_reading(read: Read) -> datetime.date | None:
    """The last day that a file speaks of; None where it speaks of none."""
    days = [
        record.date
        for reading in read.readings
        for record in reading.records
        if isinstance(record, BankLine | VoucherRecord) and record.date is not None
    ]
    days += [month_last_day(sheet.month) for reading in read.readings for sheet in reading.timesheets]
    return max(days, default=None)
