"""The rows of a CSV or TSV text, parsed as far as somebody asks for them.

Every reader looks at the top of a file and one goes through the rest; a long statement is then never held in
memory as rows beside the lines that are made of it.
"""

from __future__ import annotations

import csv
import functools
import io
import itertools
from collections.abc import Iterator
from collections.abc import Sequence
from typing import overload

from importers.records import ReadError
from ledger.util.i18n import _

Row = list[str]

_TOP = 20_000  # characters in which the first forty lines stand
_TOP_ROWS = 100
_AT_ONCE = 1000  # rows that are looked through together for cells to strip


class TextRows(Sequence[Row]):
    """The rows of a delimited text, every cell stripped; the delimiter is the one that fits most lines.

    `has_blanks`: whether white space other than line ends stands anywhere in the text. Going through the rows, or
    asking beyond the top, raises ReadError where a cell never ends.
    """

    def __init__(self, text: str, *, has_blanks: bool = True) -> None:
        head = text[:_TOP].splitlines()[:40]
        self._text = text
        self._has_blanks = has_blanks
        self._delimiter = max(",\t;|", key=lambda mark: sum(line.count(mark) for line in head))

    def __iter__(self) -> Iterator[Row]:
        return itertools.chain.from_iterable(self._blocks())

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        return (self._top if _is_near(place) else self._all)[place]

    @functools.cached_property
    def _top(self) -> list[Row]:
        return list(itertools.islice(self, _TOP_ROWS))

    @functools.cached_property
    def _all(self) -> list[Row]:
        return list(iter(self))  # list() would ask this for its length

    def _blocks(self) -> Iterator[list[Row]]:
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._delimiter)
        lines = 0
        try:
            while rows := list(itertools.islice(reader, _AT_ONCE)):
                every_line_is_a_row = reader.line_num - lines == len(rows)
                lines = reader.line_num
                if self._has_blanks or not every_line_is_a_row:
                    rows = [list(map(str.strip, row)) for row in rows]
                yield rows
        except csv.Error as error:  # a cell that never ends
            raise ReadError(_("文字表格毀損: {reason}").format(reason=error)) from error


def _is_near(place: int | slice) -> bool:
    """Whether the top is enough to say what stands at a place."""
    if isinstance(place, int):
        return 0 <= place < _TOP_ROWS
    ends = (place.start or 0, -1 if place.stop is None else place.stop)
    return place.step is None and min(ends) >= 0 and place.stop <= _TOP_ROWS
