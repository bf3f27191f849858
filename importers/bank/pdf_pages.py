"""A PDF's pages as plain values: lines of words and rows of ruled tables. Runs in the child process.

Read through pdfplumber (an extra). What a PDF holds is marks and their places.
"""

from __future__ import annotations

import io
import logging
import unicodedata
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

from importers.bank.parsing.columns import find_header
from importers.bank.parsing.pdf_layout import PrintedLine
from importers.bank.parsing.pdf_layout import Word
from importers.bank.parsing.pdf_layout import joined
from importers.bank.parsing.pdf_layout import lines_of
from importers.sources.child_main import ChildError
from importers.sources.delimited import Row
from importers.sources.limits import MOST_PDF_PAGES
from importers.sources.limits import MOST_UNPACKED

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF
    from pdfplumber.table import Table

_TITLE_PAGES = 2  # pages from the first in which the header of a statement is looked for
_WORD_GAP = 0.2  # of a letter's size: what sets two words apart
# A browser that prints to PDF may write these look-alikes instead of the characters themselves.
_LOOK_ALIKES = {
    mark: unicodedata.normalize("NFKC", chr(mark))
    for mark in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))
}


def pages_of(data: bytes) -> Iterator[tuple[list[Any], list[Row]]]:
    """Each page as its lines (words, top, bottom, page) and its rows, until the first pages show no statement's header.

    Raises ChildError: `protected`, `pages` (more than may be), or `broken` with what the library met.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError

    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they say of a broken file, the problem says

    def read() -> Iterator[tuple[list[Any], list[Row]]]:
        try:
            with pdfplumber.open(io.BytesIO(data)) as book:
                yield from _read_pages(book)
        except (ChildError, MemoryError):
            raise
        except Exception as error:  # the library raises whatever a broken file makes it meet
            if any(isinstance(cause, PDFEncryptionError) for cause in (error, *error.args)):
                raise ChildError("protected", "") from error
            raise ChildError("broken", type(error).__name__) from error

    return read()


def _read_pages(book: PDF) -> Iterator[tuple[list[Any], list[Row]]]:
    shows_header = False
    for number, page in enumerate(book.pages):
        if number == _TITLE_PAGES and not shows_header:
            return
        if number == MOST_PDF_PAGES:
            raise ChildError("pages", str(MOST_PDF_PAGES))
        _unpack_whole(page)
        lines, rows = _read_page(page, number)
        page.close()
        shows_header = shows_header or _has_header(lines, rows)
        yield [(list(map(tuple, line.words)), line.top, line.bottom, line.page) for line in lines], rows


def _unpack_whole(page: Page) -> None:
    """Raise zlib.error where what draws a page does not unpack to its end: pdfminer would take its beginning."""
    from pdfminer.pdftypes import LITERALS_FLATE_DECODE
    from pdfminer.pdftypes import resolve1

    for stream in map(resolve1, page.page_obj.contents):
        filters = [name for name, _params in stream.get_filters()]
        raw = stream.get_rawdata()
        if raw and not stream.decipher and filters[:1] and filters[0] in LITERALS_FLATE_DECODE:
            unpacker = zlib.decompressobj()
            unpacker.decompress(raw, MOST_UNPACKED)
            if not unpacker.eof:
                raise zlib.error("incomplete or too large")


def _has_header(lines: list[PrintedLine], rows: list[Row]) -> bool:
    words = [[word.text for word in line.words] for line in lines]
    return find_header(rows, {}) is not None or find_header(words, {}) is not None


def _read_page(page: Page, number: int) -> tuple[list[PrintedLine], list[Row]]:
    upright = page.filter(lambda thing: thing.get("upright", True)).dedupe_chars()
    words = [
        Word(found["text"].translate(_LOOK_ALIKES), found["x0"], found["x1"], found["top"], found["bottom"])
        for found in upright.extract_words(x_tolerance_ratio=_WORD_GAP)
    ]
    tables = upright.find_tables()
    outside = lines_of((word for word in words if not any(_is_in(word, table) for table in tables)), number)
    rows = [(line.top, [line.text]) for line in outside]
    rows += [(table.bbox[1], row) for table in tables for row in _rows_of_table(table)]
    return lines_of(words, number), [row for _top, row in sorted(rows, key=lambda pair: pair[0])]


def _is_in(word: Word, table: Table) -> bool:
    left, top, right, bottom = table.bbox
    return left <= (word.left + word.right) / 2 <= right and top <= (word.top + word.bottom) / 2 <= bottom


def _rows_of_table(table: Table) -> Iterator[Row]:
    for row in table.extract(x_tolerance_ratio=_WORD_GAP):
        yield [_cell((cell or "").translate(_LOOK_ALIKES)) for cell in row]


def _cell(text: str) -> str:
    """A cell whose lines go on from each other; days and times, a line each, stay apart."""
    lines = text.split("\n")
    return text if any(line[:1].isdigit() for line in lines) else joined(lines)
