"""Changing entries by hand, the way somebody does who works in the books."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from beancount.core import data

from ledger.model.accounts import COMPANY
from ledger.model.accounts import GRANT_MONEY
from ledger.model.directives import twd

Edit = Callable[[list[data.Directive]], list[data.Directive]]
Change = Callable[[data.Transaction], data.Transaction]


def of_voucher(number: str, change: Change) -> Edit:
    """Change the entry that books a voucher."""
    return _of(lambda entry: entry.meta.get("number") == number, change)


def of_payment(number: str, change: Change) -> Edit:
    """Change the entry that pays a voucher."""
    return _of(lambda entry: entry.meta.get("import-id") == f"bank:{number}", change)


def of_withdrawal(month: str, change: Change, party: str = "") -> Edit:
    """Change the entry that withdraws a month; an empty one is named by none."""
    return _of(lambda entry: _withdraws(entry, month, party), change)


def without(month: str, party: str = "") -> Edit:
    """Leave out the withdrawal of a month."""
    return lambda entries: [entry for entry in entries if not _withdraws(entry, month, party)]


def _withdraws(entry: data.Directive, month: str, party: str) -> bool:
    if not isinstance(entry, data.Transaction) or entry.narration != "提領":
        return False
    return (entry.meta.get("months", ""), entry.meta.get("party", "")) == (month, party)


def of_narration(narration: str, change: Change, day: datetime.date | None = None) -> Edit:
    """Change the one entry that says this, on a day where several do."""
    return _of(
        lambda entry: getattr(entry, "narration", "") == narration and day in {None, entry.date}, change
    )


def unbooked(narration: str, party: str = "") -> Edit:
    """Leave out what says this, of the company or of a partner."""
    return lambda entries: [
        entry
        for entry in entries
        if getattr(entry, "narration", "") != narration or entry.meta.get("party", "") != party
    ]


def moved(day: datetime.date) -> Change:
    """On another day."""
    return lambda entry: entry._replace(date=day)


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
                units = twd(number(postings[place]) + amount)
                postings[place] = postings[place]._replace(units=units)
        return entry._replace(postings=postings)

    return change


def number(posting: data.Posting) -> int:
    """The amount of a posting, in NT$."""
    assert posting.units is not None
    assert posting.units.number is not None
    return int(posting.units.number)


def instead(old: str, new: str) -> Change:
    """Booked to another account."""

    def change(entry: data.Transaction) -> data.Transaction:
        postings = [p._replace(account=new) if p.account == old else p for p in entry.postings]
        return entry._replace(postings=postings)

    return change


def draws(more: int) -> Change:
    """A withdrawal of so much more."""
    return amounts([(GRANT_MONEY, -more), (COMPANY, more)])


def both(one: Change, other: Change) -> Change:
    """One change and then another of the same entry."""
    return lambda entry: other(one(entry))


def flagged(entry: data.Transaction) -> data.Transaction:
    """With the flag of what nobody has decided about yet."""
    return entry._replace(flag="!")


def says(**meta: Any) -> Change:
    """Other metadata; names are written with `_` for `-`, and None takes one out."""

    def change(entry: data.Transaction) -> data.Transaction:
        changed = entry.meta | {key.replace("_", "-"): value for key, value in meta.items()}
        return entry._replace(meta={key: value for key, value in changed.items() if value is not None})

    return change
