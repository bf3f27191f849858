"""What a voucher says of each of its lines beside the amount: its unit, brand, model and the like."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from beancount.core.amount import Amount

from ledger.model.accounts import expense_parts
from ledger.model.records import Voucher
from ledger.model.records import VoucherLine
from ledger.model.voucher_details import LINE_KEYS


def line_meta(voucher: Voucher, line: VoucherLine) -> dict[str, Any]:
    """What stands at the line's own postings; a voucher of one line says it at its head instead."""
    told: dict[str, Any] = {}
    for posting in voucher.entry.postings:
        meta = posting.meta
        if not meta or LINE_KEYS.isdisjoint(meta):
            continue
        parts = expense_parts(posting.account)
        if parts is not None and parts[1] == line.category and meta.get("item", line.item) == line.item:
            told |= {key: meta[key] for key in meta if key in LINE_KEYS}
    return told


def said_of_line(voucher: Voucher, line: VoucherLine, key: str) -> str:
    """What the voucher says of one of its lines under a key of `voucher_details`; empty where it says nothing."""
    value = line_meta(voucher, line).get(key)
    return str((voucher.meta(key) if value is None else value) or "")


def number_said(voucher: Voucher, key: str) -> Decimal | None:
    """A number or an amount of the voucher's metadata; None where there is none."""
    value = voucher.meta(key)
    if isinstance(value, Amount):
        value = value.number
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
