"""Which of a scheme's rules decide a figure, so that a finding that stands on an assumed one can say so."""

from __future__ import annotations

from collections.abc import Iterator

from checks.analysis.wording import HasConfidence
from ledger.arithmetic.settlement import Settlement
from ledger.schemes.model import Scheme


def settlement_rules(scheme: Scheme, whole: Settlement, amount: int) -> Iterator[HasConfidence]:
    """The rules behind an amount that the settlement gave: those of the steps that bind, and rounding."""
    for step in whole.steps:
        if step.binds and step.name == "category":
            yield scheme.cap_base
            yield scheme.cap_total
            capped = (scheme.cap(line.category) for line in whole.categories if line.capped_by)
            yield from (cap for cap in capped if cap is not None)
        elif step.binds and step.name == "ratio":
            yield scheme.subsidy_ratio
    yield from rounding_rules(scheme, amount)


def rounding_rules(scheme: Scheme, amount: int) -> Iterator[HasConfidence]:
    """The rounding of shares, where it alone could make the amount: less than a dollar a category."""
    if amount < len(scheme.categories):
        yield scheme.share_rounding
