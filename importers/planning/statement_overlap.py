"""Whether a statement tells the same story of an account as what is booked of it: a changed line is a conflict.

Banks number no lines, so a line that was changed looks like a new one. But a statement without gaps has to show
every line that is booked of its days.
"""

from __future__ import annotations

from collections.abc import Sequence

from importers.planning.bank_lines import Statement
from importers.planning.known_lines import KnownLines
from ledger.model.bank_line_id import BankLineId
from ledger.util.i18n import _


def contradiction(statement: Statement, known: KnownLines) -> str:
    """Why a statement cannot be true beside what is known; empty where it can.

    `known` are the lines of the books and of statements taken before. Of the first and the last day a
    statement may show a part only: then its balance has to go on where the part that is known ends or begins.
    Of the company's own accounts only some lines are booked, so that of these days nothing can be told.
    """
    lines = statement.lines
    if not lines or any(line.balance is None for line in lines):
        return ""
    first, last = lines[0].date, lines[-1].date
    shown = set(known.ids_of(statement.account.number, lines))
    lacking = sorted(
        (
            line
            for line in known.of_account(statement.account.number)
            if line.balance is not None and line.import_id not in shown and first <= line.day <= last
        ),
        key=lambda line: (line.day, line.amount, line.balance),
    )
    inside = next((line for line in lacking if first < line.day < last), None)
    outside = _not_joined(statement, lacking) if statement.account.dedicated else None
    wrong = min(filter(None, (inside, outside)), key=lambda line: line.day, default=None)
    if wrong is None:
        return ""
    return _(
        "{date} 有一筆 {amount:+,} 元(餘額 {balance:,})已入帳,這個檔案卻沒有;同一帳戶的明細前後不一致,"
        "整個檔案沒有入帳,請向銀行查明"
    ).format(date=wrong.day, amount=wrong.amount, balance=wrong.balance)


def _not_joined(statement: Statement, lacking: Sequence[BankLineId]) -> BankLineId | None:
    """A line of the first or last day that neither comes before the statement's lines nor goes on after them."""
    first, last = statement.lines[0], statement.lines[-1]
    opening, closing = (first.balance or 0) - first.amount, last.balance
    before = [line for line in lacking if line.day == first.date]
    after = [line for line in lacking if line.day == last.date]
    joins_before = any(line.balance == opening for line in before)
    joins_after = any((line.balance or 0) - line.amount == closing for line in after)
    if first.date == last.date:
        return before[0] if before and not joins_before and not joins_after else None
    if before and not joins_before:
        return before[0]
    return after[0] if after and not joins_after else None
