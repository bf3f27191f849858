"""From bytes to what they are: the kind of file, its text and encoding, its tables.

The name's extension is not trusted: banks send HTML called `.xls`, and text called anything.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from typing import NamedTuple

from importers.records import ReadError
from importers.sources.delimited import Row
from importers.sources.delimited import TextRows
from importers.sources.limits import MEGABYTE
from importers.sources.limits import MOST_CELLS
from importers.sources.limits import MOST_TEXT
from importers.sources.regular_file import read_regular
from ledger.util import decoding
from ledger.util.i18n import _
from ledger.util.text import one_line

Kind = Literal["spreadsheet", "zip", "html", "xml", "text", "pdf", "image", "empty", "encrypted", "binary"]

_HEAD = 4096
_BLANKS = [mark for mark in map(chr, range(0x3001)) if mark.isspace() and mark not in "\r\n"]


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding, as `ledger.util.decoding` tells them. Raises ReadError where none fits."""
    try:
        return decoding.decode(data)
    except ValueError as error:
        raise ReadError(_("文字編碼無法辨認(試過 UTF-8、Big5、UTF-16)")) from error


def _has_blanks(data: bytes, text: str, encoding: str) -> bool:
    """Whether white space other than line ends stands in a text; most kinds have not even their first byte in it."""
    plain = encoding.removesuffix("-sig")
    first = ((blank, blank.encode(plain, "ignore")[:1]) for blank in _BLANKS)
    return any(byte and byte in data and blank in text for blank, byte in first)


def kind_of(data: bytes) -> Kind:
    """What the bytes are, by their first ones."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return "empty"
    if data.startswith(b"PK"):
        is_xlsx = b"[Content_Types].xml" in data and b"xl/" in data
        is_ods = b"opendocument.spreadsheet" in data[:200]
        return "spreadsheet" if is_xlsx or is_ods else "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "encrypted" if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P" in data else "spreadsheet"
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")):
        return "image"
    lowered = head.lower()
    if head.startswith(b"<"):
        is_html = any(tag in lowered for tag in (b"<html", b"<table", b"<!doctype html", b"<meta", b"<tr"))
        return "html" if is_html and not lowered.startswith(b"<?xml") else "xml"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return "binary" if b"\x00" in head else "text"


class Told(NamedTuple):
    """What the user says of a statement that its file does not."""

    bank: str = ""  # whose layout it is: a profile's name of the bank
    side: Literal["", "bank", "company"] = ""  # whose debit and credit 借方 and 貸方 are
    opening: int | None = None  # the balance before its first line, NT$


NOTHING_TOLD = Told()


@dataclasses.dataclass(frozen=True)
class Source:
    """One file to read: its name and bytes, and what can be said of them; each answer is worked out once."""

    name: str
    data: bytes
    told: Told = NOTHING_TOLD

    @classmethod
    def from_path(cls, path: Path, told: Told = NOTHING_TOLD) -> Source:
        """The file at `path`."""
        return cls(path.name, read_regular(path), told)

    @functools.cached_property
    def kind(self) -> Kind:
        """What the bytes are."""
        return kind_of(self.data)

    @functools.cached_property
    def _decoded(self) -> tuple[str, str]:
        if len(self.data) > MOST_TEXT:
            raise ReadError(_("文字檔超過 {most} MB").format(most=MOST_TEXT // MEGABYTE))
        return decode(self.data)

    @property
    def text(self) -> str:
        """The whole file as text."""
        return self._decoded[0]

    @property
    def encoding(self) -> str:
        """The name of the text's encoding; empty for spreadsheets."""
        return self._decoded[1] if self.kind in {"text", "html"} else ""

    @functools.cached_property
    def tables(self) -> list[tuple[str, Sequence[Row]]]:
        """The sheets of a workbook, or the one table of a CSV or TSV text, every cell as stripped text."""
        if self.kind == "spreadsheet":
            return _workbook_tables(self.data)
        if self.kind == "text":
            return [("", TextRows(self.text, has_blanks=_has_blanks(self.data, *self._decoded)))]
        return []


def _workbook_tables(data: bytes) -> list[tuple[str, Sequence[Row]]]:
    """The sheets of a workbook, read in a process of its own. Raises ReadError where that refuses it."""
    from importers.sources import child

    tables: list[tuple[str, list[Row]]] = []
    try:
        for part in child.run("workbook", data):
            if isinstance(part, str):
                tables.append((part, []))
            else:
                tables[-1][1].extend(part)
    except child.ChildProblem as problem:
        if problem.code == "cells":
            raise ReadError(_("試算表超過 {most:,} 格").format(most=MOST_CELLS)) from problem
        raise ReadError(
            _("試算表檔案毀損或加密: {reason}").format(reason=one_line(problem.detail))
        ) from problem
    return [(name, rows) for name, rows in tables]
