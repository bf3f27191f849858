"""What the dedicated account paid of a voucher, laid anew over grant and own money where the voucher's share moves.

The bank's line stays; which of the two sub-accounts bore it follows the voucher's government part, as when the payment
was booked. What was paid in a closed month stays, and so does a payment that somebody laid out otherwise.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.case.month_close import first_open_day
from ledger.model import accounts
from ledger.model.directives import twd
from ledger.model.directives import whole
from ledger.model.identifiers import voucher_link
from ledger.model.records import Payment
from ledger.model.records import Voucher
from ledger.operations.rebooking.rebook import metadata_line

_PRINCIPAL = frozenset({"instalment", "withdrawal", "payment"})


class PaymentShares(NamedTuple):
    """The new amounts of payments' lines by file and line number, and the entries as they will be by the old one's id."""

    amounts: dict[Path, dict[int, int]]
    entries: dict[int, data.Transaction]


def payment_shares(
    before: Case, after: Case, text_of: Callable[[Path], str], left_out: Collection[int] = ()
) -> PaymentShares:
    """The payments of open months that follow the shares from `before` to `after`.

    `text_of` gives the text in which the entries of `after` stand; `left_out` are ids of entries that are not to be
    touched, new ones among them.
    """
    was, will = _Granted(before), _Granted(after)
    paid: dict[str, list[Payment]] = defaultdict(list)
    moved: set[str] = set()
    for payment in after.payments:
        if payment.from_grant + payment.from_own + payment.withheld == payment.amount and was.knows(
            payment.link
        ):
            paid[payment.link].append(payment)
            if was.of(payment) != will.of(payment):
                moved.add(payment.link)
    parts: dict[int, int] = {}  # by the payment's id
    room = _Principal(after) if moved else None
    opened = first_open_day(after)
    for link in sorted(moved):
        assert room is not None  # noqa: S101 -- made where anything moved
        fixed = {
            id(payment)
            for payment in paid[link]
            if payment.amount <= 0  # a refund
            or id(payment.entry) in left_out
            or (opened is not None and payment.entry.date < opened)
        }
        parts |= _laid_anew(paid[link], fixed, was, will, room)
    return _changes(after, parts, text_of)


class _Granted:
    """The government's part of each paper, less what was taken from it by the day of a payment.

    A credit note that comes after a payment makes that payment no other (see the check `tax-paid-by-grant`).
    """

    def __init__(self, case: Case) -> None:
        self._papers: dict[str, int] = defaultdict(int)
        self._taken: dict[str, list[Voucher]] = defaultdict(list)
        for voucher in case.vouchers:
            if voucher.is_reversal:
                self._taken[voucher_link(voucher.reverses)].append(voucher)
            else:
                self._papers[voucher.link] += voucher.government

    def knows(self, link: str) -> bool:
        """Whether there is such a paper."""
        return link in self._papers

    def of(self, payment: Payment) -> int:
        """The part that a payment may bear at most, if no other bore any."""
        taken = (v.government for v in self._taken.get(payment.link, ()) if v.booked <= payment.date)
        return self._papers.get(payment.link, 0) + sum(taken)


def _laid_anew(
    payments: Sequence[Payment], fixed: Collection[int], was: _Granted, will: _Granted, room: _Principal
) -> dict[int, int]:
    """The grant's part of each payment of one paper that changes, by its id.

    A payment that bore what was left of the paper's share bears what is left now, as far as the principal can; one
    that bore less, the principal being short, bears no more than is left.
    """
    spent_before = spent = 0
    found: dict[int, int] = {}
    for payment in payments:
        at_bank = payment.amount - payment.withheld
        usual = max(0, min(was.of(payment) - spent_before, at_bank))
        spent_before += payment.from_grant
        part = payment.from_grant
        if id(payment) not in fixed and payment.from_grant <= usual:
            part = max(0, min(will.of(payment) - spent, at_bank))
            if payment.from_grant < usual:
                part = min(part, payment.from_grant)
            part = min(part, payment.from_grant + room.from_day(payment.date))
            room.spend(payment.date, part - payment.from_grant)
        spent += part
        if part != payment.from_grant:
            found[id(payment)] = part
    return found


class _Principal:
    """The grant money in the dedicated accounts by day, less what the payments that are laid anew take more."""

    def __init__(self, case: Case) -> None:
        self._moves = [
            (move.date, move.grant)
            for move in case.movements
            if move.kind in _PRINCIPAL or (move.kind == "unexplained" and move.entry.flag == "*")
        ]

    def from_day(self, day: datetime.date) -> int:
        """The least there is from the end of a day on; nothing where it is overdrawn."""
        balance = sum(amount for date, amount in self._moves if date <= day)
        least = balance
        by_day: dict[datetime.date, int] = defaultdict(int)
        for date, amount in self._moves:
            if date > day:
                by_day[date] += amount
        for date in sorted(by_day):
            balance += by_day[date]
            least = min(least, balance)
        return max(0, least)

    def spend(self, day: datetime.date, amount: int) -> None:
        """So much more of it is spent on a day."""
        self._moves.append((day, -amount))


def _changes(case: Case, parts: Mapping[int, int], text_of: Callable[[Path], str]) -> PaymentShares:
    """The lines that change, and the entries with them; an entry of another form is left to the checks."""
    by_entry: dict[int, list[Payment]] = defaultdict(list)
    for payment in case.payments if parts else ():
        by_entry[id(payment.entry)].append(payment)
    amounts: dict[Path, dict[int, int]] = defaultdict(dict)
    entries: dict[int, data.Transaction] = {}
    for payments in by_entry.values():
        if not any(id(payment) in parts for payment in payments):
            continue
        entry = payments[0].entry
        granted = {one.number: parts.get(id(one), one.from_grant) for one in payments}
        made = _with_parts(entry, granted, sum(one.amount - one.withheld for one in payments))
        file = Path(entry.meta.get("filename", ""))
        lines = _lines(entry, made, text_of(file)) if made is not None else None
        if made is not None and lines is not None:
            amounts[file] |= lines
            entries[id(entry)] = made
    return PaymentShares(dict(amounts), entries)


def _with_parts(entry: data.Transaction, granted: Mapping[str, int], total: int) -> data.Transaction | None:
    """The payment with other parts of the grant by voucher; None where it has not one line of each sub-account."""
    at_bank = [posting.account for posting in entry.postings if posting.account in accounts.AT_BANK]
    if sorted(at_bank) != sorted({accounts.GRANT_MONEY, accounts.OWN_MONEY}):
        return None
    grant = sum(granted.values())
    sums = {accounts.GRANT_MONEY: -grant, accounts.OWN_MONEY: grant - total}
    postings = []
    for posting in entry.postings:
        meta: dict[str, Any] = dict(posting.meta or {})
        if "government" in meta:
            meta["government"] = twd(granted.get(str(meta.get("number") or ""), whole(meta["government"])))
        units = twd(sums[posting.account]) if posting.account in sums else posting.units
        postings.append(posting._replace(units=units, meta=meta or None))
    return entry._replace(postings=postings)


def _lines(entry: data.Transaction, made: data.Transaction, text: str) -> dict[int, int] | None:
    """{line number: new amount} that makes one entry of the other; None where a line cannot be told."""
    found: dict[int, int] = {}
    for old, new in zip(entry.postings, made.postings, strict=True):
        place = (old.meta or {}).get("lineno")
        if place is None:
            return None
        if old.units != new.units:
            found[int(place)] = whole(new.units)
        was, will = ((posting.meta or {}).get("government") for posting in (old, new))
        if was != will:
            at = metadata_line(text, int(place), "government")
            if at is None or will is None:
                return None
            found[at] = whole(will)
    return found
