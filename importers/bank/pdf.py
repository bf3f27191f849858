"""Statements that are PDFs, read through pdfplumber (an extra).

Three layouts are known: a table with ruled lines, words in straight columns, and lines of words in which empty
columns vanish; the first that shows a statement's header is the file's. A PDF keeps marks and their places only,
so what is taken must prove itself: a row without a balance, or one that does not follow, refuses the file.
"""

from __future__ import annotations

import io
import logging
import unicodedata
import zlib
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.bank import fixed_width
from importers.bank.parsing.cells import Stamps
from importers.bank.parsing.cells import clock
from importers.bank.parsing.columns import find_header
from importers.bank.parsing.pdf_layout import PrintedLine
from importers.bank.parsing.pdf_layout import Word
from importers.bank.parsing.pdf_layout import joined
from importers.bank.parsing.pdf_layout import lines_of
from importers.bank.parsing.pdf_layout import rows_of
from importers.bank.table import Statement
from importers.bank.table import read_table
from importers.bank.table import reading_of
from importers.records import ReadError
from importers.records import Reading
from importers.records import UnknownFileError
from importers.sources.delimited import Row
from importers.sources.source import Source
from ledger.util.i18n import _

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF
    from pdfplumber.table import Table

_MOST_PAGES = 300
_TITLE_PAGES = 2  # pages from the first in which the header of a statement is looked for
_WORD_GAP = 0.2  # of a letter's size: what sets two words apart
# A browser that prints to PDF may write these look-alikes instead of the characters themselves.
_LOOK_ALIKES = {
    mark: unicodedata.normalize("NFKC", chr(mark))
    for mark in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))
}


class _Page(NamedTuple):
    """A page as lines of words, and as rows: those of its ruled tables, and each line outside of them as one cell."""

    lines: list[PrintedLine]
    rows: list[Row]


def read(source: Source) -> Reading | None:
    """The statement in a PDF; None where the file is no PDF.

    Raises UnknownFileError where it cannot be opened or shows no statement's header, ReadError where it is a
    statement that is broken, as the table reader does; rows are counted through all pages from 1.
    """
    if source.kind != "pdf":
        return None
    pages = _pages_of(source.data)
    statements = _statements(pages, source)
    if not statements:
        raise _unknown(pages)
    lines = (line for statement in statements for line in statement.lines)
    bare = next((line.row for line in lines if line.balance is None), None)
    if bare is not None:
        raise ReadError(
            _("PDF 的第{row}列沒有餘額,無法核對是否讀全;請從網路銀行匯出 CSV 或 Excel").format(row=bare)
        )
    return reading_of(source, statements, format_="bank-pdf")


def _unknown(pages: Sequence[_Page]) -> UnknownFileError:
    if not any(page.lines for page in pages):
        return UnknownFileError(_("這個 PDF 是掃描影像,沒有文字可讀;交易明細請從網路銀行匯出 CSV 或 Excel"))
    return UnknownFileError(
        _("PDF 裡找不到交易明細的表頭(試過表格線、直欄與逐字三種版面);交易明細請從網路銀行匯出 CSV 或 Excel")
    )


def _statements(pages: Sequence[_Page], source: Source) -> list[Statement]:
    """The statements by the first layout that shows their header; more than one where it lists several accounts."""
    return next(filter(None, (read_table(rows, source) for rows in _layouts(pages))), [])


def _layouts(pages: Sequence[_Page]) -> Iterator[Sequence[Row]]:
    ruled = [row for page in pages for row in page.rows]
    if not _holds_rows_in_a_cell(ruled):
        yield ruled
    lines = [line for page in pages for line in page.lines]
    placed = rows_of(lines)
    if placed is not None:
        yield placed
    yield from fixed_width.tables("\n".join(line.text for line in lines), words_first=True)


def _holds_rows_in_a_cell(rows: Sequence[Row]) -> bool:
    """Whether a table is ruled between its columns only: a cell then holds a day and, with it, more than its time."""
    stamps = Stamps()
    for lines in (cell.split("\n") for row in rows for cell in row if "\n" in cell):
        days = sum(stamps.read(line) is not None for line in lines)
        if days > 1 or (days and not all(stamps.read(line) or clock(line) for line in lines)):
            return True
    return False


def _pages_of(data: bytes) -> list[_Page]:
    """The pages of a PDF. Raises UnknownFileError where none of the first shows a statement's header."""
    try:
        import pdfplumber
        from pdfminer.pdfdocument import PDFEncryptionError
    except ImportError as error:
        raise UnknownFileError(
            _('讀 PDF 交易明細需要 pdfplumber:pip install "grantledger[pdf-statements]"')
        ) from error
    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(
            logging.CRITICAL
        )  # what they say of a broken file, the ReadError says
    try:
        with pdfplumber.open(io.BytesIO(data)) as book:
            return _read_pages(book)
    except ReadError:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it meet
        if any(isinstance(cause, PDFEncryptionError) for cause in (error, *error.args)):
            raise UnknownFileError(
                _(
                    "PDF 有密碼保護;請輸入密碼開啟後,用「列印」另存成沒有密碼的 PDF,或從網路銀行匯出 CSV 或 Excel"
                )
            ) from error
        raise UnknownFileError(_("PDF 檔案毀損: {reason}").format(reason=type(error).__name__)) from error


def _read_pages(book: PDF) -> list[_Page]:
    pages: list[_Page] = []
    for page in book.pages:
        if len(pages) == _TITLE_PAGES and not any(_has_header(read) for read in pages):
            raise _unknown(pages)
        if len(pages) == _MOST_PAGES:
            raise UnknownFileError(_("PDF 超過 {count} 頁").format(count=_MOST_PAGES))
        _unpack_whole(page)
        pages.append(_read_page(page, len(pages)))
        page.close()
    return pages


def _unpack_whole(page: Page) -> None:
    """Raise zlib.error where what draws a page does not unpack to its end: pdfminer would take its beginning."""
    from pdfminer.pdftypes import LITERALS_FLATE_DECODE
    from pdfminer.pdftypes import resolve1

    for stream in map(resolve1, page.page_obj.contents):
        filters = [name for name, _params in stream.get_filters()]
        raw = stream.get_rawdata()
        if raw and not stream.decipher and filters[:1] and filters[0] in LITERALS_FLATE_DECODE:
            zlib.decompress(raw)


def _has_header(page: _Page) -> bool:
    words = [[word.text for word in line.words] for line in page.lines]
    return find_header(page.rows, {}) is not None or find_header(words, {}) is not None


def _read_page(page: Page, number: int) -> _Page:
    upright = page.filter(lambda thing: thing.get("upright", True)).dedupe_chars()
    words = [
        Word(found["text"].translate(_LOOK_ALIKES), found["x0"], found["x1"], found["top"], found["bottom"])
        for found in upright.extract_words(x_tolerance_ratio=_WORD_GAP)
    ]
    tables = upright.find_tables()
    outside = lines_of((word for word in words if not any(_is_in(word, table) for table in tables)), number)
    rows = [(line.top, [line.text]) for line in outside]
    rows += [(table.bbox[1], row) for table in tables for row in _rows_of_table(table)]
    return _Page(lines_of(words, number), [row for _top, row in sorted(rows, key=lambda pair: pair[0])])


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
