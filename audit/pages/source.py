"""原文: a few lines of a book, to be read where Fava's editor is closed."""

from __future__ import annotations

from typing import NamedTuple

from audit.case_view import View
from audit.web.query import Query
from ledger.case.papers.documents import inside

_AROUND = 30
_MOST_BYTES = 20_000_000


class SourcePage(NamedTuple):
    """Some lines of a file with their numbers. `earlier` and `later` are lines to go on to; 0 where there are none."""

    file: str
    line: int
    lines: list[tuple[int, str]]
    earlier: int
    later: int


def source_page(view: View, query: Query) -> SourcePage | None:
    """The lines around the one asked for; None where the case has no such book."""
    folder, name = view.case.folder, query.text("file")
    if folder is None or not name.endswith(".beancount") or "\x00" in name:
        return None
    path = inside(folder, folder / name)
    if path is None or path.suffix != ".beancount" or path.stat().st_size > _MOST_BYTES:
        return None
    text = path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    line = min(max(1, query.number("line", 1)), len(text))
    first, last = max(1, line - _AROUND), min(len(text), line + _AROUND)
    return SourcePage(
        file=name,
        line=line,
        lines=[(number, text[number - 1]) for number in range(first, last + 1)],
        earlier=max(1, first - _AROUND) if first > 1 else 0,
        later=min(len(text), last + _AROUND) if last < len(text) else 0,
    )
