"""Statements that are PDFs, read through pdfplumber (an extra).

Three layouts are known: a table with ruled lines, words in straight columns, and lines of words in which empty
columns vanish; the first that shows a statement's header is the file's. A PDF keeps marks and their places only,
so what is taken must prove itself: a row without a balance, or one that does not follow, refuses the file.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.bank import fixed_width
from importers.bank.parsing.cells import Stamps
from importers.bank.parsing.cells import clock
from importers.bank.parsing.pdf_layout import PrintedLine
from importers.bank.parsing.pdf_layout import Word
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
from ledger.util.text import one_line

if TYPE_CHECKING:
    from importers.sources.child import ChildProblem


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
    """The pages of a PDF, up to where it shows no statement's header. Raises UnknownFileError where none can be read."""
    from importers.sources import child

    if importlib.util.find_spec("pdfplumber") is None:
        raise UnknownFileError(_('讀 PDF 交易明細需要 pdfplumber:pip install "grantledger[pdf-statements]"'))
    try:
        parts = child.run("pdf", data)
    except child.ChildProblem as problem:
        raise UnknownFileError(_worded(problem)) from problem
    return [
        _Page(
            [
                PrintedLine(tuple(Word(*word) for word in words), top, bottom, page)
                for words, top, bottom, page in lines
            ],
            rows,
        )
        for lines, rows in parts
    ]


def _worded(problem: ChildProblem) -> str:
    if problem.code == "protected":
        return _(
            "PDF 有密碼保護;請輸入密碼開啟後,用「列印」另存成沒有密碼的 PDF,或從網路銀行匯出 CSV 或 Excel"
        )
    if problem.code == "pages":
        return _("PDF 超過 {count} 頁").format(count=problem.detail)
    return _("PDF 檔案毀損: {reason}").format(reason=one_line(problem.detail))
