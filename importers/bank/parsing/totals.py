"""Printed totals of a statement: 合計, 總計, 筆數; read from a row, and compared with the lines."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence

from importers.bank.parsing.cells import amount_or_none
from importers.bank.parsing.cells import plain
from importers.bank.parsing.cells import rejoined
from importers.bank.parsing.columns import Columns
from importers.records import BankLine
from importers.records import ReadError
from importers.sources.delimited import Row
from ledger.util.i18n import _

_NUMBER = r"\D{0,8}?(-?[\d,]+(?:\.0+)?)(?![\d.])"
_OUT_COUNT = re.compile(rf"(?:提款|支出|提出|轉出|借方)(?:總|交易|合計)?筆數{_NUMBER}")
_IN_COUNT = re.compile(rf"(?:存款|存入|收入|轉入|貸方)(?:總|交易|合計)?筆數{_NUMBER}")
_OUT_SUM = re.compile(
    rf"(?:提款|支出|提出|轉出|借方)(?:總金?額|金?額(?:總計|合計|小計)|(?:總計|合計)(?:金額)?){_NUMBER}"
)
_IN_SUM = re.compile(
    rf"(?:存款|存入|收入|轉入|貸方)(?:總金?額|金?額(?:總計|合計|小計)|(?:總計|合計)(?:金額)?){_NUMBER}"
)
_COUNT = re.compile(r"(?<!\w)(?:總|交易|資料|合計)?筆數\s*:?\s*(\d[\d,]*)(?!\d)|共計?\s*:?\s*(\d[\d,]*)\s*筆")
_TOTAL_WORD = re.compile(r"合計|總計|小計|累計|總額|總金額|筆數|共計?\s*\d+\s*筆")
_LONGEST_LINE = 400  # characters


@dataclasses.dataclass(frozen=True, slots=True)
class Totals:
    """Printed totals: sums of the two columns and numbers of rows, where they are printed."""

    row: int  # from 1: where they stand
    out: int | None = None
    into: int | None = None
    out_count: int | None = None
    in_count: int | None = None
    count: int | None = None

    def __bool__(self) -> bool:
        figures = (self.out, self.into, self.out_count, self.in_count, self.count)
        return any(figure is not None for figure in figures)


def read_totals(row: Row, number: int, columns: Columns | None = None) -> Totals | None:
    """The totals that a row prints, by its words and, where it is a 合計 row, by its columns; None if none."""
    text = plain(" ".join(cell for cell in rejoined(row) if cell))
    if not _TOTAL_WORD.search(text.replace(" ", "")) or len(text) >= _LONGEST_LINE:
        return None
    count = next((amount_or_none(found[1] or found[2]) for found in [_COUNT.search(text)] if found), None)
    totals = Totals(
        row=number,
        out=_found(_OUT_SUM, text),
        into=_found(_IN_SUM, text),
        out_count=_found(_OUT_COUNT, text),
        in_count=_found(_IN_COUNT, text),
        count=count,
    )
    if columns is not None and columns.out is not None and columns.into is not None and totals.out is None:
        totals = dataclasses.replace(totals, out=_cell(row, columns.out), into=_cell(row, columns.into))
    return totals or None


def says_total(row: Row) -> bool:
    """Whether a row calls itself a total: a line that is one cell, or a cell too short to be a remark."""
    filled = [cell for cell in row if cell]
    longest = _LONGEST_LINE if len(filled) == 1 else 40
    return any(_TOTAL_WORD.search(plain(cell).replace(" ", "")) for cell in filled if len(cell) < longest)


def _found(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return amount_or_none(match[1]) if match else None


def _cell(row: Row, place: int) -> int | None:
    return amount_or_none(row[place]) if place < len(row) else None


def check_totals(
    printed: Iterable[Totals], lines: Sequence[BankLine], reversed_rows: Collection[int]
) -> None:
    """Compare printed totals with the signed lines in file order. Raises ReadError where one differs.

    A total covers all lines of the file, or (one a page) those since the total before it. Whether a bank nets
    corrections in its totals is not known, so both sums are right; `reversed_rows` are those with a negative
    amount in the out or in column (錯誤更正).
    """
    since = 0
    for totals in sorted(printed, key=lambda item: item.row):
        above = [line for line in lines if line.row < totals.row]
        page = [line for line in above if line.row > since]
        scopes = [scope for scope in (list(lines), above, page) if scope] or [[]]
        since = totals.row
        problems = [_differs(totals, scope, reversed_rows) for scope in scopes]
        if all(problems):
            raise ReadError(problems[0])


def _differs(totals: Totals, lines: Sequence[BankLine], reversed_rows: Collection[int]) -> str:
    """What a printed total says otherwise than the lines, in words; empty where they agree."""
    outs = [-line.amount for line in lines if line.amount < 0]
    ins = [line.amount for line in lines if line.amount > 0]
    back_in = sum(line.amount for line in lines if line.amount > 0 and line.row in reversed_rows)
    back_out = sum(-line.amount for line in lines if line.amount < 0 and line.row in reversed_rows)
    out_sums = (sum(outs), sum(outs) - back_out, sum(outs) - back_out - back_in)
    in_sums = (sum(ins), sum(ins) - back_in, sum(ins) - back_in - back_out)
    moved = len(outs) + len(ins)
    checks = (
        (_("支出合計"), totals.out, out_sums),
        (_("存入合計"), totals.into, in_sums),
        (_("支出筆數"), totals.out_count, (len(outs),)),
        (_("存入筆數"), totals.in_count, (len(ins),)),
        (_("筆數"), totals.count, (moved, len(lines))),
    )
    for name, printed, found in checks:
        if printed is not None and abs(printed) not in found:
            return _("第{row}列印出的{name} {printed:,} 與明細的 {found:,} 不符，可能有漏列").format(
                row=totals.row, name=name, printed=printed, found=found[0]
            )
    return ""
