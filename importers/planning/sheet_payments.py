"""Payments that a sheet tells of: a row with 付款日期 is paid by that row, out of the company's cash."""

from __future__ import annotations

from collections.abc import Sequence

from beancount.core import data

from importers.planning.deduplicate import NewVoucher
from importers.planning.vouchers import Calendar
from ledger.case.case import Case
from ledger.entries.builder import payment_entry
from ledger.model.identifiers import voucher_link
from ledger.util.i18n import _


def plan_payments(books: Case, paid: Sequence[NewVoucher], calendar: Calendar) -> list[data.Transaction]:
    """The payments of vouchers whose sheet names the day, where something is left to pay."""
    entries = []
    left = dict(books.unpaid)
    for new in sorted(paid, key=lambda new: (new.record.paid, new.import_id)):
        record = new.record
        link = voucher_link(record.number)
        owed = min(left.get(link, 0), record.gross or 0)
        if owed <= 0 or record.paid is None:
            continue
        left[link] -= owed
        meta = {
            "import-id": f"paid:{new.import_id}",
            "source": "; ".join(dict.fromkeys(new.files)),
            "method": record.payment_method,
        }
        if record.paid != calendar.booked(record.paid):
            meta["paid"] = record.paid.isoformat()
        entries.append(
            payment_entry(
                calendar.booked(record.paid),
                record.seller_name or (record.payroll.name if record.payroll else ""),
                _("付款 {number}").format(number=record.number),
                [(record.number, owed, 0)],
                "company",
                meta,
            )
        )
    return entries
