"""From bank statements to entries.

Of a dedicated account every line is booked; of the company's own accounts only what pays a voucher of the
case or remits to the treasury for it.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import re
from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.planning import line_kind
from importers.planning.deduplicate import Unmatched
from importers.planning.known_lines import KnownLines
from importers.planning.line_kind import same_account
from importers.planning.payment_matching import THRESHOLD
from importers.planning.payment_matching import Debt
from importers.planning.payment_matching import Match
from importers.planning.payment_matching import match_payments
from importers.planning.running_accounts import RunningAccounts
from importers.records import BankLine
from importers.records import Reading
from ledger.case.case import Case
from ledger.entries.builder import PaidFrom
from ledger.entries.builder import as_text
from ledger.entries.builder import bank_entry
from ledger.entries.builder import payment_entry
from ledger.entries.builder import treasury_entry
from ledger.model.award import Award
from ledger.model.award import BankAccount
from ledger.model.identifiers import voucher_link
from ledger.util.i18n import _
from ledger.util.text import fold

_MOST_UNDER_ONE_NUMBER = 8
_NUMBER_IN_NAME = re.compile(r"\d{7,}")


class Statement(NamedTuple):
    """A statement of one of the case's accounts."""

    file: str
    account: BankAccount
    lines: tuple[BankLine, ...]


def account_of_statement(
    reading: Reading, name: str, award: Award | None, told: str = ""
) -> BankAccount | None:
    """The account of the award that a statement is of: by the file, else its `name`, else what the user `told`."""
    in_names = _NUMBER_IN_NAME.findall(f"{reading.file} {name}")  # of a member and its zip, or twice the same
    for written in ([reading.account],) if reading.account else (in_names, [told]):
        for account in award.accounts if award else ():
            if any(same_account(number, account.number) for number in written):
                return account
    return None


class _Line(NamedTuple):
    """A line that is not in the books yet, or stands there as a question."""

    statement: Statement
    line: BankLine
    import_id: str
    lead: str  # the lead's company number
    booked: data.Transaction | None = None  # as a question that is asked again

    @property
    def party(self) -> str:
        """Whose account it is."""
        return self.statement.account.party

    @property
    def source(self) -> str:
        """The file that told of it, as the books name it."""
        return str(self.booked.meta.get("source", "")) if self.booked else self.statement.file


class Asked(NamedTuple):
    """A line that was booked as a question and may be answered now; `fixed` says why it must not be changed."""

    entry: data.Transaction
    statement: Statement
    line: BankLine
    import_id: str
    fixed: str = ""


class Answer(NamedTuple):
    """What takes the place of an entry that was a question."""

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
    answers: list[Answer] = dataclasses.field(default_factory=list)
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)


def plan_statements(
    books: Case,
    statements: Sequence[Statement],
    earlier: Sequence[Statement] = (),
    asked: Sequence[Asked] = (),
) -> Moves:
    """Work out the entries of all statements at once, so that every payment competes for every voucher.

    Of `earlier` statements, which were imported before, only lines that now pay a voucher are taken. `asked`
    are the lines that are booked as questions: those that may change are not in `books`, and are decided as if
    they came now.
    """
    assert books.award is not None  # noqa: S101 -- plan_import() has looked
    moves = Moves()
    known_lines = KnownLines.booked([*books.transactions, *(line.entry for line in asked)])
    fresh = _fresh(books, statements, moves, known_lines)
    late = _fresh(books, earlier, Moves(), known_lines)
    new = {item.import_id for item in fresh}
    lead = books.award.ubn
    again = [_Line(a.statement, a.line, a.import_id, lead, a.entry) for a in asked if not a.fixed]
    known = [(item, _recognise(item, books.award)) for item in _by_day([*fresh, *late, *again])]
    matched, proposed = _match(books, known)
    _tell_of_fixed(books, asked, matched.values(), moves)
    pays_suppliers = any(
        item.statement.account.dedicated for item, _told in known if item.import_id in matched
    )
    running = RunningAccounts(books, pays_suppliers=pays_suppliers)
    numbers = {fold(voucher.number) for voucher in books.vouchers}
    for item, told in known:
        if item.statement.account.dedicated:
            entries, doubt = _dedicated(books, item, told, matched.get(item.import_id), proposed, running)
            if item.booked is None:
                moves.entries += entries
                moves.imported += 1
            elif not is_same(item.booked, entries := [_documented(each, item.booked) for each in entries]):
                paid = matched[item.import_id].paid if item.import_id in matched else ()
                numbers_paid = tuple(books.vouchers[key].number for key, _amount in paid)
                moves.answers.append(Answer(item.booked, tuple(entries), numbers_paid))
            else:
                continue
            if doubt:
                moves.unmatched.append(Unmatched(item.source, item.line.as_json(), doubt))
        elif item.import_id in matched:
            moves.entries += _payment(books, item, matched[item.import_id], running)
            moves.matched += 1
            moves.imported += 1
        elif item.import_id in new and told.kind in {"remit-interest", "remit-surplus"}:
            moves.entries.append(_treasury_line(item, surplus=told.kind == "remit-surplus"))
            moves.imported += 1
        elif item.import_id in new:
            _leave(item, proposed.get(item.import_id) or _named_again(item.line, numbers), moves)
    return moves


def _dedicated(
    books: Case,
    item: _Line,
    told: line_kind.Recognised,
    match: Match | None,
    proposed: Mapping[str, str],
    running: RunningAccounts,
) -> tuple[list[data.Transaction], str]:
    """The entries of a line of the dedicated account, and what there is to ask about it."""
    if match is not None:
        return _payment(books, item, match, running), ""
    found = running.decide(item.line, item.party, told)
    unclear = ";".join(filter(None, (found.unclear, proposed.get(item.import_id, ""))))
    return [_dedicated_line(item, found, unclear)], unclear


def _leave(item: _Line, doubt: str, moves: Moves) -> None:
    """Leave out a line of the company's own account; one that may be the case's after all is shown."""
    if doubt:
        moves.unmatched.append(Unmatched(item.statement.file, item.line.as_json(), doubt))
    else:
        moves.not_of_case += 1


def _named_again(line: BankLine, numbers: set[str]) -> str:
    """What to ask about a line that names a voucher of the books and pays nothing that is owed."""
    named = sorted(line_kind.invoice_numbers(line) & numbers)
    if not named or line.amount > 0:
        return ""
    return _("摘要寫有憑證號碼 {numbers},但該憑證已付清或金額不符").format(numbers="、".join(named))


def _fresh(books: Case, statements: Sequence[Statement], moves: Moves, known: KnownLines) -> list[_Line]:
    """The lines that are not `known`, oldest first; overlapping statements show a line once.

    Of two exports the one that prints balances names the line.
    """
    fresh = []
    for statement in sorted(statements, key=lambda s: (s.account.number, not _has_balances(s), s.file)):
        ids = known.ids_of(statement.account.number, statement.lines)
        for line, import_id in zip(statement.lines, ids, strict=True):
            if import_id in known:
                moves.duplicates += 1
                continue
            fresh.append(_Line(statement, line, import_id, books.award.ubn if books.award else ""))
        known.add(statement.account.number, statement.lines)
    return _by_day(fresh)


def _has_balances(statement: Statement) -> bool:
    return all(line.balance is not None for line in statement.lines)


def _by_day(lines: Sequence[_Line]) -> list[_Line]:
    """Oldest first; lines of one day stay in the bank's order."""
    return sorted(lines, key=lambda item: item.line.date)


def _recognise(item: _Line, award: Award) -> line_kind.Recognised:
    line = item.line
    if item.statement.account.dedicated:
        return line_kind.recognise_in(line) if line.amount > 0 else line_kind.recognise_out(line, award)
    if line.amount < 0 and not line_kind.is_own_account(line.counterparty, award):
        return line_kind.Recognised(line_kind.treasury_kind(line))
    return line_kind.Recognised("own-money")  # money in, or moved between its own accounts, pays nobody


def _debts(books: Case) -> list[Debt]:
    """What is left to pay of each voucher; of several under one number the first is paid first."""
    by_link: dict[str, list[int]] = defaultdict(list)
    for key, voucher in enumerate(books.vouchers):
        if voucher.payable > 0 and voucher.number and voucher.kind != "payroll":
            by_link[voucher_link(voucher.number)].append(key)
    debts = []
    for link, keys in by_link.items():
        owed = books.unpaid.get(link, 0)
        whole = _owed_whole([books.vouchers[key].payable for key in keys], owed)
        for place in reversed(range(len(keys))):  # what is left belongs to the later ones
            voucher = books.vouchers[keys[place]]
            part = min(owed, voucher.payable) if whole is None or place in whole else 0
            owed -= part
            if part > 0:
                debts.append(Debt(keys[place], voucher.number, voucher.seller_name, voucher.date, part))
    return sorted(debts, key=lambda debt: debt.key)


def _owed_whole(amounts: Sequence[int], owed: int) -> tuple[int, ...] | None:
    """Which of several vouchers under one number are wholly unpaid, where that makes up what is owed."""
    if len(amounts) > _MOST_UNDER_ONE_NUMBER:
        return None
    sets = (
        some
        for size in range(1, len(amounts) + 1)
        for some in itertools.combinations(range(len(amounts)), size)
    )
    return next((some for some in sets if sum(amounts[place] for place in some) == owed), None)


def _match(
    books: Case, known: Sequence[tuple[_Line, line_kind.Recognised]]
) -> tuple[dict[str, Match], dict[str, str]]:
    """The payments among the lines, and what is only proposed of others, each by the line's id."""
    payers = [item for item, told in known if told.kind is None]
    fees: dict[tuple[str, datetime.date], list[_Line]] = defaultdict(list)
    for item, told in known:
        if told.kind in {None, "fee"} and line_kind.is_fee(item.line):
            fees[_day_of(item)].append(item)
    amounts = [frozenset(-fee.line.amount for fee in fees[_day_of(item)]) for item in payers]
    matches = match_payments([item.line for item in payers], _debts(books), amounts)
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


def _tell_of_fixed(books: Case, asked: Sequence[Asked], matched: Iterable[Match], moves: Moves) -> None:
    """Show which questions that must not be changed a new voucher would answer; nothing is booked by it."""
    assert books.award is not None  # noqa: S101 -- plan_import() has looked
    fixed = [each for each in asked if each.fixed and each.line.amount < 0]
    fixed = [each for each in fixed if line_kind.recognise_out(each.line, books.award).kind is None]
    paid: Counter[int] = Counter()
    for match in matched:
        paid.update(dict(match.paid))
    debts = [debt._replace(left=debt.left - paid[debt.key]) for debt in _debts(books)] if fixed else []
    found = match_payments([each.line for each in fixed], [debt for debt in debts if debt.left > 0])
    for match in (*found.certain, *found.proposed):
        if any("lineno" not in books.vouchers[key].entry.meta for key, _amount in match.paid):
            each = fixed[match.line]
            reason = f"{_proposal(match, books)};{each.fixed}"
            source = str(each.entry.meta.get("source", ""))
            moves.unmatched.append(Unmatched(source, each.line.as_json(), reason))


def _day_of(item: _Line) -> tuple[str, datetime.date]:
    return item.statement.account.number, item.line.date


def _proposal(match: Match, books: Case) -> str:
    numbers = "、".join(books.vouchers[key].number for key, _amount in match.paid)
    return _("可能是付憑證 {numbers}:{why}").format(numbers=numbers, why=match.why)


def _payment(books: Case, item: _Line, match: Match, running: RunningAccounts) -> list[data.Transaction]:
    """The payment, and out of the dedicated account the bank's fee on top of it: every dollar of the line."""
    dedicated = item.statement.account.dedicated
    paid = []
    for key, amount in match.paid:
        voucher = books.vouchers[key]
        government = running.pay(item.party, voucher, amount, item.line.date) if dedicated else 0
        paid.append((voucher.number, amount, government))
    payee = books.vouchers[match.paid[0][0]].seller_name
    day, narration, meta = item.line.date, _narration(item.line), _meta(item)
    source: PaidFrom = "dedicated" if dedicated else "company"
    entries = [payment_entry(day, payee, narration, paid, source, meta | {"matched": match.why})]
    if dedicated and match.fee > 0:
        meta = _meta(item) | {"import-id": f"fee:{item.import_id}"}
        entries.append(bank_entry("fee", day, -match.fee, "", _("匯費"), meta))
    return entries


def as_questioned(asked: Asked, award: Award) -> data.Transaction:
    """The entry as an import books a line that it cannot explain, with what the books say of its file and doubt.

    Where it differs from the entry in the books, somebody has changed that. A line that has words of its own is
    booked by them.
    """
    item = _Line(asked.statement, asked.line, asked.import_id, award.ubn, asked.entry)
    told = _recognise(item, award)
    if told.kind is None or told.bare:
        told = line_kind.unexplained()
    doubt = str(asked.entry.meta.get("unclear", ""))
    unclear = doubt if told.unclear and doubt.startswith(told.unclear) else ""
    return _documented(_dedicated_line(item, told, unclear), asked.entry)


def is_same(booked: data.Transaction, entries: Sequence[data.Transaction]) -> bool:
    """Whether an entry of the books says just what these entries say."""
    return len(entries) == 1 and rows_of(as_text([booked])) == rows_of(as_text(entries))


def rows_of(text: str) -> list[str]:
    """The lines of an entry's text, however they are set and in whatever order its metadata stands."""
    return sorted(" ".join(row.split()) for row in text.splitlines() if row.strip())


def _treasury_line(item: _Line, *, surplus: bool) -> data.Transaction:
    """A remittance for the case out of the company's own account."""
    line = item.line
    return treasury_entry(surplus, line.date, -line.amount, _payee(line), _narration(line), _meta(item))


def _dedicated_line(item: _Line, told: line_kind.Recognised, unclear: str) -> data.Transaction:
    """A line of the dedicated account that is no payment; what is unclear is booked with `!`."""
    line = item.line
    meta = _meta(item) | {"months": " ".join(told.months), "unclear": unclear}
    kind = told.kind or "unexplained"
    return bank_entry(kind, line.date, line.amount, _payee(line), _narration(line), meta)


def _meta(item: _Line) -> dict[str, Any]:
    line = item.line
    return {
        "import-id": item.import_id,
        "source": item.source,
        "time": line.time,
        "counterparty": line.counterparty if _payee(line) != line.counterparty else "",
        "party": item.party if item.party != item.lead else "",
    }


def _documented(entry: data.Transaction, booked: data.Transaction) -> data.Transaction:
    """An entry with the documents of the one whose place it takes."""
    documents = {key: value for key, value in booked.meta.items() if key.startswith("document")}
    return entry._replace(meta=entry.meta | documents)


def _payee(line: BankLine) -> str:
    """The other side's name, where the bank prints a name and no account number."""
    return "" if any(mark.isdigit() for mark in line.counterparty) else line.counterparty


def _narration(line: BankLine) -> str:
    return f"{line.text} {line.memo}".strip()
