"""The workbook's sheets as one HTML document, and that as PDF: the same tables give the same bytes."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import re
from collections.abc import Callable
from collections.abc import Iterator
from html import escape
from typing import Any

from openpyxl import Workbook

from ledger.errors import GrantError
from ledger.util.i18n import _
from ledger.util.i18n import current_language
from reports.data.stamp import stamp_of
from reports.data.tables import Tables
from reports.pdf.charts import charts_svg
from reports.pdf.pages import sheet_html
from reports.pdf.style import page_css
from reports.pdf.style import style_css
from reports.workbook import settlement_workbook
from reports.xlsx.grid import Book

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_DEFINED = re.compile(r"\(U\+([0-9A-F]{4,6})\)")  # in what the library says of a sign that no font has


class PdfError(GrantError):
    """The PDF cannot be made here; the message says what is missing."""


def settlement_pdf(tables: Tables) -> bytes:
    """The settlement report of `tables` as PDF. Raises PdfError where the library is not there."""
    set_pages = _library()
    workbook, book = settlement_workbook(tables)
    stamp = str(stamp_of(tables.case, tables.scheme))
    html = report_html(workbook, book, tables, stamp)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return set_pages(html, identifier)


def report_html(workbook: Workbook, book: Book, tables: Tables, stamp: str) -> str:
    """The whole document; every text of the case in it is escaped."""
    day = tables.case.as_of.isoformat()
    head = (
        f'<meta charset="utf-8"><title>{escape(tables.award.id)}</title>'
        f'<meta name="author" content="{escape(tables.award.company)}">'
        f'<meta name="generator" content="grantledger"><meta name="dcterms.created" content="{day}">'
        f"<style>{page_css(stamp)}{style_css(workbook)}</style>"
    )
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    figures = book.figures
    body = "".join(
        sheet_html(sheet, figures.get(sheet.title, {}), charts_svg(tables) if sheet._charts else "")  # type: ignore[attr-defined]  # noqa: SLF001 -- openpyxl names a sheet's charts so
        for sheet in sheets
    )
    language = "en" if current_language() == "en" else "zh-TW"
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'


def _library() -> Callable[[str, bytes], bytes]:
    """What sets HTML as PDF. It fetches nothing: the document is all there is."""
    try:
        import weasyprint  # noqa: PLC0415 -- an optional library, and a slow one to load
    except (ImportError, OSError) as error:
        reason = _(
            '產生 pdf 需要 WeasyPrint 與 Pango:pip install "grantledger[pdf]",Debian 另裝 libpango-1.0-0 與 '
            "fonts-noto-cjk,Windows 另裝 MSYS2 的 pango({error})"
        )
        raise PdfError(reason.format(error=str(error).split("\n", 1)[0])) from error
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    if not has_fonts():
        raise PdfError(_no_font(""))
    return functools.partial(_set, weasyprint)


def _set(library: Any, html: str, identifier: bytes) -> bytes:
    document = library.HTML(string=html, url_fetcher=_refuse)
    with _listening() as missing:
        content = bytes(document.write_pdf(pdf_identifier=identifier))
    wanted = set(_HAN.findall(html))
    lacking = wanted & missing.signs
    if len(lacking) * 2 > len(wanted):  # a rare sign that a good font lacks is no reason
        raise PdfError(_no_font("".join(sorted(lacking)[:4])))
    return content


def _no_font(signs: str) -> str:
    """What is said where Chinese would be boxes: such as these signs, where they are known, and which font to install."""
    such = _("(例如「{signs}」)").format(signs=signs) if signs else ""
    return _(
        "這台電腦沒有中文字型,pdf 的中文會變成方框{such},沒有產生;請安裝中文字型,例如 Noto Sans CJK TC"
        "(Debian:fonts-noto-cjk)或微軟正黑體"
    ).format(such=such)


def has_fonts() -> bool:
    """Whether there is any font at all; without one the library's layout ends the whole process."""
    from weasyprint.text.ffi import ffi  # noqa: PLC0415 -- as above
    from weasyprint.text.ffi import fontconfig  # noqa: PLC0415 -- as above

    config = fontconfig.FcInitLoadConfigAndFonts()
    try:
        fonts = fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem)
        return bool(fonts != ffi.NULL and fonts.nfont > 0)
    finally:
        fontconfig.FcConfigDestroy(config)


class _Missing(logging.Handler):
    """The signs that no font had, as the library tells them one by one; nothing that it tells is printed."""

    def __init__(self) -> None:
        super().__init__()
        self.signs: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        told = _NOT_DEFINED.search(record.getMessage())
        if told is not None:
            self.signs.add(chr(int(told[1], 16)))


@contextlib.contextmanager
def _listening() -> Iterator[_Missing]:
    logger, handler = logging.getLogger("weasyprint"), _Missing()
    before = (logger.level, logger.propagate, logger.handlers[:])
    logger.handlers[:] = [handler]
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield handler
    finally:
        logger.level, logger.propagate, logger.handlers[:] = before


def _refuse(url: str, *_arguments: Any, **_options: Any) -> Any:
    raise ValueError(url)
