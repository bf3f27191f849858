"""A voucher's papers: found inside the case folder and nowhere else, and what may be shown in a page."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Literal
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree
from python_calamine import CalamineError
from python_calamine import CalamineWorkbook

from audit.case_view import View
from ledger.case.case import Voucher

Shown = Literal["pdf", "picture", "fields", "table", "text", "file", "missing"]

# What a browser may be given to show by itself; everything else is handed out as a file to keep.
INLINE_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_MOST_BYTES = 2_000_000
_MOST_ROWS = 300
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
    return {".xml": "fields", ".csv": "table", ".xlsx": "table", ".txt": "text", ".eml": "text"}.get(
        suffix, "file"
    )  # type: ignore[return-value]


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
    for child in element:
        if not isinstance(child.tag, str) or len(found) >= _MOST_ROWS:
            continue
        found.append(DocumentField(etree.QName(child).localname, depth, (child.text or "").strip()))
        _collect(child, depth + 1, found)


def table_of(path: Path) -> list[list[str]]:
    """The rows of a CSV paper, or of a workbook's first sheet, as many as a page shows."""
    if path.suffix.lower() == ".xlsx":
        return _sheet_of(path)
    text = text_of(path)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text)):
            rows.append(row[:_MOST_COLUMNS])
            if len(rows) >= _MOST_ROWS:
                break
    except csv.Error:
        return [[line] for line in text.splitlines()[:_MOST_ROWS]]
    return rows


def _sheet_of(path: Path) -> list[list[str]]:
    """The first sheet of a workbook; empty where it cannot be read or is too large to show."""
    if path.stat().st_size > _MOST_BYTES:
        return []
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        rows = sheet.to_python(nrows=_MOST_ROWS)
    except (CalamineError, OSError, ValueError, IndexError):
        return []
    return [[_cell(value) for value in row[:_MOST_COLUMNS]] for row in rows]


def _cell(value: object) -> str:
    """A cell as it reads; whole numbers without the `.0` that the reader gives them."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
