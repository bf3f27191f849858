"""From bank statements to entries.

Of a dedicated account every line is booked; of the company's own accounts only what pays a voucher of the
case or remits to the treasury for it.
"""

from __future__ import annotations

import dataclasses
import itertools
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
from importers.purse import Purse
from importers.records import BankLine
from ledger.award import Award
from ledger.award import BankAccount
from ledger.booking import PaidFrom
from ledger.booking import bank_entry
from ledger.booking import payment_entry
from ledger.booking import treasury_entry
from ledger.case import Case
from ledger.i18n import _
from ledger.identity import voucher_link

_MOST_UNDER_ONE_NUMBER = 8


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
    lead: str  # the lead's company number

    @property
    def party(self) -> str:
        """Whose account it is."""
        return self.statement.account.party


@dataclasses.dataclass(slots=True)
class Moves:
    """What the statements come to."""

    entries: list[data.Transaction] = dataclasses.field(default_factory=list)
    imported: int = 0
    duplicates: int = 0
    matched: int = 0  # lines of the company's own accounts that pay a voucher
    not_of_case: int = 0
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)


def plan_statements(books: Case, statements: Sequence[Statement], earlier: Sequence[Statement] = ()) -> Moves:
    """Work out the entries of all statements at once, so that every payment competes for every voucher.

    Of `earlier` statements, which were imported before, only lines that now pay a voucher are taken.
    """
    assert books.award is not None  # noqa: S101 -- plan_import() has looked
    moves = Moves()
    fresh = _fresh(books, statements, moves)
    new = {item.import_id for item in fresh}
    fresh = _by_day(
        [*fresh, *(item for item in _fresh(books, earlier, Moves()) if item.import_id not in new)]
    )
    known = [(item, _recognise(item, books.award)) for item in fresh]
    matched = _match(books, [item for item, told in known if told.kind is None], moves, new)
    purse = Purse(
        books, pays_suppliers=any(item.statement.account.dedicated for item, _m in matched.values())
    )
    for item, told in known:
        if item.import_id in matched:
            _item, match = matched[item.import_id]
            moves.entries.append(_payment(books, item, match, purse))
            moves.matched += not item.statement.account.dedicated
        elif item.import_id not in new:
            continue
        elif item.statement.account.dedicated:
            moves.entries.append(_dedicated_line(item, purse.decide(item.line, item.party, told), moves))
        elif told.kind in {"remit-interest", "remit-surplus"}:
            moves.entries.append(_treasury_line(item, surplus=told.kind == "remit-surplus"))
        else:
            moves.not_of_case += 1
            continue
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
            fresh.append(_Line(statement, line, import_id, books.award.ubn if books.award else ""))
    return _by_day(fresh)


def _by_day(lines: Sequence[_Line]) -> list[_Line]:
    """Oldest first; lines of one day stay in the bank's order."""
    return sorted(lines, key=lambda item: item.line.date)


def _recognise(item: _Line, award: Award) -> recognise.Recognised:
    line = item.line
    if item.statement.account.dedicated:
        return recognise.recognise_in(line) if line.amount > 0 else recognise.recognise_out(line, award)
    if line.amount < 0:
        return recognise.Recognised(recognise.treasury_kind(line))
    return recognise.Recognised("own-money")  # money in is nobody's business here


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
    books: Case, payers: Sequence[_Line], moves: Moves, new: set[str]
) -> dict[str, tuple[_Line, Match]]:
    """The payments among the lines that no word explains, by the line's id; only `new` lines are proposed."""
    matches = match_payments([item.line for item in payers], _debts(books))
    certain = {}
    for match in matches.certain:
        item = payers[match.line]
        if match.score >= THRESHOLD:
            certain[item.import_id] = (item, match)
        elif item.import_id in new:
            _propose(item, match, books, moves)
    for match in matches.proposed:
        if payers[match.line].import_id in new:
            _propose(payers[match.line], match, books, moves)
    return certain


def _propose(item: _Line, match: Match, books: Case, moves: Moves) -> None:
    numbers = "、".join(books.vouchers[key].number for key, _amount in match.paid)
    reason = _("可能是付憑證 {numbers}:{why}").format(numbers=numbers, why=";".join(match.reasons))
    moves.unmatched.append(Unmatched(item.statement.file, item.line.as_json(), reason))


def _payment(books: Case, item: _Line, match: Match, purse: Purse) -> data.Transaction:
    dedicated = item.statement.account.dedicated
    paid = []
    for key, amount in match.paid:
        voucher = books.vouchers[key]
        government = purse.pay(item.party, voucher, amount) if dedicated else 0
        paid.append((voucher.number, amount, government))
    payee = books.vouchers[match.paid[0][0]].seller_name
    meta = _meta(item) | {"matched": ";".join(match.reasons)}
    source: PaidFrom = "dedicated" if dedicated else "company"
    return payment_entry(item.line.date, payee, _narration(item.line), paid, source, meta)


def _treasury_line(item: _Line, *, surplus: bool) -> data.Transaction:
    """A remittance for the case out of the company's own account."""
    line = item.line
    return treasury_entry(surplus, line.date, -line.amount, _payee(line), _narration(line), _meta(item))


def _dedicated_line(item: _Line, told: recognise.Recognised, moves: Moves) -> data.Transaction:
    """A line of the dedicated account that is no payment; what is unclear is booked with `!` and shown."""
    line = item.line
    if told.unclear:
        moves.unmatched.append(Unmatched(item.statement.file, line.as_json(), told.unclear))
    meta = _meta(item) | {"months": " ".join(told.months), "unclear": told.unclear}
    kind = told.kind or "unexplained"
    return bank_entry(kind, line.date, line.amount, _payee(line), _narration(line), meta)


def _meta(item: _Line) -> dict[str, Any]:
    line = item.line
    return {
        "import-id": item.import_id,
        "source": item.statement.file,
        "time": line.time,
        "counterparty": line.counterparty if _payee(line) != line.counterparty else "",
        "party": item.party if item.party != item.lead else "",
    }


def _payee(line: BankLine) -> str:
    """The other side's name, where the bank prints a name and no account number."""
    return "" if any(mark.isdigit() for mark in line.counterparty) else line.counterparty


def _narration(line: BankLine) -> str:
    return f"{line.text} {line.memo}".strip()
