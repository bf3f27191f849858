"""The VAT media file against the books: what is booked and not declared, and declared and not booked.

The file names no supplier and no day, only a number, a seller's company number and a month, so it books
nothing; it says whether the input tax in the books was declared, and under which 扣抵代號.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.identifiers import invoice_period
from ledger.util.i18n import _
from ledger.util.text import fold

_DEDUCTIBLE = frozenset({"1", "2"})


class Difference(NamedTuple):
    """One voucher on which the books and the declaration differ."""

    number: str
    reason: str

    def as_json(self) -> dict[str, str]:
        """As `grant import --json` shows it."""
        return {"voucher": self.number, "reason": self.reason}


def reconcile(case: Case, declared: Sequence[VoucherRecord]) -> list[Difference]:
    """The differences in the two-month periods that the declaration covers.

    Of what is declared and not booked only the case's own sellers are told; the rest of a company's purchases
    is nobody's business here.
    """
    parties = set(case.award.parties if case.award else ()) - {""}
    declared = [
        record
        for record in declared
        if record.is_declared
        and record.date is not None
        and record.buyer in {"", *parties}
        and record.seller not in parties  # its own sales
    ]
    periods = {invoice_period(record.date) for record in declared if record.date is not None}
    by_number = {
        fold(record.number): record
        for record in declared
        if record.status == "valid"
        and record.kind != "allowance"  # credit notes name the invoice they take from
    }
    buyers = {record.buyer for record in declared}  # partners declare for themselves
    voided = {fold(voucher.reverses) for voucher in case.vouchers if voucher.kind == "void"}
    booked = {
        fold(voucher.number): voucher
        for voucher in case.vouchers
        if voucher.kind == "invoice"
        and voucher.tax
        and (voucher.buyer or voucher.party) in buyers
        and invoice_period(voucher.date) in periods
        and (fold(voucher.number) not in voided or fold(voucher.number) in by_number)
    }
    differences = [
        Difference(voucher.number, _("已入帳,但不在營業稅申報檔內"))
        for number, voucher in booked.items()
        if number not in by_number
    ]
    sellers = {voucher.seller for voucher in case.vouchers if voucher.seller}
    for number, record in by_number.items():
        if number in booked:
            differences += _of_pair(booked[number], record, voided=number in voided)
        elif record.seller in sellers:
            differences.append(Difference(record.number, _("已申報為本案廠商的進項,但沒有入帳")))
    return differences


def _of_pair(voucher: Voucher, record: VoucherRecord, *, voided: bool) -> list[Difference]:
    """What differs between a booked invoice and its declaration."""
    found = []
    if voided:
        return [Difference(voucher.number, _("已作廢或退回的發票,仍申報為進項"))]
    if (voucher.net, voucher.tax) != (record.net, record.tax):
        reason = _(
            "申報金額不同:帳上未稅 {net:,}、稅額 {tax:,};申報未稅 {declared_net:,}、稅額 {declared_tax:,}"
        )
        found.append(
            Difference(
                voucher.number,
                reason.format(
                    net=voucher.net or 0,
                    tax=voucher.tax or 0,
                    declared_net=record.net or 0,
                    declared_tax=record.tax or 0,
                ),
            )
        )
    if record.deduction and record.deduction not in _DEDUCTIBLE:
        found.append(
            Difference(
                voucher.number,
                _("申報為不得扣抵(扣抵代號 {code}),帳上列為可扣抵的進項稅額").format(code=record.deduction),
            )
        )
    return found
