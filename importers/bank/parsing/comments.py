"""Rows of amount 0: comments on the line beside them, balances brought forward, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from operator import attrgetter

from importers.records import BankLine
from ledger.util.i18n import _

_BROUGHT_FORWARD = re.compile(r"餘額|結餘|承前|承上|期初|期末|結轉")


def fold_comments(lines: Sequence[BankLine]) -> tuple[list[BankLine], list[str]]:
    """Without the rows of amount 0: the post office writes a line's comment as a twin row of the same time.

    The twin's text goes to the memo of the line it stands beside. A zero row without a twin is left out and
    named in a warning, unless it only brings a balance forward.
    """
    if all(map(attrgetter("amount"), lines)):
        return list(lines), []
    comments: dict[int, list[str]] = {}
    left_out: list[int] = []
    for place, line in enumerate(lines):
        if line.amount:
            continue
        twin = _twin(lines, place)
        words = " ".join(word for word in (line.text, line.memo) if word)
        if twin is not None:
            comments.setdefault(twin, []).append(words)
        elif not _BROUGHT_FORWARD.search(words):
            left_out.append(line.row)
    kept = [_with_comments(line, comments.get(place, [])) for place, line in enumerate(lines) if line.amount]
    if not left_out:
        return kept, []
    return kept, [
        _("{count} 列金額為 0，未列入（第{rows}列）").format(count=len(left_out), rows=some_rows(left_out))
    ]


def _twin(lines: Sequence[BankLine], place: int) -> int | None:
    """The nearest line with an amount at the same moment, the one before first."""
    line = lines[place]
    for step in (-1, 1):
        other = place + step
        while 0 <= other < len(lines) and (lines[other].date, lines[other].time) == (line.date, line.time):
            if lines[other].amount:
                return other if line.time else None
            other += step
    return None


def _with_comments(line: BankLine, comments: Iterable[str]) -> BankLine:
    words = [word for word in dict.fromkeys((line.memo, *comments)) if word and word != line.text]
    memo = " ".join(words)
    return line if memo == line.memo else line._replace(memo=memo)


def some_rows(rows: Sequence[int]) -> str:
    """The first few of some row numbers."""
    return _("、").join(map(str, rows[:5])) + ("…" if len(rows) > 5 else "")
