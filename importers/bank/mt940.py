"""SWIFT MT940 statements, as corporate e-banking gives them.

The lines are parsed by the mt-940 library, message by message; the balances 60 and 62 prove them.
"""

from __future__ import annotations

import datetime
import logging
import re
from decimal import Decimal
from typing import Any
from typing import NamedTuple

import mt940 as swift

from importers.bank.parsing.cells import account_number
from importers.bank.parsing.order import in_order_of_days
from importers.bank.parsing.reversals import takes_back
from importers.bank.parsing.rows import foreign_error
from importers.bank.table import by_account
from importers.bank.table import with_others
from importers.records import BankLine
from importers.records import ReadError
from importers.records import Reading
from importers.sources.source import Source
from ledger.util.i18n import _

_TOP = 20_000  # characters in which the opening balance stands
_IS_MT940 = re.compile(r"^:60[FM]:", re.MULTILINE)
_BEGIN = re.compile(r"^:20:", re.MULTILINE)
_ENVELOPE = re.compile(r"^\{[123]:.*?\{4:\s*|^-\}?.*$", re.MULTILINE)
_NO_REFERENCE = {"", "NONREF", "NOTPROVIDED"}

logging.getLogger("mt940").addHandler(logging.NullHandler())
logging.getLogger("mt940").propagate = False  # what it logs of a broken line, the ReadError says


def read(source: Source) -> Reading | None:
    """The lines of an MT940 file; None where it is none.

    Raises ReadError where a line cannot be read, is not in whole NT$, or where opening balance and lines do not
    give the closing balance; the row is the line of the file where `:61:` stands.
    """
    if source.kind != "text" or not _IS_MT940.search(source.text, 0, _TOP):
        return None
    text = source.text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _BEGIN.finditer(text)] or [0]
    messages = [
        _read_message(text[start:end], text.count("\n", 0, start) + 1)
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]
    parts = by_account(messages, lambda message: message.accounts)
    return with_others([_reading(source, account, of_account) for account, of_account in parts])


def _reading(source: Source, account: str, messages: list[_Message]) -> Reading:
    """The messages of one account, one after the other."""
    lines: list[BankLine] = []
    closing: int | None = None
    for message in messages:
        chained, closing = _chained(message, closing)
        lines += chained
    warnings = () if lines else (_("檔案中沒有交易明細"),)
    return Reading(source.name, "mt940", source.encoding, account, tuple(lines), warnings)


class _Message(NamedTuple):
    """One message: its first row in the file, whose account, its lines without a balance, and the two balances."""

    row: int
    accounts: frozenset[str]
    lines: list[BankLine]
    opening: int | None
    closing: int | None


def _read_message(text: str, first_row: int) -> _Message:
    """What one message says, whose first row in the file is `first_row`."""
    rows = [first_row + number for number, line in enumerate(text.splitlines()) if line.startswith(":61:")]
    try:
        statement = swift.parse(_ENVELOPE.sub("", text))
        data = dict(statement.data)
        items = [dict(item.data) for item in statement]
    except Exception as error:
        raise ReadError(_("MT940 的內容無法解讀（自第{row}列起）").format(row=first_row)) from error
    items = [item for item in items if item.get("amount") is not None]
    if len(items) != len(rows):
        raise ReadError(
            _("MT940 有 {printed} 筆 :61:，只讀得 {found} 筆（自第{row}列起）").format(
                printed=len(rows), found=len(items), row=first_row
            )
        )
    number = account_number(str(data.get("account_identification") or "").rpartition("/")[2])
    return _Message(
        first_row,
        frozenset({number} - {""}),
        in_order_of_days([_line(item, row) for row, item in zip(rows, items, strict=True)]),
        _balance(data, "opening", first_row),
        _balance(data, "closing", first_row),
    )


def _chained(message: _Message, before: int | None) -> tuple[list[BankLine], int | None]:
    """The lines of a message with the balance after each, and the balance it ends with.

    `before` is the closing balance of the message before it, which must be this one's opening balance.
    """
    opening, closing, first_row = message.opening, message.closing, message.row
    if before is not None and opening is not None and opening != before:
        raise ReadError(
            _("第{row}列起的期初餘額 {opening:,} 與前一份的期末餘額 {before:,} 不符").format(
                row=first_row, opening=opening, before=before
            )
        )
    balance = opening if opening is not None else before
    lines = []
    for line in message.lines:
        balance = None if balance is None else balance + line.amount
        lines.append(line._replace(balance=balance))
    if closing is not None and balance is not None and closing != balance:
        raise ReadError(
            _("第{row}列起的期末餘額為 {closing:,}，但期初餘額加減明細為 {found:,}，可能有漏列").format(
                row=first_row, closing=closing, found=balance
            )
        )
    return lines, closing if closing is not None else balance


def _balance(data: dict[str, Any], which: str, row: int) -> int | None:
    """The opening or closing balance, final or intermediate."""
    found = data.get(f"final_{which}_balance") or data.get(f"intermediate_{which}_balance")
    return None if found is None or found.amount is None else _whole(found.amount, row)


def _line(item: dict[str, Any], row: int) -> BankLine:
    """One line, its balance still unknown."""
    amount = abs(_whole(item["amount"], row))
    status = str(item.get("status"))
    if status in {"D", "RC"}:  # a reversed credit takes money out
        amount = -amount
    reference = str(item.get("customer_reference") or "").strip()
    details = " ".join(str(item.get("transaction_details") or "").split())
    extra = str(item.get("extra_details") or "").strip()
    memo = [part for part in ("" if reference in _NO_REFERENCE else reference, details) if part]
    day = item["date"]
    return BankLine(
        date=datetime.date(day.year, day.month, day.day),
        amount=amount,
        balance=None,
        text=extra or str(item.get("id") or ""),
        memo=" ".join(dict.fromkeys(memo)),
        row=row,
        is_reversal=status in {"RC", "RD"} or takes_back(extra),
    )


def _whole(amount: Any, row: int) -> int:
    """An amount of the library's in whole NT$."""
    if amount.currency not in {None, "", "TWD"}:
        raise foreign_error(str(amount.currency))
    number = Decimal(amount.amount)
    if number != number.to_integral_value():
        raise ReadError(_("第{row}列的金額有角分：{cell}").format(row=row, cell=number))
    return int(number)
