"""What a case's transactions say, as records: vouchers, payments, movements of the dedicated account."""

import dataclasses
import datetime
import sys
from decimal import Decimal
from typing import Any
from typing import Literal
from typing import NamedTuple
from typing import TypeVar
from typing import dataclass_transform

from beancount.core import data

from ledger.util.dates import month_of
from ledger.util.dates import parse_month

T = TypeVar("T")

MovementKind = Literal[
    "instalment",
    "interest",
    "withholding",
    "withdrawal",
    "payment",
    "remittance",
    "own-money",
    "fee",
    "deposit",
    "unexplained",
    "premium",  # supplementary health insurance that the bank withheld from interest: the company's
    "taken-back",  # a line that a later one took back, and that later one: together they are nothing
]


INCOME = "income"  # a voucher that lowers the cost: material sold
NEVER_PAYABLE = frozenset({"requisition"})
"""The kinds of vouchers by which nobody is owed: material that the company gave out of its own stock (領料單)."""


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A dataclass that nobody writes to once it is made: the type checker holds everyone to that.

    `frozen=True` would see to it at run time as well and make each one at three times the price; a named tuple
    is read at twice the price.
    """
    return dataclasses.dataclass(slots=True)(cls)


class Place(NamedTuple):
    """A line of a file of the books, and the day of what stands there."""

    date: datetime.date
    file: str
    line: int


def place_of(entry: data.Directive) -> Place:
    """Where an entry stands; no file and line 0 where a program made it."""
    file = sys.intern(str(entry.meta.get("filename", "")))  # one text for all the entries of a file
    return Place(entry.date, file, int(entry.meta.get("lineno", 0)))


class Problem(NamedTuple):
    """Something in the books that cannot be understood: what, and the entry it is in."""

    message: str
    entry: data.Directive


@record
class VoucherLine:
    """One item of a voucher in one category: what each fund bears, in NT$."""

    category: str
    item: str
    quantity: Decimal | None
    government: int
    self_funded: int
    disallowed: int

    @property
    def cost(self) -> int:
        """The cost claimed: government and self."""
        return self.government + self.self_funded


@record
class Voucher:
    """One transaction that books cost: its paper, its lines, where it stands in the books."""

    kind: str  # invoice, receipt, payroll, allowance, void …; empty where the entry names no voucher
    number: str
    date: datetime.date  # on the paper
    booked: datetime.date
    seller: str
    seller_name: str
    buyer: str
    party: str
    net: int | None
    tax: int | None
    lines: tuple[VoucherLine, ...]
    cost: int  # government and self of all lines
    disallowed: int  # of all lines
    input_tax: int
    payable: int  # what it makes the company owe; negative where a credit note takes from it
    reverses: str  # the number of the voucher that this entry takes back, for allowances and voids
    is_reversal: (
        bool  # whether it takes back another: an allowance, a void, anything that names what it reverses
    )
    is_voided: bool  # whether it is marked so, whatever takes it back
    link: str  # by what its payments name it
    document: str  # the first paper filed to it
    entry: data.Transaction

    @property
    def government(self) -> int:
        """The government's part as booked."""
        return sum([line.government for line in self.lines])

    @property
    def booked_cost(self) -> int:
        """All cost postings, those not claimed included."""
        return self.cost + self.disallowed

    @property
    def documents(self) -> tuple[str, ...]:
        """The papers filed to it: `document`, `document-2` …."""
        meta = self.entry.meta
        return tuple([str(value) for key, value in meta.items() if key.startswith("document") and value])

    @property
    def is_fee_of_person(self) -> bool:
        """Whether the payer may withhold tax of it: a person's receipt, without business tax."""
        is_person = self.kind == "labour-receipt" or (self.kind == "receipt" and not self.seller)
        return is_person and not self.tax and not self.is_reversal

    @property
    def month(self) -> str:
        """The month that bears the cost."""
        return month_of(self.booked)

    def meta(self, key: str) -> Any:
        """A piece of the entry's metadata."""
        return self.entry.meta.get(key)


@record
class Payment:
    """A part of a transaction that pays one voucher, in NT$."""

    number: str  # the voucher's number as the link or the posting names it
    link: str  # of that voucher
    date: datetime.date
    amount: int
    from_grant: int  # of it out of sub-account 1
    from_own: int  # out of sub-account 2
    entry: data.Transaction
    withheld: int = 0  # of the amount, paid to nobody yet


@record
class WithheldMove:
    """Tax and premium that were withheld of a voucher's payee, or with negative sums paid on, in NT$."""

    number: str  # the voucher's number as the link or the posting names it
    link: str
    date: datetime.date
    tax: int
    premium: int
    entry: data.Transaction


@record
class Movement:
    """One movement on a dedicated account or with the treasury, in NT$; money out is negative."""

    kind: MovementKind
    date: datetime.date
    grant: int  # sub-account 1
    own: int  # sub-account 2
    interest: int  # credited to the treasury's interest
    tax: int  # withheld
    remitted_interest: int
    remitted_surplus: int
    months: tuple[str, ...]  # named in the bank's memo
    party: str  # whose dedicated account it is
    entry: data.Transaction


def person_of(voucher: Voucher) -> str:
    """Whose pay a payroll voucher is, as it is written there."""
    return str(voucher.meta("person") or voucher.seller_name)


def month_paid(voucher: Voucher) -> str:
    """The month that a payroll voucher pays for, YYYY-MM."""
    return parse_month(str(voucher.meta("month") or "")) or month_of(voucher.date)
