"""The accounts that books need and have not opened: a case may be older than one of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from beancount.core import data

from ledger.model import accounts

OPENED = datetime.date(1912, 1, 1)  # before any voucher
_ADDED_LATER = frozenset(accounts.WITHHELD)


def missing_opens(books: Iterable[data.Directive], new: Iterable[data.Directive]) -> list[data.Open]:
    """What opens the accounts of the chart that `new` entries use and the `books` lack."""
    used = {
        posting.account
        for entry in new
        if isinstance(entry, data.Transaction)
        for posting in entry.postings
        if posting.account in _ADDED_LATER
    }
    if used:
        used -= {entry.account for entry in books if isinstance(entry, data.Open)}
    return [
        data.Open({}, OPENED, account, [accounts.CURRENCY], None)
        for account in accounts.WITHHELD
        if account in used
    ]
