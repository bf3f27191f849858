"""From the rows under a header to bank lines: every row is a line, a total, junk, or an error with its number."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from collections.abc import Sequence
from functools import partial
from itertools import compress
from itertools import islice
from itertools import repeat
from typing import Literal

from importers.bank.parsing.body import Body
from importers.bank.parsing.cells import FractionError
from importers.bank.parsing.cells import Stamps
from importers.bank.parsing.cells import account_number
from importers.bank.parsing.cells import clean
from importers.bank.parsing.cells import clean_all
from importers.bank.parsing.cells import foreign_currency
from importers.bank.parsing.cells import is_local_currency
from importers.bank.parsing.cells import sides_named
from importers.bank.parsing.cells import whole
from importers.bank.parsing.cells import whole_all
from importers.bank.parsing.columns import Columns
from importers.bank.parsing.columns import fold_name
from importers.bank.parsing.preamble import Heading
from importers.bank.parsing.reversals import takes_back
from importers.bank.parsing.side_names import is_ledger_side
from importers.bank.parsing.totals import Totals
from importers.bank.parsing.totals import read_totals
from importers.bank.parsing.totals import says_total
from importers.bank.profile import Profile
from importers.records import BankLine
from importers.records import ReadError
from importers.sources.delimited import Row
from ledger.util.i18n import _

_WAYS = {
    **dict.fromkeys(
        ("支出", "支", "提出", "提款", "提", "借", "借方", "轉出", "出", "d", "dr", "debit", "-", "0"), -1
    ),
    **dict.fromkeys(
        ("存入", "收入", "收", "存款", "存", "貸", "貸方", "轉入", "入", "c", "cr", "credit", "+", "1"), 1
    ),
}
Cells = Sequence[str]  # of one column

_UNMARKED = frozenset({"", "n", "no", "否", "無", "0"})  # values of a 更正記號 column that mark nothing

_AT_ONCE = 1000  # rows
_HEAD = re.compile(r"-?[1-9]\d{0,2}")
_SPLIT_OFF = re.compile(r"0\d\d(?:\.\d+)?")
_SERIAL = re.compile(r"^\d{4,}(?:\s+|$|(?=[^\d\s-]))")
_ACCOUNT_AT_END = re.compile(r"(?<![\d/])\d{3}/[\d*]{8,16}$")


def foreign_error(currency: str) -> ReadError:
    """The refusal of a statement in another currency."""
    return ReadError(_("這是外幣帳戶的明細（{currency}），只讀新臺幣帳戶").format(currency=currency[:20]))


class RowReader:
    """Reads the rows of one table by its columns and collects what `lines.settle` needs.

    Rows are taken in blocks that stay in the processor's cache. Those of a block are first told apart by their
    day; then every column is read at once, which for a long plain statement is several times faster than cell by
    cell.
    """

    def __init__(self, columns: Columns, profile: Profile, header_width: int | None = None) -> None:
        self.columns = columns
        self._header_width = header_width  # how many cells the header has; None where there is no header
        self.lines: list[BankLine] = []
        self.totals: list[Totals] = []
        self._profile = profile
        self._accounts: set[str] = set()
        self._currencies: set[str] = set()
        self._days = Stamps()
        self._has_minus = False  # in the one column of amounts
        self._doubtful: set[int] = set()
        self._reversed: set[int] = set()
        self._minus_out: set[int] = set()  # rows of the out column with a minus
        self._has_plain_out = False  # and whether others there have none
        self._flags: set[str] = set()  # values of the 借貸別 column, folded
        self._numbers: Sequence[int] = []  # the row numbers of the dated rows in hand

    def read(self, rows: Iterable[Row], first_number: int) -> None:
        """Take every row; the first is row `first_number` of the file."""
        left = iter(rows)
        while block := list(islice(left, _AT_ONCE)):
            self._read_block(block, first_number)
            first_number += len(block)

    def _read_block(self, rows: Sequence[Row], first_number: int) -> None:
        width = self.columns.width
        if self._header_width is not None:
            self._refuse_split_amounts(rows, first_number)
        if min(map(len, rows)) < width:  # banks drop trailing empty cells
            rows = [[*row, *[""] * (width - len(row))] for row in rows]
        table: list[Cells] = list(zip(*rows, strict=False))  # by column, none missing in any row
        days, times = self._stamps(table)
        self._numbers = range(first_number, first_number + len(rows))
        if None in days:
            for number, row, day in zip(self._numbers, rows, days, strict=True):
                if day is None:
                    self._take_undated(row, number)
            kept = [day is not None for day in days]
            table = [list(compress(column, kept)) for column in table]
            times = list(compress(times, kept))
            self._numbers = list(compress(self._numbers, kept))
        if self._numbers:
            self.lines += self._lines(table, [day for day in days if day is not None], times)

    def _refuse_split_amounts(self, rows: Sequence[Row], first_number: int) -> None:
        """Raise ReadError for a row whose cells have moved: an amount was taken apart at its comma.

        Balances prove that no amount was; without them `8` and a lone `000` after it tell.
        """
        columns, header_width = self.columns, self._header_width or 0
        if max(map(len, rows)) > header_width:
            for number, row in enumerate(rows, first_number):
                if any(row[header_width:]) and self._days.read(row[columns.date]) is not None:
                    raise _too_wide_error(number, len(row), header_width)
        if columns.balance is None:
            for number, row in enumerate(rows, first_number):
                if any(map(_is_split, (row[place : place + 2] for place in columns.money))):
                    raise _too_wide_error(number, len(row), header_width)

    def _stamps(self, table: Sequence[Cells]) -> tuple[list[datetime.date | None], Sequence[str]]:
        """The days, None where a row has none, and the times of rows."""
        stamps, time = self._days, self.columns.time
        cells = table[self.columns.date]
        clocks = table[time] if time is not None else [""] * len(cells)
        if stamps.are_plain(cells, clocks):
            return stamps.days(cells), clocks
        days: list[datetime.date | None] = []
        times: list[str] = []
        for cell, clock in zip(cells, clocks, strict=True):
            stamp = stamps.read(cell, clock) if cell else None
            days.append(stamp[0] if stamp else None)
            times.append(stamp[1] if stamp else "")
        return days, times

    def _lines(self, table: Sequence[Cells], days: Sequence[datetime.date], times: Cells) -> list[BankLine]:
        columns, numbers = self.columns, self._numbers
        if columns.account is not None:
            self._accounts |= set(table[columns.account])
        if columns.currency is not None:
            self._currencies |= set(table[columns.currency])
        if columns.correction is not None:
            marks = map(clean, table[columns.correction])
            self._doubtful |= {
                number
                for number, mark in zip(numbers, marks, strict=True)
                if mark.casefold() not in _UNMARKED
            }
        amounts = self._two_columns(table) if columns.amount is None else self._one_column(table)
        balances = repeat(None) if columns.balance is None else self._money(table[columns.balance])
        texts = repeat("") if columns.text is None else clean_all(table[columns.text])
        memos, others = self._memos_and_others(table)
        back = self._taken_back(texts)
        fields = zip(days, amounts, balances, times, texts, memos, others, numbers, back, strict=False)
        return list(map(partial(tuple.__new__, BankLine), fields))  # `_make`, which counts each time

    def _taken_back(self, texts: Iterable[str]) -> Iterable[bool]:
        """Which of the rows in hand take an earlier line back: by their sign, their mark, or the bank's word."""
        says_so = isinstance(texts, Sequence) and takes_back("\n".join(texts))
        if not says_so and not self._reversed and not self._doubtful:
            return repeat(False)
        marked = self._reversed | self._doubtful
        words = texts if says_so else repeat("")
        return [
            number in marked or takes_back(word) for number, word in zip(self._numbers, words, strict=False)
        ]

    def body(self, heading: Heading) -> Body:
        """What was read. Raises ReadError where a row is in another currency."""
        for currency in self._currencies:
            if not is_local_currency(currency):
                raise foreign_error(currency)
        columns = self.columns
        # With a minus among them the amounts are signed already.
        is_unsigned = columns.amount is not None and columns.flag is None and not self._has_minus
        return Body(
            lines=tuple(self.lines),
            unsigned=frozenset(line.row for line in self.lines) if is_unsigned else frozenset(),
            doubtful=frozenset(self._doubtful),
            reversed_rows=frozenset(self._reversed),
            minus_rows=frozenset() if self._has_plain_out else frozenset(self._minus_out),
            totals=(*heading.totals, *self.totals),
            opening=heading.opening,
            sides=self._sides(),
        )

    def _sides(self) -> Literal["", "bank", "open"]:
        """Whose debit and credit the signs come of, where they come of these."""
        if not self.columns.has_ledger_sides and not any(map(is_ledger_side, self._flags)):
            return ""
        return "bank" if self._profile.bank else "open"

    def account_numbers(self) -> set[str]:
        """The account numbers of the 帳號 column."""
        return {found for cell in self._accounts if (found := account_number(clean(cell)))}

    def _two_columns(self, table: Sequence[Cells]) -> list[int]:
        """The signed amounts of a statement that has money out and money in apart."""
        assert self.columns.out is not None  # noqa: S101 -- a header has either one column or these two
        assert self.columns.into is not None  # noqa: S101 -- as above
        outs, ins = self._money_out(table[self.columns.out]), self._money(table[self.columns.into])
        rows = zip(self._numbers, outs, ins, strict=True)
        odd = [(row, out and into) for row, out, into in rows if (out and into) or (out or into or 0) < 0]
        for row, has_both in odd:
            if has_both:
                raise ReadError(_("第{row}列同時有支出與存入金額").format(row=row))
            self._reversed.add(row)
        if not self._has_plain_out:
            self._has_plain_out = any(out and out > 0 for out in outs)
        if odd:
            numbered = zip(self._numbers, outs, strict=True)
            self._minus_out |= {row for row, out in numbered if (out or 0) < 0}
        return [(into or 0) - (out or 0) for out, into in zip(outs, ins, strict=True)]

    def _one_column(self, table: Sequence[Cells]) -> list[int]:
        """The amounts of a statement with one column: signed by the 借貸別 beside it, or later by the balance."""
        assert self.columns.amount is not None  # noqa: S101 -- as above
        amounts = [amount or 0 for amount in self._money(table[self.columns.amount])]
        if self.columns.flag is None:
            self._has_minus |= min(amounts) < 0 or any(sides_named(table[self.columns.amount]))
            return amounts
        ways = {**_WAYS, **{flag: 1 if way == "in" else -1 for flag, way in self._profile.flags.items()}}
        self._flags |= {fold_name(cell.strip("=")) for cell in set(table[self.columns.flag])}
        signed = []
        for number, amount, cell in zip(self._numbers, amounts, table[self.columns.flag], strict=True):
            way = ways.get(fold_name(cell.strip("=")))
            if way is None and amount:
                raise ReadError(_("第{row}列的收支別「{flag}」無法辨認").format(row=number, flag=cell[:20]))
            signed.append(amount * (way or 0))
        return signed

    def _money(self, cells: Cells) -> list[int | None]:
        """A column of amounts. Raises ReadError with the row where one cannot be taken."""
        plain_amounts = whole_all(cells)
        if plain_amounts is not None:
            return plain_amounts
        return [self._amount(cell, number) for cell, number in zip(cells, self._numbers, strict=True)]

    def _money_out(self, cells: Cells) -> list[int | None]:
        """The out column, whose amounts are plain where they are of the debit side: `8,054 DR`."""
        amounts = self._money(cells)
        sides = sides_named(cells)
        if not sides:
            return amounts
        return [
            -amount if amount and has_side else amount
            for amount, has_side in zip(amounts, sides, strict=True)
        ]

    def _amount(self, cell: str, number: int) -> int | None:
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

    def _memos_and_others(self, table: Sequence[Cells]) -> tuple[Iterable[str], Iterable[str]]:
        """The remarks and the other sides."""
        columns, profile = self.columns, self._profile
        parts = [clean_all(table[place]) for place in columns.memo]
        memos: Sequence[str] = (
            parts[0]
            if len(parts) == 1
            else [" ".join(dict.fromkeys(filter(None, each))) for each in zip(*parts, strict=True)]
        )
        sides = [clean_all(table[place]) for place in columns.counterparty]
        others: Sequence[str] = (
            sides[0]
            if len(sides) == 1
            else [next(filter(None, each), "") for each in zip(*sides, strict=True)]
        )
        nothing = [""] * len(self._numbers)
        memos, others = memos or nothing, others or nothing
        if profile.memo_begins_with_serial:
            memos = [_SERIAL.sub("", memo) for memo in memos]
        if profile.memo_ends_with_account:
            pairs = [_account_taken(memo, other) for memo, other in zip(memos, others, strict=True)]
            memos, others = [memo for memo, _other in pairs], [other for _memo, other in pairs]
        return memos, others

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


def _is_split(cells: Sequence[str]) -> bool:
    """Whether two neighbouring cells look like `8,000` taken apart."""
    return (
        len(cells) == 2
        and _HEAD.fullmatch(cells[0]) is not None
        and _SPLIT_OFF.fullmatch(cells[1]) is not None
    )


def _too_wide_error(row: int, cells: int, columns: int) -> ReadError:
    return ReadError(
        _(
            "第{row}列有 {cells} 格，表頭有 {columns} 欄，像是金額的千分位逗號把儲存格拆開了；請重新匯出"
        ).format(row=row, cells=cells, columns=columns)
    )


def _account_taken(memo: str, other: str) -> tuple[str, str]:
    """The remark and the other side, which may stand at the remark's end."""
    match = None if other else _ACCOUNT_AT_END.search(memo)
    return (memo[: match.start()].strip(), match[0].replace("/", "")) if match else (memo, other)


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
