"""A workbook as a plain OpenDocument spreadsheet: its cells and nothing else, which is what readers look at."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def write_ods(book: Workbook, path: Path) -> None:
    """Write the cells of a workbook to `path`; the same workbook gives the same bytes."""
    sheets = "".join(
        f'<table:table table:name="{escape(page.title)}">'
        + "".join(
            f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"
            for row in page.iter_rows(values_only=True, max_row=min(page.max_row, 60))
        )
        + "</table:table>"
        for page in book.worksheets
    )
    content = (
        f"<office:document-content{_SPACES}><office:body><office:spreadsheet>{sheets}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (
            ("mimetype", _TYPE),
            ("content.xml", content),
            ("META-INF/manifest.xml", manifest),
        ):
            archive.writestr(zipfile.ZipInfo(name), text)


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, datetime.date):
        said = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float) and not isinstance(value, bool):
        said = f'office:value-type="float" office:value="{value}"'
    else:
        said = 'office:value-type="string"'
    return f"<table:table-cell {said}><text:p>{escape(str(value))}</text:p></table:table-cell>"
