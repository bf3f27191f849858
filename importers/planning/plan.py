"""From what was read to what will be written: every entry of an import, worked out before anything is touched."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from importers.config.rules import read_rules
from importers.planning.bank_lines import Answer
from importers.planning.bank_lines import Asked
from importers.planning.bank_lines import Statement
from importers.planning.bank_lines import plan_statements
from importers.planning.deduplicate import Gathered
from importers.planning.deduplicate import NewVoucher
from importers.planning.deduplicate import Unmatched
from importers.planning.deduplicate import gather
from importers.planning.import_ids import base_id
from importers.planning.sheet_payments import plan_payments
from importers.planning.vat_reconciliation import Difference
from importers.planning.vat_reconciliation import reconcile
from importers.planning.vouchers import VOID
from importers.planning.vouchers import Calendar
from importers.planning.vouchers import Dated
from importers.planning.vouchers import allowance_papers
from importers.planning.vouchers import booked_paper
from importers.planning.vouchers import paper_of
from importers.planning.vouchers import void_paper
from importers.records import Reading
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import split_changes
from ledger.entries.builder import voucher_entry
from ledger.errors import GrantError
from ledger.util.i18n import _
from ledger.util.i18n import in_source_language
from ledger.util.text import fold

_AFTER_ALL_LINES = 10_000_000


class NoAwardError(GrantError):
    """The case has no award, so nothing can be classified; nothing is imported."""


@dataclasses.dataclass(slots=True)
class Plan:
    """What an import comes to: new entries in booking order, changed splits, and the counts to report."""

    entries: list[data.Transaction] = dataclasses.field(default_factory=list)
    splits: dict[Path, dict[int, int]] = dataclasses.field(default_factory=dict)  # file: {line: amount}
    answers: list[Answer] = dataclasses.field(default_factory=list)
    imported: int = 0
    duplicates: int = 0
    matched: int = 0
    not_of_case: int = 0
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)
    reconciliation: list[Difference] = dataclasses.field(default_factory=list)  # books against VAT return


@in_source_language()
def plan_import(
    case: Case,
    entries: Sequence[data.Directive],
    readings: Sequence[Reading],
    statements: Sequence[Statement],
    earlier: Callable[[], Sequence[Statement]] = tuple,
    asked: Sequence[Asked] = (),
) -> Plan:
    """Work out an import. `readings` are vouchers, `statements` bank statements of the case's accounts.

    Vouchers come first, because payments are matched to them and the last instalment to what they earn.
    `earlier` gives the statements of the company's accounts that were filed before: a new voucher may have been
    paid by a line that was nobody's then. `asked` are lines booked as questions, which the import may answer.
    Raises NoAwardError, RulesError.
    """
    if case.award is None or case.scheme is None:
        raise NoAwardError(_("案件沒有可用的核定資料,無法匯入"))
    gathered = gather(readings, case, case.award)
    plan = Plan(
        duplicates=gathered.duplicates, not_of_case=gathered.not_of_case, unmatched=gathered.unmatched
    )
    papers = _papers(gathered, case, plan)
    vouchers = _split(case, entries, papers, plan)
    plan.imported += len({_record_of(voucher) for voucher in vouchers})
    open_ids = {id(entry) for each in asked if not each.fixed for entry in each.entries}
    decided = [entry for entry in entries if id(entry) not in open_ids] if open_ids else entries
    books = _with(case, [*decided, *vouchers])
    sheet_paid = [new for new in (*gathered.new, *gathered.paid) if new.record.paid is not None]
    payments = plan_payments(books, sheet_paid, Calendar(first_open_day(case)))
    books = _with(case, [*decided, *vouchers, *payments])
    moves = plan_statements(books, statements, earlier() if vouchers or statements else (), asked)
    plan.entries = sorted([*vouchers, *payments, *moves.entries], key=lambda entry: entry.date)
    plan.imported += moves.imported
    plan.duplicates += moves.duplicates
    plan.matched = moves.matched
    plan.not_of_case += moves.not_of_case
    plan.unmatched += moves.unmatched
    plan.unmatched += _to_look_at(vouchers)
    plan.answers = moves.answers
    plan.reconciliation = reconcile(books, _declared(readings))
    return plan


def _declared(readings: Sequence[Reading]) -> list[VoucherRecord]:
    """The rows of the VAT return's media files."""
    return [
        record
        for reading in readings
        if reading.format == "vat-media"
        for record in reading.records
        if isinstance(record, VoucherRecord)
    ]


def _with(case: Case, entries: Sequence[data.Directive]) -> Case:
    """The case as it will be with these entries, on no particular day."""
    ordered = sorted(entries, key=_booking_order)
    return Case(ordered, folder=case.folder, as_of=datetime.date.max)


def _booking_order(entry: data.Directive) -> tuple[datetime.date, int, int]:
    """Beancount's own order; new entries follow what stands in the books on their day, in the order given."""
    rank = data.SORT_ORDER.get(type(entry), 0)
    return entry.date, rank, int(entry.meta.get("lineno", _AFTER_ALL_LINES))


def _papers(gathered: Gathered, case: Case, plan: Plan) -> list[Dated]:
    """Every paper to book: vouchers, then what takes from them."""
    assert case.award is not None  # noqa: S101 -- plan_import() has looked
    calendar = Calendar(first_open_day(case))
    rules = read_rules(case.folder)
    papers = [paper_of(new, case.award, calendar, rules) for new in gathered.new]
    originals: dict[str, list[Dated]] = defaultdict(list)
    credits_: dict[str, list[Dated]] = defaultdict(list)
    for voucher in case.vouchers:
        if voucher.number and not voucher.reverses:
            originals[fold(voucher.number)].append(booked_paper(voucher))
        elif voucher.kind == "allowance" and not _is_reversal(voucher):
            credits_[fold(voucher.number)].append(booked_paper(voucher))
    for dated in papers:
        originals[fold(dated.paper.number)].append(dated)
    for new in gathered.allowances:
        credit, unmatched = allowance_papers(new, originals, calendar)
        papers += credit
        plan.unmatched += unmatched
        credits_[fold(new.record.number)] += credit
    papers += _reversals(gathered.events, originals | credits_, case, calendar, plan)
    return papers


def _record_of(entry: data.Transaction) -> str:
    """The record that an entry is of: a credit note of several invoices is one, whatever it is booked as."""
    import_id = str(entry.meta["import-id"])
    return base_id(import_id) if entry.meta["voucher"] == "allowance" else import_id


def _is_reversal(voucher: Voucher) -> bool:
    return str(voucher.meta("import-id") or "").startswith(VOID)


def _reversals(
    events: Sequence[NewVoucher],
    originals: Mapping[str, Sequence[Dated]],
    case: Case,
    calendar: Calendar,
    plan: Plan,
) -> list[Dated]:
    """Reversals of booked vouchers; an event that concerns nothing booked is nothing at all."""
    reversed_ids = {str(voucher.meta("import-id")) for voucher in case.vouchers if _is_reversal(voucher)}
    papers = []
    for event in events:
        found = originals.get(fold(event.record.number), ())
        for original in found:
            reversal = void_paper(event, original, calendar)
            if reversal.paper.import_id in reversed_ids:
                plan.duplicates += 1
                continue
            reversed_ids.add(reversal.paper.import_id)
            papers.append(reversal)
        if not found:
            plan.not_of_case += 1
    return papers


def _split(
    case: Case, entries: Sequence[data.Directive], papers: Sequence[Dated], plan: Plan
) -> list[data.Transaction]:
    """The vouchers' entries with their shares, and the shares that change in open months because of them."""
    assert case.scheme is not None  # noqa: S101 -- plan_import() has looked
    ordered = sorted(papers, key=lambda dated: dated.booked)
    grantable = [[case.scheme.may_carry_grant(line.category) for line in d.paper.lines] for d in ordered]
    drafts = [
        voucher_entry(d.paper, d.booked, [0] * len(d.paper.lines), grantable=may)
        for d, may in zip(ordered, grantable, strict=True)
    ]
    books = _with(case, [*entries, *drafts])
    expected = books.expected_splits
    _change_splits(case, books, {id(draft) for draft in drafts}, plan)
    return [
        voucher_entry(d.paper, d.booked, _shares(d.paper, expected[id(draft)]), grantable=may)
        for d, may, draft in zip(ordered, grantable, drafts, strict=True)
    ]


def _shares(paper: VoucherToBook, expected: Sequence[int]) -> list[int]:
    """The expected shares in the order of the paper's lines; lines of one category and item were joined."""
    if len(expected) == len(paper.lines):
        return list(expected)
    return [0] * len(paper.lines)


def _change_splits(case: Case, books: Case, new: set[int], plan: Plan) -> None:
    """A voucher booked before a later one moves the later one's share; closed months are never touched."""
    opened = first_open_day(case)
    for voucher in books.vouchers:
        if id(voucher.entry) in new or (opened is not None and voucher.booked < opened):
            continue
        expected = books.expected_splits.get(id(voucher.entry), ())
        changed = split_changes(voucher.entry, voucher.lines, expected)
        if changed:
            plan.splits.setdefault(Path(voucher.entry.meta["filename"]), {}).update(changed)


def _to_look_at(vouchers: Sequence[data.Transaction]) -> list[Unmatched]:
    """The vouchers that were booked with a question."""
    return [
        Unmatched(
            str(entry.meta.get("source", "")),
            {"number": entry.meta.get("number", ""), "date": entry.date.isoformat()},
            str(entry.meta["unclear"]),
        )
        for entry in vouchers
        if entry.flag == "!"
    ]
