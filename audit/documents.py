"""A voucher's papers: found inside the case folder and nowhere else, and what may be shown in a page."""

from __future__ import annotations

import csv
import functools
import io
from pathlib import Path
from typing import Literal
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree

from audit.case_view import View
from importers.records import ReadError
from importers.sources import child
from ledger.case.case import Voucher
from ledger.util.i18n import _

Shown = Literal["pdf", "picture", "pages", "fields", "table", "text", "file", "missing"]

# What a browser may be given to show by itself; everything else is handed out as a file to keep.
INLINE_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
}
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_MOST_BYTES = 2_000_000
_MOST_ROWS = 300
_MOST_PICTURE_BYTES = 30_000_000
_MOST_COLUMNS = 40
_ENCODINGS = ("utf-8-sig", "cp950")


class VoucherDocument(NamedTuple):
    """One document of a voucher: its name, its place (None where it is missing), how it can be shown.

    `is_source`: no document of its own, but the file that the voucher was read from.
    """

    name: str
    path: Path | None
    shown: Shown
    is_source: bool = False


class DocumentField(NamedTuple):
    """One value of an XML paper: its name, how deep it stands, its text."""

    name: str
    depth: int
    text: str


def papers_of(view: View, voucher: Voucher) -> list[VoucherDocument]:
    """The voucher's documents in the order of its entry; where it has none, the file that it was read from."""
    papers = [_paper(view, voucher, name) for name in voucher.documents]
    if papers:
        return papers
    kept = view.case.voucher_papers.sources(voucher)
    return [_paper(view, voucher, name)._replace(is_source=True) for name in kept]


def _paper(view: View, voucher: Voucher, name: str) -> VoucherDocument:
    path = view.case.voucher_papers.find(voucher, name)
    return VoucherDocument(Path(name).name or name, path, "missing" if path is None else shown_as(path))


def shown_as(path: Path) -> Shown:
    """How a page can show a paper, by the end of its name."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return "pdf"
    if suffix in INLINE_TYPES:
        return "picture"
    if suffix in _WORKBOOKS:
        return "table"
    kinds: dict[str, Shown] = {
        ".xml": "fields",
        ".csv": "table",
        ".tsv": "table",
        ".txt": "text",
        ".eml": "text",
        ".tif": "pages",
        ".tiff": "pages",
    }
    return kinds.get(suffix, "file")


# --- handing a paper out -------------------------------------------------------------------------------

_IN_OUR_FRAME = "default-src 'none'; frame-ancestors 'self'"  # a PDF beside its voucher
_CLOSED = "default-src 'none'; frame-ancestors 'none'; sandbox"


def headers_of(path: Path) -> dict[str, str]:
    """The headers under which a paper is handed out: what a browser could run is only ever a file to keep."""
    kind = INLINE_TYPES.get(path.suffix.lower())
    disposition = "inline" if kind else "attachment"
    policy = _IN_OUR_FRAME if kind == "application/pdf" else _CLOSED
    return {
        "Content-Type": kind or "application/octet-stream",
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(path.name)}",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


# --- what a page shows of a text paper -----------------------------------------------------------------


def text_of(path: Path) -> str:
    """The text of a paper, as far as a page shows it."""
    data = path.read_bytes()[:_MOST_BYTES]
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def fields_of(path: Path) -> list[DocumentField]:
    """The values of an XML paper; empty where it is no well-formed XML. Entities are left alone."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(path.read_bytes()[:_MOST_BYTES], parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    found: list[DocumentField] = []
    _collect(root, 0, found)
    return found


def _collect(element: etree._Element, depth: int, found: list[DocumentField]) -> None:
    for part in element:
        if not isinstance(part.tag, str) or len(found) >= _MOST_ROWS:
            continue
        found.append(DocumentField(etree.QName(part).localname, depth, (part.text or "").strip()))
        _collect(part, depth + 1, found)


class PaperSheet(NamedTuple):
    """A table of a paper: its name (empty for a CSV), its rows, how many were left out, formulas without a value."""

    name: str
    rows: list[list[str]]
    left_out: int
    unvalued: int


def tables_of(path: Path) -> list[PaperSheet]:
    """The table of a CSV paper, or every sheet of a workbook, as far as a page shows them.

    Empty where a workbook cannot be read or is too large to show. A formula for which the file holds no value is shown
    as it is written, and counted.
    """
    if path.suffix.lower() in _WORKBOOKS:
        return _sheets_of(path)
    text = text_of(path)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter="\t" if path.suffix.lower() == ".tsv" else ","))
    except csv.Error:
        rows = [[line] for line in text.splitlines()]
    return [_sheet("", rows, {})]


def _sheet(name: str, rows: list[list[str]], formulas: dict[tuple[int, int], str]) -> PaperSheet:
    shown = [row[:_MOST_COLUMNS] for row in rows[:_MOST_ROWS]]
    for (row, column), formula in formulas.items():
        while len(shown) <= row:
            shown.append([])
        shown[row] += [""] * (column + 1 - len(shown[row]))
        shown[row][column] = _("{formula}(沒有存值)").format(formula=formula)
    return PaperSheet(name, shown, max(0, len(rows) - _MOST_ROWS), len(formulas))


def _sheets_of(path: Path) -> list[PaperSheet]:
    if path.stat().st_size > _MOST_BYTES:
        return []
    content = path.read_bytes()
    try:
        parts = child.run("workbook", content)
        found = child.run("formulas", content) if path.suffix.lower() in {".xlsx", ".xlsm"} else []
    except (ReadError, child.ChildProblem, OSError):
        return []
    sheets: list[tuple[str, list[list[str]]]] = []
    for part in parts:
        if isinstance(part, str):
            sheets.append((part, []))
        else:
            sheets[-1][1].extend(part)
    formulas: dict[int, dict[tuple[int, int], str]] = {}
    for sheet, row, column, formula in found:
        formulas.setdefault(sheet, {})[row, column] = formula
    return [_sheet(name, rows, formulas.get(place, {})) for place, (name, rows) in enumerate(sheets)]


# --- what a browser does not show or print by itself ----------------------------------------------------


def pictures_of(path: Path) -> tuple[bytes, ...]:
    """The pages of a PDF or a TIFF as PNGs; empty where the file, or what is installed here, gives none."""
    at = path.stat()
    return _pictures(path, at.st_mtime_ns, at.st_size) if at.st_size <= _MOST_PICTURE_BYTES else ()


@functools.lru_cache(maxsize=4)
def _pictures(path: Path, _changed: int, _size: int) -> tuple[bytes, ...]:
    try:
        return tuple(child.run("pictures", path.read_bytes()))
    except (ReadError, child.ChildProblem, OSError):
        return ()
