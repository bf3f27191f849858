"""Changing entries by hand, the way somebody does who works in the books."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from beancount.core import data

from ledger.directives import twd

Edit = Callable[[list[data.Directive]], list[data.Directive]]
Change = Callable[[data.Transaction], data.Transaction]


def of_voucher(number: str, change: Change) -> Edit:
    """Change the entry that books a voucher."""
    return _of(lambda entry: entry.meta.get("number") == number, change)


def of_payment(number: str, change: Change) -> Edit:
    """Change the entry that pays a voucher."""
    return _of(lambda entry: entry.meta.get("import-id") == f"bank:{number}", change)


def _of(is_it: Callable[[data.Directive], bool], change: Change) -> Edit:
    def edit(entries: list[data.Directive]) -> list[data.Directive]:
        (wanted,) = [entry for entry in entries if isinstance(entry, data.Transaction) and is_it(entry)]
        return [change(entry) if entry is wanted else entry for entry in entries]

    return edit


def all_of(*edits: Edit) -> Edit:
    """One change after the other."""

    def edit(entries: list[data.Directive]) -> list[data.Directive]:
        for each in edits:
            entries = each(entries)
        return entries

    return edit


def amounts(more: Iterable[tuple[str, int]]) -> Change:
    """Add so much to the first posting of an account, or add the posting."""

    def change(entry: data.Transaction) -> data.Transaction:
        postings = list(entry.postings)
        for account, amount in more:
            place = next((i for i, posting in enumerate(postings) if posting.account == account), None)
            if place is None:
                postings.append(data.Posting(account, twd(amount), None, None, None, None))
            else:
                units = twd(_number(postings[place]) + amount)
                postings[place] = postings[place]._replace(units=units)
        return entry._replace(postings=postings)

    return change


def _number(posting: data.Posting) -> int:
    assert posting.units is not None
    assert posting.units.number is not None
    return int(posting.units.number)


def says(**meta: Any) -> Change:
    """Other metadata; names are written with `_` for `-`, and None takes one out."""

    def change(entry: data.Transaction) -> data.Transaction:
        changed = entry.meta | {key.replace("_", "-"): value for key, value in meta.items()}
        return entry._replace(meta={key: value for key, value in changed.items() if value is not None})

    return change
