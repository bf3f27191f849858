"""What takes back: cancellations (作廢), voids (註銷), rejects (退回), and voided rows of a download.

Each takes back one paper, and waits for it where it comes first. 註銷 frees the number, which may then be used again;
作廢 uses it up. So of several papers under one number the one is meant whose day, amount and place in the books fit,
and what took one back already is known again.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from collections.abc import Sequence

from importers.planning.import_ids import base_id
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.identifiers import invoice_number_valid
from ledger.model.identifiers import invoice_period
from ledger.util.i18n import _
from ledger.util.text import fold

VOID = "void:"  # before the import-id of what a reversal takes back
EVENTS = frozenset({"cancel", "void", "reject"})
_FREES = "void"  # the value of the metadata `event` of a reversal after which the number may be used again
_OF_OLD_BOOKS = "註銷"  # how the narration of such a reversal began before it had that metadata


def takes_back(record: VoucherRecord) -> bool:
    """Whether a record takes another back, or is a row of a download that is void itself."""
    return record.kind in EVENTS or record.status != "valid"


def frees_number(record: VoucherRecord) -> bool:
    """Whether the number may be used again after this: 註銷, not 作廢."""
    return record.kind == "void" or record.frees_number


@dataclasses.dataclass(slots=True)
class Target:
    """One paper that may be taken back: booked already, or new in this import.

    `files` are those that told of it; `place` is its place among the papers under its number.
    """

    import_id: str
    number: str
    kind: str
    date: datetime.date | None
    gross: int
    is_booked: bool
    place: int
    files: tuple[str, ...] = ()
    is_reversed: bool = False
    is_freed: bool = False
    event_date: datetime.date | None = None  # of what reversed it, where the books tell


@dataclasses.dataclass(slots=True)
class Event:
    """Something that takes back, and the file that told of it."""

    record: VoucherRecord
    file: str
    target: Target | None = None
    is_known: bool = False  # it took its target back in an earlier import
    is_told: bool = False  # somebody said that the one paper of its number is meant, whatever its day
    rivals: tuple[Target, ...] = ()  # new papers that it may mean as well


def booked_targets(case: Case) -> dict[str, list[Target]]:
    """The papers of the books by their folded number, a credit note of several invoices once."""
    reversals = {
        str(voucher.meta("import-id") or "").removeprefix(VOID): voucher
        for voucher in case.vouchers
        if str(voucher.meta("import-id") or "").startswith(VOID)
    }
    by_hand = {fold(v.reverses) for v in case.vouchers if v.kind == "void" and not v.meta("import-id")}
    found: dict[str, list[Target]] = {}
    for voucher in case.vouchers:
        import_id = str(voucher.meta("import-id") or "")
        is_credit = voucher.kind == "allowance" and bool(voucher.reverses)
        if not voucher.number or import_id.startswith(VOID) or (voucher.reverses and not is_credit):
            continue
        own_id = base_id(import_id) if is_credit else import_id
        papers = found.setdefault(fold(voucher.number), [])
        same = next((paper for paper in papers if own_id and paper.import_id == own_id), None)
        gross = abs((voucher.net if voucher.net is not None else voucher.booked_cost) + (voucher.tax or 0))
        if same is not None:
            same.gross += gross
            continue
        reversal = reversals.get(import_id) if import_id else None
        papers.append(
            Target(
                own_id or f"{voucher.number} {len(papers)}",
                fold(voucher.number),
                voucher.kind,
                voucher.date,
                gross,
                is_booked=True,
                place=len(papers),
                is_reversed=reversal is not None or fold(voucher.number) in by_hand,
                is_freed=reversal is not None and _is_freeing(reversal),
                event_date=_day(reversal.meta("event-date")) if reversal is not None else None,
            )
        )
    return found


def _is_freeing(reversal: Voucher) -> bool:
    said = str(reversal.meta("event") or "")
    return said == _FREES if said else (reversal.entry.narration or "").startswith(_OF_OLD_BOOKS)


def _day(value: object) -> datetime.date | None:
    return value if isinstance(value, datetime.date) else None


def event_meta(record: VoucherRecord) -> tuple[tuple[str, object], ...]:
    """What a reversal says of what made it, so that it is known again and tells whether the number is free."""
    kind = record.kind if record.kind in EVENTS else _FREES if record.frees_number else ""
    return (("event", kind), ("event-date", record.date if record.kind in EVENTS else None))


def assign(events: Iterable[Event], targets: Sequence[Target]) -> None:
    """Find what each event takes back among the papers under its number; one that finds nothing has no target."""
    used: dict[str, list[Target]] = {}  # by file: the papers that its rows have taken
    for event in sorted(events, key=_order):
        if event.target is not None:
            continue
        fitting = [target for target in targets if event.is_told or _fits(event, target)]
        original = original_day(event.record)
        fitting.sort(
            key=lambda target: (original is not None and target.date != original, not target.is_booked)
        )
        if event.record.kind in EVENTS:
            known = [t for t in fitting if t.is_reversed and t.event_date in (None, event.record.date)]
        else:
            fitting = [target for target in fitting if target not in used.get(event.file, ())]
            known = [target for target in fitting[:1] if target.is_reversed]
        fresh = [target for target in fitting if not target.is_reversed]
        if known:
            event.target, event.is_known = known[0], True
        elif fresh:
            event.target = target = fresh[0]
            alike = [t for t in fresh[1:] if (t.is_booked, t.date) == (target.is_booked, target.date)]
            event.rivals = () if target.is_booked else tuple(alike)
            target.is_reversed, target.is_freed = True, frees_number(event.record)
            target.event_date = event.record.date if event.record.kind in EVENTS else None
        if event.target is not None:
            used.setdefault(event.file, []).append(event.target)


def _order(event: Event) -> tuple[datetime.date, bool, str, int]:
    day = event.record.date or datetime.date.min
    return day, event.record.kind not in EVENTS, event.file, event.record.row


def _fits(event: Event, target: Target) -> bool:
    """Whether an event may mean a paper of its number: by kind, by two-month period, by day and by amount."""
    record = event.record
    original = original_day(record)
    if record.kind in EVENTS:
        if record.date and target.date and target.date > record.date:
            return False  # issued after it was taken back: another paper of a freed number
        return (
            original is None
            or target.date is None
            or _is_day_meant(record, original, target.date, target.number)
        )
    if (record.kind == "allowance") != (target.kind == "allowance") or event.file in target.files:
        return False
    if record.date and target.date and not _same_period(target.number, record.date, target.date):
        return False
    return not record.frees_number or record.gross is None or abs(record.gross) == target.gross


def original_day(record: VoucherRecord) -> datetime.date | None:
    """The day of the paper that an event names."""
    return record.references[0].date if record.references and record.kind in EVENTS else None


def _is_day_meant(record: VoucherRecord, original: datetime.date, day: datetime.date, number: str) -> bool:
    """Whether the day of the paper that an event names is this paper's.

    A number that was used up (作廢) is that of one paper in its two months; one that was freed may be another's.
    """
    return original == day or (record.kind != "void" and _same_period(number, original, day))


def _same_period(number: str, one: datetime.date, other: datetime.date) -> bool:
    """Invoice numbers come round after years; of other papers the day need not be the same."""
    return not invoice_number_valid(number) or invoice_period(one) == invoice_period(other)


def waiting_reason(record: VoucherRecord) -> str:
    """What is told of an event whose paper has not come."""
    return _("{number} 的作廢、註銷或退回已記下;所指的憑證還沒有匯入,等它匯入時沖銷").format(
        number=record.number
    )
