"""The VAT media file against the books: what is booked and not declared, and declared and not booked.

The file names no supplier and no day, only a number, a seller's company number and a month, so it books
nothing; it says whether the input tax in the books was declared, and under which 扣抵代號.
"""

from __future__ import annotations

from collections import defaultdict
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


class _Return(NamedTuple):
    """What a VAT return declares: purchases by folded number, the periods it covers, and for whom."""

    purchases: dict[str, VoucherRecord]
    periods: set[str]
    buyers: set[str]  # partners declare for themselves


def reconcile(case: Case, declared: Sequence[VoucherRecord]) -> list[Difference]:
    """The differences in the two-month periods that the declaration covers.

    Of what is declared and not booked only the case's own sellers are told; the rest of a company's purchases
    is nobody's business here.
    """
    told = _return_of(case, declared)
    voided = _voided_numbers(case)
    booked = _booked_invoices(case, told, voided)
    sellers = {voucher.seller for voucher in case.vouchers if voucher.seller}
    differences = [
        Difference(voucher.number, _("已入帳,但不在營業稅申報檔內"))
        for number, voucher in booked.items()
        if number not in told.purchases
    ]
    for number, record in told.purchases.items():
        if number in booked:
            differences += _of_pair(booked[number], record, voided=number in voided)
        elif record.seller in sellers:
            differences.append(Difference(record.number, _("已申報為本案廠商的進項,但沒有入帳")))
    return differences


def _return_of(case: Case, declared: Sequence[VoucherRecord]) -> _Return:
    """The rows of the case's own parties; their sales are none of it, and credit notes name the invoice they lower."""
    parties = set(case.award.parties if case.award else ()) - {""}
    rows = [
        record
        for record in declared
        if record.is_declared
        and record.date is not None
        and record.buyer in {"", *parties}
        and record.seller not in parties
    ]
    return _Return(
        {fold(row.number): row for row in rows if row.status == "valid" and row.kind != "allowance"},
        {invoice_period(row.date) for row in rows if row.date is not None},
        {row.buyer for row in rows},
    )


def _voided_numbers(case: Case) -> set[str]:
    """The numbers of which nothing stands: one that was freed and taken again is not among them."""
    left: dict[str, int] = defaultdict(int)
    voided = set()
    for voucher in case.vouchers:
        if voucher.kind == "void":
            voided.add(fold(voucher.reverses))
            left[fold(voucher.reverses)] += voucher.net or 0
        elif not voucher.reverses:
            left[fold(voucher.number)] += voucher.net or 0
    return {number for number in voided if not left[number]}


def _booked_invoices(case: Case, told: _Return, voided: set[str]) -> dict[str, Voucher]:
    """The invoices with input tax that the return has to declare, and those voided that it declares all the same."""
    return {
        fold(voucher.number): voucher
        for voucher in case.vouchers
        if voucher.kind == "invoice"
        and voucher.tax
        and (voucher.buyer or voucher.party) in told.buyers
        and invoice_period(voucher.date) in told.periods
        and (fold(voucher.number) not in voided or fold(voucher.number) in told.purchases)
    }


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
