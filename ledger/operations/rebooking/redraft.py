"""A booked voucher drawn up anew: its cost lines, its amounts, its words; and its reversal in a later month.

Drafts bear all claimed cost on the company's own part; `ledger.operations.edit` works out the shares.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.vouchers.voucher_lines import line_meta
from ledger.model import accounts
from ledger.model.accounts import expense_account
from ledger.model.accounts import expense_parts
from ledger.model.directives import twd
from ledger.model.directives import whole
from ledger.model.identifiers import voucher_link
from ledger.model.records import NEVER_PAYABLE
from ledger.util.i18n import _
from ledger.util.text import one_line

REVERSAL = "reversal:"  # before the import-id of the entry that is taken back


def written_meta(meta: Mapping[str, Any] | None) -> dict[str, Any]:
    """The metadata that somebody wrote, without what Beancount adds: the place, and its own notes (`__…__`)."""
    return {
        key: value
        for key, value in (meta or {}).items()
        if key not in {"filename", "lineno"} and not key.startswith("__")
    }


class Line(NamedTuple):
    """One cost line to book, NT$: what is claimed, and what stands in view unclaimed."""

    category: str
    item: str
    quantity: Decimal | None
    claimed: int
    unclaimed: int = 0
    meta: tuple[tuple[str, Any], ...] = ()  # what the voucher says of this line alone


def lines_of(voucher: Voucher) -> list[Line]:
    """The lines of a voucher as booked."""
    return [
        Line(
            one.category,
            one.item,
            one.quantity,
            one.cost,
            one.disallowed,
            tuple(line_meta(voucher, one).items()),
        )
        for one in voucher.lines
    ]


def redrafted(
    voucher: Voucher,
    case: Case,
    lines: Sequence[Line],
    *,
    tax: int | None = None,
    meta: Mapping[str, Any] | None = None,
    payee: str | None = None,
    booked: datetime.date | None = None,
) -> data.Transaction:
    """The entry of `voucher` with these lines and, where given, other tax, metadata (None takes a key out), payee, day.

    What becomes payable changes by what net and tax change. Its doubt and its flag are gone: somebody has answered.
    """
    entry = voucher.entry
    new_tax = voucher.input_tax if tax is None else tax
    grown = (
        sum(one.claimed + one.unclaimed for one in lines) + new_tax - voucher.booked_cost - voucher.input_tax
    )
    several = len({(one.category, one.item) for one in lines}) > 1
    told = {key: value for key, value in written_meta(entry.meta).items() if key != "unclear"}
    told |= (
        {"item": lines[0].item, "quantity": lines[0].quantity} | dict(lines[0].meta)
        if not several
        else {"item": None, "quantity": None}
    )
    told |= meta or {}
    postings = cost_postings(lines, case, several=several) + _others(entry, new_tax, grown)
    number = str(told.get("number") or "")
    old_items = "、".join(dict.fromkeys(one.item for one in voucher.lines))
    new_items = "、".join(dict.fromkeys(one.item for one in lines))
    narration = new_items if entry.narration in {old_items, ""} or not old_items else entry.narration
    links = (entry.links - {voucher.link}) | ({voucher_link(number)} if number else frozenset())
    return entry._replace(
        meta={
            key: value
            for key, value in _in_order(entry.meta, told).items()
            if value is not None and value != ""
        },
        date=booked or entry.date,
        flag="*",
        payee=(one_line(payee) or None) if payee is not None else entry.payee,
        narration=one_line(narration or ""),
        links=links,
        postings=postings,
    )


def _in_order(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """New metadata with the keys that stood there before in their old order."""
    kept = {key: new[key] for key in old if key in new}
    return kept | {key: value for key, value in new.items() if key not in kept}


def cost_postings(lines: Sequence[Line], case: Case, *, several: bool) -> list[data.Posting]:
    """The postings of cost lines, all of what is claimed on the company's own part."""
    assert case.scheme is not None  # noqa: S101 -- operations look for an award first
    postings = []
    for line in lines:
        meta: dict[str, Any] | None = None
        if several:
            meta = {"item": line.item} | ({"quantity": line.quantity} if line.quantity is not None else {})
            meta |= dict(line.meta)
        if line.claimed or not line.unclaimed:
            if case.scheme.may_carry_grant(line.category):
                postings.append(_posting(expense_account("government", line.category), 0, meta))
            postings.append(_posting(expense_account("self", line.category), line.claimed, meta))
        if line.unclaimed:
            postings.append(_posting(expense_account("disallowed", line.category), line.unclaimed, meta))
    return postings


def _posting(account: str, amount: int, meta: dict[str, Any] | None) -> data.Posting:
    return data.Posting(account, twd(amount), None, None, None, dict(meta) if meta else None)


def _others(entry: data.Transaction, tax: int, grown: int) -> list[data.Posting]:
    """The postings that are no cost, with the new tax and what is payable by it."""
    rest = [
        posting._replace(meta=written_meta(posting.meta) or None)
        for posting in entry.postings
        if expense_parts(posting.account) is None and posting.account != accounts.INPUT_TAX
    ]
    found = [_posting(accounts.INPUT_TAX, tax, None)] if tax else []
    owed = accounts.PAYABLE
    if entry.meta.get("voucher") in NEVER_PAYABLE and all(posting.account != owed for posting in rest):
        owed = accounts.COMPANY
    for posting in rest:
        if posting.account == owed and grown:
            found.append(posting._replace(units=twd(whole(posting.units) - grown)))
            grown = 0
        else:
            found.append(posting)
    if grown:
        found.append(_posting(owed, -grown, None))
    return found


def reversal(voucher: Voucher, case: Case, booked: datetime.date, reason: str) -> data.Transaction:
    """The entry that takes a voucher of a closed month back, on a day of an open one."""
    lines = [
        Line(
            one.category,
            one.item,
            None if one.quantity is None else -one.quantity,
            -one.claimed,
            -one.unclaimed,
        )
        for one in lines_of(voucher)
    ]
    several = len(lines) > 1
    entry = voucher.entry
    keep = ("number", "voucher-date", "seller", "buyer", "party", "month", "person")
    meta: dict[str, Any] = {"voucher": "correction"} | {
        key: entry.meta[key] for key in keep if key in entry.meta
    }
    meta |= {"net": twd(-(voucher.net if voucher.net is not None else voucher.booked_cost))}
    meta |= {"tax": twd(-voucher.input_tax), "reverses": voucher.number, "reason": one_line(reason)}
    if not several and lines:
        meta |= {"item": lines[0].item} | (
            {} if lines[0].quantity is None else {"quantity": lines[0].quantity}
        )
    meta["import-id"] = f"{REVERSAL}{entry.meta.get('import-id') or voucher.number}"
    others = [
        posting._replace(units=twd(-whole(posting.units)), meta=written_meta(posting.meta) or None)
        for posting in entry.postings
        if expense_parts(posting.account) is None
    ]
    return entry._replace(
        meta=meta,
        date=booked,
        flag="*",
        narration=_("沖回 {number}").format(number=voucher.number or entry.narration),
        postings=cost_postings(lines, case, several=several) + others,
    )


def bare(entry: data.Transaction) -> data.Transaction:
    """The entry without the places where it stood."""
    postings = [posting._replace(meta=written_meta(posting.meta) or None) for posting in entry.postings]
    return entry._replace(meta=written_meta(entry.meta), postings=postings)
