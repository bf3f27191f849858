"""Booking and balancing of plain transactions, which most are: whole amounts of one currency, all of them written out.

Beancount books a transaction against everything before it, for which lots of stock may be sold and which amounts were
left out. A plain one has neither: it is booked as it stands, and it balances where its amounts add up to nothing. What
is not plain goes to Beancount's own booking and validation, and where anything has a cost, a price or no currency, all
does. The outcome is Beancount's to the letter (tests/ledger/loading hold the two against each other).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core import interpolate
from beancount.core.amount import Amount
from beancount.core.number import MISSING as _MISSING
from beancount.core.number import ZERO
from beancount.ops import validation
from beancount.parser import booking
from beancount.utils.defdict import ImmutableDictWithDefault

_book: Any = booking.book  # these have no types
_balances: Any = validation.validate_check_transaction_balances
_tolerances: Any = ImmutableDictWithDefault

MISSING: Any = _MISSING  # a class, where an amount or a currency is typed
_WHOLE = Decimal(1)
_MOST = Decimal(10**18)  # so far sums are exact in Beancount's arithmetic as in any


def book(entries: list[data.Directive], options: dict[str, Any]) -> tuple[list[data.Directive], list[Any]]:
    """The entries as booked, and the errors: what `beancount.parser.booking.book` gives, in the same order.

    `entries` are those of a whole ledger as its files were parsed, sorted; the metadata of the plain ones is added to
    in place.
    """
    others = [entry for entry in entries if isinstance(entry, data.Transaction) and not _is_plain(entry)]
    if options["inferred_tolerance_default"] or not all(map(_stands_alone, others)):
        booked, errors = _book(entries, options)
        return booked, errors
    apart, errors = set(map(id, others)), []
    booked = []
    none = _tolerances({}, default=ZERO)
    for entry in entries:
        if id(entry) in apart:
            alone, wrong = _book([entry], options)
            booked += alone
            errors += wrong
            continue
        if isinstance(entry, data.Transaction):
            entry.meta[interpolate.AUTOMATIC_TOLERANCES] = none
        booked.append(entry)
    return booked, [*_of_booking(errors), *_of_missing(errors)]


def validate(entries: list[data.Directive], options: dict[str, Any]) -> list[Any]:
    """The errors that `beancount.ops.validation.validate` gives, in the same order."""
    errors: list[Any] = []
    check: Any
    for check in validation.VALIDATIONS:
        if check is _balances:
            errors += check(list(_unbalanced(entries)), options)
        else:
            errors += check(entries, options)
    return errors


def _of_booking(errors: Sequence[Any]) -> Iterator[Any]:
    """The errors of booking, which come before those of what is missing after it."""
    return (error for error in errors if not isinstance(error, booking.BookingError))


def _of_missing(errors: Sequence[Any]) -> Iterator[Any]:
    return (error for error in errors if isinstance(error, booking.BookingError))


def _is_plain(entry: data.Transaction) -> bool:
    """Whether a transaction is whole amounts of one currency and nothing else."""
    currency = None
    for _account, units, cost, price, _flag, _meta in entry.postings:
        if cost is not None or price is not None or type(units) is not Amount:
            return False
        number, own = units
        if type(number) is not Decimal or not number.same_quantum(_WHOLE):
            return False
        if own != currency:
            if currency is not None or type(own) is not str:
                return False
            currency = own
    return currency is not None


def _stands_alone(entry: data.Transaction) -> bool:
    """Whether a transaction is booked the same whatever was booked before: no lots, and its currencies are told."""
    return all(
        posting.cost is None
        and posting.price is None
        and (
            posting.units is MISSING or (posting.units is not None and posting.units.currency is not MISSING)
        )
        for posting in entry.postings
    )


def _unbalanced(entries: Sequence[data.Directive]) -> Iterator[data.Transaction]:
    """The transactions of which it is not certain at a glance that they balance."""
    for entry in entries:
        if isinstance(entry, data.Transaction) and not _adds_up(entry):
            yield entry


def _adds_up(entry: data.Transaction) -> bool:
    """Whether a plain transaction's amounts add up to nothing."""
    total, currency = ZERO, None
    for _account, units, cost, price, _flag, meta in entry.postings:
        if cost is not None or price is not None or type(units) is not Amount:
            return False
        number, own = units
        if type(number) is not Decimal or not -_MOST < number < _MOST or not number.same_quantum(_WHOLE):
            return False
        if own != currency:
            if currency is not None or type(own) is not str:
                return False
            currency = own
        if meta and interpolate.AUTOMATIC_RESIDUAL in meta:  # Beancount leaves it out of the sum
            return False
        total += number
    return not total
