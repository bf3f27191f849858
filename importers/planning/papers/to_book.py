"""From a voucher record to the `VoucherToBook` that is booked: its cost lines, its date in the books, its words."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from typing import NamedTuple

from importers.config.rules import NO_RULES
from importers.config.rules import Rules
from importers.planning.categories import classify
from importers.planning.import_ids import another
from importers.planning.papers.credit_notes import references_of
from importers.planning.papers.take_backs import VOID
from importers.planning.papers.take_backs import event_meta
from importers.planning.papers.take_backs import frees_number
from importers.planning.papers.told import NewVoucher
from importers.records import VoucherRecord
from importers.vouchers.sheet import KINDS
from ledger.arithmetic.cost_share import spread
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.model.award import Award
from ledger.model.records import NEVER_PAYABLE
from ledger.schemes.categories import category_named
from ledger.schemes.model import PAY_PARTS
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from ledger.util.text import fold

_WITHOUT_TAX = frozenset({"carrier-csv", "cloud-invoice-csv"})  # what a consumer gets tells no tax
_NOT_TOLD = "untold"


class Dated(NamedTuple):
    """A paper and the day it is booked on."""

    paper: VoucherToBook
    booked: datetime.date


class Calendar(NamedTuple):
    """When things are booked: a voucher whose month is closed goes to the first open day."""

    first_open: datetime.date | None

    def moved(self, number: str, day: datetime.date) -> str:
        """What is told of a paper whose month is closed; empty where it is booked on its own day."""
        booked = self.booked(day)
        if booked == day:
            return ""
        return _("憑證 {number}({day})改記 {month},{closed} 已月結").format(
            number=number, day=day, month=f"{booked:%Y-%m}", closed=f"{day:%Y-%m}"
        )

    def booked(self, day: datetime.date) -> datetime.date:
        """The day a paper of `day` is booked on."""
        return day if self.first_open is None else max(day, self.first_open)


def paper_of(new: NewVoucher, award: Award, calendar: Calendar, rules: Rules = NO_RULES) -> Dated:
    """An invoice, receipt, payroll row or the like as it is booked."""
    record = new.record
    if not record.buyer and award.partners and record.payroll is None:
        record = dataclasses.replace(record, buyer=_buyer_of(record, award))
    assert record.date is not None  # noqa: S101 -- gather() lets no other through
    assert record.net is not None  # noqa: S101
    if record.payroll is not None:
        return Dated(_payroll_paper(new, record, award), calendar.booked(record.date))
    classified = classify(record, record.net, award, rules)
    paper = VoucherToBook(
        kind=record.kind,
        number=record.number,
        date=record.date,
        seller=record.seller,
        seller_name=record.seller_name,
        buyer=record.buyer,
        net=record.net,
        tax=record.tax or 0,
        lines=classified.lines,
        import_id=new.import_id,
        source="; ".join(dict.fromkeys(new.files)),
        claimed=classified.claimed,
        narration=_nameless(record),
        unclear=classified.unclear,
        meta=(
            ("tax-type", record.tax_type or (_NOT_TOLD if new.format in _WITHOUT_TAX else "")),
            ("written-category", _other_category(record, classified.lines)),
            ("attachment", record.attachment),
            *record.details,
        ),
        is_payable=record.kind not in NEVER_PAYABLE,
    )
    return Dated(paper, calendar.booked(record.date))


def _other_category(record: VoucherRecord, lines: Sequence[CostLine]) -> str:
    """The category that a sheet's row names, where its approved item puts it into another; else empty."""
    written = category_named(record.category) if record.category else None
    return "" if written is None or written in {line.category for line in lines} else written


def _nameless(record: VoucherRecord) -> str:
    """What stands for the items of a paper that names none; empty where it names any."""
    if any(item.name for item in record.items):
        return ""
    return next((word for word, kind in KINDS.items() if kind == record.kind), "")


def _buyer_of(record: VoucherRecord, award: Award) -> str:
    """Whose purchase a sheet's row is, which names no buyer: the one party whose approved items it shows."""
    named = [
        {other.party for other in award.items if fold(other.name) == fold(item.name)} for item in record.items
    ]
    parties = set.intersection(*named) if named else set()
    return parties.pop() if len(parties) == 1 else ""


def _payroll_paper(new: NewVoucher, record: VoucherRecord, award: Award) -> VoucherToBook:
    """A payroll row; pay of a partner's person is the partner's cost."""
    payroll = record.payroll
    assert payroll is not None  # noqa: S101 -- the caller has looked
    assert record.date is not None  # noqa: S101
    return VoucherToBook(
        kind="payroll",
        number=record.number,
        date=record.date,
        seller="",
        seller_name=payroll.name,
        buyer=party if (party := award.party_of_person(payroll.name)) != award.ubn else "",
        net=record.net or 0,
        tax=0,
        lines=(CostLine(award.payroll_category, "", None, record.net or 0),),
        import_id=new.import_id,
        source="; ".join(dict.fromkeys(new.files)),
        narration=f"{roc_month(payroll.month)} 薪資 {payroll.role}".strip(),
        meta=(
            ("month", payroll.month),
            ("person", payroll.name),
            ("role", payroll.role),
            ("salary", payroll.salary),
            ("hours", payroll.hours),
            ("total-hours", payroll.total_hours),
            *((part, getattr(payroll, part)) for part in PAY_PARTS),
            ("joined", payroll.joined),
            ("left", payroll.left),
        ),
    )


Originals = Mapping[str, Sequence[Dated]]  # papers by folded number, booked ones and new ones


def allowance_papers(new: NewVoucher, originals: Originals, calendar: Calendar) -> list[Dated]:
    """Credit notes: one paper for each invoice that the allowance names, taking cost back where it was booked.

    Of an invoice that is not there nothing is taken; its part waits.
    """
    papers = []
    record = new.record
    assert record.date is not None  # noqa: S101 -- gather() lets no other through
    for place, reference in enumerate(references_of(record)):
        found = originals.get(fold(reference.number), ())
        if place in new.done or not found:
            continue
        original = next((each for each in reversed(found) if each.paper.date == reference.date), found[-1])
        paper = dataclasses.replace(
            original.paper,
            kind="allowance",
            number=record.number,
            date=record.date,
            net=-reference.net,
            tax=-reference.tax,
            lines=_taken_back(original.paper.lines, reference.net, reference.name),
            import_id=new.replaces or another(new.import_id, place + 1),
            source="; ".join(dict.fromkeys(new.files)),
            document="",
            reverses=original.paper.number,
            narration=_("折讓 {number}").format(number=original.paper.number),
            unclear="",
            meta=(),  # what the invoice says of itself is not the note's
        )
        papers.append(Dated(paper, calendar.booked(max(record.date, original.booked))))
    return papers


def _taken_back(lines: Sequence[CostLine], net: int, name: str) -> tuple[CostLine, ...]:
    """The lines of the credit note: of the item it names, else over all lines in proportion."""
    named = [line for line in lines if name and fold(line.item) == fold(name)] or list(lines)
    parts = spread(net, [Decimal(line.cost) for line in named])
    return tuple(
        dataclasses.replace(line, quantity=None, cost=-part, meta=())
        for line, part in zip(named, parts, strict=True)
    )


def void_paper(new: NewVoucher, original: Dated, calendar: Calendar) -> Dated:
    """The reversal of a voucher that was cancelled, voided or rejected: never a deletion.

    A credit note that is cancelled gives back to its invoice what it took.
    """
    record, paper = new.record, original.paper
    day = record.date if record.kind in {"cancel", "void", "reject"} and record.date else original.booked
    is_rejected = record.kind == "reject" or record.status == "rejected"
    word = _("退回") if is_rejected else _("註銷") if frees_number(record) else _("作廢")
    reversal = dataclasses.replace(
        paper,
        kind="allowance" if paper.reverses else "void",
        net=-paper.net,
        tax=-paper.tax,
        lines=tuple(_negative(line) for line in paper.lines),
        import_id=VOID + paper.import_id,
        source="; ".join(dict.fromkeys(new.files)),
        document="",
        reverses=paper.reverses or paper.number,
        narration=f"{word} {paper.number}",
        unclear="",
        meta=event_meta(record),
    )
    return Dated(reversal, calendar.booked(max(day, original.booked)))


def _negative(line: CostLine) -> CostLine:
    quantity = None if line.quantity is None else -line.quantity
    return dataclasses.replace(line, quantity=quantity, cost=-line.cost, meta=())


def booked_paper(voucher: Any) -> Dated:
    """A voucher of the books as the paper it was booked from."""
    paper = VoucherToBook(
        kind=voucher.kind,
        number=voucher.number,
        date=voucher.date,
        seller=voucher.seller,
        seller_name=voucher.seller_name,
        buyer=voucher.buyer,
        net=voucher.net if voucher.net is not None else voucher.booked_cost,
        tax=voucher.tax or 0,
        lines=tuple(part for line in voucher.lines for part in _parts(line)),
        import_id=str(voucher.meta("import-id") or ""),
        reverses=voucher.reverses,
        is_payable=voucher.kind not in NEVER_PAYABLE,
    )
    return Dated(paper, voucher.booked)


def _parts(line: Any) -> list[CostLine]:
    """What a line of the books claims, and what stands in view unclaimed, each a line of its own."""
    parts = [
        CostLine(line.category, line.item, line.quantity, line.cost),
        CostLine(
            line.category, line.item, None if line.cost else line.quantity, line.disallowed, claimed=False
        ),
    ]
    return [part for part in parts if part.cost] or parts[:1]
