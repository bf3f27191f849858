"""What a company withholds of a fee that it pays to a person: income tax, and the supplementary health premium.

The company owes both to others: the tax to the tax bureau by the tenth of the next month, the premium to the health
insurance by its end.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import ROUND_DOWN
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import NamedTuple

from ledger.util.dates import add_months
from ledger.util.dates import month_end

_TAX_RATES = (  # 各類所得扣繳率標準 §2, §3
    Decimal("0.10"),  # fees of experts who live here
    Decimal("0.05"),  # pay beside a main employment
    Decimal("0.20"),  # fees of experts who do not live here
    Decimal("0.18"),  # pay of those
)
_PREMIUM_RATE = Decimal("0.0211")  # 全民健康保險扣取及繳納補充保險費辦法: the rate since 2021
_DAY = 10  # 所得稅法 §92: by the tenth of the month after the payment


class Withheld(NamedTuple):
    """What was withheld, NT$."""

    tax: int = 0
    premium: int = 0

    @property
    def total(self) -> int:
        """Both."""
        return self.tax + self.premium


def withholdings(fee: int, *, is_fee: bool = True) -> Iterator[Withheld]:
    """What may have been withheld of a fee of so many NT$, the usual first: both, the tax or the premium alone.

    Where it is not known to be a person's fee (`is_fee`), only the usual rate.
    """
    premium = _part(fee, _PREMIUM_RATE, ROUND_HALF_UP)
    for rate in _TAX_RATES if is_fee else _TAX_RATES[:1]:
        for tax in dict.fromkeys((_part(fee, rate, ROUND_HALF_UP), _part(fee, rate, ROUND_DOWN))):
            yield Withheld(tax, premium)
            yield Withheld(tax)
    yield Withheld(premium=premium)


def withheld_of(fee: int, paid: int) -> Withheld:
    """What the payer withheld of a fee, where `paid` is just what that leaves; else nothing."""
    return next((each for each in withholdings(fee) if 0 < each.total == fee - paid), Withheld())


def tax_by(paid: datetime.date) -> datetime.date:
    """The last day to pay on the tax of a fee that was paid on a day."""
    return premium_by(paid).replace(day=_DAY)


def premium_by(paid: datetime.date) -> datetime.date:
    """The last day to pay on the premium of it (全民健康保險法 §31)."""
    return month_end(add_months(paid.replace(day=1), 1))


def overdue(withheld: Withheld, paid: datetime.date, today: datetime.date) -> Withheld:
    """The part of what was withheld on a day that should have been paid on before today."""
    return Withheld(
        max(0, withheld.tax) if today > tax_by(paid) else 0,
        max(0, withheld.premium) if today > premium_by(paid) else 0,
    )


def _part(amount: int, rate: Decimal, rounding: str) -> int:
    return int((amount * rate).to_integral_value(rounding))
