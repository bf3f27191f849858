"""One document of every format that the importers read, made from the format facts; the case that they belong to."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

from importers.ingest import import_files
from importers.records import BankLine
from importers.templates.forms import FormKind
from importers.templates.forms import write_form
from ledger.files.award_file import parse_award
from ledger.operations.new_case import new_case
from tests.importers.bank.makers import ACCOUNT
from tests.importers.bank.other_makers import EVERY
from tests.importers.makers import DEDICATED
from tests.importers.makers import OWN
from tests.importers.makers import UBN
from tests.importers.makers import tables
from tests.importers.ods import write_ods
from tests.importers.vouchers import carrier_files as carriers
from tests.importers.vouchers import vat_media_files as vat
from tests.importers.vouchers.mig import messages as mig
from tests.importers.vouchers.platform import workbooks as platform

assert ACCOUNT == DEDICATED, "the banks' exports are the case's dedicated account's"

SELLER, SELLER_NAME, ITEM = "27715140", "晟鑫科技企業有限公司", "高效率軸承"
BOOKED = "AB10000001"  # an invoice of 21,000 with tax, unpaid
SHEET = "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"
KINDS = ("vouchers", "dedicated", "company")


@dataclasses.dataclass(frozen=True)
class Document:
    """A file to import: its name, which importer takes it, and its bytes or what makes them."""

    name: str
    kind: str
    made: bytes | Callable[[], bytes]

    @functools.cached_property
    def content(self) -> bytes:
        """The bytes, made when they are asked for."""
        return self.made if isinstance(self.made, bytes) else self.made()


def make_case(folder: Path) -> Path:
    """The case: one invoice is booked and unpaid, the months are open."""
    new_case(folder, parse_award(tables(), "award.toml"))
    row = f"2023-07-10,統一發票,{BOOKED},{SELLER},{SELLER_NAME},{ITEM},4,個,20000,1000,,,匯款,\n"
    (folder / "inbox" / "憑證.csv").write_text(SHEET + row, encoding="utf-8")
    import_files(folder)
    return folder


# --- e-invoices ----------------------------------------------------------------------------------------


def _ours(xml: str) -> str:
    """The message with this case's parties and item."""
    return (
        xml.replace("12345675", SELLER)
        .replace("精密機械股份有限公司", SELLER_NAME)
        .replace("04595257", UBN)
        .replace("主軸冷卻模組", ITEM)
    )


def _xml(root: str, code: str, body: str, version: str = "4.1") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{_ours(mig.message(root, code, body, version))}\n'.encode()
    )


def _numbered(number: str) -> str:
    return mig.INVOICE.replace("AB12345678", number)


def _end(verb: str, what: str, number: str, of: str) -> str:
    return (
        f"<{verb}{what}Number>{number}</{verb}{what}Number><{what}Date>{of}</{what}Date><BuyerId>{UBN}</BuyerId>"
        f"<SellerId>{SELLER}</SellerId><{verb}Date>20230725</{verb}Date><{verb}Time>10:00:00</{verb}Time>"
        f"<{verb}Reason>重開</{verb}Reason>"
    )


def _allowance(root_main: str) -> str:
    return (
        f"{root_main}<Details>{mig.original(BOOKED, 4500, 225)}</Details>"
        "<Amount><TaxAmount>225</TaxAmount><TotalAmount>4500</TotalAmount></Amount>"
    )


def _messages() -> list[Document]:
    invoices = {
        code: _xml("Invoice", code, _numbered(f"AB2000000{place}"), version)
        for place, (code, version) in enumerate(
            [("A0101", "3.1"), ("A0401", "3.2"), ("C0401", "3.2"), ("F0401", "4.1")]
        )
    }
    consumer = mig.MAIN + mig.details("105") + mig.totals("105", "0", "105")
    taking_back = {
        "A0201": ("CancelInvoice", _end("Cancel", "Invoice", BOOKED, "20230710")),
        "A0301": ("RejectInvoice", _end("Reject", "Invoice", BOOKED, "20230710")),
        "A0501": ("CancelInvoice", _end("Cancel", "Invoice", BOOKED, "20230710")),
        "A0601": ("RejectInvoice", _end("Reject", "Invoice", BOOKED, "20230710")),
        "C0501": ("CancelInvoice", _end("Cancel", "Invoice", BOOKED, "20230710")),
        "C0701": ("VoidInvoice", _end("Void", "Invoice", BOOKED, "20230710")),
        "F0501": ("CancelInvoice", _end("Cancel", "Invoice", BOOKED, "20230710")),
        "F0701": ("VoidInvoice", _end("Void", "Invoice", BOOKED, "20230710")),
    }
    credits_ = {
        code: ("Allowance", _allowance(mig.ALLOWANCE_MAIN))
        for code in ("B0101", "B0401", "D0401", "G0401", "S0401")
    }
    # of a credit note that is not booked: nothing is taken back
    ended = {
        code: (f"{verb}Allowance", _end(verb, "Allowance", "AL009", "20230720"))
        for code, verb in (
            ("B0201", "Cancel"), ("B0501", "Cancel"), ("D0501", "Cancel"), ("G0501", "Cancel"), ("G0701", "Void"),
            ("S0501", "Cancel"),
        )
    }  # fmt: skip
    confirmed = {
        "A0102": ("InvoiceConfirm", f"<InvoiceNumber>{BOOKED}</InvoiceNumber>"),
        "B0102": ("AllowanceConfirm", "<AllowanceNumber>AL001</AllowanceNumber>"),
    }
    flat = mig.FLAT_MAIN + mig.details() + mig.totals()
    whole = mig.FLAT_MAIN + mig.details("20000") + mig.totals("20000", "1000", "21000")
    voided = whole.replace("AB12345678", BOOKED).replace("20230712", "20230710")
    flat_credit = mig.FLAT_MAIN.replace("Invoice", "Allowance").replace("AB12345678", "AL001")
    downloaded = {
        "E0502": ("InputInvoice", flat.replace("AB12345678", "AB20000005")),
        "E0502_voided": ("InputInvoice", f"{voided}<Void/>"),
        "E0503": ("InputAllowance", _allowance(flat_credit)),
    }
    pair = [mig.message("Invoice", "F0401", _numbered(number)) for number in ("AB20000006", "AB20000007")]
    receipt = mig.INVOICE.replace("AB12345678", "A12345678")
    return [
        *(Document(f"{code}.xml", "vouchers", content) for code, content in invoices.items()),
        Document("F0401_consumer.xml", "vouchers", _xml("Invoice", "F0401", consumer)),
        *(
            Document(f"{name}.xml", "vouchers", _xml(root, name[:5], body))
            for name, (root, body) in {**taking_back, **credits_, **ended, **confirmed, **downloaded}.items()
        ),
        Document("InvoiceEnvelope.xml", "vouchers", _ours(mig.envelope(2, *pair)).encode()),
        Document("R0401.xml", "vouchers", _xml("Receipt", "R0401", receipt, "1.0")),
        Document(
            "R0501.xml",
            "vouchers",
            _xml("CancelReceipt", "R0501", _end("Cancel", "Invoice", "A1", "20230712"), "1.0"),
        ),
    ]


# --- downloads, texts, sheets --------------------------------------------------------------------------


def _downloads() -> list[Document]:
    ours = {"買方統一編號": UBN, "賣方統一編號": SELLER, "賣方名稱": SELLER_NAME}
    rows = [
        platform.INVOICE | ours | {"發票號碼": "AB30000001"},
        platform.INVOICE
        | ours
        | {"發票號碼": BOOKED, "發票日期": "2023-07-10 09:00:00", "發票狀態": "作廢已確認"},
        platform.INVOICE | {"買方統一編號": UBN, "賣方統一編號": "70000033", "發票號碼": "CD30000002"},
    ]
    items = [
        platform.ITEM | {"發票號碼": row["發票號碼"], "發票日期": row["發票日期"], "品名": ITEM}
        for row in rows[:2]
    ]
    items.append(platform.ITEM | {"發票號碼": "CD30000002", "品名": "便當"})
    credit = platform.ALLOWANCE | {
        "發票號碼": BOOKED,
        "賣方統一編號": SELLER,
        "買方統一編號": UBN,
        "品項名稱": ITEM,
    }
    return [
        Document(
            f"{UBN}_IN_20230801.xlsx",
            "vouchers",
            platform.workbook((platform.HEADER, rows), (platform.ITEM_HEADER, items)),
        ),
        Document("allowances.xlsx", "vouchers", platform.workbook((platform.ALLOWANCE_HEADER, [credit]))),
    ]


def _texts() -> list[Document]:
    mail = (
        carriers.HEAD
        + f"M|手機條碼|/AB12C.+|20230720|{SELLER}|{SELLER_NAME}|GG40000001|525|開立|\r\nD|GG40000001|525|{ITEM}|\r\n"
        + "M|手機條碼|/AB12C.+|20230721|70000033|停車場|GG40000002|50|開立|\r\nD|GG40000002|50|停車\r\n二小時|\r\n"
    )
    cloud = carriers.CLOUD_HEAD + carriers.cloud_row("GG40000003", 300, 300, f"{ITEM},大").replace(
        "12345675", SELLER
    )
    media = [
        vat.line(buyer=UBN, seller=SELLER, number=BOOKED, net=20000, tax=1000),
        vat.line(buyer=UBN, seller=SELLER, number="AB20000099", net=500, tax=25),
        vat.line("23", buyer=UBN, seller=SELLER, number=BOOKED, net=4500, tax=225),
    ]
    left = f"AB500000011120715{'1234'}{10000:08X}{10500:08X}{UBN}{SELLER}{'A' * 24}:**********:1:1:1:{ITEM}:2:5000"
    return [
        Document("carrier.csv", "vouchers", mail.encode("utf-8-sig")),
        Document("cloud.csv", "vouchers", (cloud + carriers.CLOUD_FOOT).encode("utf-8-sig")),
        Document(f"{UBN}.TXT", "vouchers", "\r\n".join([*media, ""]).encode("ascii")),
        Document("qr.txt", "vouchers", left.encode()),
    ]


_VOUCHER_ROWS: list[list[str | int]] = [
    [
        "2023-07-12",
        "收據",
        "收001",
        SELLER,
        SELLER_NAME,
        ITEM,
        2,
        "個",
        3000,
        0,
        "",
        "2023-07-20",
        "現金",
        "",
    ],
    [
        "2023-07-13",
        "統一發票",
        "AB60000001",
        SELLER,
        SELLER_NAME,
        ITEM,
        1,
        "個",
        1000,
        50,
        "",
        "",
        "匯款",
        "",
    ],
    [
        "2023-07-13",
        "統一發票",
        "AB60000001",
        SELLER,
        SELLER_NAME,
        "高效率集塵設備",
        1,
        "台",
        9000,
        450,
        "",
        "",
        "匯款",
        "",
    ],
    ["2023-07-14", "領料單", "領001", "", "本公司", "路邊買的", 1, "個", 10, 0, "", "", "", ""],
]
_PAYROLL_ROWS: list[list[str | int]] = [
    ["2023-07", "郭冠宇", "計畫主持人", 60000, 80, 160, 30000, "2023-08-05"]
]


def _sheets() -> list[Document]:
    forms: tuple[tuple[FormKind, list[list[str | int]]], ...] = (
        ("vouchers", _VOUCHER_ROWS),
        ("payroll", _PAYROLL_ROWS),
    )
    return [
        Document(f"{kind}.{suffix}", "vouchers", functools.partial(_filled, kind, rows, suffix))
        for kind, rows in forms
        for suffix in ("csv", "xlsx", "ods")
    ]


def _filled(kind: FormKind, rows: list[list[str | int]], suffix: str) -> bytes:
    """A form as a company fills it in."""
    with tempfile.TemporaryDirectory() as name:
        path, form = Path(name) / f"{kind}.{suffix}", Path(name) / "form.xlsx"
        if suffix == "csv":
            write_form(kind, path)
            return path.read_bytes() + "".join(",".join(map(str, row)) + "\r\n" for row in rows).encode()
        write_form(kind, form)
        book = openpyxl.load_workbook(form)
        for number, row in enumerate(rows, 3):
            for column, value in enumerate(row, 1):
                book.worksheets[0].cell(number, column, value)
        if suffix == "ods":
            write_ods(book, path)
        else:
            book.save(path)
        return path.read_bytes()


# --- statements ----------------------------------------------------------------------------------------


def _lines() -> list[BankLine]:
    """A grant, the company's own money, a payment, interest, a fee, and what nobody knows."""
    said = (
        (3, 450_000, "匯入款", "補助款"),
        (5, 9_000, "轉帳存入", "自籌款"),
        (20, -21_000, "轉帳支出", BOOKED),
        (21, 12, "利息存入", "活存利息"),
        (25, -15, "手續費", "手續費"),
        (26, -777, "轉帳支出", "三月租金"),
    )
    balance, lines = 0, []
    for day, amount, text, memo in said:
        balance += amount
        lines.append(BankLine(datetime.date(2023, 7, day), amount, balance, "09:10:00", text, memo, ""))
    return lines


def _printed(place: int) -> bytes:
    """A statement that is a PDF; what draws it takes its time to load."""
    from tests.importers.bank.pdf.pdfs import PDF_MAKERS  # noqa: PLC0415

    return PDF_MAKERS[place].make(_lines())


def _statements() -> list[Document]:
    of_banks = [
        Document(_named(maker.name, maker.file), "dedicated", functools.partial(maker.make, _lines()))
        for maker in EVERY
    ]
    printed = [
        Document(f"007_ruled_{DEDICATED}.pdf", "dedicated", functools.partial(_printed, 0)),
        Document(f"006_words_{DEDICATED}.pdf", "dedicated", functools.partial(_printed, -1)),
    ]
    own = (
        f"帳號,{OWN}\n日期,摘要,支出,存入,餘額,備註\n2023/07/20,匯款,21000,,79000,{SELLER_NAME}\n"
        "2023/07/21,電費,3000,,76000,\n2023/07/22,繳庫,12,,75988,國庫 專戶孳息\n"
    )
    return [*of_banks, *printed, Document("company.csv", "company", own.encode())]


def _named(bank: str, file: str) -> str:
    """The file's name, with the account for exports that do not tell it."""
    code = bank[:3] if bank[0].isdigit() else "any"
    return f"{code}_{Path(file).stem}_{DEDICATED}{Path(file).suffix}"


def documents() -> list[Document]:
    """Every document."""
    return [*_messages(), *_downloads(), *_texts(), *_sheets(), *_statements()]
