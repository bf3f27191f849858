"""Saving a workbook so that the same inputs give the same bytes, with the figures of its formulas inside.

openpyxl stamps the time into the file and leaves formulas without a value; both are put right in the zip.
"""

from __future__ import annotations

import datetime
import errno
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.DOTALL)
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>grantledger</Application></Properties>"
)

Figures = Mapping[str, Mapping[str, int | Decimal | str]]


def workbook_bytes(book: Workbook, title: str, day: datetime.date, figures: Figures) -> bytes:
    """The workbook as a file; `day` is when it says it was made, `figures` what its formulas show unopened.

    Raises OSError where the disk refuses the sheets.
    """
    buffer = io.BytesIO()
    try:
        ExcelWriter(book, zipfile.ZipFile(buffer, "w")).save()  # not compressed: that is done once, below
    except (
        SerialisationError
    ) as error:  # its sheets go through files of the system's: IO_ENOSPC is a full disk
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(number, os.strerror(number), tempfile.gettempdir()) from error
    names = {str(index): sheet.title for index, sheet in enumerate(book.worksheets, 1)}
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as saved, zipfile.ZipFile(result, "w") as made:
        for name in saved.namelist():
            content = saved.read(name)
            if name == _CORE:
                content = _core(title, day)
            elif name == _APP:
                content = _APPLICATION
            elif match := _SHEET.fullmatch(name):
                content = _with_figures(content, figures.get(names[match[1]], {}))
            made.writestr(_member(name), content, compresslevel=6)
    return result.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _ZIP_DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member


def _core(title: str, day: datetime.date) -> bytes:
    moment = datetime.datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- the format wants it bare
    properties = DocumentProperties(creator="grantledger", title=title, created=moment, modified=moment)
    content: Any = tostring(properties.to_tree())
    return content.encode() if isinstance(content, str) else bytes(content)


def _with_figures(content: bytes, figures: Mapping[str, int | Decimal | str]) -> bytes:
    """A sheet's XML with the value of each formula beside it."""

    def cell(match: re.Match[bytes]) -> bytes:
        figure = figures.get(match[1].decode())
        if figure is None:
            return match[0]
        kind = b' t="str"' if isinstance(figure, str) else b""
        value = escape(str(figure)).encode()
        return b'<c r="%b"%b%b><f>%b</f><v>%b</v></c>' % (match[1], match[2], kind, match[3], value)

    return _FORMULA_CELL.sub(cell, content)
