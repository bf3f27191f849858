"""The vouchers of an audit record: those drawn or judged, with their risk and what was filed about them."""

from __future__ import annotations

from audit.audit_trail import rows_of
from audit.audit_trail import sample_names
from audit.case_view import View
from audit.risk import risks
from reports.forms.audit_record import RecordedVoucher


def recorded_vouchers(view: View) -> list[RecordedVoucher]:
    """The vouchers in the order of the books; empty where nothing was drawn or judged."""
    known, names = risks(view), sample_names(view)
    return [
        RecordedVoucher(
            row.keyed.voucher,
            known[names[row.keyed.key]].points,
            known[names[row.keyed.key]].reasons,
            row.is_sampled,
            [thread.latest for thread in row.threads],
        )
        for row in rows_of(view)
        if row.threads or row.is_sampled
    ]
