"""What is said of a file that no reader knows: what was tried, what it shows, and what a table would need."""

from __future__ import annotations

import re
from collections.abc import Iterable

from importers.records import ReadError
from importers.sources.delimited import Row
from importers.sources.source import Source
from ledger.util.i18n import _
from ledger.util.text import one_line

_MOST_CELLS = 8
_LONGEST = 20  # characters of a cell, or of a text's beginning
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")


def unknown_file(source: Source) -> str:
    """Why a file was not read, in one line."""
    names = {
        "spreadsheet": _("試算表"),
        "html": _("網頁表格"),
        "xml": "XML",
        "text": _("文字檔"),
        "pdf": "PDF",
        "image": _("圖片"),
    }
    tried = _(
        "認不出這個{kind}的內容(試過電子發票 XML、平台下載檔、折讓下載檔、發票 QR 文字、憑證與薪資登記表、"
        "媒體申報檔、載具明細、雲端發票明細、銀行交易明細)"
    ).format(kind=names.get(source.kind, _("二進位檔")))
    return tried + _shown(source)


def _shown(source: Source) -> str:
    """What the file begins with; empty where that tells nothing."""
    if source.kind == "xml":
        root = _ROOT.search(source.data[:4096])
        return _(";根元素是 {name}").format(name=root[1].decode()) if root else ""
    try:
        heading = _heading(row for _name, rows in source.tables for row in rows)
    except ReadError:
        return ""
    if len(heading) > 1:
        cells = "、".join(_short(cell) for cell in heading[:_MOST_CELLS])
        return _(
            ";看到的欄位:{cells}。憑證表要有日期、憑證號碼、憑證種類或會計科目、未稅金額;薪資表要有月份、姓名、應計薪資;"
            "交易明細要有日期、支出與存入(或金額)"
        ).format(cells=cells)
    return _(";開頭是「{text}」").format(text=_short(heading[0])) if heading else ""


def _heading(rows: Iterable[Row]) -> list[str]:
    """The cells of the first row that shows several, else of the first that shows any."""
    first: list[str] = []
    for row in rows:
        cells = [cell for cell in row if cell.strip()]
        if len(cells) > 1:
            return cells
        first = first or cells
    return first


def _short(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
