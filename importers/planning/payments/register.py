"""Payments that rows of a register tell of by their 付款日期: of vouchers, and of credit notes, which give money back.

A row says that something was paid on a day, and not how much: that is what was owed on that day. A credit note from
before it was taken off, one from after it is to be given back, and so is all that was paid of a voided voucher.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from beancount.core import data

from importers.planning.import_ids import another
from importers.planning.import_ids import base_id
from importers.planning.papers.credit_notes import references_of
from importers.planning.papers.to_book import Calendar
from importers.planning.papers.told import NewVoucher
from importers.planning.payments.debts import refunds
from ledger.case.case import Case
from ledger.entries.builder import payment_entry
from ledger.model import accounts
from ledger.model.directives import twd
from ledger.model.identifiers import PAID
from ledger.model.identifiers import voucher_link
from ledger.model.records import Payment
from ledger.util.i18n import _


class Followed(NamedTuple):
    """A payment of the books and what it is now; nothing where nothing was owed on its day."""

    payment: Payment
    new: tuple[data.Transaction, ...]


class _Lowered:
    """By the link of a voucher: on which days so much less of it, NT$, was owed."""

    def __init__(self, books: Case) -> None:
        self._by_link: dict[str, list[tuple[datetime.date, int]]] = defaultdict(list)
        for voucher in books.vouchers:
            if voucher.reverses and voucher.payable < 0:
                is_void = voucher.kind == "void"  # whoever paid a voided voucher paid it all
                day = datetime.date.max if is_void else voucher.date
                self._by_link[voucher_link(voucher.reverses)].append((day, -voucher.payable))

    def after(self, link: str, day: datetime.date, refunded: int) -> int:
        """What was still owed on a day, beside what is owed because of it that it was `refunded`."""
        return max(0, sum(amount for lowered, amount in self._by_link[link] if lowered > day) - refunded)

    def in_all(self, link: str) -> int:
        """What credit notes and voids take off."""
        return sum(amount for _day, amount in self._by_link[link])


def plan_payments(
    books: Case, paid: Sequence[NewVoucher], calendar: Calendar, removed: Collection[str] = ()
) -> list[data.Transaction]:
    """The payments of vouchers whose row names the day, where something was left to pay on it, and the refunds.

    Those of the ids that somebody `removed` from the books are no payments.
    """
    lowered = _Lowered(books)
    known = Counter(base_id(str(entry.meta.get("import-id", ""))) for entry in books.transactions)
    left = dict(books.unpaid)
    rows = sorted(
        (new for new in paid if new.record.paid is not None and PAID + new.import_id not in removed),
        key=lambda new: (new.record.kind != "allowance", new.record.paid, new.import_id),
    )
    refunded = refunds(books)
    entries = []
    for new in rows:
        record, day = new.record, new.record.paid
        assert day is not None  # noqa: S101 -- only those are left
        import_id = PAID + new.import_id
        if record.kind == "allowance":
            amounts = {} if known[import_id] else _refunds(new, lowered, refunded)
            for number, amount in amounts.items():
                refunded[voucher_link(number)] += amount
                left[voucher_link(number)] = left.get(voucher_link(number), 0) + amount
            parts = [(number, -amount, 0) for number, amount in amounts.items()]
        else:
            link = voucher_link(record.number)
            owed = min(left.get(link, 0) + lowered.after(link, day, refunded[link]), record.gross or 0)
            parts = [(record.number, owed, 0)] if owed > 0 else []
            left[link] = left.get(link, 0) - max(0, owed)
        if parts:
            meta = {"import-id": another(import_id, known[import_id] + 1)}
            entries.append(_entry(new, day, parts, calendar, meta))
    return entries


def _refunds(new: NewVoucher, lowered: _Lowered, refunded: Counter[str]) -> dict[str, int]:
    """What a credit note's row says was given back, by the number of each invoice; what a bank's line told already not again."""
    found: Counter[str] = Counter()
    for part in references_of(new.record):
        link = voucher_link(part.number)
        room = lowered.in_all(link) - refunded[link] - found[part.number]
        found[part.number] += max(0, min(part.net + part.tax, room))
    return +found


def _entry(
    new: NewVoucher,
    day: datetime.date,
    parts: Sequence[tuple[str, int, int]],
    calendar: Calendar,
    meta: Mapping[str, str],
) -> data.Transaction:
    record = new.record
    told = dict(meta) | {"source": "; ".join(dict.fromkeys(new.files)), "method": record.payment_method}
    booked = calendar.booked(day)
    if booked != day:
        told["paid"] = day.isoformat()
    words = _("退款 {number}") if record.kind == "allowance" else _("付款 {number}")
    payee = record.seller_name or (record.payroll.name if record.payroll else "")
    return payment_entry(
        booked, payee, words.format(number=_("、").join(part[0] for part in parts)), parts, "company", told
    )


def followed(
    before: Case, after: Case, links: Collection[str], opened: datetime.date | None
) -> list[Followed]:
    """The payments by registers that come out otherwise now that other papers are known of the vouchers of `links`.

    One that is not what its row came to `before` was changed by somebody, and stays; so does that of a closed month,
    of those before the day `opened`.
    """
    if not links:
        return []
    was, will = _Owed(before), _Owed(after)
    found = []
    for payment in after.payments:
        is_told = str(payment.entry.meta.get("import-id") or "").startswith(PAID)
        is_settled = opened is not None and payment.entry.date < opened
        if not is_told or payment.link not in links or is_settled:
            continue
        amount = will.without(payment)
        is_as_told = payment.amount > 0 and was.without(payment) == payment.amount
        if is_as_told and amount != payment.amount and len(payment.entry.postings) == 2:
            found.append(Followed(payment, _with_amount(payment.entry, amount)))
    return found


class _Owed:
    """What a case owes on the day of a payment."""

    def __init__(self, case: Case) -> None:
        self._unpaid, self._lowered, self._refunded = case.unpaid, _Lowered(case), refunds(case)
        self._gross: dict[str, int] = {}
        for voucher in case.vouchers:
            self._gross.setdefault(str(voucher.meta("import-id") or ""), voucher.payable)

    def without(self, payment: Payment) -> int:
        """What was owed on the day of a payment of the books, NT$, if that payment had not been made."""
        paid_id = base_id(str(payment.entry.meta["import-id"])).removeprefix(PAID)
        told = payment.entry.meta.get("paid")
        day = told if isinstance(told, datetime.date) else payment.date
        later = self._lowered.after(payment.link, day, self._refunded[payment.link])
        owed = self._unpaid.get(payment.link, 0) + payment.amount + later
        return max(0, min(owed, self._gross.get(paid_id, 0)))


def _with_amount(entry: data.Transaction, amount: int) -> tuple[data.Transaction, ...]:
    if amount == 0:
        return ()
    postings = [
        posting._replace(units=twd(amount if posting.account == accounts.PAYABLE else -amount))
        for posting in entry.postings
    ]
    return (entry._replace(postings=postings),)
