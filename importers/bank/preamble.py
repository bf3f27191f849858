"""What stands around the rows of a statement: whose account, which currency, totals, opening balance."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Sequence

from importers.bank.cells import account_number
from importers.bank.cells import clean
from importers.bank.cells import whole
from importers.bank.columns import Columns
from importers.sniff import Row

_ACCOUNT_LABEL = re.compile(
    r"(?<!對方)(?<!往來)(?<!轉出)(?<!轉入)(?<!轉出入)(?:帳號|帳戶號碼|account(?:no\.?|number)?)"
)
_LABELLED = re.compile(r"^(?P<label>[^\d:]{1,12}?)\s*:\s*(?P<value>.*)$", re.DOTALL)
_BARE_ACCOUNT = re.compile(
    r"^['\"]?(?P<number>\d[\d-]{8,18}\d)\s*\(?(?:臺幣|台幣|新臺幣|新台幣)?(?:活|乙|綜|支|甲|定|存)"
)
_CURRENCY_LABEL = re.compile(r"^(?:查詢|交易|帳戶)?幣別$")
_FOREIGN = re.compile(
    r"(?!TWD|NTD|ALL|NT\b)[A-Z]{3}\b|[美日港歐英澳加]?[元圓幣金鎊]|美金|人民幣|外幣|外匯|瑞士法郎|泰銖"
)
_OPENING_LABEL = re.compile(r"^(?:期初|上期|前期|承前頁?|承上頁?|起始|昨日)(?:帳戶)?(?:餘額|結餘|結存)?$")

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


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """What the rows above the header say."""

    accounts: tuple[str, ...] = ()
    foreign: str = ""  # a currency that is not NT$
    opening: int | None = None
    totals: tuple[Totals, ...] = ()


def read_heading(rows: Sequence[Row]) -> Heading:
    """The account numbers, currency, opening balance and number of rows that the heading names."""
    accounts: list[str] = []
    foreign = ""
    opening: int | None = None
    for place, row in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else []
        for label, value in _pairs(row, below):
            if _ACCOUNT_LABEL.search(label) and (account := account_number(value)):
                accounts.append(account)
            elif _CURRENCY_LABEL.match(label) and (match := _FOREIGN.match(value.upper())):
                foreign = foreign or match[0]
            elif _OPENING_LABEL.match(label) and opening is None:
                opening = _amount(value)
        accounts.extend(_bare_accounts(row))
    totals = [read_totals(row, number) for number, row in enumerate(rows, 1)]
    return Heading(
        tuple(dict.fromkeys(accounts)), foreign, opening, tuple(found for found in totals if found)
    )


def _pairs(row: Row, below: Row) -> Iterable[tuple[str, str]]:
    """Every label in a row with the values it may have: after a colon, in the next cell, in the cell below."""
    cells = [_plain(cell) for cell in row]
    for place, cell in enumerate(cells):
        if not cell or len(cell) > 80:
            continue
        for part in re.split(r"\s{2,}|[,;]|(?<=\d)\s(?=\D)", cell):
            if match := _LABELLED.match(part.strip()):
                yield _squeezed(match["label"]), match["value"].strip()
        label = _squeezed(cell.rstrip(": "))
        if len(label) <= 10:
            after = next((value for value in cells[place + 1 :] if value), "")
            if after:
                yield label, after
            if place < len(below) and below[place]:
                yield label, _plain(below[place])


def _bare_accounts(row: Row) -> list[str]:
    """Account numbers that stand without a label: `223706683363 活存`."""
    matches = (_BARE_ACCOUNT.match(_plain(cell)) for cell in row if len(cell) < 60)
    return [account_number(match["number"]) for match in matches if match]


def read_totals(row: Row, number: int, columns: Columns | None = None) -> Totals | None:
    """The totals that a row prints, by its words and, where it is a 合計 row, by its columns; None if none."""
    text = _plain(" ".join(cell for cell in row if cell))
    if not _TOTAL_WORD.search(text.replace(" ", "")) or len(text) > 400:
        return None
    count = next((_amount(found[1] or found[2]) for found in [_COUNT.search(text)] if found), None)
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
    """Whether a row calls itself a total."""
    return any(_TOTAL_WORD.search(_plain(cell).replace(" ", "")) for cell in row if cell and len(cell) < 40)


def _found(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return _amount(match[1]) if match else None


def _cell(row: Row, place: int) -> int | None:
    return _amount(row[place]) if place < len(row) else None


def _amount(text: str) -> int | None:
    try:
        return whole(clean(text))
    except ValueError:
        return None


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().strip("'\"=").strip()


def _squeezed(label: str) -> str:
    return "".join(label.split()).casefold()
