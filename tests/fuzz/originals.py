"""Whole files of every format, invented, for the mutator to damage: name to bytes, by reader."""

from __future__ import annotations

import datetime
import io
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from importers.records import BankLine
from importers.templates.forms import write_form
from tests.importers.bank.makers import camt053_xml
from tests.importers.bank.makers import csv_bytes
from tests.importers.bank.makers import esun_html
from tests.importers.bank.makers import hncb_html
from tests.importers.bank.makers import mega_xlsx
from tests.importers.bank.makers import mt940_sta
from tests.importers.bank.makers import tcb_text
from tests.importers.ods import write_ods

LINES = [
    BankLine(datetime.date(2025, 7, 3), 500_000, 700_000, "09:01:00", "匯入款", "補助款", "0040000000000009"),
    BankLine(datetime.date(2025, 7, 4), -9_975, 690_025, "10:02:00", "轉帳支出", "貨款", ""),
    BankLine(datetime.date(2025, 7, 21), 12, 690_037, "23:03:00", "利息存入"),
]
_SHEET = (
    "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"
    "2023/08/01,統一發票,AB10000400,12345675,範例機械,軸承,1,台,8054,403,消耗性器材及原材料費,2023/08/10,現金,\n"
    "2023/08/02,收據,R-1,,範例行,螺絲,3,個,300,0,,,匯款,\n"
)
_PAYROLL = "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期\n2023-07,王範例,工程師,60000,80,160,30000,2023-08-05\n"
_INVOICE = (
    '<Invoice xmlns="urn:GEINV:eInvoiceMessage:F0401:4.1"><Main><InvoiceNumber>AB12345678</InvoiceNumber>'
    "<InvoiceDate>20230712</InvoiceDate><Seller><Identifier>12345675</Identifier><Name>範例</Name></Seller>"
    "<Buyer><Identifier>04595257</Identifier></Buyer></Main><Details><ProductItem><Description>軸承</Description>"
    "<Quantity>2</Quantity><Amount>1000</Amount></ProductItem></Details><Amount><SalesAmount>1000</SalesAmount>"
    "<TaxType>1</TaxType><TaxAmount>50</TaxAmount><TotalAmount>1050</TotalAmount></Amount></Invoice>"
)
_ALLOWANCE = (
    '<Allowance xmlns="urn:GEINV:eInvoiceMessage:G0401:4.1"><Main><AllowanceNumber>AL1</AllowanceNumber>'
    "<AllowanceDate>20230820</AllowanceDate></Main><Details><ProductItem><OriginalInvoiceDate>20230712"
    "</OriginalInvoiceDate><OriginalInvoiceNumber>AB12345678</OriginalInvoiceNumber><Amount>100</Amount><Tax>5</Tax>"
    "</ProductItem></Details><Amount><TaxAmount>5</TaxAmount><TotalAmount>100</TotalAmount></Amount></Allowance>"
)
_VAT = f"251234567890000001112070459525712345675AB12345678{100000:012}1{5000:010}1{'':8}\r\n"
_CARRIER = (
    "表頭=M|載具名稱|載具號碼|發票日期|商店統編|商店店名|發票號碼|總金額|發票狀態|\n明細=D|發票號碼|小計|品項名稱|\n"
    "M|手機條碼|/ABC|20230712|12345675|範例店|AB12345678|105|開立|\nD|AB12345678|105|軸承|\n"
)
_CLOUD = (
    "載具自訂名稱,發票日期,發票號碼,發票金額,發票狀態,折讓,賣方統一編號,賣方名稱,賣方地址,買方統編,消費明細_數量,"
    "消費明細_單價,消費明細_金額,消費明細_品名\n"
    "x,2023-07-12,AB12345678,105,開立,否,12345675,範例店,某地,04595257,1,105,105,軸承\n"
)
_QR = "AB123456781120712123400000064000000690459525712345675" + "x" * 24 + ":**********:1:1:1:軸承:1:100:\n"


def originals() -> dict[str, dict[str, bytes]]:
    """The files by the reader they are for."""
    forms = dict(_forms())
    plain = csv_bytes(
        [["交易日期", "支出", "存入", "餘額", "摘要"], ["2025/07/03", "", "5", "5", "存入"]], "cp950"
    )
    return {
        "mig-xml": {"invoice.xml": _INVOICE.encode(), "allowance.xml": _ALLOWANCE.encode()},
        "vat-media": {"12345675.TXT": _VAT.encode() * 3},
        "invoice-qr": {"qr.txt": _QR.encode()},
        "carrier-csv": {"carrier.csv": _CARRIER.encode()},
        "cloud-invoice-csv": {"cloud.csv": _CLOUD.encode("utf-8-sig")},
        "voucher-sheet": {"vouchers.csv": _SHEET.encode("cp950"), "utf.csv": _SHEET.encode("utf-16")},
        "payroll-sheet": {"payroll.csv": _PAYROLL.encode()},
        "bank-table": {"bank.csv": plain, "words.txt": tcb_text(LINES)},
        "bank-html": {"hncb.xls": hncb_html(LINES), "esun.xls": esun_html(LINES)},
        "mt940": {"bank.sta": mt940_sta(LINES)},
        "camt053": {"bank.xml": camt053_xml(LINES)},
        "xlsx": {"bank.xlsx": mega_xlsx(LINES), "vouchers.xlsx": forms["vouchers.xlsx"]},
        "xls": {"old.xls": _old_workbook()},
        "ods": {"vouchers.ods": forms["vouchers.ods"]},
        "award.xlsx": {"award.xlsx": forms["award.xlsx"]},
        "zip": {"vouchers.zip": _zipped({"a.xml": _INVOICE.encode(), "b.csv": plain})},
        "pdf": {"bank.pdf": _pdf()},
    }


def _forms() -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("vouchers", "award"):
            path = Path(folder) / f"{kind}.xlsx"
            write_form("vouchers" if kind == "vouchers" else "award", path)
            yield path.name, path.read_bytes()
            write_ods(openpyxl.load_workbook(path), path.with_suffix(".ods"))
            yield f"{kind}.ods", path.with_suffix(".ods").read_bytes()


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _old_workbook() -> bytes:
    """A compound file with a Workbook stream of BIFF8: a globals part, and a sheet of one label and one number."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    name = b"\x05\x00Sheet"
    ending = record(0x000A, b"")
    boundsheet_at = len(record(0x0809, begin))
    globals_ = boundsheet_at + len(record(0x0085, struct.pack("<IH", 0, 0) + name)) + len(ending)
    book = record(0x0809, begin) + record(0x0085, struct.pack("<IH", globals_, 0) + name) + ending
    sheet_begin = struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)
    number = struct.pack("<HHHd", 1, 0, 0, 12.5)
    label = struct.pack("<HHHHB", 0, 0, 0, 4, 0) + b"date"
    sheet = record(0x0809, sheet_begin) + record(0x0204, label) + record(0x0203, number) + ending
    stream = (book + sheet).ljust(4096, b"\0")
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    sectors = [fat, end, *range(3, 10), end]
    table = struct.pack(f"<{len(sectors)}I", *sectors).ljust(512, b"\xff")

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = title.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        return head + bytes(16 + 4 + 8 + 8) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    return header + struct.pack("<109I", 0, *[free] * 108) + table + directory.ljust(512, b"\0") + stream


def _pdf() -> bytes:
    """One page of text without compression, as small programs write it."""
    shown = b" ".join(
        b"BT /F1 9 Tf %d %d Td (%s) Tj ET" % (60 + 90 * column, 700 - 20 * row, word)
        for row, words in enumerate(
            ((b"date", b"withdrawal", b"deposit", b"balance"), (b"2025/07/03", b"0", b"5", b"5"))
        )
        for column, word in enumerate(words)
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    text, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        text
        + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            start,
        )
    )
