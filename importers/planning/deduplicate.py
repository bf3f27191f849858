"""From readings to what is new: routes of one voucher joined, what is known or nobody's business left out."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from importers.planning.categories import Known
from importers.planning.import_ids import another
from importers.planning.import_ids import base_id
from importers.planning.import_ids import voucher_id
from importers.records import Reading
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.award import Award
from ledger.util.i18n import _
from ledger.util.text import fold

BULK_FORMATS = frozenset({"platform-xlsx", "carrier-csv", "cloud-invoice-csv"})
_ROUTES = (
    "mig-xml",
    "platform-xlsx",
    "invoice-qr",
    "cloud-invoice-csv",
    "carrier-csv",
    "voucher-sheet",
    "payroll-sheet",
)
_MARKS = re.compile(r"[\W_]+")
_TAKING_BACK = frozenset({"cancel", "void", "reject"})


class Unmatched(NamedTuple):
    """A record that somebody has to decide about, and why.

    `waits` where it was not booked, `conflicts` where that is because it is booked with another amount.
    """

    file: str
    record: dict[str, Any]
    reason: str
    waits: bool = False
    conflicts: bool = False

    def as_json(self) -> dict[str, Any]:
        """As `grant import --json` shows it."""
        return {"file": self.file, "record": self.record, "reason": self.reason}


@dataclasses.dataclass(slots=True)
class NewVoucher:
    """A voucher to book: its id, the record it is booked from, and every file that told of it."""

    import_id: str
    record: VoucherRecord
    files: list[str]
    format: str
    done: frozenset[int] = frozenset()  # of a credit note's references: those booked before


@dataclasses.dataclass(slots=True)
class Gathered:
    """What the voucher readings come to."""

    new: list[NewVoucher] = dataclasses.field(default_factory=list)
    events: list[NewVoucher] = dataclasses.field(default_factory=list)  # cancel, void, reject
    allowances: list[NewVoucher] = dataclasses.field(default_factory=list)
    paid: list[NewVoucher] = dataclasses.field(default_factory=list)  # booked before; the sheet now says paid
    duplicates: int = 0
    not_of_case: int = 0
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)


def gather(readings: Sequence[Reading], case: Case, award: Award) -> Gathered:
    """Sort the voucher records of all readings.

    The same number and the same item by two routes is one voucher. The same number with another item or
    amount is a voucher of its own, booked and left to the checks. A record already booked is known; the
    same paper with another amount is a conflict, shown and not booked.
    """
    known = Known.of(case, award)
    gathered = Gathered()
    booked = _booked_by_id(case)
    ours = set(booked) | {
        voucher_id(record)
        for reading in readings
        if reading.format not in BULK_FORMATS
        for record in reading.records
        if isinstance(record, VoucherRecord)
    }
    groups: dict[str, list[tuple[Reading, VoucherRecord]]] = defaultdict(list)
    names = _sellers(readings, case)
    for reading in sorted(readings, key=_route):
        for told in reading.records:
            if not isinstance(told, VoucherRecord):
                continue
            record = _named(told, names)
            if _wanted(record, reading, known, ours, gathered):
                groups[voucher_id(record)].append((reading, record))
    for import_id, group in groups.items():
        _sort_group(import_id, group, booked, gathered)
    return gathered


def _sellers(readings: Sequence[Reading], case: Case) -> dict[str, str]:
    """The names of sellers by their company numbers, as the books or the other routes tell them."""
    told = [
        (record.seller, record.seller_name)
        for reading in readings
        for record in reading.records
        if isinstance(record, VoucherRecord)
    ]
    told += [(voucher.seller, voucher.seller_name) for voucher in case.vouchers]
    return {seller: name for seller, name in told if seller and name}


def _named(record: VoucherRecord, names: Mapping[str, str]) -> VoucherRecord:
    """The record with its seller's name, which a QR code does not hold."""
    name = names.get(record.seller, "")
    if record.seller_name or not name or record.is_declared:
        return record
    return dataclasses.replace(record, seller_name=name)


def _route(reading: Reading) -> tuple[int, str]:
    rank = _ROUTES.index(reading.format) if reading.format in _ROUTES else len(_ROUTES)
    return rank, reading.file


def _wanted(
    record: VoucherRecord,
    reading: Reading,
    known: Known,
    ours: set[str],
    gathered: Gathered,
) -> bool:
    """Whether a record is the case's business and complete enough to book; `ours` are the ids that are."""
    if not isinstance(record, VoucherRecord) or record.is_declared:
        gathered.not_of_case += 1
        return False
    if reading.format in BULK_FORMATS and voucher_id(record) not in ours and not known.has(record):
        gathered.not_of_case += 1
        return False
    if record.kind not in _TAKING_BACK and (not record.number or record.date is None or record.net is None):
        reason = _("缺少憑證號碼、日期或金額,無法入帳")
        gathered.unmatched.append(Unmatched(reading.file, record.as_json(), reason, waits=True))
        return False
    return True


def _sort_group(
    import_id: str,
    group: list[tuple[Reading, VoucherRecord]],
    booked: dict[str, list[Voucher]],
    gathered: Gathered,
) -> None:
    """One paper's records: events aside, routes joined, the known left out."""
    standing = booked.get(import_id, [])
    fresh: list[NewVoucher] = []
    for reading, record in group:
        is_credit = record.kind == "allowance"
        if record.kind in _TAKING_BACK or record.status != "valid":
            gathered.events.append(NewVoucher(import_id, record, [reading.file], reading.format))
            continue
        twin = next((new for new in fresh if _same_paper(new.record, record)), None)
        same = _booked_as(record, standing)
        done = _booked_references(record, standing)
        if twin is not None:
            twin.record = _joined(twin.record, record)
            twin.files.append(reading.file)
            gathered.duplicates += 1
        elif same is not None and len(done) < len(record.references):
            # a credit note of several invoices, of which some have come since
            fresh.append(NewVoucher(import_id, record, [reading.file], reading.format, done))
        elif same is not None:
            gathered.duplicates += 1
            if record.paid is not None:
                gathered.paid.append(NewVoucher(import_id, record, [reading.file], reading.format))
        elif standing and (is_credit or any(_same_item(record, v) for v in standing)):
            reason = _("同一張憑證已入帳,但金額不同(原 {old:,} 元,現 {new:,} 元),沒有入帳;請查明").format(
                old=abs(sum(voucher.net or 0 for voucher in standing[: None if is_credit else 1])),
                new=record.net or 0,
            )
            gathered.unmatched.append(
                Unmatched(
                    reading.file,
                    record.as_json(),
                    reason,
                    waits=True,
                    conflicts=reading.format not in BULK_FORMATS,
                )
            )
        else:
            own_id = another(import_id, len(standing) + len(fresh) + 1)
            fresh.append(NewVoucher(own_id, record, [reading.file], reading.format))
    (gathered.allowances if import_id.startswith("allowance:") else gathered.new).extend(fresh)


def _same_paper(one: VoucherRecord, other: VoucherRecord) -> bool:
    """Whether two routes tell of one paper: the same total, and an item in common where both name any."""
    items, others = _items(one), _items(other)
    return one.gross == other.gross and (not items or not others or bool(items & others))


def _items(record: VoucherRecord) -> set[str]:
    return {_letters(item.name) for item in record.items if item.name}


def _letters(name: str) -> str:
    """A name without marks, which one route prints and another leaves out; marks alone stay."""
    folded = fold(name)
    return _MARKS.sub("", folded) or folded


def _joined(one: VoucherRecord, other: VoucherRecord) -> VoucherRecord:
    """The better route's record, with what only the other one says."""
    return dataclasses.replace(
        one,
        category=one.category or other.category,
        paid=one.paid or other.paid,
        payment_method=one.payment_method or other.payment_method,
        attachment=one.attachment or other.attachment,
    )


def _booked_by_id(case: Case) -> dict[str, list[Voucher]]:
    """The booked vouchers by the identity they were imported under."""
    booked: dict[str, list[Voucher]] = defaultdict(list)
    for voucher in case.vouchers:
        import_id = str(voucher.meta("import-id") or "")
        if import_id and voucher.kind != "void":
            booked[base_id(import_id)].append(voucher)
    return booked


def _booked_as(record: VoucherRecord, standing: Sequence[Voucher]) -> Voucher | None:
    """The voucher that a record is booked as; a credit note is booked once for each invoice it names."""
    totals = [abs((voucher.net or 0) + (voucher.tax or 0)) for voucher in standing]
    if record.kind == "allowance":
        known = _booked_references(record, standing)
        taken = sum(record.references[place].net + record.references[place].tax for place in known)
        return standing[0] if standing and sum(totals) == taken else None
    return next(
        (
            voucher
            for voucher, total in zip(standing, totals, strict=True)
            if total == record.gross and _same_item(record, voucher)
        ),
        None,
    )


def _booked_references(record: VoucherRecord, standing: Sequence[Voucher]) -> frozenset[int]:
    """Which of a credit note's references are booked: those of the invoices that its entries take from."""
    named = {fold(voucher.reverses) for voucher in standing if voucher.reverses}
    return frozenset(place for place, part in enumerate(record.references) if fold(part.number) in named)


def _same_item(record: VoucherRecord, voucher: Voucher) -> bool:
    """Whether the booked voucher shows an item of the record; a record without items is not told apart."""
    items = _items(record)
    return (
        not items
        or record.payroll is not None
        or bool(items & {_letters(line.item) for line in voucher.lines})
    )
