"""A case whose vouchers bear other shares, made of the one it differs from: most of what was read stays as it is."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.model.records import Voucher


class Exchanged(NamedTuple):
    """The entry that stands in a voucher's place: the same but for the government's part of each line, NT$."""

    entry: data.Transaction
    shares: Sequence[int]


def exchanged(case: Case, instead: Mapping[int, Exchanged]) -> Case | None:
    """The case with some vouchers' entries exchanged, by the id() of the old one.

    None where an entry is more than a voucher: then the case has to be read anew.
    """
    paying = [payment.entry for payment in (*case.payments, *case.returned_payments)]
    if any(id(entry) in instead for entry in (*paying, *(move.entry for move in case.movements))):
        return None
    other = copy.copy(case)
    for name, value in vars(type(case)).items():
        if isinstance(value, functools.cached_property):
            other.__dict__.pop(name, None)
    other.transactions = [_entry(entry, instead) for entry in case.transactions]
    other.unclassified = [_entry(entry, instead) for entry in case.unclassified]
    other.vouchers = [
        _voucher(voucher, instead[id(voucher.entry)]) if id(voucher.entry) in instead else voucher
        for voucher in case.vouchers
    ]
    other.__dict__["expected_splits"] = {  # the cost is the same, and so are the shares that are due
        id(instead[entry].entry) if entry in instead else entry: parts
        for entry, parts in case.expected_splits.items()
    }
    return other


def _entry(entry: data.Transaction, instead: Mapping[int, Exchanged]) -> data.Transaction:
    found = instead.get(id(entry))
    return entry if found is None else found.entry


def _voucher(voucher: Voucher, made: Exchanged) -> Voucher:
    lines = tuple(
        replace(line, government=share, self_funded=line.cost - share)
        for line, share in zip(voucher.lines, made.shares, strict=True)
    )
    return replace(voucher, lines=lines, entry=made.entry)
