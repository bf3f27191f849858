"""What a sample says of its population: the error projected from it, and the limit that it is under with confidence.

Exact arithmetic, rounded against the company: upper limits upwards. Sources: AICPA, Audit Guide: Audit Sampling (the
factors for monetary-unit samples, its table of confidence factors; limits of deviation rates, tables A-3 and A-4);
ISA 530. Where every factor is rounded up to two decimals, as the guide prints them, our figures are the guide's.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import ROUND_CEILING
from decimal import Decimal
from decimal import localcontext
from fractions import Fraction
from typing import NamedTuple

from audit.sampling import Unit
from audit.sampling import monetary_interval

CONFIDENCES = (80, 90, 95)
_STEPS = 60  # of bisection: more than the two decimals that are kept
_PRECISION = 40


class Projection(NamedTuple):
    """What the errors of a sample say of the population; NT$, vouchers for `most_bad`.

    `found` is the error in the sample itself, `projected` the best estimate for all, `upper` the limit that the error
    of the population is under with the confidence asked for.
    """

    found: int
    projected: int
    upper: int
    confidence: int
    errors: int
    most_bad: int | None = None


@functools.cache
def factor(errors: int, confidence: int) -> Decimal:
    """How many errors the population may hold a sampling interval where a sample shows this many, rounded up.

    The mean of the Poisson distribution under which so few errors come with the chance 1 - confidence.
    """
    with localcontext() as context:
        context.prec = _PRECISION
        risk = Decimal(100 - confidence) / 100
        low, high = Decimal(errors), Decimal(errors * 3 + 20)
        for _step in range(_STEPS):
            middle = (low + high) / 2
            term = total = Decimal(1)
            for place in range(1, errors + 1):
                term = term * middle / place
                total += term
            low, high = (middle, high) if total * (-middle).exp() > risk else (low, middle)
        return high.quantize(Decimal("0.01"), ROUND_CEILING)


def rate_limit(size: int, errors: int, confidence: int) -> Decimal:
    """The rate of bad units, in percent with one decimal, that a large population is under: binomial, rounded up."""
    if errors >= size:
        return Decimal(100)
    with localcontext() as context:
        context.prec = _PRECISION
        risk = Decimal(100 - confidence) / 100
        low, high = Decimal(0), Decimal(1)
        for _step in range(_STEPS):
            middle = (low + high) / 2
            chance = sum(
                Decimal(math.comb(size, k)) * middle**k * (1 - middle) ** (size - k)
                for k in range(errors + 1)
            )
            low, high = (middle, high) if chance > risk else (low, middle)
        return (high * 100).quantize(Decimal("0.1"), ROUND_CEILING)


def most_bad(population: int, size: int, errors: int, confidence: int) -> int:
    """The most bad vouchers that a population may hold where a random sample showed this many: hypergeometric."""
    risk = Fraction(100 - confidence, 100)
    every = math.comb(population, size)
    low, high = errors, population - (size - errors)
    while low < high:
        middle = (low + high + 1) // 2
        few = sum(
            math.comb(middle, found) * math.comb(population - middle, size - found)
            for found in range(errors + 1)
        )
        low, high = (middle, high) if Fraction(few, every) > risk else (low, middle - 1)
    return low


def project_monetary(
    units: Sequence[Unit], drawn: Sequence[str], size: int, errors: Mapping[str, int], confidence: int
) -> Projection:
    """What a monetary-unit sample says. `errors` are NT$ too much by the name of the voucher; the rest is right.

    A voucher smaller than the interval stands for an interval, in the proportion in which it is wrong (its tainting);
    one that was drawn for sure stands for itself.
    """
    amounts = {unit.name: unit.amount for unit in units}
    certain, interval = monetary_interval(units, size)
    wrong = {name: min(errors.get(name, 0), amounts[name]) for name in drawn if errors.get(name, 0) > 0}
    known = sum(cut for name, cut in wrong.items() if name in certain)
    taints = sorted(
        (Fraction(cut, amounts[name]) for name, cut in wrong.items() if name not in certain), reverse=True
    )
    projected = known + sum((taint * interval for taint in taints), Fraction(0))
    upper = known + Fraction(factor(0, confidence)) * interval
    for place, taint in enumerate(taints, 1):
        step = Fraction(factor(place, confidence) - factor(place - 1, confidence))
        upper += step * taint * interval
    total = sum(amount for amount in amounts.values() if amount > 0)
    return Projection(
        found=sum(wrong.values()),
        projected=_nearest(projected),
        upper=min(total, math.ceil(upper)),
        confidence=confidence,
        errors=len(wrong),
    )


def project_random(
    units: Sequence[Unit], drawn: Sequence[str], errors: Mapping[str, int], confidence: int
) -> Projection:
    """What a random sample says: the mean error of a voucher, for all; and the limit were all the bad ones large.

    The limit takes the most bad vouchers that the sample allows, and of those not looked at the largest for the whole
    of what they claim: no distribution of the errors is assumed.
    """
    amounts = {unit.name: unit.amount for unit in units}
    wrong = {name: errors[name] for name in drawn if errors.get(name, 0) > 0}
    found = sum(wrong.values())
    bad = most_bad(len(units), len(drawn), len(wrong), confidence)
    others = sorted(
        (amount for name, amount in amounts.items() if name not in set(drawn) and amount > 0), reverse=True
    )
    return Projection(
        found=found,
        projected=_nearest(Fraction(found * len(units), max(1, len(drawn)))),
        upper=found + sum(others[: bad - len(wrong)]),
        confidence=confidence,
        errors=len(wrong),
        most_bad=bad,
    )


def _nearest(amount: Fraction) -> int:
    """Whole NT$, a half upwards."""
    return math.floor(amount + Fraction(1, 2))
