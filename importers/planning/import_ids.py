"""The identity of a voucher: it keeps it however often, and by whatever route, it comes. Bank lines: `known_lines`."""

from __future__ import annotations

import datetime
import re

from importers.records import VoucherRecord
from ledger.model.identifiers import invoice_number_valid
from ledger.model.identifiers import invoice_period
from ledger.util.text import fold

_ANOTHER = re.compile(r" \(\d+\)$")
_KINDS_IN_IDS = {"declaration": "import"}  # as it stands in books from before the kind had its name
_EVENTS = frozenset({"cancel", "void", "reject"})


def voucher_id(record: VoucherRecord) -> str:
    """The `import-id` of a voucher.

    An invoice's number is used again after years, so its two-month period belongs to it. Other papers are
    numbered by whoever wrote them, so the writer and the day belong to them.
    """
    number = fold(record.number)
    if record.payroll is not None:
        return f"payroll:{record.payroll.month}:{fold(record.payroll.name)}"
    if record.kind in _EVENTS:
        original = record.references[0].date if record.references else None
        return f"void:{_period(original)}:{number}"
    if record.kind == "invoice" and invoice_number_valid(number):
        return invoice_id(number, record.date)
    kind = _KINDS_IN_IDS.get(record.kind, record.kind)
    return f"{kind}:{record.seller or fold(record.seller_name)}:{_day(record.date)}:{number}"


def invoice_id(number: str, day: datetime.date | None) -> str:
    """The `import-id` of an invoice."""
    return f"invoice:{_period(day)}:{fold(number)}"


def another(import_id: str, place: int) -> str:
    """The `import-id` of one of several entries of the same paper: the first bears the paper's own."""
    return import_id if place == 1 else f"{import_id} ({place})"


def base_id(import_id: str) -> str:
    """The paper's own id of what `another` gave. No number holds a blank, so that nothing else looks like it."""
    return _ANOTHER.sub("", import_id)


def _period(day: datetime.date | None) -> str:
    return invoice_period(day) if day else "?"


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else "?"
