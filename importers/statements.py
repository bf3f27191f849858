"""From bank statements to entries.

Of a dedicated account every line is booked; of the company's own accounts only what pays a voucher of the
case or remits to the treasury for it.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import re
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
from importers.recognise import same_account
from importers.records import BankLine
from importers.records import Reading
from ledger.award import Award
from ledger.award import BankAccount
from ledger.booking import PaidFrom
from ledger.booking import bank_entry
from ledger.booking import payment_entry
from ledger.booking import treasury_entry
from ledger.case import Case
from ledger.i18n import _
from ledger.identity import voucher_link
from ledger.text import fold

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
    matched, proposed = _match(books, known)
    purse = Purse(
        books, pays_suppliers=any(item.statement.account.dedicated for item, _m in matched.values())
    )
    numbers = {fold(voucher.number) for voucher in books.vouchers}
    for item, told in known:
        if item.import_id in matched:
            _item, match = matched[item.import_id]
            moves.entries += _payment(books, item, match, purse)
            moves.matched += not item.statement.account.dedicated
        elif item.import_id not in new:
            continue
        elif item.statement.account.dedicated:
            found = purse.decide(item.line, item.party, told)
            moves.entries.append(_dedicated_line(item, found, proposed.get(item.import_id, ""), moves))
        elif told.kind in {"remit-interest", "remit-surplus"}:
            moves.entries.append(_treasury_line(item, surplus=told.kind == "remit-surplus"))
        else:
            _leave(item, proposed.get(item.import_id) or _named_again(item.line, numbers), moves)
            continue
        moves.imported += 1
    return moves


def _leave(item: _Line, doubt: str, moves: Moves) -> None:
    """Leave out a line of the company's own account; one that may be the case's after all is shown."""
    if doubt:
        moves.unmatched.append(Unmatched(item.statement.file, item.line.as_json(), doubt))
    else:
        moves.not_of_case += 1


def _named_again(line: BankLine, numbers: set[str]) -> str:
    """What to ask about a line that names a voucher of the books and pays nothing that is owed."""
    named = sorted(recognise.invoice_numbers(line) & numbers)
    if not named or line.amount > 0:
        return ""
    return _("摘要寫有憑證號碼 {numbers},但該憑證已付清或金額不符").format(numbers="、".join(named))


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
    books: Case, known: Sequence[tuple[_Line, recognise.Recognised]]
) -> tuple[dict[str, tuple[_Line, Match]], dict[str, str]]:
    """The payments among the lines, and what is only proposed of others, each by the line's id."""
    payers = [item for item, told in known if told.kind is None]
    fees: dict[tuple[str, datetime.date], list[_Line]] = defaultdict(list)
    for item, told in known:
        if told.kind in {None, "fee"} and recognise.is_fee(item.line):
            fees[_day_of(item)].append(item)
    amounts = [frozenset(-fee.line.amount for fee in fees[_day_of(item)]) for item in payers]
    matches = match_payments([item.line for item in payers], _debts(books), amounts)
    certain: dict[str, tuple[_Line, Match]] = {}
    doubtful = matches.proposed
    for match in matches.certain:
        item = payers[match.line]
        of_day = fees[_day_of(item)]
        fee = next((fee for fee in of_day if fee.line.amount == match.fee), None)
        if match.score < THRESHOLD or (match.fee < 0 and fee is None):
            doubtful = [*doubtful, match]
            continue
        certain[item.import_id] = (item, match)
        if fee is not None:  # the supplier bore it, so that it pays for the voucher too
            of_day.remove(fee)
            certain[fee.import_id] = (fee, match._replace(paid=((match.paid[0][0], -match.fee),), fee=0))
    return certain, {payers[match.line].import_id: _proposal(match, books) for match in doubtful}


def _day_of(item: _Line) -> tuple[str, datetime.date]:
    return item.statement.account.number, item.line.date


def _proposal(match: Match, books: Case) -> str:
    numbers = "、".join(books.vouchers[key].number for key, _amount in match.paid)
    return _("可能是付憑證 {numbers}:{why}").format(numbers=numbers, why=match.why)


def _payment(books: Case, item: _Line, match: Match, purse: Purse) -> list[data.Transaction]:
    """The payment, and out of the dedicated account the bank's fee on top of it: every dollar of the line."""
    dedicated = item.statement.account.dedicated
    paid = []
    for key, amount in match.paid:
        voucher = books.vouchers[key]
        government = purse.pay(item.party, voucher, amount) if dedicated else 0
        paid.append((voucher.number, amount, government))
    payee = books.vouchers[match.paid[0][0]].seller_name
    day, narration, meta = item.line.date, _narration(item.line), _meta(item)
    source: PaidFrom = "dedicated" if dedicated else "company"
    entries = [payment_entry(day, payee, narration, paid, source, meta | {"matched": match.why})]
    if dedicated and match.fee > 0:
        meta = _meta(item) | {"import-id": f"fee:{item.import_id}"}
        entries.append(bank_entry("fee", day, -match.fee, "", _("匯費"), meta))
    return entries


def _treasury_line(item: _Line, *, surplus: bool) -> data.Transaction:
    """A remittance for the case out of the company's own account."""
    line = item.line
    return treasury_entry(surplus, line.date, -line.amount, _payee(line), _narration(line), _meta(item))


def _dedicated_line(item: _Line, told: recognise.Recognised, proposed: str, moves: Moves) -> data.Transaction:
    """A line of the dedicated account that is no payment; what is unclear is booked with `!` and shown."""
    line = item.line
    unclear = ";".join(filter(None, (told.unclear, proposed)))
    if unclear:
        moves.unmatched.append(Unmatched(item.statement.file, line.as_json(), unclear))
    meta = _meta(item) | {"months": " ".join(told.months), "unclear": unclear}
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
