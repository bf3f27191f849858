"""Words that stand at places on a page, as a PDF holds them, to the rows of a statement.

A column begins where the header and all dated lines leave a strip of the page blank. A remark that goes on in the
next line (or, set in the middle of its row, begins in the line before) belongs to the row that it is closest to.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from importers.bank.fixed_width import is_figure
from importers.bank.fixed_width import with_values_below
from importers.bank.parsing.cells import Stamps
from importers.bank.parsing.columns import HEADER_WITHIN
from importers.bank.parsing.columns import Columns
from importers.bank.parsing.columns import columns_of
from importers.sources.delimited import Row

_LEAST_GAP = 0.5  # points between two columns
_STRAIGHT = 1.5  # points by which balances may stand out of line
_NEAR = 0.8  # of a line's height: the widest gap over which a remark goes on


class Word(NamedTuple):
    """A word and its box, in points from the left and the top of its page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


class PrintedLine(NamedTuple):
    """The words of one printed line from left to right, and its box."""

    words: tuple[Word, ...]
    top: float
    bottom: float
    page: int

    @property
    def text(self) -> str:
        """The line as text."""
        return " ".join(word.text for word in self.words)


def lines_of(words: Iterable[Word], page: int) -> list[PrintedLine]:
    """The words of a page in lines: a word is on a line when its middle is within the first word's height."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom, word.left)):
        if lines and lines[-1][0].top < (word.top + word.bottom) / 2 < lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [
        PrintedLine(
            tuple(sorted(line, key=lambda word: word.left)),
            min(word.top for word in line),
            max(word.bottom for word in line),
            page,
        )
        for line in lines
    ]


def rows_of(lines: Sequence[PrintedLine]) -> list[Row] | None:
    """A row a line, cut into the columns of the header; None where the lines do not stand in columns."""
    place = _find_header(lines)
    if place is None:
        return None
    header = lines[place]
    dated = {at for at, line in enumerate(lines) if at > place and _is_dated(line)}
    begins = _columns([header, *(lines[at] for at in dated)], header)
    found = columns_of(_cut(header, begins), {})
    if not dated or found is None or not _stand_straight([lines[at] for at in dated], begins, found[0]):
        return None
    rows = [
        _cut(line, begins) if at == place or at in dated else _loose(at, lines, begins, place)
        for at, line in enumerate(lines)
    ]
    _put_remarks_together(rows, lines, begins, found[0], dated)
    return rows


def _loose(at: int, lines: Sequence[PrintedLine], begins: Sequence[float], header: int) -> Row:
    """A line that is no row of the table: one cell, unless figures stand in it that must not be lost."""
    text = lines[at].text
    if at and with_values_below(lines[at - 1].text, text) != lines[at - 1].text:
        return []  # the values of the total labels above it, which has them now
    if at > header and _has_figures(lines[at]):
        return _cut(lines[at], begins)
    return [with_values_below(text, lines[at + 1].text if at + 1 < len(lines) else "")]


def _find_header(lines: Sequence[PrintedLine]) -> int | None:
    for place, line in enumerate(lines[:HEADER_WITHIN]):
        if len(line.words) >= 4 and columns_of([word.text for word in line.words], {}) is not None:
            return place
    return None


def _is_dated(line: PrintedLine) -> bool:
    """Whether a line begins with a day (after a serial number, maybe) and holds an amount and a balance."""
    words = [word.text for word in line.words]
    if words[0].isdigit() and len(words[0]) <= 5:
        words = words[1:]
    return bool(words) and Stamps().read(words[0]) is not None and _has_figures(line)


def _has_figures(line: PrintedLine) -> bool:
    return sum(is_figure(word.text) for word in line.words) >= 2


def _columns(lines: Sequence[PrintedLine], header: PrintedLine) -> list[float]:
    """Where each column begins. Names of the header between which some line leaves no gap share one."""
    strips: list[tuple[float, float]] = []
    for left, right in sorted((word.left, word.right) for line in lines for word in line.words):
        if strips and left - strips[-1][1] < _LEAST_GAP:
            strips[-1] = (strips[-1][0], max(strips[-1][1], right))
        else:
            strips.append((left, right))
    return sorted({max(left for left, _right in strips if left <= word.left) for word in header.words})


def _column_at(left: float, begins: Sequence[float]) -> int:
    return max(sum(begin <= left for begin in begins) - 1, 0)


def _cut(line: PrintedLine, begins: Sequence[float]) -> Row:
    cells: list[list[str]] = [[] for _begin in begins]
    for word in line.words:
        cells[_column_at(word.left, begins)].append(word.text)
    return [" ".join(words) for words in cells]


def _stand_straight(lines: Sequence[PrintedLine], begins: Sequence[float], columns: Columns) -> bool:
    """Whether the balances of all lines begin, or end, at one place, as printed columns do."""
    found = [
        [word for word in line.words if _column_at(word.left, begins) == columns.balance] for line in lines
    ]
    lefts = [words[0].left for words in found if words]
    rights = [words[-1].right for words in found if words]
    return bool(lefts) and min(max(lefts) - min(lefts), max(rights) - min(rights)) <= _STRAIGHT


def _put_remarks_together(
    rows: list[Row],
    lines: Sequence[PrintedLine],
    begins: Sequence[float],
    columns: Columns,
    dated: Collection[int],
) -> None:
    """Move the words of lines that go on from a row into that row."""
    words = {place for place in (columns.text, *columns.memo, *columns.counterparty) if place is not None}
    remarks = {
        at for at, line in enumerate(lines) if {_column_at(word.left, begins) for word in line.words} <= words
    }
    parts: dict[int, list[int]] = {home: [home] for home in dated}
    for at in sorted(remarks):
        is_above = _gap(lines, at, -1) <= _gap(lines, at, 1) + _LEAST_GAP
        for step in (-1, 1) if is_above else (1, -1):
            home = _end_of_run(at, step, lines, remarks)
            if home in parts:
                parts[home].append(at)
                break
    for home, together in parts.items():
        cut = [_cut(lines[at], begins) for at in sorted(together)]
        for at in together:
            rows[at] = []
        rows[home] = [joined(cells) for cells in zip(*cut, strict=True)]


def _end_of_run(at: int, step: int, lines: Sequence[PrintedLine], remarks: Collection[int]) -> int:
    """The first line up or down from a remark that is none, or from which the next one is too far."""
    while at in remarks and _gap(lines, at, step) <= _NEAR * (lines[at].bottom - lines[at].top):
        at += step
    return at


def _gap(lines: Sequence[PrintedLine], at: int, step: int) -> float:
    """How far it is to the line above (-1) or below (1) on the same page."""
    if not 0 <= at + step < len(lines) or lines[at + step].page != lines[at].page:
        return float("inf")
    above, below = (lines[at - 1], lines[at]) if step < 0 else (lines[at], lines[at + 1])
    return below.top - above.bottom


def joined(texts: Iterable[str]) -> str:
    """Texts that stand below each other as one; beside a Chinese character a line goes on without a blank."""
    whole = ""
    for text in filter(None, texts):
        goes_on = not whole or max(whole[-1], text[0]) > "\x80"
        whole += text if goes_on else " " + text
    return whole
