"""Pay of somebody who joins or leaves within a month: which days count, and what the month's pay comes to by them.

The sheet says 月薪, which is a whole month's; of a part of the month it may be told whole or already cut. Cut it is where
it is no more than the person's pay of whole months comes to by the days.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from checks.analysis.payroll_vouchers import PayrollVoucher
from checks.analysis.payroll_vouchers import figure
from ledger.arithmetic.cost_share import month_share
from ledger.arithmetic.cost_share import payroll_cost
from ledger.case.case import Voucher
from ledger.model.award import Person
from ledger.util.dates import month_last_day

_HOURS_A_DAY = 8


class PartMonth(NamedTuple):
    """The days of a month that somebody is on the payroll, both included; one day at least is not among them."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    @property
    def hours(self) -> int:
        """The working hours of these days at most: eight a weekday."""
        days = (self.first + datetime.timedelta(place) for place in range(self.days))
        return _HOURS_A_DAY * sum(day.weekday() < 5 for day in days)


def part_of_month(roll: PayrollVoucher, person: Person | None) -> PartMonth | None:
    """The part of its month that a payroll voucher pays for; None where it is the whole month or nothing of it.

    What the sheet's row says (到職日, 離職日) comes before what the award says of the person.
    """
    tells = roll.voucher.entry.meta
    if (
        "joined" not in tells
        and "left" not in tells
        and (person is None or not (person.since or person.until))
    ):
        return None  # nearly everybody, and spares the calendar
    end = month_last_day(roll.month)
    start = end.replace(day=1)
    first = _day(roll.voucher, "joined") or (person.since if person else None)
    last = _day(roll.voucher, "left") or (person.until if person else None)
    part = PartMonth(max(start, first or start), min(end, last or end))
    return part if start <= part.first <= part.last <= end and part != (start, end) else None


def whole_salary(person: Person | None, others: Iterable[PayrollVoucher]) -> Decimal | None:
    """A person's pay of a whole month, NT$: as planned, or the most of the other months' rows; None where neither tells."""
    told = [salary for roll in others if (salary := figure(roll.voucher, "salary")) is not None]
    planned = Decimal(person.salary) if person and person.salary else None
    return max([*told, *([planned] if planned else [])], default=None)


class ExpectedPay(NamedTuple):
    """What a part of a month comes to, NT$, and the other amounts that are right as well."""

    amount: int
    others: frozenset[int]


def expected_pay(
    voucher: Voucher, salary: Decimal, part: PartMonth, whole: Decimal | None
) -> ExpectedPay | None:
    """What may be claimed for a part of a month; None where the salary of the row is cut by the days already.

    By the days of the month or by thirtieths, whichever is more. Hours by the month's hours cut the pay already; where
    the total hours are no more than those of the part, they are cut out of the part's pay.
    """
    of_month = month_last_day(f"{part.first:%Y-%m}").day
    shares = [month_share(salary, part.days, of_days) for of_days in (of_month, 30)]
    if whole is not None and whole > salary:
        cut = max(month_share(whole, part.days, of_days) for of_days in (of_month, 30))
        if salary <= cut + 1:
            return None
    hours, total = figure(voucher, "hours"), figure(voucher, "total-hours")
    if hours is None or total is None or total <= 0:
        amounts = [int(share) for share in shares]
    elif total <= part.hours:
        amounts = [payroll_cost(share, hours, total) for share in shares]
    else:
        amounts = [min(int(share), payroll_cost(salary, hours, total)) for share in shares]
    return ExpectedPay(max(amounts), frozenset(amounts))


def _day(voucher: Voucher, key: str) -> datetime.date | None:
    value = voucher.entry.meta.get(key)
    return value if isinstance(value, datetime.date) else None
