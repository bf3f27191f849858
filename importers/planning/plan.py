"""From what was read to what will be written: every entry of an import, worked out before anything is touched."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from importers.config.rules import read_rules
from importers.planning.bank_lines import Moves
from importers.planning.bank_lines import Replacement
from importers.planning.bank_lines import Statement
from importers.planning.bank_lines import UndecidedLine
from importers.planning.bank_lines import plan_statements
from importers.planning.deduplicate import gather
from importers.planning.import_ids import base_id
from importers.planning.papers.approval_notes import approval_notes
from importers.planning.papers.take_backs import VOID
from importers.planning.papers.take_backs import frees_number
from importers.planning.papers.to_book import Calendar
from importers.planning.papers.to_book import Dated
from importers.planning.papers.to_book import allowance_papers
from importers.planning.papers.to_book import booked_paper
from importers.planning.papers.to_book import paper_of
from importers.planning.papers.to_book import void_paper
from importers.planning.papers.told import Completed
from importers.planning.papers.told import Gathered
from importers.planning.papers.told import NewVoucher
from importers.planning.papers.told import Reversal
from importers.planning.papers.told import SetAside
from importers.planning.papers.told import Unmatched
from importers.planning.papers.vat_reconciliation import Difference
from importers.planning.papers.vat_reconciliation import reconcile
from importers.planning.papers.waiting import VOUCHER_KINDS
from importers.planning.payments.register import followed
from importers.planning.payments.register import plan_payments
from importers.planning.timesheets import plan_timesheets
from importers.records import Reading
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.instalments import Part
from ledger.case.month_close import first_open_day
from ledger.case.settlement import NoAwardError
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import split_changes
from ledger.entries.builder import voucher_entry
from ledger.entries.builder import with_splits
from ledger.entries.opening import missing_opens
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from ledger.model import accounts
from ledger.model.directives import whole
from ledger.model.identifiers import voucher_link
from ledger.operations.rebooking.payment_shares import payment_shares
from ledger.util.i18n import _
from ledger.util.i18n import in_source_language
from ledger.util.text import fold

_AFTER_ALL_LINES = 10_000_000


class Superseded(NamedTuple):
    """An entry of the books and the one that takes its place."""

    entry: data.Transaction
    new: data.Transaction


@dataclasses.dataclass(slots=True)
class Plan:
    """What an import comes to: new entries in booking order, changed splits, what waits, the counts to report."""

    entries: list[data.Transaction] = dataclasses.field(default_factory=list)
    splits: dict[Path, dict[int, int]] = dataclasses.field(default_factory=dict)  # file: {line: amount}
    paid_lines: dict[Path, dict[int, int]] = dataclasses.field(default_factory=dict)  # of payments, likewise
    replacements: list[Replacement] = dataclasses.field(default_factory=list)
    superseded: list[Superseded] = dataclasses.field(default_factory=list)
    imported: int = 0
    duplicates: int = 0
    matched: int = 0
    not_of_case: int = 0
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)
    set_aside: list[SetAside] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    reconciliation: list[Difference] = dataclasses.field(default_factory=list)  # books against VAT return
    no_question: set[str] = dataclasses.field(default_factory=set)  # bank lines that ask nothing any more
    completed: list[Completed] = dataclasses.field(default_factory=list)
    opens: list[data.Open] = dataclasses.field(default_factory=list)  # of accounts that the books lack
    timesheets: list[data.Custom] = dataclasses.field(default_factory=list)
    frees_numbers: bool = False  # a number may be used again after this
    pending: PendingStore | None = None  # what waits after the import; None where nothing was looked at


@dataclasses.dataclass(frozen=True)
class PlanRequest:
    """What an import brings: readings of vouchers, bank statements of the case's accounts, and what has waited.

    `earlier` gives the statements of the company's accounts that were filed before: a new voucher may have been
    paid by a line that was nobody's then. `undecided` are lines booked as questions, which the import may answer.
    """

    vouchers: Sequence[Reading] = ()
    statements: Sequence[Statement] = ()
    earlier: Callable[[], Sequence[Statement]] = tuple
    undecided: Sequence[UndecidedLine] = ()
    waited: PendingStore = dataclasses.field(default_factory=PendingStore)
    text_of: Callable[[Path], str] = str  # the text of a file of the books


@in_source_language()
def plan_import(case: Case, entries: Sequence[data.Directive], request: PlanRequest) -> Plan:
    """Work out an import into the case of these entries.

    Vouchers come first, because payments are matched to them and the last instalment to what they earn.
    Raises NoAwardError, RulesError.
    """
    if case.award is None or case.scheme is None:
        raise NoAwardError(_("案件沒有可用的核定資料,無法匯入"))
    gathered = gather(request.vouchers, case, case.award, request.waited)
    plan = Plan(
        duplicates=gathered.duplicates,
        not_of_case=gathered.not_of_case,
        unmatched=gathered.unmatched,
        set_aside=gathered.set_aside,
        completed=gathered.completed,
        frees_numbers=any(frees_number(event.record) for event, _target in gathered.reversals),
    )
    kept = _in_place_of_others(entries, gathered, case, plan)
    vouchers = _split(case, kept, _papers(gathered, case, plan), plan)
    _put_in_place(vouchers, plan)
    open_ids = {id(entry) for each in request.undecided if not each.fixed for entry in each.entries}
    decided = [entry for entry in kept if id(entry) not in open_ids] if open_ids else kept
    decided = _payments_follow(case, with_splits(decided, plan.splits), vouchers, request, plan)
    payments = _payments_of_sheets(_with(case, [*decided, *vouchers]), gathered, _removed(request))
    decided = _register_follows(case, decided, vouchers, payments, plan)
    books = _with(case, [*decided, *vouchers, *payments])
    _plan_statements(books, bool(vouchers), request, plan)
    replacing = {id(each.new) for each in plan.superseded}
    new = [entry for entry in vouchers if id(entry) not in replacing]
    plan.entries = sorted([*new, *payments, *plan.entries], key=lambda entry: entry.date)
    renumbered = {new.replaces for new in gathered.allowances if new.replaces}  # known, and counted so
    plan.imported += len({_record_of(each) for each in vouchers if each.meta["import-id"] not in renumbered})
    plan.unmatched += [*_to_look_at(vouchers), *approval_notes(gathered.new, case.award)]
    plan.reconciliation = reconcile(books, _declared(request.vouchers))
    written = [*plan.entries, *(entry for each in plan.replacements for entry in each.entries)]
    plan.opens = missing_opens(entries, written)
    hours = plan_timesheets(request.vouchers, case)
    plan.timesheets = hours.entries
    plan.imported += len(hours.entries)
    plan.duplicates += hours.duplicates
    plan.warnings += hours.warnings
    plan.pending = _still_waiting(request.waited, gathered, plan, case)
    return plan


def _removed(request: PlanRequest) -> list[str]:
    """The ids of what somebody removed from the books, which stays removed."""
    return [str(each.record.get("import-id")) for each in request.waited.of_kind("removed")]


def _payments_of_sheets(books: Case, gathered: Gathered, removed: Sequence[str]) -> list[data.Transaction]:
    """The payments that rows with 付款日期 tell of."""
    paid = [*gathered.new, *gathered.allowances, *gathered.paid]
    return plan_payments(books, paid, Calendar(first_open_day(books)), removed)


def _register_follows(
    case: Case,
    decided: Sequence[data.Directive],
    vouchers: Sequence[data.Transaction],
    payments: Sequence[data.Transaction],
    plan: Plan,
) -> Sequence[data.Directive]:
    """The entries that stand, with the payments by registers as new credit notes and voids leave them."""
    touched = {voucher_link(str(entry.meta["reverses"])) for entry in vouchers if entry.meta.get("reverses")}
    if not touched:
        return decided
    after = _with(case, [*decided, *vouchers, *payments])
    changed = followed(case, after, touched, first_open_day(case))
    plan.replacements += [
        Replacement(each.payment.entry, each.new, (each.payment.number,)) for each in changed
    ]
    instead = {id(each.payment.entry): each.new for each in changed}
    return [new for entry in decided for new in instead.get(id(entry), (entry,))]


def _plan_statements(books: Case, has_vouchers: bool, request: PlanRequest, plan: Plan) -> None:
    """The lines of statements, into the plan."""
    # what is decided anew needs all that proved it before
    earlier = request.earlier() if has_vouchers or request.statements or request.undecided else ()
    waiting = [str(each.data.get("import-id")) for each in request.waited.of_kind("bank-line")]
    moved_on = _moved_on(request.waited)
    moves = plan_statements(
        books, request.statements, earlier, request.undecided, _removed(request), waiting, moved_on
    )
    standing = [*books.transactions, *(entry for each in request.undecided for entry in each.entries)]
    plan.warnings += _not_moved_on(standing, moves, moved_on)
    plan.entries += moves.entries
    plan.imported += moves.imported
    plan.duplicates += moves.duplicates
    plan.matched = moves.matched
    plan.not_of_case += moves.not_of_case
    plan.unmatched += moves.unmatched
    plan.replacements += moves.replacements
    plan.no_question = moves.no_question


def _moved_on(waited: PendingStore) -> list[Part]:
    """Grant money that came to the company's own account, as somebody says, and belongs into the dedicated one."""
    return [
        Part(each.date, each.amount)
        for each in waited.of_kind("bank-line")
        if each.answer == "instalment" and each.date is not None and each.amount is not None
    ]


def _not_moved_on(standing: Sequence[data.Transaction], moves: Moves, moved_on: Sequence[Part]) -> list[str]:
    """What to tell of it as long as the dedicated account does not show it."""
    entries = [*moves.entries, *(entry for each in moves.replacements for entry in each.entries)]
    came = [
        Part(entry.date, whole(posting.units))
        for entry in (*standing, *entries)
        for posting in entry.postings
        if posting.account == accounts.GRANT_MONEY
        and any(p.account == accounts.UNEARNED for p in entry.postings)
    ]
    return [
        _("{date} 存入公司帳戶的補助款 {amount:,} 元還沒有轉入專戶:取得補助款後應立即存入專戶").format(
            date=part.date, amount=part.amount
        )
        for part in moved_on
        if not any(other.amount == part.amount and other.date >= part.date for other in came)
    ]


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


# --- papers --------------------------------------------------------------------------------------------


def _papers(gathered: Gathered, case: Case, plan: Plan) -> list[Dated]:
    """Every paper to book: vouchers, then what takes from them."""
    assert case.award is not None  # noqa: S101 -- plan_import() has looked
    calendar = Calendar(first_open_day(case))
    rules = read_rules(case.folder)
    papers = [paper_of(new, case.award, calendar, rules) for new in gathered.new]
    for new, dated in zip(gathered.new, papers, strict=True):
        _tell_of_paper(new, dated.paper, calendar, plan)
    originals, credits_ = _booked_papers(case)
    for dated in papers:
        originals[fold(dated.paper.number)].append(dated)
    for new in gathered.allowances:
        credit = allowance_papers(new, originals, calendar)
        papers += credit
        credits_[fold(new.record.number)] += credit
    return papers + _reversals(gathered.reversals, originals, credits_, calendar)


def _booked_papers(case: Case) -> tuple[dict[str, list[Dated]], dict[str, list[Dated]]]:
    """The papers of the books by folded number: vouchers, those taken back first, and credit notes."""
    reversed_ids = {
        str(voucher.meta("import-id")).removeprefix(VOID)
        for voucher in case.vouchers
        if _is_reversal(voucher)
    }
    originals: dict[str, list[Dated]] = defaultdict(list)
    credits_: dict[str, list[Dated]] = defaultdict(list)
    by_standing = sorted(case.vouchers, key=lambda voucher: voucher.meta("import-id") not in reversed_ids)
    for voucher in by_standing:
        if voucher.number and not voucher.reverses:
            originals[fold(voucher.number)].append(booked_paper(voucher))
        elif voucher.kind == "allowance" and not _is_reversal(voucher):
            credits_[fold(voucher.number)].append(booked_paper(voucher))
    return originals, credits_


def _reversals(
    reversals: Sequence[Reversal],
    originals: Mapping[str, Sequence[Dated]],
    credits_: Mapping[str, Sequence[Dated]],
    calendar: Calendar,
) -> list[Dated]:
    """The papers that take back; a credit note of several invoices is taken back in all of them."""
    papers = []
    for event, target in reversals:
        number = fold(event.record.number)
        papers += [
            void_paper(event, original, calendar)
            for original in (*originals.get(number, ()), *credits_.get(number, ()))
            if target in {original.paper.import_id, _paper_id(original.paper)}
        ]
    return papers


def _paper_id(paper: VoucherToBook) -> str:
    """The id of the paper that an entry is of: a credit note of several invoices has several entries."""
    return base_id(paper.import_id) if paper.kind == "allowance" else paper.import_id


def _record_of(entry: data.Transaction) -> str:
    """The record that an entry is of: a credit note of several invoices is one, whatever it is booked as."""
    import_id = str(entry.meta["import-id"])
    return base_id(import_id) if entry.meta["voucher"] == "allowance" else import_id


def _is_reversal(voucher: Voucher) -> bool:
    return str(voucher.meta("import-id") or "").startswith(VOID)


def _tell_of_paper(new: NewVoucher, paper: VoucherToBook, calendar: Calendar, plan: Plan) -> None:
    """What the accountant should know of a paper that is booked."""
    file = new.files[0]
    if moved := calendar.moved(paper.number, paper.date):
        plan.warnings.append(f"{file}: {moved}")
    if dict(paper.meta).get("written-category"):
        plan.warnings.append(
            _("{file}: 憑證 {number} 寫的會計科目是「{written}」,品名是核定品項,依核定科目入帳").format(
                file=file, number=paper.number, written=new.record.category
            )
        )


# --- what takes another's place ------------------------------------------------------------------------


def _in_place_of_others(
    entries: Sequence[data.Directive], gathered: Gathered, case: Case, plan: Plan
) -> Sequence[data.Directive]:
    """The entries without those whose place new ones take; in a closed month the old one is taken back instead."""
    opened = first_open_day(case)
    by_id = {str(voucher.meta("import-id") or ""): voucher for voucher in case.vouchers}
    gone = set()
    for new in (*gathered.new, *gathered.allowances):
        old = by_id.get(new.replaces) if new.replaces else None
        if old is None:
            continue
        if opened is not None and old.booked < opened:
            event = dataclasses.replace(
                new, record=dataclasses.replace(new.record, status="voided"), replaces=""
            )
            gathered.reversals.append(Reversal(event, new.replaces))
            new.replaces = ""
        else:
            new.import_id = new.replaces
            gone.add(id(old.entry))
    plan.superseded = [
        Superseded(entry, entry)
        for entry in entries
        if id(entry) in gone and isinstance(entry, data.Transaction)
    ]
    return [entry for entry in entries if id(entry) not in gone] if gone else entries


def _put_in_place(vouchers: Sequence[data.Transaction], plan: Plan) -> None:
    """The new entries of `plan.superseded`, with the documents of those whose place they take."""
    by_id = {str(voucher.meta["import-id"]): voucher for voucher in vouchers}
    plan.superseded = [Superseded(old, by_id[str(old.meta["import-id"])]) for old, _new in plan.superseded]


# --- splits --------------------------------------------------------------------------------------------


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
    """The expected shares in the order of the paper's lines; of one category and item the first claimed line bears it."""
    keys = [(line.category, line.item) for line in paper.lines]
    left = dict(zip(dict.fromkeys(keys), expected, strict=False))
    return [
        left.pop(key, 0) if paper.claimed and line.claimed else 0
        for key, line in zip(keys, paper.lines, strict=True)
    ]


def _payments_follow(
    case: Case,
    decided: Sequence[data.Directive],
    vouchers: Sequence[data.Transaction],
    request: PlanRequest,
    plan: Plan,
) -> Sequence[data.Directive]:
    """The entries that stand, with the payments that somebody told of laid over grant and own money by the shares that moved."""
    if not plan.splits and not plan.superseded:
        return decided
    paid = payment_shares(case, _with(case, [*decided, *vouchers]), request.text_of)
    for path, lines in paid.amounts.items():
        plan.paid_lines.setdefault(path, {}).update(lines)
    return [paid.entries.get(id(entry), entry) for entry in decided]


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


# --- what is asked and what waits ----------------------------------------------------------------------


def _to_look_at(vouchers: Sequence[data.Transaction]) -> list[Unmatched]:
    """The vouchers that were booked with a question."""
    return [
        Unmatched(
            str(entry.meta.get("source", "")),
            {"number": entry.meta.get("number", ""), "date": entry.date.isoformat()},
            str(entry.meta["unclear"]),
            question=pending_id("voucher", entry.meta.get("import-id", "")),
        )
        for entry in vouchers
        if entry.flag == "!"
    ]


def _still_waiting(waited: PendingStore, gathered: Gathered, plan: Plan, case: Case) -> PendingStore:
    """What waits after the import; bank lines that ask for an answer are given their question by the way."""
    booked = {str(entry.meta.get("import-id", "")) for entry in (*case.transactions, *plan.entries)}
    booked -= {str(each.entry.meta.get("import-id", "")) for each in plan.replacements}
    booked |= {str(entry.meta["import-id"]) for each in plan.replacements for entry in each.entries}
    store = PendingStore(
        (each for each in waited if each.kind not in VOUCHER_KINDS and not _is_settled(each, booked, plan)),
        waited.broken,
    )
    for pending in gathered.waiting:
        store.add(pending)
    asked = []
    for unmatched in plan.unmatched:
        if not unmatched.import_id:
            asked.append(unmatched)
            continue
        question = pending_id("bank-line", unmatched.import_id)
        if unmatched.import_id not in booked:
            pending = store.add(_waiting_line(question, unmatched))
            if pending.answer:
                plan.not_of_case += 1
                continue
        asked.append(unmatched._replace(question=question))
    plan.unmatched = asked
    return store


def _is_settled(waiting: Pending, booked: set[str], plan: Plan) -> bool:
    """Whether a bank line that waits is booked by now, or, unanswered, is no question any more."""
    import_id = waiting.data.get("import-id")
    return waiting.kind == "bank-line" and (
        import_id in booked or (not waiting.answer and import_id in plan.no_question)
    )


def _waiting_line(question: str, unmatched: Unmatched) -> Pending:
    """A line of the company's own account that may pay a voucher of the case."""
    line = unmatched.record
    return Pending(
        id=question,
        kind="bank-line",
        file=unmatched.file,
        reason=unmatched.reason,
        record=line,
        date=datetime.date.fromisoformat(line["date"]),
        amount=line["amount"],
        choices=unmatched.choices,
        asks=True,
        data={"import-id": unmatched.import_id},
    )
