"""Faults of the folder that the books lie in: what may not be opened, and originals that are no longer what was filed."""

from __future__ import annotations

import dataclasses
import hashlib

from tests.recall.ground import Ground
from tests.recall.planting import Found
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

SUMS = "documents/SHA256SUMS"
PAPER = "Liabilities/1應付帳款/2023-07-12.憑證登記表.csv"


def _folder(ground: Ground, *files: tuple[str, str], finds: int = 0) -> Planted:
    """Books whose vouchers all have their paper, in a folder with these files beside them."""
    books = ground.books()
    case = books.case()
    papers = frozenset(name for voucher in case.vouchers for name in voucher.documents)
    found: tuple[Found, ...] = ((str(case.as_of), None),) * finds
    return Planted(books, found, papers=papers, files=files)


# --- books-unsafe --------------------------------------------------------------------------------------


@plant("books-unsafe")
def plugin_of_the_company(ground: Ground) -> Planted:
    return _folder(ground, ("main.beancount", 'plugin "company_plugin"\n'), finds=1)


@plant("books-unsafe")
def program_beside_the_books(ground: Ground) -> Planted:
    return _folder(ground, ("books/helper.py", "print()\n"), finds=1)


@plant("books-unsafe")
def folder_named_as_the_auditors_package(ground: Ground) -> Planted:
    return _folder(ground, ("Audit/readme.txt", "x\n"), finds=1)


@plant("books-unsafe")
def include_of_a_sibling_folder(ground: Ground) -> Planted:
    return _folder(ground, ("main.beancount", '\ninclude "../other/*.beancount"\n'), finds=1)


@near_miss("books-unsafe")
def plugin_in_a_comment(ground: Ground) -> Planted:
    return _folder(ground, ("main.beancount", '; plugin "company_plugin"\nplugin "checks"\n'))


@near_miss("books-unsafe")
def program_among_the_documents(ground: Ground) -> Planted:
    return _folder(ground, ("documents/firmware/loader.py", "print()\n"), ("inbox/x.so", "x"))


@near_miss("books-unsafe")
def harmless_plugin_of_beancount(ground: Ground) -> Planted:
    return _folder(ground, ("main.beancount", 'plugin "beancount.plugins.noduplicates"\n'))


# --- document-changed ----------------------------------------------------------------------------------


def _line(content: str, name: str = PAPER) -> str:
    return f"{hashlib.sha256(content.encode()).hexdigest()}  {name}\n"


@plant("document-changed")
def paper_put_in_place_of_another(ground: Ground) -> Planted:
    return _folder(ground, (SUMS, _line("the paper")), (f"documents/{PAPER}", "another"), finds=1)


@plant("document-changed")
def paper_that_is_gone(ground: Ground) -> Planted:
    return _folder(ground, (SUMS, _line("the paper")), finds=1)


@plant("document-changed")
def line_of_the_list_that_was_cut(ground: Ground) -> Planted:
    return _folder(ground, (SUMS, _line("the paper")[9:]), (f"documents/{PAPER}", "the paper"), finds=1)


@near_miss("document-changed")
def paper_as_it_was_filed(ground: Ground) -> Planted:
    return _folder(ground, (SUMS, _line("the paper")), (f"documents/{PAPER}", "the paper"))


@near_miss("document-changed")
def paper_put_there_by_hand(ground: Ground) -> Planted:
    other = "Liabilities/1應付帳款/2023-07-13.憑證登記表.csv"
    return _folder(ground, (SUMS, _line("a")), (f"documents/{PAPER}", "a"), (f"documents/{other}", "b"))


@near_miss("document-changed")
def paper_listed_twice(ground: Ground) -> Planted:
    return _folder(ground, (SUMS, _line("the paper") * 2 + "\n"), (f"documents/{PAPER}", "the paper"))


# --- original-unbooked ---------------------------------------------------------------------------------

MESSAGE = "<Invoice><InvoiceNumber>{number}</InvoiceNumber></Invoice>"
LOST = "ZX98765432"


def _original(ground: Ground, name: str, content: str, number: str = "", *more: tuple[str, str]) -> Planted:
    """A folder with one original that was filed; with `number` that is what is found of it."""
    planted = _folder(ground, (SUMS, _line(content, name)), (f"documents/{name}", content), *more)
    return dataclasses.replace(planted, finds=((number, None),) if number else ())


@plant("original-unbooked")
def message_of_a_voucher_that_is_not_booked(ground: Ground) -> Planted:
    return _original(ground, "Liabilities/1應付帳款/2023-07-12.A0401.xml", MESSAGE.format(number=LOST), LOST)


@plant("original-unbooked")
def scan_named_by_a_number_that_is_not_booked(ground: Ground) -> Planted:
    return _original(ground, f"Liabilities/1應付帳款/2023-07-12.{LOST}-2.pdf", "scan", LOST)


@plant("original-unbooked")
def picture_of_a_receipt_that_is_not_booked(ground: Ground) -> Planted:
    return _original(ground, "Liabilities/1應付帳款/2023-07-12.R77-0031.jpg", "scan", "R77-0031")


@plant("original-unbooked")
def voucher_lost_while_its_payment_stayed(ground: Ground) -> Planted:
    planted = _original(ground, "Liabilities/1應付帳款/2023-07-12.x.xml", MESSAGE.format(number=LOST), LOST)
    day = ground.start
    entry = (
        f'{day} * "樣本行" "付款" ^{LOST}\n  Liabilities:1應付帳款  100 TWD\n  Equity:1業者投入  -100 TWD\n'
        f'\n{day} * "樣本行" "退回" ^{LOST}\n  Equity:1業者投入  100 TWD\n  Liabilities:1應付帳款  -100 TWD\n'
    )
    books = planted.books.add(entry)
    return dataclasses.replace(planted, books=books, also=frozenset({"closed-month-changed"}))


@near_miss("original-unbooked")
def message_of_a_voucher_booked_by_another_route(ground: Ground) -> Planted:
    number = next(voucher.number for voucher in ground.books().case().vouchers if voucher.kind == "invoice")
    return _original(ground, "Liabilities/1應付帳款/2023-07-12.x.xml", MESSAGE.format(number=number))


@near_miss("original-unbooked")
def message_that_waits(ground: Ground) -> Planted:
    waits = ("pending.jsonl", f'{{"kind": "void", "number": "{LOST}"}}\n')
    return _original(ground, "Liabilities/1應付帳款/2023-07-12.x.xml", MESSAGE.format(number=LOST), "", waits)


@near_miss("original-unbooked")
def download_of_which_nothing_was_taken(ground: Ground) -> Planted:
    return _original(ground, "Liabilities/1應付帳款/2023-07-12.下載.csv", f"{LOST},100")


@near_miss("original-unbooked")
def statement_with_nothing_new(ground: Ground) -> Planted:
    return _original(ground, "Assets/1專戶/1政府補助款/2023-07-31.對帳單.pdf", LOST)
