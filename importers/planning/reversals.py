"""Lines that take back an earlier line: which line each of them takes back.

The bank corrects its own posting (沖正, 更正), or a transfer comes back (退匯, 匯款退回). Such a line is tied to the
nearest line before it of the same account and sum with the other sign, whatever its words say: it undoes what that
one did. A transfer that came back may be less a fee that a bank kept.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from importers.planning import line_kind
from importers.planning.line_entries import JudgedLine
from importers.records import BankLine
from ledger.case.case import Case
from ledger.case.entry_reader import TAKES_BACK
from ledger.model.bank_line_id import read_bank_line_id
from ledger.util.text import fold

_TAKES_BACK = re.compile(
    r"沖正|沖銷|沖回|沖轉|更正|錯帳|誤帳|退匯|匯款退回|轉帳退回|取消交易|交易取消|退件|止付退回|退票"
)
_PUT_RIGHT = re.compile(r"沖正|沖銷|沖回|沖轉|更正|錯帳|誤帳|取消交易|交易取消")
# why a transfer could not be credited: the bank's words, whatever it calls the line
_NOT_CREDITED = re.compile(
    r"(戶名|帳號)(不符|錯誤|有誤)|查無(此|該)?(帳[號戶]|戶名|受款人)|帳戶(已|業已)?(結清|銷戶|凍結)|(解匯|入帳|轉帳|匯款)(失敗|不成功)"
)
_COMES_BACK = re.compile(r"[沖冲][帳账]|退回|退還|返還|退稅|免扣繳")
# words of money that is given back and of no line that is taken back: an overdrawn withdrawal, a refund
_OTHERWISE = re.compile(r"溢提|溢領|誤提|多提|回存|繳回|折讓|退貨|退款|國庫|繳庫|誤存|誤匯|誤轉")


_MOST_FEE = 100  # NT$ that a bank keeps of a transfer that comes back
_COMES_WITHIN = datetime.timedelta(days=31)


class AccountLine(NamedTuple):
    """A line in the order of its account: its id, NT$, its day, and whether it says that it takes another back."""

    import_id: str
    account: str
    amount: int
    takes_back: bool
    day: datetime.date


def takes_back(line: BankLine) -> bool:
    """Whether a line says that it takes an earlier one back."""
    return says_so_for_sure(line) or bool(
        _COMES_BACK.search(_said(line)) and not _OTHERWISE.search(_said(line))
    )


def says_so_for_sure(line: BankLine) -> bool:
    """Whether it can be nothing else, so that it is a question where no earlier line fits."""
    return line.is_reversal or bool(_TAKES_BACK.search(_said(line)) or _was_not_credited(line))


def _was_not_credited(line: BankLine) -> bool:
    """Whether money comes in that went out and could not be credited."""
    return line.amount > 0 and bool(_NOT_CREDITED.search(_said(line)))


def is_given_back(line: BankLine) -> bool:
    """Whether a person gives back what was put in by mistake; what the bank itself puts right is none of it."""
    return line_kind.gives_back(line) and not _PUT_RIGHT.search(_said(line))


def _said(line: BankLine) -> str:
    return fold(f"{line.text} {line.memo}")


def taken_back(lines: Iterable[AccountLine]) -> dict[str, str]:
    """{id of a line that takes back: id of the line that it takes back}, for lines in the order of the bank.

    The order within a day is not always known (two files, no balances), so that a line which finds nothing before
    it takes back a later one of its day.
    """
    untouched: dict[tuple[str, int], list[AccountLine]] = defaultdict(list)  # may be taken back, nearest last
    # take back and found nothing
    lacking: dict[tuple[str, int, datetime.date], list[AccountLine]] = defaultdict(list)
    pairs: dict[str, str] = {}
    for line in lines:
        candidates = untouched[line.account, -line.amount] if line.takes_back else []
        candidates = candidates or (_less_a_fee(line, untouched) if line.takes_back else [])
        before = lacking[line.account, -line.amount, line.day] if not line.takes_back else []
        if candidates:
            pairs[line.import_id] = candidates.pop().import_id
        elif before:
            taking = before.pop(0)
            untouched[line.account, -line.amount].remove(taking)
            pairs[taking.import_id] = line.import_id
        else:
            untouched[line.account, line.amount].append(line)
            if line.takes_back:
                lacking[line.account, line.amount, line.day].append(line)
    return pairs


def _less_a_fee(line: AccountLine, untouched: dict[tuple[str, int], list[AccountLine]]) -> list[AccountLine]:
    """The lines of which the nearest is the transfer that came back, less a fee; none where there is no such."""
    if line.amount <= _MOST_FEE:
        return []
    found: list[AccountLine] = []
    for fee in range(1, _MOST_FEE + 1):
        others = untouched.get((line.account, -line.amount - fee)) or []
        is_nearer = others and (not found or others[-1].day > found[-1].day)
        if is_nearer and not others[-1].takes_back and line.day - others[-1].day <= _COMES_WITHIN:
            found = others
    return found


def lines_taken_back(books: Case, lines: Sequence[JudgedLine]) -> dict[str, str]:
    """{id of a line that takes back: id of the line it takes back}, among these lines and those of the books."""
    done = {str(entry.meta[TAKES_BACK]) for entry in books.transactions if TAKES_BACK in entry.meta}
    order: list[tuple[datetime.date, int, AccountLine]] = []
    for entry in books.transactions:
        told = read_bank_line_id(str(entry.meta.get("import-id") or ""))
        if told is not None and told.import_id not in done and TAKES_BACK not in entry.meta:
            standing = AccountLine(told.import_id, told.account, told.amount, takes_back=False, day=told.day)
            order.append((told.day, 0, standing))
    deposits = _deposits(books, lines)
    for item, _told in lines:
        number, line = item.statement.account.number, item.line
        is_mistake = (number, -line.amount) in deposits and is_given_back(line)  # a question, and not undone
        own = AccountLine(item.import_id, number, line.amount, takes_back(line) and not is_mistake, line.date)
        order.append((line.date, 1, own))
    return taken_back(line for _day, _rank, line in sorted(order, key=lambda each: each[:2]))


def _deposits(books: Case, lines: Sequence[JudgedLine]) -> set[tuple[str, int]]:
    """The account and sum of money in the dedicated accounts that nobody knows."""
    found = {(i.statement.account.number, i.line.amount) for i, told in lines if told.kind == "deposit"}
    booked = [
        read_bank_line_id(str(entry.meta.get("import-id") or ""))
        for entry in books.transactions
        if entry.meta.get("kind") == "deposit"
    ]
    return found | {(told.account, told.amount) for told in booked if told is not None}
