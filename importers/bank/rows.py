"""From the rows under a header to bank lines: every row is a line, a total, junk, or an error with its number."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from importers.bank.cells import FractionError
from importers.bank.cells import Stamps
from importers.bank.cells import account_number
from importers.bank.cells import clean
from importers.bank.cells import foreign_currency
from importers.bank.cells import is_local_currency
from importers.bank.cells import whole
from importers.bank.columns import Columns
from importers.bank.columns import Header
from importers.bank.columns import roles_of
from importers.bank.lines import Body
from importers.bank.preamble import Heading
from importers.bank.preamble import Totals
from importers.bank.preamble import read_totals
from importers.bank.preamble import says_total
from importers.bank.profile import Profile
from importers.records import BankLine
from importers.records import ReadError
from importers.sniff import Row
from ledger.i18n import _

_WAYS = {
    **dict.fromkeys(
        ("支出", "支", "提出", "提款", "提", "借", "借方", "轉出", "出", "d", "dr", "debit", "-", "0"), -1
    ),
    **dict.fromkeys(
        ("存入", "收入", "收", "存款", "存", "貸", "貸方", "轉入", "入", "c", "cr", "credit", "+", "1"), 1
    ),
}
_SERIAL = re.compile(r"^\d{4,}(?:\s+|(?=[^\d\s-]))")
_ACCOUNT_AT_END = re.compile(r"(?<![\d/])\d{3}/[\d*]{8,16}$")


def foreign_error(currency: str) -> ReadError:
    """The refusal of a statement in another currency."""
    return ReadError(_("這是外幣帳戶的明細（{currency}），只讀新臺幣帳戶").format(currency=currency[:20]))


class RowReader:
    """Reads the rows of one table by its columns and collects what `lines.settle` needs."""

    def __init__(self, columns: Columns, profile: Profile) -> None:
        self.columns = columns
        self.lines: list[BankLine] = []
        self.totals: list[Totals] = []
        self.accounts: set[str] = set()
        self._currencies: set[str] = set()
        self._unsigned: set[int] = set()
        self._doubtful: set[int] = set()
        self._reversed: set[int] = set()
        self._stamps = Stamps()
        self._ways = {**_WAYS, **{flag: 1 if way == "in" else -1 for flag, way in profile.flags.items()}}
        self._profile = profile

    def read(self, rows: Sequence[Row], first_number: int) -> None:
        """Take every row; the first is row `first_number` of the file."""
        columns, width = self.columns, self.columns.width
        date, time, balance = columns.date, columns.time, columns.balance
        stamp_of, amount_of = self._stamps.read, self._amount_of
        for number, row in enumerate(rows, first_number):
            if len(row) < width:
                row = [*row, *[""] * (width - len(row))]  # noqa: PLW2901 -- banks drop trailing empty cells
            stamp = stamp_of(row[date], row[time] if time is not None else "") if row[date] else None
            if stamp is None:
                self._take_undated(row, number)
                continue
            self.lines.append(
                BankLine(
                    stamp[0],
                    amount_of(row, number),
                    None if balance is None else self._money(row[balance], number),
                    stamp[1],
                    *self._words(row),
                    number,
                )
            )
            if columns.account is not None:
                self.accounts.add(row[columns.account])
            if columns.currency is not None:
                self._currencies.add(row[columns.currency])

    def body(self, heading: Heading) -> Body:
        """What was read. Raises ReadError where a row is in another currency."""
        for currency in self._currencies:
            if not is_local_currency(currency):
                raise foreign_error(currency)
        return Body(
            lines=tuple(self.lines),
            unsigned=self._unsigned_rows(),
            doubtful=frozenset(self._doubtful),
            reversed_rows=frozenset(self._reversed),
            totals=(*heading.totals, *self.totals),
            opening=heading.opening,
        )

    def account_numbers(self) -> set[str]:
        """The account numbers of the 帳號 column."""
        return {found for cell in self.accounts if (found := account_number(clean(cell)))}

    def _unsigned_rows(self) -> frozenset[int]:
        """The rows whose sign the balance must tell: none where the one amount column has minus signs."""
        if any(line.amount < 0 for line in self.lines if line.row in self._unsigned):
            return frozenset()
        return frozenset(self._unsigned)

    def _amount_of(self, row: Row, number: int) -> int:
        columns = self.columns
        if columns.amount is not None:
            amount = self._one_column(row, columns.amount, number)
        else:
            assert columns.out is not None  # noqa: S101 -- a header has either
            assert columns.into is not None  # noqa: S101 -- as above
            out, into = self._money(row[columns.out], number), self._money(row[columns.into], number)
            amount = (into or 0) - (out or 0)
            if (out or 0) < 0 or (into or 0) < 0:
                self._reversed.add(number)
            elif out and into:
                raise ReadError(_("第{row}列同時有支出與存入金額").format(row=number))
        if columns.correction is not None and clean(row[columns.correction]):
            self._doubtful.add(number)
        return amount

    def _one_column(self, row: Row, place: int, number: int) -> int:
        amount = self._money(row[place], number) or 0
        if self.columns.flag is None:
            self._unsigned.add(number)
            return amount
        flag = row[self.columns.flag].strip("'\" =").casefold()
        way = self._ways.get(flag)
        if way is None:
            if not amount:
                return 0
            raise ReadError(_("第{row}列的收支別「{flag}」無法辨認").format(row=number, flag=flag[:20]))
        return way * amount

    def _money(self, cell: str, number: int) -> int | None:
        try:
            return whole(cell)
        except FractionError:
            raise ReadError(
                _("第{row}列的金額有角分：{cell}").format(row=number, cell=_shown(cell))
            ) from None
        except ValueError:
            if currency := foreign_currency(cell):
                raise foreign_error(currency) from None
            raise ReadError(
                _("第{row}列的金額不是數字：{cell}").format(row=number, cell=_shown(cell))
            ) from None

    def _words(self, row: Row) -> tuple[str, str, str]:
        """The text, memo and counterparty of a row."""
        columns = self.columns
        text = "" if columns.text is None else clean(row[columns.text])
        memo = clean(row[columns.memo[0]]) if columns.memo else ""
        if len(columns.memo) > 1:
            memo = " ".join(dict.fromkeys(word for place in columns.memo if (word := clean(row[place]))))
        other = ""
        for place in columns.counterparty:
            other = clean(row[place])
            if other:
                break
        if self._profile.memo_begins_with_serial:
            memo = _SERIAL.sub("", memo)
        if self._profile.memo_ends_with_account and not other and (match := _ACCOUNT_AT_END.search(memo)):
            memo, other = memo[: match.start()].strip(), match[0]
        return text, memo, other

    def _take_undated(self, row: Row, number: int) -> None:
        """A total, junk, or an error: a row with an amount but no day must not be lost."""
        if not any(row):
            return
        amounts = [_lenient(row[place]) for place in self.columns.money]
        if says_total(row):
            if totals := read_totals(row, number, self.columns):
                self.totals.append(totals)
            return
        if any(amounts):
            raise ReadError(
                _("第{row}列有金額但沒有可讀的日期：{cell}").format(
                    row=number, cell=_shown(row[self.columns.date])
                )
            )


def _lenient(cell: str) -> int | None:
    """The amount of a cell, or None where it is empty or no amount at all; one with cents is an amount."""
    try:
        return whole(clean(cell))
    except FractionError:
        return 1
    except ValueError:
        return None


def _shown(cell: str) -> str:
    return "「" + " ".join(cell.split())[:30] + "」"


def with_date_column(header: Header, rows: Sequence[Row], profile: Profile) -> Header:
    """The header whose date is the 交易時間 column where that one holds days too, the day's column being a 帳務日."""
    columns = header.columns
    names = rows[header.last][columns.date : columns.date + 1] if header.last >= 0 else []
    roles = {role for name in names for role, _rank in roles_of(name, profile.extra)}
    if roles != {"post"} or columns.time is None:
        return header
    stamps = Stamps()
    below = [row[columns.time] for row in rows[header.last + 1 : header.last + 20] if len(row) > columns.time]
    filled = [cell for cell in below if cell]
    if not filled or not all(stamps.read(cell) for cell in filled[:1]):
        return header
    return dataclasses.replace(header, columns=dataclasses.replace(columns, date=columns.time, time=None))
