"""Whether two credit notes (折讓) are one: an e-invoice's message, and the row of a register that tells of it.

The message bears the allowance's own number; a register often has only that of the invoice it lowers.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from importers.records import Reference
from importers.records import VoucherRecord
from ledger.arithmetic.cost_share import spread
from ledger.case.case import Voucher
from ledger.util.text import fold

_DAYS = 62  # between the day of a credit note and the day on which a register has it


class SameCredit(enum.Enum):
    """Whether two credit notes are one."""

    SAME = "same"
    LIKELY = "likely"
    OTHER = "other"


def parts_booked(
    record: VoucherRecord, booked: Iterable[Voucher]
) -> dict[int, list[tuple[Voucher, SameCredit]]]:
    """The entries of rows under the number of their invoice that may be a part of this credit note, by its reference."""
    found: dict[int, list[tuple[Voucher, SameCredit]]] = defaultdict(list)
    for place, part in enumerate(references_of(record)):
        alone = dataclasses.replace(record, references=(part,), net=part.net, tax=part.tax)
        for voucher in booked:
            if fold(voucher.reverses) == fold(part.number) and is_numbered_by_invoice(voucher):
                verdict = same_credit(alone, voucher)
                if verdict is not SameCredit.OTHER:
                    found[place].append((voucher, verdict))
    return found


def same_credit(record: VoucherRecord, other: VoucherRecord | Voucher) -> SameCredit:
    """Whether a credit note is one that is booked, or that another record of the import tells of.

    Both have to lower the same invoices by the same amounts, or a register's row one of those that the note lowers; a
    row that names no invoice is known by its own number. The same number is then the same note; where one bears the
    number of its invoice, the same day makes them one, and a day near it very likely so.
    """
    if not record.references and record.number and fold(record.number) == fold(other.number):
        alike = (abs(record.net or 0), abs(record.tax or 0)) == (abs(other.net or 0), abs(other.tax or 0))
        return SameCredit.SAME if alike else SameCredit.OTHER
    is_part = is_numbered_by_invoice(record) and _lowered(record).items() <= _lowered(other).items()
    if not (is_part or _lowered(record) == _lowered(other)) or not record.references:
        return SameCredit.OTHER
    if fold(record.number) == fold(other.number) and not is_numbered_by_invoice(record):
        return SameCredit.SAME
    if is_numbered_by_invoice(record) == is_numbered_by_invoice(other) or record.date is None:
        return SameCredit.OTHER
    apart = abs((record.date - (other.date or datetime.date.min)).days)
    return SameCredit.SAME if apart == 0 else SameCredit.LIKELY if apart <= _DAYS else SameCredit.OTHER


def is_numbered_by_invoice(note: VoucherRecord | Voucher) -> bool:
    """Whether a credit note bears the number of the invoice that it lowers, and so none of its own."""
    return fold(note.number) in _lowered(note)


def _lowered(note: VoucherRecord | Voucher) -> dict[str, tuple[int, int]]:
    """What a credit note takes from each invoice: net and tax, positive, by the invoice's folded number."""
    if isinstance(note, Voucher):
        return {fold(note.reverses): (abs(note.net or 0), abs(note.tax or 0))}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for part in references_of(note):
        sums[fold(part.number)][0] += part.net
        sums[fold(part.number)][1] += part.tax
    return {number: (net, tax) for number, (net, tax) in sums.items()}


def references_of(record: VoucherRecord) -> tuple[Reference, ...]:
    """What a credit note takes from each invoice, so that its header's net and tax are met exactly."""
    parts = record.references
    if not parts or record.net is None:
        return parts
    net = _met(abs(record.net), [part.net for part in parts])
    tax = _met(abs(record.tax or 0), [part.tax for part in parts])
    return tuple(
        part._replace(net=n, tax=t)
        if isinstance(part, tuple)
        else Reference(part.number, part.date, n, t, part.name)
        for part, n, t in zip(parts, net, tax, strict=True)
    )


def _met(total: int, parts: list[int]) -> list[int]:
    if sum(parts) == total:
        return parts
    weights = parts if sum(parts) > 0 else [1] * len(parts)
    return spread(total, [Decimal(weight) for weight in weights])
