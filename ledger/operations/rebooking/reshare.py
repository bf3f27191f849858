"""The shares of vouchers in open months set right where they stand, before a close seals them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.case.month_close import first_open_day
from ledger.entries.builder import split_changes
from ledger.operations.edit import with_shares
from ledger.operations.rebooking.payment_shares import payment_shares


class Reshared(NamedTuple):
    """The case with its shares set right, its entries, and the new amounts by file and line."""

    case: Case
    entries: Sequence[data.Directive]
    amounts: dict[Path, dict[int, int]]


def reshare(
    case: Case, entries: Sequence[data.Directive], through: datetime.date, text_of: Callable[[Path], str]
) -> Reshared:
    """What the vouchers of open months booked through a day should bear, where they bear something else.

    `entries` are the case's, `text_of` gives the text of its files. What the dedicated account paid of them follows.
    An entry that somebody wrote in another form is left to the checks.
    """
    opened = first_open_day(case) or datetime.date.min
    amounts: dict[Path, dict[int, int]] = defaultdict(dict)
    changed: dict[int, data.Directive] = {}
    for voucher in case.vouchers:
        if not opened <= voucher.booked <= through:
            continue
        expected = case.expected_splits.get(id(voucher.entry), ())
        edits = split_changes(voucher.entry, voucher.lines, expected) if expected else {}
        if edits:
            amounts[Path(voucher.entry.meta["filename"])] |= edits
            changed[id(voucher.entry)] = with_shares(voucher, expected)
    if not changed:
        return Reshared(case, entries, {})
    after = [changed.get(id(entry), entry) for entry in entries]
    reshared = Case(after, folder=case.folder, as_of=case.as_of)
    paid = payment_shares(case, reshared, text_of)
    if paid.entries:
        after = [paid.entries.get(id(entry), entry) for entry in after]
        reshared = Case(after, folder=case.folder, as_of=case.as_of)
    for path, lines in paid.amounts.items():
        amounts[path] |= lines
    return Reshared(reshared, after, dict(amounts))
