"""Statements printed as plain text, without delimiters: columns by width, or words where empty columns vanish.

Two kinds are known. Screens of the mainframe set their columns by display width, a Chinese character being two
wide. Text taken from a PDF keeps the words only: an empty column leaves nothing, so whether an amount is money in
or out must be told by the balance. Both become rows of cells, one a line of the file.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from importers.bank.parsing.cells import Stamps
from importers.bank.parsing.cells import clock
from importers.bank.parsing.columns import HEADER_WITHIN
from importers.bank.parsing.columns import Role
from importers.bank.parsing.columns import columns_of
from importers.bank.parsing.columns import roles_of
from importers.sources.delimited import Row

_AMOUNT = re.compile(r"[-−+]?(?:NT\$|\$)?\d[\d,]*(?:\.\d+|\.[-−])?-?|\(\d[\d,]*(?:\.\d+)?\)")
_NOTHING = {"-", "−", "－", "--"}
_CURRENCY = re.compile(r"[A-Z]{3}|新?[臺台]幣")
_TOTAL_LABEL = re.compile(r"[^\d]*(?:總計|合計|總金額|總筆數)")
_LONGEST_LABELS = 400  # characters of a line of total labels
_OUT_IN_HEADER = ["交易日期", "交易時間", "幣別", "支出", "存入", "餘額", "摘要", "備註"]
_AMOUNT_HEADER = ["交易日期", "交易時間", "幣別", "金額", "餘額", "摘要", "備註"]


class _HeaderLine(NamedTuple):
    place: int  # among the lines, from 0
    names: list[str]


class _Moved(NamedTuple):
    """A line of words: its day, time and currency, two or three figures, and the words before and after them."""

    date: str
    time: str
    currency: str
    figures: list[str]
    before: list[str]
    after: list[str]


def tables(text: str, *, words_first: bool) -> Iterator[list[Row]]:
    """The rows that a text without delimiters may mean, the likelier reading first; none where it is no statement."""
    lines = text.splitlines()
    header = _find_header(lines)
    if header is None:
        return
    by_words, by_width = _by_words(lines, header), _by_width(lines, header)
    # Where columns stand straight they are what counts: word by word, swapped columns would pass.
    candidates = [by_words, by_width] if words_first else [by_width or by_words]
    yield from (rows for rows in candidates if rows is not None)


def is_figure(word: str) -> bool:
    """Whether a word is an amount, or the dash that stands for none."""
    return word in _NOTHING or _AMOUNT.fullmatch(word) is not None


def _find_header(lines: Sequence[str]) -> _HeaderLine | None:
    for place, line in enumerate(lines[:HEADER_WITHIN]):
        if len(line) > 400:
            continue
        names = line.split()
        if len(names) >= 4 and columns_of(names, {}) is not None:
            return _HeaderLine(place, names)
    return None


# By width


def _by_width(lines: Sequence[str], header: _HeaderLine) -> list[Row] | None:
    """The lines cut where all dated lines and the header are blank; None where no such cut exists."""
    stamps = Stamps()
    heading = _spread(lines[header.place])
    below = [_spread(line.rstrip()) for line in lines[header.place + 1 :]]
    dated = [line for line in below if any(map(stamps.read, line.replace("\0", "").split()[:2]))]
    if not dated:
        return None
    starts = [match.start() for match in re.finditer(r"(?<!\S)\S", heading)]
    used = [False] * (max(map(len, [heading, *dated])) + 1)
    for line in [heading, *dated]:
        for place, mark in enumerate(line):
            if mark != " ":
                used[place] = True
    cuts = [_cut_before(used, start, floor) for floor, start in itertools.pairwise(starts)]
    if None in cuts:
        return None
    places = [0, *[cut for cut in cuts if cut is not None]]
    if not _stand_straight(dated, places, _cut(heading, places)):
        return None
    rows: list[Row] = [[line.strip()] for line in lines[: header.place]]
    rows.append(_cut(heading, places))
    rows.extend(_cut(line, places) for line in below)
    return rows


def _stand_straight(lines: Sequence[str], places: Sequence[int], names: Sequence[str]) -> bool:
    """Whether the balances of all lines begin, or end, at one display column, as printed columns do."""
    balance = next((place for place, name in enumerate(names) if "balance" in dict(roles_of(name, {}))), None)
    if balance is None:
        return True
    begin = places[balance]
    end = places[balance + 1] if balance + 1 < len(places) else None
    cells = [line[begin:end] for line in lines]
    starts = {len(cell) - len(cell.lstrip()) for cell in cells}
    ends = {len(cell.rstrip()) for cell in cells}
    return len(starts) == 1 or len(ends) == 1


def _cut_before(used: Sequence[bool], start: int, floor: int) -> int | None:
    """The nearest blank column at or before `start` and after `floor`; None where there is none."""
    return next((place for place in range(start, floor, -1) if not used[place]), None)


def _spread(line: str) -> str:
    """The line with a filler after each wide character, so that an index is a display column."""
    line = line.expandtabs(8)
    if line.isascii():
        return line
    return "".join(mark if mark < "\x80" else " \0" if mark == "\u3000" else mark + "\0" for mark in line)


def _cut(line: str, places: Sequence[int]) -> Row:
    ends = [*places[1:], len(line)]
    return [line[begin:end].replace("\0", "").strip() for begin, end in zip(places, ends, strict=True)]


# By words


def _by_words(lines: Sequence[str], header: _HeaderLine) -> list[Row] | None:
    """The lines taken apart word by word; None where none has a day, an amount and a balance."""
    stamps = Stamps()
    moved = {
        place: found
        for place, line in enumerate(lines)
        if place > header.place and (found := _read_words(line.split(), stamps)) is not None
    }
    if not moved:
        return None
    has_both = all(len(item.figures) == 3 for item in moved.values())
    places = _places_of_words(header.names)
    rows: list[Row] = []
    for place, line in enumerate(lines):
        if place == header.place:
            rows.append(_OUT_IN_HEADER if has_both else _AMOUNT_HEADER)
        elif place in moved:
            rows.append(_row_of_words(moved[place], places, has_both=has_both))
        else:
            rows.append([with_values_below(line, lines[place + 1] if place + 1 < len(lines) else "")])
    return rows


def _read_words(words: list[str], stamps: Stamps) -> _Moved | None:
    """What a line says; None where it does not begin with a day (after a serial number, maybe)."""
    if len(words) > 1 and words[0].isdigit() and len(words[0]) <= 5:
        words = words[1:]
    if len(words) < 3 or (stamp := stamps.read(words[0])) is None:
        return None
    date, time, rest = _day_and_time(words, stamp[1])
    at = next((place for place, word in enumerate(rest) if _CURRENCY.fullmatch(word)), None)
    currency = rest[at] if at is not None else ""
    first, last = _run_of_amounts(rest, 0 if at is None else at + 1)
    if last - first < 2:
        return None
    first, last = _money_within(rest, first, last, follows_currency=at is not None)
    before = [word for word in rest[:first] if word != currency]
    return _Moved(date, time, currency, rest[first:last], before, rest[last:])


def _day_and_time(words: list[str], time: str) -> tuple[str, str, list[str]]:
    """The day, the time (in the same word, or the next), and the words after them."""
    if time or ":" not in words[1]:
        return words[0], time, words[1:]
    time = clock(words[1])
    return words[0], time, words[2:] if time else words[1:]


def _money_within(words: Sequence[str], first: int, last: int, *, follows_currency: bool) -> tuple[int, int]:
    """Which figures of a run are the money: out, in and balance, or an amount and the balance.

    Figures of three columns have one that is empty; of other long runs the first two count after a currency, else
    the last two, for numbers of cheques and branches stand before them.
    """
    figures = words[first:last]
    if len(figures) == 2:
        return first, last
    empty = sum(figure in _NOTHING or figure.strip("0.,") == "" for figure in figures[:2])
    if empty == 1:
        return first, first + 3
    return (first, first + 2) if follows_currency else (last - 2, last)


def _run_of_amounts(words: Sequence[str], start: int) -> tuple[int, int]:
    """Where the first run of two or more amounts begins and ends."""
    place = start
    for is_amount, run in itertools.groupby(words[start:], key=is_figure):
        length = len(list(run))
        if is_amount and length >= 2:
            return place, place + length
        place += length
    return place, place


def _places_of_words(names: Sequence[str]) -> tuple[list[Role | None], list[Role | None]]:
    """The roles of the columns before the money and after it."""
    roles: list[Role | None] = [next((role for role, _rank in roles_of(name, {})), None) for name in names]
    money = [place for place, role in enumerate(roles) if role in {"out", "in", "amount", "balance"}]
    aside = {"date", "post", "time", "currency"}
    before = [role for name, role in zip(names, roles, strict=True) if role not in aside and name != "序號"]
    before = before[: sum(role not in aside for role in roles[: money[0]]) - ("序號" in names[: money[0]])]
    return before, [role for role in roles[money[-1] + 1 :] if role not in aside]


def _row_of_words(
    moved: _Moved, places: tuple[list[Role | None], list[Role | None]], *, has_both: bool
) -> Row:
    texts: dict[str, list[str]] = {"text": [], "memo": []}
    for words, roles in ((moved.before, places[0]), (moved.after, places[1])):
        filled = [word for word in words if word not in _NOTHING]
        if len(words) == len(roles):
            for word, role in zip(words, roles, strict=True):
                if word not in _NOTHING and (role is not None or roles is places[1]):
                    texts["text" if role == "text" else "memo"].append(word)
        elif "text" in roles and filled:
            texts["text"].append(filled[0])
            texts["memo"].extend(filled[1:] if roles is places[1] else [])
        elif roles:
            texts["memo"].extend(filled)
    figures = moved.figures
    if not has_both:
        amounts = [figure for figure in figures[:-1] if figure not in _NOTHING and figure.strip("0.,")]
        figures = [amounts[0] if amounts else "0", figures[-1]]
    return [
        moved.date,
        moved.time,
        moved.currency,
        *figures,
        " ".join(texts["text"]),
        " ".join(texts["memo"]),
    ]


def with_values_below(line: str, below: str) -> str:
    """A line of total labels with the values that stand under them in the next line."""
    if len(line) > _LONGEST_LABELS or len(below) > _LONGEST_LABELS or any(mark.isdigit() for mark in line):
        return line.strip()
    labels = [match[0] for word in line.split() if (match := _TOTAL_LABEL.match(word))]
    values = [word for word in below.split() if _AMOUNT.fullmatch(word)]
    if len(labels) < 2 or len(labels) != len(values):
        return line.strip()
    return " ".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))
