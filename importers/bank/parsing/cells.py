"""What one cell of a bank statement says: text, whole NT$, a day and a time, an account number.

These run once a cell, so each has a short way for the plain case and a careful one for the rest.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence

from ledger.util.dates import parse_date
from ledger.util.dates import parse_time
from ledger.util.text import parse_amount

Stamp = tuple[datetime.date, str]

LOCAL_CURRENCY = frozenset({"TWD", "NTD", "NT$", "NT", "新臺幣", "新台幣", "臺幣", "台幣", "00"})

_NOTHING = frozenset("-−–—－―")
_MARKED = frozenset("'\"=-−–—－―‘’")
_MOST_DIGITS = 15  # a bank's amount never has more; a longer one is a number of another kind
_EARLIEST, _LATEST = datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)
_ACCOUNT = re.compile(r"[\d*][\d* -]*[\d*]")
_FOREIGN = re.compile(r"-?([A-Z]{3}) ?-?[\d,.]+")
_HEAD_OF_AMOUNT = re.compile(r"[:：] *-?\d{1,3}(?:,\d{3})*$")
_TAIL_OF_AMOUNT = re.compile(r"\d{3}(?:\.\d+)?(?=\s|$).*")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_CLOCKS = re.compile(rf"(?:{_CLOCK.pattern})?(?:\n(?:{_CLOCK.pattern})?)*")
_LONGEST_DAY = 10
_SIDE = re.compile(
    r"(?P<number>.*[\d.)\-]) ?\(?(?P<side>[cd])r\.?\)?", re.IGNORECASE
)  # `8,054 DR`, `8,054.00CR`
_PACKED_TIME = re.compile(r"(\d{2})(\d{2})(\d{2})?")
_AFTERNOON = re.compile(r"(?:下午|PM|P\.M\.)", re.IGNORECASE)


class FractionError(ValueError):
    """An amount with cents: this program's books are in whole NT$."""


def clean(cell: str) -> str:
    """The text of a cell without what Excel and banks wrap it in: `="…"`, `'…'`, a dash for "nothing"."""
    if not cell:
        return ""
    if cell[0] in _MARKED:
        if cell in _NOTHING or not cell.strip("-−–—"):
            return ""
        if cell[0] == "=" and cell[1:2] == '"':
            cell = cell[1:]
        if cell[0] in "'\"‘’":
            cell = cell.strip("'\"‘’ ")
    if "\n" in cell or "\t" in cell or "\r" in cell or "\xa0" in cell:
        cell = " ".join(cell.split())
    return cell.strip()


def clean_all(cells: Sequence[str]) -> Sequence[str]:
    """`clean` for a column of stripped cells."""
    text = "".join(cells)
    if any(mark in text for mark in "\n\t\r\xa0"):
        return [clean(cell) for cell in cells]
    if not any(mark in text for mark in _MARKED):
        return cells
    return [clean(cell) if cell and cell[0] in _MARKED else cell for cell in cells]


def whole(cell: str) -> int | None:
    """The whole NT$ of a cell; None where it holds no amount.

    A side after the amount is its sign: `8,054 DR` went out or is owed, `8,054 CR` came in or is there.
    Raises FractionError where there are cents, ValueError where the text is no amount.
    """
    if not cell:
        return None
    try:
        if cell.isascii() and "_" not in cell and len(cell) <= _MOST_DIGITS:
            return int(cell.replace(",", ""))
    except ValueError:
        pass
    return _whole_carefully(cell)


def _whole_carefully(cell: str) -> int | None:
    folded = "".join(unicodedata.normalize("NFKC", cell).split())
    if re.search(r"\de|_", folded, re.IGNORECASE):  # 4.9E+11 is what Excel leaves of a long number
        raise ValueError(cell)
    side = _SIDE.fullmatch(folded)
    number = parse_amount(side["number"] if side else folded)
    if number is None:
        return None
    if number.adjusted() > _MOST_DIGITS:
        raise ValueError(cell)
    if number != number.to_integral_value():
        raise FractionError(cell)
    return -int(number) if side and side["side"] in "dD" else int(number)


def sides_named(cells: Sequence[str]) -> list[bool]:
    """Which amounts of a column bear the side that they are of (`8,054 DR`); empty where none does."""
    text = "".join(cells)
    if not any(mark in text for mark in "RrＲｒ"):
        return []
    return [_SIDE.fullmatch(unicodedata.normalize("NFKC", cell).strip()) is not None for cell in cells]


def whole_all(cells: Sequence[str]) -> list[int | None] | None:
    """`whole` for a column of plain amounts (`1,234` or empty); None where one is not plain."""
    text = "".join(cells)
    if not text.isascii() or "_" in text or max(map(len, cells)) > _MOST_DIGITS:
        return None
    try:
        return [int(cell.replace(",", "")) if cell else None for cell in cells]
    except ValueError:
        return None


def foreign_currency(cell: str) -> str:
    """The currency that an amount such as `USD 10.00` names, where it is not NT$; else empty."""
    match = _FOREIGN.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    return match[1] if match and match[1] not in LOCAL_CURRENCY else ""


def is_local_currency(cell: str) -> bool:
    """Whether a cell of a 幣別 column (or its value in the heading) means NT$, or leaves it open."""
    folded = "".join(unicodedata.normalize("NFKC", clean(cell)).split()).upper()
    return folded in {"", "全部", "ALL"} or any(word in folded for word in LOCAL_CURRENCY)


class Stamps:
    """Days and times of a file's cells. A statement repeats its days, so each is worked out once."""

    def __init__(self) -> None:
        self._days: dict[str, datetime.date | None] = {}

    def are_plain(self, cells: Sequence[str], clocks: Sequence[str]) -> bool:
        """Whether no cell of a column holds more than a day, and every time is `HH:MM:SS` or empty."""
        if max(map(len, cells), default=0) > _LONGEST_DAY:
            return False
        return not any(clocks) or _CLOCKS.fullmatch("\n".join(clocks)) is not None

    def days(self, cells: Sequence[str]) -> list[datetime.date | None]:
        """The days of a column whose cells hold nothing else; each distinct one is worked out once."""
        known = {cell: self._day(cell) if cell else None for cell in set(cells)}
        return [known[cell] for cell in cells]

    def read(self, cell: str, time_cell: str = "") -> Stamp | None:
        """The day a cell begins with, and the time in it or in `time_cell`; None where there is no day."""
        rest = ""
        if len(cell) > _LONGEST_DAY:
            first, _space, rest = cell.replace("\n", " ").partition(" ")
            if not first.strip("*＊'\"="):  # `* 2025/09/10`: made after closing time
                return self.read(rest.strip(), time_cell)
            day = self._day(first)
            if day is None:
                day, rest = self._day(cell), cell[8:]
            elif not rest and ":" in first:  # `2025-09-10T09:15:02`
                rest = first[8:]
        else:
            day = self._day(cell)
        if day is None:
            return None
        return day, clock(time_cell) or (clock(rest) if rest else "")

    def _day(self, cell: str) -> datetime.date | None:
        try:
            return self._days[cell]
        except KeyError:
            pass
        day = parse_date(cell)
        if day is not None and not _EARLIEST <= day < _LATEST:
            day = None
        self._days[cell] = day
        return day


def clock(text: str) -> str:
    """A time of day as `HH:MM:SS`, from `09:15:02`, `下午 2:11`, `091502`; empty where there is none."""
    if _CLOCK.fullmatch(text):
        return text
    text = clean(text)
    if not text:
        return ""
    if match := _PACKED_TIME.fullmatch(text):
        return parse_time(f"{match[1]}:{match[2]}:{match[3] or '00'}")
    found = parse_time(text)
    if found and _AFTERNOON.search(text) and found < "12":
        return f"{int(found[:2]) + 12:02}{found[2:]}"
    return found


def account_number(text: str) -> str:
    """The account number that a text begins with, its digits (and masks) only; empty where there is none."""
    text = unicodedata.normalize("NFKC", text).strip(" '\"=:")
    text = re.sub(r"(?<=[\dX*-])[Xx](?=[\dXx*-]|$)|[●•○]", "*", text)
    match = _ACCOUNT.match(text)
    if match is None:
        return ""
    digits = re.sub(r"[ -]", "", match[0])
    return digits if len(digits) >= 6 and sum(mark.isdigit() for mark in digits) >= 3 else ""


def amount_or_none(cell: str) -> int | None:
    """The whole NT$ of a cell around the lines; None also where the cell is no whole amount."""
    try:
        return whole(clean(cell))
    except ValueError:
        return None


def plain(cell: str) -> str:
    """A cell's text in narrow characters and without quotes, for looking for words in it."""
    return unicodedata.normalize("NFKC", cell).strip().strip("'\"=").strip()


def rejoined(row: Sequence[str]) -> list[str]:
    """The cells of a row around the lines, an amount that its own comma took apart put together again.

    Headings are often written without quotes: `期初餘額：1,000` is then two cells.
    """
    cells: list[str] = []
    for cell in row:
        if cells and _TAIL_OF_AMOUNT.fullmatch(cell) and _HEAD_OF_AMOUNT.search(cells[-1]):
            cells[-1] += "," + cell
        else:
            cells.append(cell)
    return cells
