"""An entry as a person reads it: its head, its voucher, its postings with their items."""

from __future__ import annotations

from typing import Any

from beancount.core import data

from reports.xlsx.grid import Entry

_SHOWN = (
    "voucher",
    "number",
    "voucher-date",
    "seller",
    "net",
    "tax",
    "item",
    "quantity",
    "role",
    "salary",
    "hours",
    "total-hours",
    "document",
    "approval",
    "entitlement",
    "withdrawable",
    "state",
    "deducted",
)


def entry_text(entry: Entry) -> str:
    """The entry in the ledger's own form, with the metadata that matter to a reader; a line each."""
    if isinstance(entry, data.Custom):
        values = " ".join(_said(value.value) for value in entry.values)
        return "\n".join([f"{entry.date} custom {_said(entry.type)} {values}", *_facts(entry)])
    head = " ".join(_said(text) for text in (entry.payee, entry.narration) if text)
    lines = [f"{entry.date} {entry.flag} {head}", *_facts(entry)]
    for posting in entry.postings:
        item = (posting.meta or {}).get("item")
        lines.append(f"  {posting.account}  {posting.units}" + (f"  ; {item}" if item else ""))
    return "\n".join(lines)


def _facts(entry: Entry) -> list[str]:
    meta = entry.meta
    return [f"  {key}: {_said(meta[key])}" for key in _SHOWN if meta.get(key) is not None]


def _said(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
