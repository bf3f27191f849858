"""What an allowance takes from each of the invoices it names, so that the parts add up to its header."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from importers.records import Reference
from ledger.util.i18n import _


def with_header(
    references: Sequence[Reference], net: int, tax: int, warnings: list[str]
) -> tuple[Reference, ...]:
    """The references with amounts that add up to the header's `net` and `tax`, NT$: the header is what is booked.

    A gap of a dollar a line is rounding and goes to the largest; a wider one is told, and shared in proportion
    (lines printed with tax, a line that is missing).
    """
    net_gap = net - sum(reference.net for reference in references)
    tax_gap = tax - sum(reference.tax for reference in references)
    if not references or not (net_gap or tax_gap):
        return tuple(references)
    if max(abs(net_gap), abs(tax_gap)) <= len(references):
        largest = max(references, key=lambda reference: reference.net)
        filled = dataclasses.replace(largest, net=largest.net + net_gap, tax=largest.tax + tax_gap)
        return tuple(filled if reference is largest else reference for reference in references)
    warnings.append(_("折讓明細合計與表頭金額不符,以表頭為準"))
    weights = [max(reference.net, 0) for reference in references]
    shares = zip(references, _shared(net, weights), _shared(tax, weights), strict=True)
    return tuple(dataclasses.replace(reference, net=part, tax=its_tax) for reference, part, its_tax in shares)


def _shared(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in proportion to `weights` (equally where all are 0), whole, adding up to it."""
    weights = weights if any(weights) else [1] * len(weights)
    whole = sum(weights)
    shares: list[int] = []
    before = 0
    for weight in weights:
        before += weight
        shares.append(total * before // whole - sum(shares))
    return shares
