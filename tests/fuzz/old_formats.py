"""An old workbook and a PDF, written byte by byte: no library at hand writes the one, and the other has to be small."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_STREAM_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def old_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """A compound file with a Workbook stream of BIFF8: a globals part, and one sheet with a label in every cell."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    name = b"\x05\x00Sheet"
    ending = record(0x000A, b"")
    boundsheet_at = len(record(0x0809, begin))
    globals_ = boundsheet_at + len(record(0x0085, struct.pack("<IH", 0, 0) + name)) + len(ending)
    book = record(0x0809, begin) + record(0x0085, struct.pack("<IH", globals_, 0) + name) + ending
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            head = struct.pack("<HHHHB", row, column, 0, len(text), 1)  # 1: two bytes a character
            sheet += record(0x0204, head + text.encode("utf-16-le"))
    stream = book + sheet + ending
    stream = stream.ljust(max(4096, -(-len(stream) // _STREAM_SECTOR) * _STREAM_SECTOR), b"\0")
    return _compound(stream)


def _compound(stream: bytes) -> bytes:
    """The stream in a compound file of 512-byte sectors: table, directory, then the stream."""
    count = len(stream) // _STREAM_SECTOR
    sectors = [_FAT, _END, *range(3, 2 + count), _END]
    table = struct.pack(f"<{len(sectors)}I", *sectors).ljust(_STREAM_SECTOR, b"\xff")

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = title.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        return head + bytes(16 + 4 + 8 + 8) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    return (
        header
        + struct.pack("<109I", 0, *[_FREE] * 108)
        + table
        + directory.ljust(_STREAM_SECTOR, b"\0")
        + stream
    )


def pdf(rows: Sequence[Sequence[str]]) -> bytes:
    """One page of text without compression; a map tells what character every byte of the font is."""
    marks = sorted({mark for cells in rows for text in cells for mark in text})
    codes = {mark: number for number, mark in enumerate(marks, 0x21)}
    shown = b" ".join(
        b"BT /F1 9 Tf %d %d Td <%s> Tj ET"
        % (40 + 75 * column, 700 - 20 * row, "".join(f"{codes[mark]:02x}" for mark in text).encode())
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
        if text
    )
    chars = "\n".join(f"<{code:02x}> <{ord(mark):04x}>" for mark, code in codes.items()).encode()
    unicode_map = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"%d beginbfchar\n%s\nendbfchar endcmap end end" % (len(codes), chars)
    )
    return _numbered(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                b"/Resources << /Font << /F1 5 0 R >> >> >>"
            ),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unicode_map), unicode_map),
        ]
    )


def _numbered(objects: Sequence[bytes]) -> bytes:
    text, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(text))
    return text + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer
