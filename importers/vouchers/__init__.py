"""Readers of vouchers: every one gives a `Reading` whose records are `VoucherRecord`s.

A reader is `read(source) -> Reading | None`: None where the file is not its own, ReadError where it is and
cannot be taken. They are tried in the order of `READERS`, the strictest signs first.
"""

from __future__ import annotations

from collections.abc import Callable

from importers.records import Reading
from importers.sources.source import Source
from importers.vouchers import carrier
from importers.vouchers import cloud_invoice
from importers.vouchers import payroll
from importers.vouchers import qr
from importers.vouchers import sheet
from importers.vouchers import timesheet
from importers.vouchers import vat_media
from importers.vouchers.mig import reader
from importers.vouchers.platform import invoices

READERS: tuple[Callable[[Source], Reading | None], ...] = (
    reader.read,
    vat_media.read,
    qr.read,
    carrier.read,
    cloud_invoice.read,
    invoices.read,
    payroll.read,
    sheet.read,
    timesheet.read,
)
