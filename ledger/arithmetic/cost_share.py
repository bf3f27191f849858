"""The arithmetic of who pays (DESIGN §5): shares, entitlement, what may be withdrawn. Whole NT$, pure.

Golden vectors and the formula: the sister programme's settlement workbook (經費支用明細表),
`ROUNDDOWN(actual x government / total, 0)`, with the approved government money as its cap.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any
from typing import Literal
from typing import NamedTuple

Rounding = Literal["down", "half-up"]


class Approved(NamedTuple):
    """What was approved for one category, in NT$: the government's part and the company's."""

    government: int
    self_funded: int

    @property
    def total(self) -> int:
        """Both parts together."""
        return self.government + self.self_funded


def government_share(cost: int, approved: Approved, *, grantable: bool, rounding: Rounding = "down") -> int:
    """g_c: the government's part of a category's accepted cost, never more than was approved.

    `cost` is cumulative (A_c), so that rounding never drifts. Nothing is earned in a category that may not
    carry grant money, or while credit notes outweigh the cost.
    """
    government, own = approved
    total = government + own
    if not grantable or total <= 0:
        return 0
    half = total if rounding == "half-up" else 0
    share = (2 * cost * government + half) // (2 * total)
    return max(0, min(government, share))


def withdrawable(entitlement: int, withdrawn: int, received: int) -> int:
    """What may leave the dedicated account now: earned and not yet withdrawn, within the grant's principal.

    `received` is grant money paid in so far; interest is not principal.
    """
    return max(0, min(entitlement - withdrawn, received - withdrawn))


def payroll_cost(pay: Decimal, hours: Decimal, total_hours: Decimal) -> int:
    """A person-month's cost: monthly pay times project hours over the month's hours, rounded down.

    Source: the sister programme's 人事薪資補助明細表, K = ROUNDDOWN(I x J, 0). Hours over the month's count
    as the whole month. Raises ValueError where the month has no hours.
    """
    if total_hours <= 0:
        raise ValueError(total_hours)
    return int((pay * min(hours, total_hours) / total_hours).to_integral_value(ROUND_DOWN))


def month_share(pay: Decimal, days: int, of_days: int) -> Decimal:
    """The part of a month's pay, NT$, that falls on `days` of it; never more than the whole.

    `of_days` are the month's days, or 30 where a company counts by thirtieths. Raises ValueError where it has none.
    """
    if of_days <= 0:
        raise ValueError(of_days)
    return pay * min(days, of_days) / of_days


def interest_tax(interest: int, rate: Decimal, threshold: int) -> int:
    """Tax a bank withholds on one payment of interest: `rate`, none where the tax is at most `threshold`.

    Source: 各類所得扣繳率標準 §2, §13 (10 %, NT$2,000).
    """
    tax = int((interest * rate).to_integral_value(ROUND_DOWN))
    return tax if tax > threshold else 0


def value_added_tax(net: int, rate: Decimal = Decimal("0.05")) -> int:
    """Business tax on a net amount, rounded half up as invoices are."""
    return int((net * rate).to_integral_value(ROUND_HALF_UP))


def net_of_gross(gross: int, rate: Decimal = Decimal("0.05")) -> int:
    """The net of an amount that includes business tax, in NT$, rounded half up."""
    return int((gross / (1 + rate)).to_integral_value(ROUND_HALF_UP))


def spread(total: int, weights: list[Decimal]) -> list[int]:
    """`total` cut in proportion to `weights`, each part rounded down, what is left on the largest weight.

    An invoice's header is booked this way over its lines: the parts always add up to the header.
    """
    if not weights:
        return []
    whole = sum(weights)
    parts = [
        int((total * weight / whole).to_integral_value(ROUND_DOWN)) if whole else 0 for weight in weights
    ]
    largest = max(range(len(weights)), key=lambda index: weights[index])
    parts[largest] += total - sum(parts)
    return parts


def entitlement(shares: Mapping[Any, int]) -> int:
    """What the accepted cost has earned so far: the sum of every category's government share."""
    return sum(shares.values())
