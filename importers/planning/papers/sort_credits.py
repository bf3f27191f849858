"""Sorting credit notes (折讓): new, known by another route, or waiting for the invoice that they lower."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace

from importers.planning.papers.credit_notes import SameCredit
from importers.planning.papers.credit_notes import is_numbered_by_invoice
from importers.planning.papers.credit_notes import parts_booked
from importers.planning.papers.credit_notes import same_credit
from importers.planning.papers.outcome import Outcome
from importers.planning.papers.same_paper import amounts_differ
from importers.planning.papers.same_paper import booked_references
from importers.planning.papers.same_paper import import_id_of
from importers.planning.papers.same_paper import is_booked_credit
from importers.planning.papers.told import NewVoucher
from importers.planning.papers.told import Told
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.util.i18n import _
from ledger.util.text import fold

New = Callable[[str, Told, list[NewVoucher]], NewVoucher]


class CreditNotes:
    """Sorts the credit notes of one sorting; `booked` are the vouchers of the books by the id of their paper."""

    def __init__(self, case: Case, outcome: Outcome, booked: Mapping[str, Sequence[Voucher]]) -> None:
        self._case = case
        self._outcome = outcome
        self._booked = booked
        self._claimed: set[int] = set()  # the entries, by id(), that turned out to be a note of this sorting

    def sort(self, import_id: str, told: Told, fresh: list[NewVoucher], new: New) -> None:
        """A credit note: `new` to be booked, in part new, known by this or another route, or to be asked about."""
        booked = self._booked.get(import_id, [])
        done = booked_references(told.record, booked)
        if booked and is_booked_credit(told.record, booked, done):
            if len(done) < len(told.record.references):  # of several invoices, of which some have come since
                fresh.append(
                    NewVoucher(import_id, told.record, [told.file], told.format, done, waited=told.waited)
                )
            else:
                self._known(import_id, told)
        elif booked:
            if self._outcome.answer(told, "conflict") == "ignore":
                self._outcome.count_known(told)
            elif self._outcome.answer(told, "conflict") == "keep-both":
                new(import_id, told, fresh)
            else:
                reason = amounts_differ(sum(v.net or 0 for v in booked), told.record)
                self._outcome.ask(told, "conflict", reason, ("keep-both", "ignore"), conflicts=True)
        elif not self._is_other_route(import_id, told):
            new(import_id, told, fresh)

    def _known(self, import_id: str, told: Told) -> None:
        """A credit note that is known; its row may tell when the money came back."""
        self._outcome.count_known(told)
        if told.record.paid is not None:
            self._outcome.found.paid.append(NewVoucher(import_id, told.record, [told.file], told.format))

    def _is_other_route(self, import_id: str, told: Told) -> bool:
        """Whether a credit note is one that another route told of under another number."""
        for other in self._outcome.found.allowances:
            if same_credit(told.record, other.record) is SameCredit.SAME:
                other.files.append(told.file)
                if other.record.paid is None and told.record.paid is not None:
                    method = told.record.payment_method
                    other.record = replace(other.record, paid=told.record.paid, payment_method=method)
                self._outcome.count_known(told)
                return True
        booked = [voucher for voucher in self._case.vouchers if voucher.kind == "allowance"]
        booked = [voucher for voucher in booked if id(voucher.entry) not in self._claimed]
        if self._took_its_number(import_id, told, booked):
            return True
        verdicts = {same_credit(told.record, voucher) for voucher in booked}
        verdicts |= {same_credit(told.record, new.record) for new in self._outcome.found.allowances}
        answer = self._outcome.answer(told, "duplicate")
        if SameCredit.SAME not in verdicts and (SameCredit.LIKELY not in verdicts or answer == "different"):
            return False
        if SameCredit.SAME in verdicts or answer == "same":
            self._known(import_id, told)
            return True
        reason = _("與已有的折讓單金額相同、折讓同一張發票,但號碼與日期不同:是同一張嗎?沒有入帳")
        self._outcome.ask(told, "duplicate", reason, ("same", "different"))
        return True

    def _took_its_number(self, import_id: str, told: Told, booked: Sequence[Voucher]) -> bool:
        """Whether a credit note stands in the books by rows under the numbers of its invoices: then it bears its own.

        What of it is not there is new; what stands in a closed month keeps the number that it has.
        """
        if is_numbered_by_invoice(told.record):
            return False
        parts = parts_booked(told.record, booked)
        answer = self._outcome.answer(told, "duplicate")
        sure = {
            place: voucher
            for place, found in parts.items()
            for voucher, verdict in found[:1]
            if verdict is SameCredit.SAME or answer == "same"
        }
        if not sure or len(sure) < len(parts):
            return False
        self._claimed |= {id(voucher.entry) for voucher in sure.values()}
        everything = frozenset(range(len(told.record.references)))
        opened = first_open_day(self._case)
        for place, voucher in sure.items():
            if opened is None or voucher.booked >= opened:
                known_as, others = import_id_of(voucher), everything - {place}
                self._outcome.found.allowances.append(
                    NewVoucher(known_as, told.record, [told.file], told.format, others, known_as)
                )
        if everything - sure.keys():
            rest = NewVoucher(import_id, told.record, [told.file], told.format, frozenset(sure))
            self._outcome.found.allowances.append(rest)
        self._known(import_id, told)
        return True

    def drop_unfounded(self, numbers: Collection[str]) -> None:
        """Let credit notes wait whose invoice is neither booked nor new; of several invoices those that are there count.

        `numbers` are those that the books hold.
        """
        there = set(numbers) | {fold(new.record.number) for new in self._outcome.found.new}
        for credit in list(self._outcome.found.allowances):
            record = credit.record
            lacking = [
                part.number
                for place, part in enumerate(record.references)
                if place not in credit.done and fold(part.number) not in there
            ]
            if not record.references:
                lacking = [""]
            if not lacking:
                continue
            told = Told(record, credit.files[0], credit.format, credit.waited)
            reason = _("折讓單 {number} 所指的發票 {invoice} 不在帳上,沒有入帳").format(
                number=record.number, invoice=_("、").join(filter(None, lacking)) or "?"
            )
            self._outcome.ask(told, "take-back", reason, ("leave",), waits=True)
            if len(lacking) == max(1, len(record.references) - len(credit.done)):
                self._outcome.found.allowances.remove(credit)
