"""The payroll vouchers of a case: whose pay, of which month, and how much of the month's work."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beancount.core.amount import Amount

from checks.analysis import wording
from checks.analysis.net_vouchers import net_originals
from checks.engine.case_cache import per_case
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.records import month_paid
from ledger.model.records import person_of
from ledger.schemes.model import PAY_PARTS
from ledger.schemes.model import PayPart
from ledger.schemes.model import Scheme
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


def claim_of(roll: PayrollVoucher) -> int:
    """What a payroll voucher claims, NT$: the paper's amount, less what was taken back of it since."""
    voucher = roll.voucher
    whole = voucher.booked_cost if voucher.net is None else voucher.net
    return whole - (voucher.cost - roll.cost)


class PayParts(NamedTuple):
    """The parts of a month's pay, NT$, as a payroll sheet tells them."""

    base: Decimal
    allowance: Decimal
    bonus: Decimal

    def of(self, part: PayPart) -> Decimal:
        """One part."""
        return Decimal(getattr(self, part))

    @property
    def whole(self) -> Decimal:
        """All parts together."""
        return self.base + self.allowance + self.bonus

    @property
    def sums(self) -> frozenset[Decimal | None]:
        """What 月薪 beside the parts may be: untold, the base, the fixed pay, or all."""
        return frozenset({None, self.base, self.base + self.allowance, self.whole})


def pay_parts_of(voucher: Voucher) -> PayParts | None:
    """The parts of pay that a payroll voucher tells; None where it tells no base."""
    base = figure(voucher, "base")
    if base is None:
        return None
    allowance, bonus = (figure(voucher, part) or Decimal(0) for part in ("allowance", "bonus"))
    return PayParts(base, allowance, bonus)


def salary_of(voucher: Voucher) -> Decimal | None:
    """A payroll voucher's pay of the month, NT$: as told, else the sum of its parts."""
    told = figure(voucher, "salary")
    if told is not None:
        return told
    parts = pay_parts_of(voucher)
    return None if parts is None else parts.whole


def is_claimable(scheme: Scheme, part: PayPart) -> bool:
    """Whether a part of pay may be claimed; one of which the scheme says nothing may."""
    rule = scheme.pay_parts.get(part)
    return rule is None or rule.value


def claimable_salary(scheme: Scheme, voucher: Voucher) -> Decimal | None:
    """The month's pay that may be claimed, NT$; as `salary_of` where the sheet tells no parts."""
    parts = pay_parts_of(voucher)
    if parts is None:
        return salary_of(voucher)
    return sum((parts.of(part) for part in PAY_PARTS if is_claimable(scheme, part)), Decimal(0))


def effort(voucher: Voucher) -> Fraction | None:
    """The person-months of a payroll voucher: its hours on the case by the month's hours, one at most; exact.

    None where the hours are not said. Source: DESIGN §7; 海洋委員會人事薪資補助明細表, 投入人月 J = hours by hours.
    """
    hours, total = figure(voucher, "hours"), figure(voucher, "total-hours")
    if hours is None or total is None or total <= 0:
        return None
    return _part(hours, total)


def most_effort(efforts: Iterable[Fraction]) -> Fraction:
    """What the efforts of some vouchers can come to at any of them, exact: the sum of those above nothing.

    Added up by their denominators, which are few; fractions one by one take long.
    """
    by_denominator: dict[int, int] = {}
    for part in efforts:
        if (numerator := part.numerator) > 0:
            below = part.denominator
            by_denominator[below] = by_denominator.get(below, 0) + numerator
    return sum((Fraction(above, below) for below, above in by_denominator.items()), Fraction(0))


@functools.lru_cache(maxsize=1 << 10)  # the same few hours over and over
def _part(hours: Decimal, total: Decimal) -> Fraction:
    return min(Fraction(hours) / Fraction(total), Fraction(1))


def months_text(months: Fraction | Decimal) -> str:
    """Person-months as told: to the hundredth, and further where that would make them equal to a plan in tenths."""
    exact = Fraction(months)
    told = round(exact, 2)
    if told != exact and (told * 10).denominator == 1:
        told = round(exact, 4)
    return wording.count(Decimal(told.numerator) / Decimal(told.denominator))
