"""Company numbers (統一編號) and invoice numbers (統一發票字軌號碼)."""

from __future__ import annotations

import datetime
import functools
import re

PAID = "paid:"
"""Before the import-id of a voucher: the id of the payment that its own record tells of."""

_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)
_INVOICE = re.compile(r"[A-Z]{2}\d{8}")
_LINK_SAFE = re.compile(r"[^A-Za-z0-9\-_/.]")


@functools.cache
def ubn_valid(number: str) -> bool:
    """Whether `number` can be a 統一編號 under the rule in force since 2023-04-01 (sum divisible by 5).

    The rule is weak (about one number in five passes), so it may warn and never reject.
    Source: the Ministry of Finance's notice on widening the number's check, 112/4/1.
    """
    if not re.fullmatch(r"[0-9]{8}", number) or number == "00000000":
        return False
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(number, _WEIGHTS, strict=True))
    return total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0)


def is_consumer(number: str) -> bool:
    """Whether a buyer's number stands for a private consumer."""
    return number.strip("0") == ""


def invoice_number_valid(number: str) -> bool:
    """Two capital letters and eight digits. Source: MIG's InvoiceNumber type."""
    return _INVOICE.fullmatch(number) is not None


def invoice_period(day: datetime.date) -> str:
    """The two-month period of an invoice, ROC year and its even month: `11206` for May 2023.

    Numbers are used again after years, so a number alone names no invoice: a number and a period do.
    """
    return f"{day.year - 1911}{day.month + day.month % 2:02}"


def voucher_link(number: str) -> str:
    """The Beancount link of a voucher: its number, with what a link cannot hold written as code points.

    `AB12345678` stays as it is; `收1120001` becomes `u6536.1120001`.
    """
    if number.isalnum() and number.isascii():
        return number
    return _LINK_SAFE.sub(lambda match: f"u{ord(match[0]):04x}.", number)
