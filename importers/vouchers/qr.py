"""Scanned QR codes of paper e-invoices (證明聯): format `invoice-qr`, one left code a line in a text file.

The left code: number 10, ROC date 7, random code 4, sales and total in hexadecimal 8 + 8, buyer 8, seller 8,
checksum 24; then `:`, and what the seller adds. The right code begins `**` and only goes on with the items.
Sales are 0 for consumers, whose total includes the tax. Source: 電子發票證明聯一維及二維條碼規格.
"""

from __future__ import annotations

import re

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherItem
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers.values import money
from importers.vouchers.values import plain
from ledger.util.dates import parse_date
from ledger.util.i18n import _

_LEFT = re.compile(
    r"(?P<number>[A-Z]{2}\d{8})(?P<date>\d{7})\d{4}(?P<sales>[0-9A-Fa-f]{8})(?P<total>[0-9A-Fa-f]{8})"
    r"(?P<buyer>\d{8})(?P<seller>\d{8})[^:\s]{24}(?::(?P<rest>.*))?"
)
_RIGHT = "**"
_OWN_FIELDS = 4  # the seller's own area, items in the codes, items in all, encoding
_COUNT = re.compile(r"[0-9]{1,4}")  # of items
_BASE64 = "2"


def read(source: Source) -> Reading | None:
    """The invoices of the scanned codes, or None where the first line is no left code.

    A code scanned twice counts once. Raises ReadError naming a line that is no code.
    """
    if source.kind != "text":
        return None
    if not _LEFT.fullmatch(_first_code(source.text)):
        return None
    scanned = ((row, line.strip()) for row, line in enumerate(source.text.split("\n"), 1))
    lines = [(row, line) for row, line in scanned if line and not line.startswith(_RIGHT)]
    codes: dict[str, int] = {}
    warnings: list[str] = []
    for row, line in lines:
        if not _LEFT.fullmatch(line):
            raise ReadError(_("第 {row} 行不是電子發票左側 QR Code 的內容").format(row=row))
        if line in codes:
            warnings.append(_("第 {row} 行與第 {first} 行重複,略過").format(row=row, first=codes[line]))
        codes.setdefault(line, row)
    records = tuple(_record(code, row) for code, row in codes.items())
    return Reading(source.name, "invoice-qr", source.encoding, "", records, tuple(warnings))


def _first_code(text: str) -> str:
    """The first line that is not empty and no right code; not more of a long text than that is looked at."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)].strip()
        if line and not line.startswith(_RIGHT):
            return line
        start = end + 1 if end >= 0 else len(text)
    return ""


def _record(code: str, row: int) -> VoucherRecord:
    match = _LEFT.fullmatch(code)
    day = parse_date(match["date"]) if match else None
    if match is None or day is None:
        raise ReadError(_("第 {row} 行的發票日期無法辨認").format(row=row))
    gross = int(match["total"], 16)
    net = int(match["sales"], 16) or gross
    return VoucherRecord(
        kind="invoice",
        number=match["number"],
        date=day,
        seller=match["seller"],
        buyer=match["buyer"],
        net=net,
        tax=gross - net,
        gross=gross,
        items=_items(match["rest"] or ""),
        row=row,
    )


def _items(rest: str) -> tuple[VoucherItem, ...]:
    """Name, quantity and price of each item after the fixed part; nothing where that is not clear.

    A remark may follow the items, and the right code may hold more of them. What is written in Base64 is no name.
    """
    own, parts = rest.split(":")[:_OWN_FIELDS], rest.split(":")[_OWN_FIELDS:]
    if len(own) < _OWN_FIELDS or own[-1] == _BASE64 or not _COUNT.fullmatch(own[1]):
        return ()
    items = []
    held = min(int(own[1]), len(parts) // 3)
    for name, quantity, price in zip(*(parts[place : held * 3 : 3] for place in range(3)), strict=True):
        try:
            count, each = money(quantity), money(price)
        except ValueError:
            return ()
        items.append(
            VoucherItem(plain(name), count, "", None if count is None or each is None else count * each)
        )
    return tuple(items)
