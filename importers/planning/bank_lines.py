"""From bank statements to entries.

Of a dedicated account every line is booked; of the company's own accounts only what pays a voucher of the
case or remits to the treasury for it. What an import decided by what the books held at that time is decided anew
with every import while its month is open, so that the order of the files changes nothing.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from beancount.core import data

from importers.planning import line_entries
from importers.planning import line_kind
from importers.planning.known_lines import KnownLines
from importers.planning.line_entries import BookedLine
from importers.planning.line_entries import JudgedLine
from importers.planning.line_entries import Statement
from importers.planning.line_kind import Recognised
from importers.planning.papers.told import Unmatched
from importers.planning.payments.debts import debts
from importers.planning.payments.debts import to_give_back
from importers.planning.payments.evidence import Match
from importers.planning.payments.matching import NAMED
from importers.planning.payments.matching import THRESHOLD
from importers.planning.payments.matching import match_payments
from importers.planning.payments.matching import match_refunds
from importers.planning.payments.second_payments import Paid
from importers.planning.payments.second_payments import second_payments
from importers.planning.payments.withheld import Remittance
from importers.planning.payments.withheld import parts_of_others
from importers.planning.payments.withheld import remittances
from importers.planning.reversals import lines_taken_back
from importers.planning.reversals import says_so_for_sure
from importers.planning.running_accounts import RunningAccounts
from importers.records import BankLine
from ledger.case.case import Case
from ledger.case.instalments import Part
from ledger.entries.builder import BankKind
from ledger.model.award import Award
from ledger.model.identifiers import voucher_link
from ledger.util.i18n import _
from ledger.util.text import fold

__all__ = [
    "Moves",
    "Replacement",
    "Statement",
    "UndecidedLine",
    "plan_statements",
    "recognise",
    "told_apart",
]

_MAY_REMIT = frozenset({None, "withholding", "premium", "unexplained"})
_TO_TREASURY = frozenset({"remit-interest", "remit-surplus"})


class UndecidedLine(NamedTuple):
    """A line that an import may decide anew, as it was a question or was decided by what the books then held.

    `entries` are what it is booked as; `fixed` says why it must not be changed.
    """

    entries: tuple[data.Transaction, ...]
    statement: Statement
    line: BankLine
    import_id: str
    fixed: str = ""


class Replacement(NamedTuple):
    """What takes the place of an entry: nothing where the line turns out to be none of the case's."""

    entry: data.Transaction
    entries: tuple[data.Transaction, ...]
    vouchers: tuple[str, ...]  # the numbers of those that it pays


@dataclasses.dataclass(slots=True)
class Moves:
    """What the statements come to."""

    entries: list[data.Transaction] = dataclasses.field(default_factory=list)
    imported: int = 0
    duplicates: int = 0
    matched: int = 0  # lines of the company's own accounts that pay a voucher
    not_of_case: int = 0
    replacements: list[Replacement] = dataclasses.field(default_factory=list)
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)
    no_question: set[str] = dataclasses.field(default_factory=set)  # lines judged, and nothing to ask


class _Payments(NamedTuple):
    """Which lines pay or give back what, by their ids, and what is only proposed of others."""

    certain: dict[str, Match]
    refunds: dict[str, Match]
    proposed: dict[str, str]
    remitted: dict[str, Remittance]  # what was withheld of persons' fees, paid on


def plan_statements(
    books: Case,
    statements: Sequence[Statement],
    earlier: Sequence[Statement] = (),
    undecided: Sequence[UndecidedLine] = (),
    removed: Collection[str] = (),
    waiting: Collection[str] = (),
    moved_on: Sequence[Part] = (),
) -> Moves:
    """Work out the entries of all statements at once, so that every payment competes for every voucher.

    Of `earlier` statements, which were imported before, only lines that now pay a voucher are taken, and those asked
    about that now may: `waiting` are the ids of lines that are asked about already. `undecided` are lines that stand in the
    books by a decision of an import's: those that may change are not in `books`, and are decided as if they came now.
    """
    assert books.award is not None  # noqa: S101 -- plan_import() has looked
    moves = Moves()
    booked = [*books.transactions, *(entry for line in undecided for entry in line.entries)]
    known = KnownLines.booked(booked, removed, waiting)
    lead = books.award.ubn
    fresh = _fresh(books, statements, moves, known)
    late = _fresh(books, earlier, Moves(), known)
    again = [
        BookedLine(a.statement, a.line, a.import_id, lead, a.entries[0]) for a in undecided if not a.fixed
    ]
    lines = [
        JudgedLine(item, recognise(item, books.award, payers_of(books)))
        for item in _by_day([*fresh, *late, *again])
    ]
    pairs = lines_taken_back(books, lines)
    payments = _match(books, lines, pairs)
    _tell_of_fixed(books, undecided, payments, moves)
    work = _Booking(books, lines, pairs, payments, moves, moved_on)
    old = {a.import_id: a.entries for a in undecided}
    new = {item.import_id for item in fresh}
    # what takes back comes last: it undoes what the other line was booked as
    for item, told in sorted(lines, key=lambda line: line.item.import_id in pairs):
        work.book(item, told, is_new=item.import_id in new, old=old.get(item.import_id, ()))
    moves.unmatched = [
        each for each in moves.unmatched if each.import_id in new or each.import_id not in waiting
    ]
    return moves


def _fresh(books: Case, statements: Sequence[Statement], moves: Moves, known: KnownLines) -> list[BookedLine]:
    """The lines that are not `known`, oldest first; overlapping statements show a line once.

    Of two exports the one that prints balances names the line, and the words of the other count where its own tell
    nothing.
    """
    assert books.award is not None  # noqa: S101 -- plan_import() has looked
    award, payers = books.award, payers_of(books)
    fresh: dict[str, BookedLine] = {}
    for statement, line, import_id, is_known in told_apart(statements, known):
        item = BookedLine(statement, line, import_id, award.ubn)
        moves.duplicates += is_known
        first = fresh.get(import_id)
        if not is_known or (
            first
            and not tells(first, award, payers)[0]
            and tells(item, award, payers) > tells(first, award, payers)
        ):
            fresh[import_id] = item
    return _by_day([*fresh.values()])


def tells(item: BookedLine, award: Award, payers: Sequence[str]) -> tuple[bool, int]:
    """How much the words of a line tell: whether they say what it is, and how much they say."""
    told = recognise(item, award, payers)
    is_clear = told.kind is not None and not told.unclear and not told.bare
    return is_clear, len(line_kind.words(item.line))


def told_apart(
    statements: Sequence[Statement], known: KnownLines
) -> Iterator[tuple[Statement, BankLine, str, bool]]:
    """Every line with its id and whether it is known; those of a statement join the `known` ones."""
    for statement in sorted(statements, key=lambda s: (s.account.number, not _has_balances(s), s.file)):
        ids = known.ids_of(statement.account.number, statement.lines)
        for line, import_id in zip(statement.lines, ids, strict=True):
            yield statement, line, import_id, import_id in known
        known.add(statement.account.number, statement.lines)


def _has_balances(statement: Statement) -> bool:
    return all(line.balance is not None for line in statement.lines)


def _by_day(lines: Sequence[BookedLine]) -> list[BookedLine]:
    """Oldest first; lines of one day stay in the bank's order, which a statement has whatever its file's rows."""
    return sorted(lines, key=lambda item: (item.line.date, item.statement.account.number))


def payers_of(case: Case) -> tuple[str, ...]:
    """The words by which the authority of the case's scheme is known on a bank line."""
    return case.scheme.payers.value if case.scheme is not None and case.scheme.payers is not None else ()


def recognise(item: BookedLine, award: Award, payers: Sequence[str] = ()) -> Recognised:
    """What a line says it is; of the company's own accounts only remittances and possible payments count."""
    line = item.line
    if item.is_dedicated:
        if line.amount > 0:
            return line_kind.recognise_in(line, payers)
        return line_kind.recognise_out(line, award)
    if line.amount < 0 and not line_kind.is_own_account(line.counterparty, award):
        return Recognised(line_kind.treasury_kind(line))
    return Recognised("own-money")  # money in, or moved between its own accounts, pays nobody


# --- what pays what ------------------------------------------------------------------------------------


def _match(books: Case, lines: Sequence[JudgedLine], pairs: Mapping[str, str]) -> _Payments:
    """The payments and the refunds among the lines, and what is only proposed of others.

    A payment that came back pays nothing, and so leaves its voucher to another; what it was meant for is found
    by itself.
    """
    undone = {*pairs, *pairs.values()}
    suppliers = [voucher.seller_name for voucher in books.vouchers]
    suppliers += [item.supplier for item in books.award.items if item.supplier] if books.award else []
    payers = [item for item, told in lines if told.kind is None and item.import_id not in undone]
    certain, proposed = _certain(books, payers, lines, suppliers, pairs)
    came_back = [item for item, told in lines if told.kind is None and item.import_id in set(pairs.values())]
    for item in came_back:
        # of the company's own account only what names the supplier
        sure = THRESHOLD if item.is_dedicated else NAMED
        meant = match_payments([item.line], debts(books, set(pairs.values())), suppliers=suppliers).certain
        if meant and meant[0].score >= sure:
            certain[item.import_id] = meant[0]
    paid: Counter[int] = Counter()
    for import_id, match in certain.items():
        if import_id not in undone:
            paid.update(dict(match.paid))
    incoming = [item for item, _told in lines if item.line.amount > 0 and item.import_id not in undone]
    found = match_refunds(
        [item.line for item in incoming], to_give_back(books, paid, set(pairs.values())), suppliers
    )
    refunds = {incoming[match.line].import_id: match for match in found.certain}
    proposed |= {incoming[match.line].import_id: _proposal(match, books) for match in found.proposed}
    others = [item for item in payers if not item.is_dedicated]
    others = [item for item in others if item.import_id not in certain and item.import_id not in proposed]
    days = {item.import_id: item.line.date for item in payers}
    now = [
        Paid(key, amount, days[import_id])
        for import_id, match in certain.items()
        if import_id in days
        for key, amount in match.paid
    ]
    twice = second_payments(books, [item.line for item in others], now, suppliers)
    proposed |= {others[place].import_id: question for place, question in twice.items()}
    remitted = _remitted(books, lines, undone, certain)
    taken = {voucher_link(number) for each in remitted.values() for number in each.remitted}
    open_lines = [(item.import_id, item.line) for item in others if item.import_id not in remitted]
    return _Payments(certain, refunds, parts_of_others(books, open_lines, taken) | proposed, remitted)


def _remitted(
    books: Case, lines: Sequence[JudgedLine], undone: Collection[str], certain: Mapping[str, Match]
) -> dict[str, Remittance]:
    """The lines that pay on what was withheld of a person's fee."""
    open_lines = [(item, told) for item, told in lines if item.import_id not in undone]
    outgoing = [
        (item.import_id, item.line)
        for item, told in open_lines
        if told.kind in _MAY_REMIT and item.import_id not in certain
    ]
    interest = [
        (item.line.date, item.line.amount + sum(told.withheld))
        for item, told in open_lines
        if told.kind == "interest"
    ]
    paid = {books.vouchers[key].link for match in certain.values() for key, _amount in match.paid}
    return remittances(books, outgoing, interest, paid)


def _certain(
    books: Case,
    payers: Sequence[BookedLine],
    lines: Sequence[JudgedLine],
    suppliers: Sequence[str],
    pairs: Mapping[str, str],
) -> tuple[dict[str, Match], dict[str, str]]:
    """What is sure enough to book, with the fees that suppliers bore, and what is only proposed."""
    undone = {*pairs, *pairs.values()}
    fees: dict[tuple[str, datetime.date], list[BookedLine]] = defaultdict(list)
    for item, told in lines:
        if told.kind in {None, "fee"} and line_kind.is_fee(item.line) and item.import_id not in undone:
            fees[_day_of(item)].append(item)
    amounts = [frozenset(-fee.line.amount for fee in fees[_day_of(item)]) for item in payers]
    owed = debts(books, set(pairs.values()))
    matches = match_payments([item.line for item in payers], owed, amounts, suppliers)
    certain: dict[str, Match] = {}
    doubtful = matches.proposed
    for match in matches.certain:
        item = payers[match.line]
        of_day = fees[_day_of(item)]
        fee = next((fee for fee in of_day if fee.line.amount == match.fee), None)
        if match.score < THRESHOLD or (match.fee < 0 and fee is None):
            doubtful = [*doubtful, match]
            continue
        certain[item.import_id] = match
        if fee is not None:  # the supplier bore it, so that it pays for the voucher too
            of_day.remove(fee)
            certain[fee.import_id] = match._replace(paid=((match.paid[0][0], -match.fee),), fee=0)
    return certain, {payers[match.line].import_id: _proposal(match, books) for match in doubtful}


def _tell_of_fixed(
    books: Case, undecided: Sequence[UndecidedLine], payments: _Payments, moves: Moves
) -> None:
    """Show which questions that must not be changed a new voucher would answer; nothing is booked by it."""
    assert books.award is not None  # noqa: S101 -- plan_import() has looked
    fixed = [each for each in undecided if each.fixed and each.line.amount < 0]
    fixed = [each for each in fixed if line_kind.recognise_out(each.line, books.award).kind is None]
    paid: Counter[int] = Counter()
    for match in payments.certain.values():
        paid.update(dict(match.paid))
    owed = [debt._replace(left=debt.left - paid[debt.key]) for debt in debts(books)] if fixed else []
    found = match_payments([each.line for each in fixed], [debt for debt in owed if debt.left > 0])
    for match in (*found.certain, *found.proposed):
        if any("lineno" not in books.vouchers[key].entry.meta for key, _amount in match.paid):
            each = fixed[match.line]
            reason = f"{_proposal(match, books)};{each.fixed}"
            source = str(each.entries[0].meta.get("source", ""))
            moves.unmatched.append(Unmatched(source, each.line.as_json(), reason, import_id=each.import_id))


def _day_of(item: BookedLine) -> tuple[str, datetime.date]:
    return item.statement.account.number, item.line.date


def _proposal(match: Match, books: Case) -> str:
    numbers = "、".join(books.vouchers[key].number for key, _amount in match.paid)
    if not numbers:
        return ";".join(match.reasons)
    if match.is_refund:
        return _("可能是憑證 {numbers} 的退款:{why}").format(numbers=numbers, why=match.why)
    return _("可能是付憑證 {numbers}:{why}").format(numbers=numbers, why=match.why)


# --- booking -------------------------------------------------------------------------------------------


class _Booking:
    """Books line by line, in the order of the bank, in the light of all that is known."""

    def __init__(
        self,
        books: Case,
        lines: Sequence[JudgedLine],
        pairs: Mapping[str, str],
        payments: _Payments,
        moves: Moves,
        moved_on: Sequence[Part],
    ) -> None:
        self._books, self._pairs, self._payments, self._moves = books, pairs, payments, moves
        self._gone = frozenset(pairs.values())
        self._numbers = {fold(voucher.number) for voucher in books.vouchers}
        self._entries: dict[str, Sequence[data.Transaction]] = {}  # by the line's id, of this import
        self._running = RunningAccounts(
            books,
            pays_suppliers=any(
                item.is_dedicated and item.import_id in payments.certain for item, _told in lines
            ),
            undone=self._gone,
            came_to_company=_came_to_company(lines, pairs),
            moved_on=moved_on,
        )
        apart = {*pairs, *self._gone}
        for item, told in lines:
            is_instalment = told.kind == "instalment" and not says_so_for_sure(item.line)
            if is_instalment and item.import_id not in apart:
                self._running.expect(item.line, item.party)

    def book(
        self, item: BookedLine, told: Recognised, *, is_new: bool, old: Sequence[data.Transaction]
    ) -> None:
        """Book one line, or leave it out and say so where there is something to ask."""
        entries, doubt = self._decide(item, told, is_new=is_new)
        told_of = Unmatched(item.source, item.line.as_json(), doubt, import_id=item.import_id)
        if not doubt and not entries and (doubt := self._grant_money(item)):
            told_of = told_of._replace(reason=doubt, choices=("instalment", "own-money"))
        self._entries[item.import_id] = entries
        if item.booked is not None:
            self._replace(item, entries, doubt, old)
            return
        self._moves.entries += entries
        self._moves.imported += bool(entries)
        if not item.is_dedicated and item.import_id in self._payments.certain:
            self._moves.matched += item.import_id not in self._gone
        if doubt:
            self._moves.unmatched.append(told_of)
        elif not entries:
            self._moves.not_of_case += is_new
            self._moves.no_question.add(item.import_id)

    def _replace(
        self,
        item: BookedLine,
        entries: Sequence[data.Transaction],
        doubt: str,
        old: Sequence[data.Transaction],
    ) -> None:
        """Put what a line is now in the place of what it was booked as, where that is something else."""
        first, *more = old
        entries = [line_entries.documented(each, first) for each in entries]
        if line_entries.is_same(old, entries):
            return
        self._entries[item.import_id] = entries
        found = self._payments.certain.get(item.import_id) or self._payments.refunds.get(item.import_id)
        numbers = tuple(self._books.vouchers[key].number for key, _amount in (found.paid if found else ()))
        if item.import_id in self._payments.remitted:
            numbers = tuple(self._payments.remitted[item.import_id].remitted)
        self._moves.replacements.append(Replacement(first, tuple(entries), numbers))
        self._moves.replacements += [Replacement(entry, (), ()) for entry in more]
        if doubt:
            self._moves.unmatched.append(
                Unmatched(item.source, item.line.as_json(), doubt, import_id=item.import_id)
            )

    def _decide(
        self, item: BookedLine, told: Recognised, *, is_new: bool
    ) -> tuple[list[data.Transaction], str]:
        """The entries of a line, and what there is to ask about it."""
        if item.import_id in self._pairs:
            return self._taking_back(item), ""
        match = self._payments.certain.get(item.import_id)
        if match is not None:
            return self._payment(item, match), ""
        refund = self._payments.refunds.get(item.import_id)
        if refund is not None:
            return self._refund(item, refund), ""
        remitted = self._payments.remitted.get(item.import_id)
        if remitted is not None:
            return [line_entries.remittance(item, *remitted)], ""
        if item.is_dedicated:
            return self._of_dedicated(item, told)
        if is_new and told.kind in _TO_TREASURY:
            return [line_entries.of_treasury(item, surplus=told.kind == "remit-surplus")], ""
        doubt = self._payments.proposed.get(item.import_id, "") if item.import_id not in self._gone else ""
        return [], doubt or self._named_again(item.line)

    def _taking_back(self, item: BookedLine) -> list[data.Transaction]:
        """What takes back a line undoes what that one was booked as; nothing where it was not the case's."""
        other = self._pairs[item.import_id]
        others = self._entries.get(other) or line_entries.booked_under(self._books.transactions, other)
        return line_entries.taking_back(item, other, others) if others else []

    def _of_dedicated(self, item: BookedLine, told: Recognised) -> tuple[list[data.Transaction], str]:
        if item.import_id in self._gone:  # it came to nothing: whatever it was, it is no question
            if told.bare or told.kind in {None, "unexplained", "deposit"}:
                told = told._replace(kind="returned")
            return [line_entries.of_dedicated(item, told, "")], ""
        if says_so_for_sure(item.line) and not self._running.gives_back(item.line, item.party):
            kind: BankKind = "unexplained" if item.line.amount < 0 else "deposit"
            lost = Recognised(kind, unclear=line_kind.not_found())
            found = self._running.ask(item.line, item.party, lost)
        else:
            found = self._running.decide(item.line, item.party, told)
        unclear = ";".join(filter(None, (found.unclear, self._payments.proposed.get(item.import_id, ""))))
        return [line_entries.of_dedicated(item, found, unclear)], unclear

    def _payment(self, item: BookedLine, match: Match) -> list[data.Transaction]:
        paid = []
        for key, amount in match.paid:
            voucher = self._books.vouchers[key]
            government = 0
            if item.is_dedicated:
                comes_back = item.import_id in self._gone
                government = self._running.pay(
                    item.party, voucher, amount, item.line.date, comes_back=comes_back
                )
            paid.append((voucher.number, amount, government))
        payee = self._books.vouchers[match.paid[0][0]].seller_name
        return line_entries.payment(item, payee, paid, match.why, match.fee)

    def _refund(self, item: BookedLine, match: Match) -> list[data.Transaction]:
        ((key, amount),) = match.paid
        voucher = self._books.vouchers[key]
        government = 0
        if item.is_dedicated:
            government = self._running.take_back(item.party, voucher, amount, item.line.date)
        return line_entries.payment(
            item, voucher.seller_name, [(voucher.number, -amount, -government)], match.why
        )

    def _named_again(self, line: BankLine) -> str:
        """What to ask about a line that names a voucher of the books and pays nothing that is owed."""
        named = sorted(line_kind.invoice_numbers(line) & self._numbers)
        if not named or line.amount > 0:
            return ""
        return _("摘要寫有憑證號碼 {numbers},但該憑證已付清或金額不符").format(numbers="、".join(named))

    def _grant_money(self, item: BookedLine) -> str:
        """What to ask about grant money that came to the company's own account."""
        if item.is_dedicated or item.import_id in self._pairs:
            return ""
        if not line_kind.is_grant_money(item.line, payers_of(self._books)) or item.import_id in self._gone:
            return ""
        if not self._running.may_be_instalment(item.line, item.party):
            return ""
        return _(
            "補助款存入公司自己的帳戶:取得補助款後應立即存入專戶;請確認是否為本案補助款 {amount:,} 元並轉入專戶"
        ).format(amount=item.line.amount)


def _came_to_company(lines: Iterable[JudgedLine], pairs: Mapping[str, str]) -> dict[int, list[datetime.date]]:
    """The days on which a sum came to an account of the company's own and stayed there."""
    gone = {*pairs, *pairs.values()}
    found: dict[int, list[datetime.date]] = defaultdict(list)
    for item, _told in lines:
        if not item.is_dedicated and item.line.amount > 0 and item.import_id not in gone:
            found[item.line.amount].append(item.line.date)
    return found
