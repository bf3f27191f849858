"""Whose pay a payroll voucher is, and of which month."""

from __future__ import annotations

from ledger.model.records import Voucher
from ledger.util.dates import month_of
from ledger.util.dates import parse_month


def person_of(voucher: Voucher) -> str:
    """Whose pay a payroll voucher is, as it is written there."""
    return str(voucher.meta("person") or voucher.seller_name)


def month_paid(voucher: Voucher) -> str:
    """The month that a payroll voucher pays for, YYYY-MM."""
    return parse_month(str(voucher.meta("month") or "")) or month_of(voucher.date)
