"""E-invoice messages of one supplier and rows of the register, as texts, and a small case that takes them."""

from __future__ import annotations

from pathlib import Path

from importers.ingest import import_files
from importers.report import Report
from ledger.case.case import Case
from ledger.files.award_file import parse_award
from ledger.files.pending import read_pending
from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.operations.new_case import new_case
from tests.importers.classification.sheets import HEAD
from tests.importers.makers import UBN
from tests.importers.makers import tables

SELLER, SELLER_NAME = "27715140", "晟鑫科技企業有限公司"
ROWS = "發票號碼,發票日期,發票狀態,賣方統一編號,賣方名稱,買方統一編號,買方名稱,課稅別,銷售額合計,營業稅,總計,買受人註記\n"


def xml(number: str, net: int, day: str = "20230712", item: str = "高效率軸承", seller: str = SELLER) -> str:
    return (
        f'<Invoice xmlns="urn:GEINV:eInvoiceMessage:F0401:4.1"><Main><InvoiceNumber>{number}</InvoiceNumber>'
        f"<InvoiceDate>{day}</InvoiceDate><Seller><Identifier>{seller}</Identifier><Name>{SELLER_NAME}</Name></Seller>"
        f"<Buyer><Identifier>{UBN}</Identifier><Name>信沛模具有限公司</Name></Buyer></Main><Details><ProductItem>"
        f"<Description>{item}</Description><Quantity>1</Quantity><UnitPrice>{net}</UnitPrice><Amount>{net}</Amount>"
        f"</ProductItem></Details><Amount><SalesAmount>{net}</SalesAmount><TaxType>1</TaxType>"
        f"<TaxAmount>{net // 20}</TaxAmount><TotalAmount>{net + net // 20}</TotalAmount></Amount></Invoice>"
    )


def ending(verb: str, code: str, number: str, day: str, of: str = "20230712", what: str = "Invoice") -> str:
    return (
        f'<{verb}{what} xmlns="urn:GEINV:eInvoiceMessage:{code}:4.1"><{verb}{what}Number>{number}</{verb}{what}Number>'
        f"<{what}Date>{of}</{what}Date><BuyerId>{UBN}</BuyerId><SellerId>{SELLER}</SellerId>"
        f"<{verb}Date>{day}</{verb}Date><{verb}Time>10:00:00</{verb}Time></{verb}{what}>"
    )


def void(number: str, day: str, of: str = "20230712") -> str:
    return ending("Void", "F0701", number, day, of)


def cancel(number: str, day: str, of: str = "20230712") -> str:
    return ending("Cancel", "F0501", number, day, of)


def credit(number: str, of: str, net: int, day: str = "20230804") -> str:
    return (
        f'<Allowance xmlns="urn:GEINV:eInvoiceMessage:G0401:4.1"><Main><AllowanceNumber>{number}</AllowanceNumber>'
        f"<AllowanceDate>{day}</AllowanceDate><Seller><Identifier>{SELLER}</Identifier><Name>{SELLER_NAME}</Name></Seller>"
        f"<Buyer><Identifier>{UBN}</Identifier></Buyer><AllowanceType>2</AllowanceType></Main><Details><ProductItem>"
        f"<OriginalInvoiceDate>20230712</OriginalInvoiceDate><OriginalInvoiceNumber>{of}</OriginalInvoiceNumber>"
        f"<OriginalDescription>高效率軸承</OriginalDescription><Quantity>1</Quantity><UnitPrice>{net}</UnitPrice>"
        f"<Amount>{net}</Amount><Tax>{net // 20}</Tax></ProductItem></Details>"
        f"<Amount><TaxAmount>{net // 20}</TaxAmount><TotalAmount>{net}</TotalAmount></Amount></Allowance>"
    )


def row(
    number: str, net: int, status: str = "開立已確認", seller: str = SELLER_NAME, buyer: str = UBN
) -> str:
    ubn = SELLER if seller == SELLER_NAME else "12345675"
    return (
        f"{number},20230712,{status},{ubn},{seller},{buyer},公司,應稅,{net},{net // 20},{net + net // 20},\n"
    )


def made(folder: Path) -> Path:
    new_case(folder, parse_award(tables(), "award.toml"))
    return folder


def add(folder: Path, **files: str) -> Report:
    """Import files by their names; a trailing word after two underscores is the suffix."""
    for name, text in files.items():
        (folder / "inbox" / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return import_files(folder)


def books(folder: Path) -> Case:
    loaded = load_case(folder)
    assert loaded.errors == []
    return loaded.case


def cost(folder: Path) -> int:
    """The accepted cost of the case."""
    return sum(accepted for accepted, _disallowed in books(folder).cost().values())


def answer(folder: Path, question: str, word: str) -> Report:
    """Answer a question and import what waits."""
    with CaseWriter(folder) as writer:
        store = read_pending(folder)
        store.answer(question, word)
        store.stage(writer)
        writer.commit()
    return import_files(folder)


SHEET = HEAD.rstrip("\n") + "\n"


def sheet(*rows: str) -> str:
    return SHEET + "".join(f"{row}\n" for row in rows)


NOTE = f"2023-08-04,折讓,AB12345678,{SELLER},{SELLER_NAME},高效率軸承,1,台,200,10,,,,"
