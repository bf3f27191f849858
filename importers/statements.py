"""From bank statements to entries: every line of a dedicated account, and of the company's own account only
the lines that pay a voucher of the case or remit to the treasury for it.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers import recognise
from importers.gather import Unmatched
from importers.keys import bank_ids
from importers.match import THRESHOLD
from importers.match import Debt
from importers.match import Match
from importers.match import match_payments
from importers.records import BankLine
from ledger.award import Award
from ledger.award import BankAccount
from ledger.booking import BankKind
from ledger.booking import bank_entry
from ledger.booking import payment_entry
from ledger.booking import treasury_entry
from ledger.case import Case
from ledger.i18n import _
from ledger.identity import voucher_link
from ledger.share import Approved


class Statement(NamedTuple):
    """A statement of one of the case's accounts."""

    file: str
    account: BankAccount
    lines: tuple[BankLine, ...]


class _Line(NamedTuple):
    """A line that is not in the books yet."""

    statement: Statement
    line: BankLine
    import_id: str


@dataclasses.dataclass(slots=True)
class Moves:
    """What the statements come to."""

    entries: list[data.Transaction] = dataclasses.field(default_factory=list)
    imported: int = 0
    duplicates: int = 0
    matched: int = 0  # lines of the company's own accounts that pay a voucher
    not_of_case: int = 0
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)


def plan_statements(books: Case, statements: Sequence[Statement]) -> Moves:
    """Work out the entries of all statements at once, so that every payment competes for every voucher."""
    assert books.award is not None  # noqa: S101 -- plan_import() has looked
    moves = Moves()
    fresh = _fresh(books, statements, moves)
    known = [(item, _recognise(item, books.award)) for item in fresh]
    payers = [item for item, recognised in known if recognised.kind is None]
    payments = _match(books, payers, moves)
    received = _Received(books)
    for item, recognised in known:
        payment = payments.get(item.import_id)
        if payment is not None:
            moves.entries.append(payment)
            moves.matched += not item.statement.account.dedicated
        elif not item.statement.account.dedicated:
            _company_line(item, recognised, moves)
            continue
        else:
            told = recognise.unexplained() if recognised.kind is None else recognised
            moves.entries.append(_dedicated_line(item, told, received, books.award, moves))
        moves.imported += 1
    return moves


def _fresh(books: Case, statements: Sequence[Statement], moves: Moves) -> list[_Line]:
    """The lines whose id is not in the books, oldest first; overlapping statements show a line once."""
    seen = {str(entry.meta["import-id"]) for entry in books.transactions if "import-id" in entry.meta}
    fresh = []
    for statement in sorted(statements, key=lambda s: (s.account.number, s.file)):
        ids = bank_ids(statement.account.number, statement.lines)
        for line, import_id in zip(statement.lines, ids, strict=True):
            if import_id in seen:
                moves.duplicates += 1
                continue
            seen.add(import_id)
            fresh.append(_Line(statement, line, import_id))
    return sorted(fresh, key=lambda item: item.line.date)


def _recognise(item: _Line, award: Award) -> recognise.Recognised:
    line = item.line
    if item.statement.account.dedicated:
        return recognise.recognise_in(line) if line.amount > 0 else recognise.recognise_out(line, award)
    if line.amount < 0:
        return recognise.Recognised(recognise.treasury_kind(line))
    return recognise.Recognised("own-money")  # money in is nobody's business here


def _debts(books: Case) -> list[Debt]:
    """What is left to pay of each voucher; of several under one number the first is paid first."""
    left = dict(books.unpaid)
    by_link: dict[str, list[int]] = defaultdict(list)
    for key, voucher in enumerate(books.vouchers):
        if voucher.payable > 0 and voucher.number and voucher.kind != "payroll":
            by_link[voucher_link(voucher.number)].append(key)
    debts = []
    for link, keys in by_link.items():
        owed = left.get(link, 0)
        for key in reversed(keys):  # what is left belongs to the later ones
            voucher = books.vouchers[key]
            part = min(owed, voucher.payable)
            owed -= part
            if part > 0:
                debts.append(Debt(key, voucher.number, voucher.seller_name, voucher.date, part))
    return sorted(debts, key=lambda debt: debt.key)


def _match(books: Case, payers: Sequence[_Line], moves: Moves) -> dict[str, data.Transaction]:
    """The payments among the lines that no word explains, by the line's id."""
    matches = match_payments([item.line for item in payers], _debts(books))
    payments = {}
    for match in matches.certain:
        item = payers[match.line]
        if match.score >= THRESHOLD:
            payments[item.import_id] = _payment(books, item, match)
        else:
            _propose(item, match, books, moves)
    for match in matches.proposed:
        _propose(payers[match.line], match, books, moves)
    return payments


def _propose(item: _Line, match: Match, books: Case, moves: Moves) -> None:
    numbers = "、".join(books.vouchers[key].number for key, _amount in match.paid)
    reason = _("可能是付憑證 {numbers}:{why}").format(numbers=numbers, why=";".join(match.reasons))
    moves.unmatched.append(Unmatched(item.statement.file, item.line.as_json(), reason))


def _payment(books: Case, item: _Line, match: Match) -> data.Transaction:
    paid = []
    for key, amount in match.paid:
        voucher = books.vouchers[key]
        government = min(voucher.government, amount) if item.statement.account.dedicated else 0
        paid.append((voucher.number, amount, government))
    payee = books.vouchers[match.paid[0][0]].seller_name
    meta = _meta(item) | {"matched": ";".join(match.reasons)}
    paid_from = "dedicated" if item.statement.account.dedicated else "company"
    return payment_entry(item.line.date, payee, _narration(item.line), paid, paid_from, meta)  # type: ignore[arg-type]


def _company_line(item: _Line, recognised: recognise.Recognised, moves: Moves) -> None:
    """A line of the company's own account: kept only where it remits to the treasury for the case."""
    if recognised.kind not in {"remit-interest", "remit-surplus"}:
        moves.not_of_case += 1
        return
    surplus = recognised.kind == "remit-surplus"
    line = item.line
    moves.entries.append(
        treasury_entry(surplus, line.date, -line.amount, _payee(line), _narration(line), _meta(item))
    )
    moves.imported += 1


class _Received:
    """The instalments so far, by party: the books' and those of this import."""

    def __init__(self, books: Case) -> None:
        self._books = books
        self._amounts: dict[str, list[int]] = defaultdict(list)
        for move in books.movements:
            if move.kind == "instalment":
                self._amounts[move.party].append(move.grant)

    def doubt(self, line: BankLine, party: str, award: Award) -> str:
        """Why an instalment does not fit; it counts as received all the same, the money is there."""
        assert self._books.scheme is not None  # noqa: S101 -- plan_import() has looked
        before = self._amounts[party]
        parts = [budget for (owner, _c), budget in award.budget_on(line.date).items() if owner == party]
        approved = Approved(sum(p.government for p in parts), sum(p.self_funded for p in parts))
        doubt = recognise.instalment_doubt(line.amount, before, award, self._books.scheme, approved)
        before.append(line.amount)
        return doubt


def _dedicated_line(
    item: _Line, told: recognise.Recognised, received: _Received, award: Award, moves: Moves
) -> data.Transaction:
    """A line of the dedicated account that is no payment; what is unclear is booked with `!` and shown."""
    line, party = item.line, item.statement.account.party
    kind: BankKind = told.kind or "unexplained"
    unclear = told.unclear
    if kind == "instalment":
        unclear = received.doubt(line, party, award)
    if unclear:
        moves.unmatched.append(Unmatched(item.statement.file, line.as_json(), unclear))
    meta = _meta(item) | {
        "months": " ".join(told.months),
        "party": party if party != award.ubn else "",
        "unclear": unclear,
    }
    return bank_entry(kind, line.date, line.amount, _payee(line), _narration(line), meta)


def _meta(item: _Line) -> dict[str, Any]:
    line = item.line
    return {
        "import-id": item.import_id,
        "source": item.statement.file,
        "time": line.time,
        "counterparty": line.counterparty if _payee(line) != line.counterparty else "",
    }


def _payee(line: BankLine) -> str:
    """The other side's name, where the bank prints a name and no account number."""
    return "" if any(mark.isdigit() for mark in line.counterparty) else line.counterparty


def _narration(line: BankLine) -> str:
    return f"{line.text} {line.memo}".strip()
