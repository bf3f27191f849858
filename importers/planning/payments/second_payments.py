"""Lines of the company's own account that look like a second payment of a voucher that is paid already.

The supplier is named, the sum is the voucher's, and nothing is owed any more: somebody has to say whether it was paid
twice or is none of the case's business. A register that names the day of a payment tells of one bank line itself.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from importers.planning.payments.evidence import Evidence
from importers.planning.payments.names import plain
from importers.records import BankLine
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.bank_line_id import read_bank_line_id
from ledger.model.identifiers import voucher_link
from ledger.model.records import Payment
from ledger.util.i18n import _
from ledger.util.text import fold

_DAYS_BEFORE, _DAYS_AFTER = -7, 180
_SAME_PAYMENT = datetime.timedelta(days=31)  # between the register's day of a payment and the bank's
_IN_CASH = "現金"


class Paid(NamedTuple):
    """What a line of this import pays: the voucher's place in the books, NT$, the day."""

    key: int
    amount: int
    day: datetime.date


class _Settled(NamedTuple):
    """A voucher of which nothing is owed: the sums that pay it, and its last payment's day."""

    voucher: Voucher
    sums: frozenset[int]
    paid: datetime.date


def second_payments(
    books: Case, lines: Sequence[BankLine], paid: Iterable[Paid], suppliers: Iterable[str] = ()
) -> dict[int, str]:
    """{place in `lines`: what to ask} of the lines that pay again what is paid.

    `paid` are the payments of this import; `suppliers` are names that the case knows beside those of its vouchers.
    """
    settled = _settled(books, paid)
    if not settled or not lines:
        return {}
    names = frozenset(plain(each.voucher.seller_name) for each in settled) | frozenset(map(plain, suppliers))
    numbers = frozenset(fold(each.voucher.number) for each in settled)
    by_sum: dict[int, list[_Settled]] = defaultdict(list)
    for each in settled:
        for amount in each.sums:
            by_sum[amount].append(each)
    said: dict[int, _Settled] = {}
    alike: dict[tuple[str, int], list[int]] = defaultdict(list)  # places by supplier and sum
    for place, line in enumerate(lines):
        candidates = by_sum.get(-line.amount, ())
        evidence = Evidence(line, names, numbers) if candidates else None
        found = [each for each in candidates if evidence is not None and _pays(evidence, each.voucher)]
        if found:
            said[place] = max(found, key=lambda each: (each.voucher.date <= line.date, each.voucher.date))
            alike[said[place].voucher.seller_name, -line.amount].append(place)
    sellers = {each.voucher.link: each.voucher.seller_name for each in settled}
    for payment in _told_without_bank(books) if said else ():
        places = alike[sellers.get(payment.link, ""), payment.amount]
        near = [place for place in places if abs(lines[place].date - payment.date) <= _SAME_PAYMENT]
        if near:  # the bank's line of that very payment
            shown = min(near, key=lambda place: (abs(lines[place].date - payment.date), place))
            places.remove(shown)
            said.pop(shown)
    return {place: _question(each) for place, each in said.items()}


def _settled(books: Case, paid: Iterable[Paid]) -> list[_Settled]:
    left = dict(books.unpaid)
    days: dict[str, datetime.date] = {}
    for payment in books.payments:
        days[payment.link] = max(payment.date, days.get(payment.link, payment.date))
    for each in paid:
        link = books.vouchers[each.key].link
        left[link] = left.get(link, 0) - each.amount
        days[link] = max(each.day, days.get(link, each.day))
    lowered: dict[str, int] = defaultdict(int)
    for voucher in books.vouchers:
        if voucher.reverses:
            lowered[voucher_link(voucher.reverses)] += voucher.payable
    return [
        _Settled(
            voucher,
            frozenset({voucher.payable, voucher.payable + lowered[voucher.link]}) - {0},
            days[voucher.link],
        )
        for voucher in books.vouchers
        if voucher.payable > 0
        and voucher.number
        and not voucher.reverses
        and voucher.kind != "payroll"
        and voucher.link in days
        and left.get(voucher.link, 0) <= 0
    ]


def _pays(line: Evidence, voucher: Voucher) -> bool:
    """Whether a line names the voucher or its supplier, at a day on which that may be paid."""
    if line.no_purchase or (line.line.date - voucher.date).days < _DAYS_BEFORE:
        return False
    if line.numbers or line.other_invoice:
        return fold(voucher.number) in line.numbers
    is_near = (line.line.date - voucher.date).days <= _DAYS_AFTER
    return plain(voucher.seller_name) in line.names and (is_near or line.is_full_name)


def _told_without_bank(books: Case) -> list[Payment]:
    """The payments that a register or a person told of, those in cash apart, which no bank line shows."""
    return sorted(
        (
            payment
            for payment in books.payments
            if read_bank_line_id(str(payment.entry.meta.get("import-id") or "")) is None
            and _IN_CASH not in str(payment.entry.meta.get("method") or "")
        ),
        key=lambda payment: (payment.date, payment.number),
    )


def _question(settled: _Settled) -> str:
    return _(
        "憑證 {number}({seller},{amount:,} 元)已於 {day} 付清,這一筆是同一廠商同額的付款:是重複付款,還是與本案無關?"
    ).format(
        number=settled.voucher.number,
        seller=settled.voucher.seller_name,
        amount=settled.voucher.payable,
        day=settled.paid,
    )
