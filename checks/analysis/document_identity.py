"""What makes two entries one and the same paper: within a case, and in the cases of several companies."""

from __future__ import annotations

import datetime
from typing import Protocol

from ledger.case.case import Voucher
from ledger.model.identifiers import invoice_number_valid
from ledger.model.identifiers import invoice_period
from ledger.util.text import fold

# papers that a company draws up itself, so that its own name on them proves nothing
OWN_DOCUMENTS = frozenset({"payroll", "requisition", "travel", "apportionment"})


class DocumentFacts(Protocol):
    """What a voucher says of its paper."""

    @property
    def number(self) -> str:
        """Its number."""

    @property
    def date(self) -> datetime.date:
        """The date on it."""

    @property
    def seller(self) -> str:
        """The seller's company number, where it is known."""

    @property
    def seller_name(self) -> str:
        """The seller's name."""

    @property
    def net(self) -> int | None:
        """Its amount before tax, NT$."""

    @property
    def tax(self) -> int | None:
        """Its tax."""


def plain(number: str) -> str:
    """A voucher's number as it is compared."""
    return number if number.isascii() and number.isalnum() else fold(number)


def same_document(one: DocumentFacts, other: DocumentFacts) -> bool:
    """Whether two vouchers of one number are the same paper.

    Invoice numbers are used again, but never within a period; and no seller issues the same number again over the
    same amount, so that there a date is mistyped. Other papers are numbered by whoever wrote them.
    """
    if not invoice_number_valid(plain(one.number)):
        return same_seller(one, other)
    if invoice_period(one.date) == invoice_period(other.date):
        return True
    return (one.net, one.tax) == (other.net, other.tax) and same_seller(one, other)


def key_everywhere(voucher: Voucher) -> str:
    """What vouchers of different cases have to agree in before they are compared; empty for one that never is.

    The number of an invoice is the country's. Any other number is only its issuer's, who may begin again with every
    book of receipts: the day and the gross amount have to agree too, and of a paper that the company draws up
    itself, or whose issuer is not named, the company. Payroll is none of this: one roll is rightly in two cases, by
    the hours worked on each.
    """
    number = plain(voucher.number)
    if voucher.kind == "payroll" or not number:
        return ""
    if invoice_number_valid(number):
        return number
    amount = (voucher.booked_cost if voucher.net is None else voucher.net) + (voucher.tax or 0)
    is_own = voucher.kind in OWN_DOCUMENTS or not (voucher.seller or voucher.seller_name)
    return " ".join([number, voucher.date.isoformat(), str(amount), voucher.party if is_own else ""])


def same_seller(one: DocumentFacts, other: DocumentFacts) -> bool:
    """Whether two vouchers were issued by one seller: by its number where both have it, else by its name."""
    if one.seller and other.seller:
        return one.seller == other.seller
    return fold(one.seller_name) == fold(other.seller_name)
