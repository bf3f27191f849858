"""Whole files of every format, invented, for the mutator to damage: name to bytes, by reader."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import openpyxl

from importers.records import BankLine
from importers.templates.forms import write_form
from tests.fuzz.old_formats import old_workbook
from tests.fuzz.old_formats import pdf
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
_ROOT = Path(__file__).parent.parent.parent
_SCHEME = _ROOT / "ledger" / "schemes" / "managed-factory-112.toml"
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
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_STATEMENT = [
    ["交易日期", "支出金額", "存入金額", "餘額", "摘要"],
    ["2025/07/03", "", "500,000", "500,000", "補助款"],
    ["2025/07/04", "9,975", "", "490,025", "貨款"],
    ["2025/07/21", "", "12", "490,037", "利息存入"],
]
_IMPORT = (
    '[[rule]]\nseller = "12345675"\nitem = "軸承"\ncategory = "equipment"\nnote = "電話"\ndate = 2024-01-02\n'
    '[[statement]]\nfile = "對帳單*.csv"\naccount = "0040000000000009"\nbank = "玉山"\nside = "company"\n'
    '[[statement]]\nsha256 = "' + "9f" * 32 + '"\nopening = 175008\n'
)
_BOOKS = """option "title" "範例"
option "documents" "documents"
plugin "checks"
plugin "beancount.plugins.auto_accounts" "x"
include "books/2023-07.beancount"
2023-06-01 custom "fava-extension" "audit.fava"
2023-06-01 custom "fava-option" "language" "zh_TW"
2023-06-01 open Assets:1專戶 TWD
2023-07-12 * "範例" "軸承" ^AB12345678
  document: "2023-07-12.AB12345678.pdf"
  Assets:1專戶   (100 + 2 * -3) / 4 TWD
  Equity:1業者投入
2023-07-31 document Assets:1專戶 "documents/2023-07-31.a.pdf"
"""
_QR = "AB123456781120712123400000064000000690459525712345675" + "x" * 24 + ":**********:1:1:1:軸承:1:100:\n"


def originals() -> dict[str, Callable[[], dict[str, bytes]]]:
    """What makes the files, by the reader they are for."""
    return {
        "mig-xml": lambda: {"invoice.xml": _INVOICE.encode(), "allowance.xml": _ALLOWANCE.encode()},
        "vat-media": lambda: {"12345675.TXT": _VAT.encode() * 3},
        "invoice-qr": lambda: {"qr.txt": _QR.encode()},
        "carrier-csv": lambda: {"carrier.csv": _CARRIER.encode()},
        "cloud-invoice-csv": lambda: {"cloud.csv": _CLOUD.encode("utf-8-sig")},
        "voucher-sheet": lambda: {"vouchers.csv": _SHEET.encode("cp950"), "utf.csv": _SHEET.encode("utf-16")},
        "payroll-sheet": lambda: {"payroll.csv": _PAYROLL.encode()},
        "bank-table": lambda: {"bank.csv": csv_bytes(_STATEMENT, "cp950"), "words.txt": tcb_text(LINES)},
        "bank-html": lambda: {"hncb.xls": hncb_html(LINES), "esun.xls": esun_html(LINES)},
        "mt940": lambda: {"bank.sta": mt940_sta(LINES)},
        "camt053": lambda: {"bank.xml": camt053_xml(LINES)},
        "xlsx": lambda: {"bank.xlsx": _steady(mega_xlsx(LINES)), "vouchers.xlsx": _form("vouchers", ".xlsx")},
        "xls": lambda: {"old.xls": old_workbook(_STATEMENT)},
        "ods": lambda: {"vouchers.ods": _form("vouchers", ".ods")},
        "award.xlsx": lambda: {"award.xlsx": _form("award", ".xlsx")},
        "zip": lambda: {
            "vouchers.zip": _zipped({"a.xml": _INVOICE.encode(), "b.csv": csv_bytes(_STATEMENT, "cp950")})
        },
        "pdf": lambda: {"bank.pdf": pdf(_STATEMENT)},
        "award.toml": lambda: {"award.toml": (_ROOT / "cli" / "demo_files" / "award.toml").read_bytes()},
        "import.toml": lambda: {"import.toml": _IMPORT.encode()},
        "scheme.toml": lambda: {_SCHEME.name: _SCHEME.read_bytes()},
        "books": lambda: {"main.beancount": _BOOKS.encode()},
    }


def _form(kind: Literal["vouchers", "award"], suffix: str) -> bytes:
    """The form with 40 of its rows made ready: more are the same over again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_form(kind, path)
        book = openpyxl.load_workbook(path)
        for page in book.worksheets:
            page.delete_rows(40, page.max_row)
        if suffix == ".ods":
            write_ods(book, path)
        else:
            book.save(path)
        return _steady(path.read_bytes())


def _steady(content: bytes) -> bytes:
    """The archive without the time at which it was made: the same damage has to meet the same bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _zipped(
            {name: _TIME.sub(b"2025-01-01T00:00:00Z", archive.read(name)) for name in archive.namelist()}
        )


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
