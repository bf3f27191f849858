"""The VAT return's media file (營業稅媒體申報檔, `<統編>.TXT`): format `vat-media`.

81 bytes a record, with CRLF, LF or nothing between them; blanks at a line's end may be lost. It names no
supplier and no day, so its rows serve to reconcile (`is_declared`) and are dated the last day of their month.
Amounts are NT$ without sign; those of allowances (折讓, 退回, 退還) come out negative. A voided row keeps its
amounts. The company's own sales (31-38) are there too; unused numbers are only counted.
Source: the layout in 營業稅電子資料申報繳稅作業要點, checked against real files.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from importers.records import ReadError
from importers.records import Reading
from importers.records import Status
from importers.records import VoucherRecord
from importers.sources.source import Source
from ledger.util.dates import gregorian_year
from ledger.util.dates import month_end
from ledger.util.i18n import _

WIDTH = 81
_ALLOWANCES = frozenset({"23", "24", "29", "33", "34", "38"})
_CUSTOMS = frozenset({"28", "29"})
_SUMMED = "A"  # 彙加: one row for many small invoices
_RECORD = re.compile(
    r"(?P<code>2[1-9]|3[1-8])"
    r"[0-9A-Z ]{9}[0-9A-Z ]{7}"  # 稅籍編號, 流水號
    r"(?P<year>\d{3})(?P<month>0[1-9]|1[0-2])"
    r"(?P<buyer>[0-9A-Z ]{8})(?P<seller>[0-9A-Z ]{8})(?P<number>.{10})"
    r"(?P<net>\d{12})(?P<kind>[123FD])(?P<tax>\d{10})"
    r"(?P<deduction>[1-4 ]).{5}.(?P<mark>.)."
)
# 海關代徵營業稅繳納證 has 14 characters: it takes half of the seller's field.
_CUSTOMS_NUMBER = slice(35, 49)


def read(source: Source) -> Reading | None:
    """The purchases and sales, or None where the first line is no such record. Raises ReadError naming a bad line."""
    if source.kind != "text" or not source.data.isascii():
        return None
    lines = list(_lines(source.data.decode("ascii")))
    if not lines or not _RECORD.fullmatch(lines[0][1]):
        return None
    records: list[VoucherRecord] = []
    unused = 0
    for row, line in lines:
        match = _RECORD.fullmatch(line)
        if match is None:
            raise ReadError(_("第 {row} 筆不合媒體申報檔 81 位元組的格式").format(row=row))
        if match["kind"] == "D":
            unused += 1
        else:
            records.append(_record(match, row))
    told = [_("{count} 筆空白未使用,略過").format(count=unused)] if unused else []
    return Reading(source.name, "vat-media", source.encoding, "", tuple(records), tuple(told))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The records, numbered from 1 and filled up to 81 characters; also where nothing stands between them."""
    for row, line in enumerate((part for part in _split(text) if part.strip()), 1):
        yield row, line.ljust(WIDTH)


def _split(text: str) -> list[str]:
    text = text.rstrip("\r\n\x1a")  # 0x1A: the end of file of old DOS programs
    if "\n" in text or len(text) <= WIDTH:
        return [line.removesuffix("\r") for line in text.split("\n")]
    return [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]


def _record(match: re.Match[str], row: int) -> VoucherRecord:
    code, line = match["code"], match[0]
    sign = -1 if code in _ALLOWANCES else 1
    net, tax = sign * int(match["net"]), sign * int(match["tax"])
    status: Status = "voided" if match["kind"] == "F" else "valid"
    has_seller = code not in _CUSTOMS and match["mark"] != _SUMMED
    return VoucherRecord(
        kind="allowance" if code in _ALLOWANCES else "invoice",
        number=(line[_CUSTOMS_NUMBER] if code in _CUSTOMS else match["number"]).strip(),
        date=month_end(datetime.date(gregorian_year(int(match["year"])), int(match["month"]), 1)),
        seller=match["seller"].strip() if has_seller else "",
        buyer=match["buyer"].strip(),
        net=net,
        tax=tax,
        gross=net + tax,
        status=status,
        deduction=match["deduction"].strip(),
        is_declared=True,
        row=row,
    )
