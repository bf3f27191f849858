"""The payroll vouchers of a case: whose pay, of which month, and how much of the month's work."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beancount.core.amount import Amount

from checks.analysis import wording
from checks.analysis.net_vouchers import net_originals
from checks.engine.case_cache import per_case
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.payroll import month_paid
from ledger.case.payroll import person_of
from ledger.util.text import fold
from ledger.util.text import parse_amount


class PayrollVoucher(NamedTuple):
    """A payroll voucher that names a person: whose pay, of which month, and the claimed cost left of it in NT$."""

    name: str  # folded
    voucher: Voucher
    cost: int
    month: str  # YYYY-MM


@per_case
def payroll_vouchers(case: Case) -> list[PayrollVoucher]:
    """The payroll vouchers that name a person and of which something still counts."""
    found = [
        PayrollVoucher(fold(person_of(voucher)), voucher, cost, month_paid(voucher))
        for voucher, cost in net_originals(case)
        if voucher.kind == "payroll"
    ]
    return [roll for roll in found if roll.name]


def figure(voucher: Voucher, key: str) -> Decimal | None:
    """A number of the voucher's metadata; None where there is none that can be read."""
    value = voucher.entry.meta.get(key)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Amount):
        return value.number
    try:
        return parse_amount(str(value)) if value is not None else None
    except ValueError:
        return None


def effort(voucher: Voucher) -> Fraction | None:
    """The person-months of a payroll voucher: its hours on the case by the month's hours, one at most; exact.

    None where the hours are not said. Source: DESIGN §7; 海洋委員會人事薪資補助明細表, 投入人月 J = hours by hours.
    """
    hours, total = figure(voucher, "hours"), figure(voucher, "total-hours")
    if hours is None or total is None or total <= 0:
        return None
    return min(Fraction(hours) / Fraction(total), Fraction(1))


def months_text(months: Fraction | Decimal) -> str:
    """Person-months as told: to the hundredth, and further where that would make them equal to a plan in tenths."""
    exact = Fraction(months)
    told = round(exact, 2)
    if told != exact and (told * 10).denominator == 1:
        told = round(exact, 4)
    return wording.count(Decimal(told.numerator) / Decimal(told.denominator))
