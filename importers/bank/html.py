"""Statements that are web pages, whatever they are called: many banks' `.xls` is an HTML table.

The page is read the way a browser would lay it out: unclosed cells, cells over several columns, tables within
tables. A table with a statement's header is the statement; what stands around it is its heading.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import lxml.etree
import lxml.html

from importers.bank.parsing.columns import HEADER_WITHIN
from importers.bank.parsing.columns import find_header
from importers.bank.profile import recognise
from importers.bank.table import Statement
from importers.bank.table import read_under
from importers.bank.table import reading_of
from importers.records import ReadError
from importers.records import Reading
from importers.sources.delimited import Row
from importers.sources.limits import MOST_ROWS_ON_A_PAGE
from importers.sources.limits import MOST_SPAN
from importers.sources.limits import MOST_TABLES
from importers.sources.source import Source
from ledger.util.i18n import _

_WIDEST = 60  # columns that one cell is laid over; no statement has more
_SKIPPED = {"script", "style", "head", "noscript"}


def read(source: Source) -> Reading | None:
    """The statement on a web page; None where the file is no page or no table on it is a statement.

    Raises ReadError as the table reader does; row numbers count the page's table rows from 1.
    """
    if source.kind not in {"html", "xml"} or b"<tr" not in source.data.lower():
        return None
    page = _parse(source.text)
    if page is None:
        return None
    statements = _statements(page, source)
    return reading_of(source, statements, format_="bank-html") if statements else None


def _parse(text: str) -> lxml.html.HtmlElement | None:
    """The page's tree; None where there is nothing to parse."""
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return None


def _statements(page: lxml.html.HtmlElement, source: Source) -> list[Statement]:
    """A statement for every table that has a statement's header, read with what stands before and after it.

    More than one occurs where the page was printed in parts; the parts must then meet.
    """
    loose = [[text] for text in _loose_texts(page)]
    tables = _tables(page)
    tops = [row for rows in tables for row in rows[:HEADER_WITHIN]]
    profile = recognise([*loose, *tops], source.name, source.told.bank)
    headers = [find_header(rows, profile.extra) for rows in tables]
    others = [row for rows, known in zip(tables, headers, strict=True) if known is None for row in rows]
    found: list[Statement] = []
    number = 1
    for place, (rows, header) in enumerate(zip(tables, headers, strict=True)):
        if header is not None:
            if len(rows) == header.last + 1 and place + 1 < len(tables) and headers[place + 1] is None:
                rows.extend(tables[place + 1])  # a frame that scrolls has its header in a table of its own
            found += read_under(
                rows, header, profile, source.told, around=[*loose, *others], first_number=number
            )
        number += len(tables[place])
    return found


def _tables(page: lxml.html.HtmlElement) -> list[list[Row]]:
    """The rows of each table. Raises ReadError where the page holds more than one may."""
    tables: list[list[Row]] = []
    left = MOST_ROWS_ON_A_PAGE
    for table in page.iter("table"):
        if len(tables) == MOST_TABLES:
            raise ReadError(_("網頁裡超過 {most} 個表格").format(most=MOST_TABLES))
        tables.append(list(itertools.islice(_rows(table), left + 1)))
        left -= len(tables[-1])
        if left < 0:
            raise ReadError(_("網頁裡的表格超過 {most:,} 列").format(most=MOST_ROWS_ON_A_PAGE))
    return tables


def _rows(table: lxml.html.HtmlElement) -> Iterator[Row]:
    """The rows of a table, every cell in its column; tables within its cells are left out."""
    pending: dict[int, int] = {}  # column -> rows that a cell above still covers
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is not table:
            continue
        cells: Row = []
        for cell in row.iter("td", "th"):
            if next(cell.iterancestors("tr"), None) is not row:
                continue
            _skip_covered(cells, pending)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(len(cells), len(cells) + across):
                if down > 1:
                    pending[place] = down - 1
            cells += [_text(cell), *[""] * (across - 1)]
        _skip_covered(cells, pending)
        yield cells


def _skip_covered(cells: Row, pending: dict[int, int]) -> None:
    while pending.get(len(cells), 0) > 0:
        pending[len(cells)] -= 1
        cells.append("")


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    if not (value.isascii() and value.isdigit()):
        return 1
    if len(value) > len(str(MOST_SPAN)):
        raise ReadError(
            _("網頁表格的 {name} 超過 {most},不是正常的網頁,拒絕讀取").format(name=name, most=MOST_SPAN)
        )
    return min(max(int(value), 1), _WIDEST)


def _text(cell: lxml.html.HtmlElement) -> str:
    """The words in a cell, parts of several lines set apart by a space."""
    return " ".join(" ".join(_texts(cell)).split())


def _texts(element: lxml.html.HtmlElement) -> Iterator[str]:
    """The texts in an element, those of tables within it left out."""
    if isinstance(element.text, str):
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED and child.tag != "table":
            yield from _texts(child)
        if isinstance(child.tail, str):
            yield child.tail


def _loose_texts(page: lxml.html.HtmlElement) -> list[str]:
    """The texts of the page outside of its tables, a line each."""
    bodies = [page] if page.tag == "body" else page.iter("body")
    parts = (" ".join(part.split()) for body in bodies for part in _texts(body))
    return [part for part in parts if part and len(part) < 200]
