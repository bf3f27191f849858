"""The papers of a purchase on their days, and what is odd about their order."""

from __future__ import annotations

from audit.pages.chronology import chronology
from tests.audit.conftest import Look
from tests.audit.house import BOOKS

ORDER = """
2023-06-05 custom "grant-evidence" "purchase-order" "documents/po.pdf"
  voucher: "AB12345678"
2023-06-20 custom "grant-evidence" "acceptance-report" "documents/acc.pdf"
  voucher: "AB12345678"
"""


def told(
    look: Look, extra: str = "", books: str = BOOKS, number: str = "AB12345678"
) -> list[tuple[str, str, str]]:
    view = look(extra, books=books)
    voucher = view.vouchers[view.keys_numbered(number)[0]].voucher
    return [(event.stage, str(event.date), event.doubt) for event in chronology(view, voucher)]


def test_the_papers_stand_in_the_order_of_their_days(look: Look) -> None:
    found = told(look, ORDER)
    assert [stage for stage, _day, _doubt in found][:2] == ["order", "invoice"]
    assert ("acceptance", "2023-06-20", "") in found
    assert [day for _stage, day, _doubt in found] == sorted(day for _stage, day, _doubt in found)


def test_an_order_after_the_invoice_and_a_payment_before_the_acceptance_are_odd(look: Look) -> None:
    late = ORDER.replace("2023-06-05", "2023-07-01").replace("2023-06-20", "2023-10-20")
    found = {(stage, doubt) for stage, _day, doubt in told(look, late)}
    assert ("order", "晚於憑證日期") in found
    assert ("payment", "早於驗收") in found
    assert not any(doubt for stage, _day, doubt in told(look, ORDER) if stage == "order")


def test_a_paper_is_told_by_its_name_and_day(look: Look) -> None:
    document = '  document: "2023-06-12.AB12345678.pdf"\n'
    books = BOOKS.replace(document, document + '  document-2: "2023-06-01.報價單_精密機械.pdf"\n')
    assert books != BOOKS
    assert ("quotation", "2023-06-01", "") in told(look, books=books)
    bad = books.replace("2023-06-01.報價單", "2023-13-99.報價單")
    assert "quotation" not in {stage for stage, _day, _doubt in told(look, books=bad)}


def test_an_invoice_alone_is_no_chronology(look: Look) -> None:
    extra = """
2023-09-20 * "益瀚電機有限公司" "感測器模組" ^ZZ10000001
  voucher: "invoice"
  number: "ZZ10000001"
  voucher-date: 2023-09-19
  seller: "34247621"
  net: 100 TWD
  tax: 5 TWD
  item: "感測器模組"
  Expenses:9不予認列:01消耗性器材及原材料費   100 TWD
  Assets:2進項稅額                              5 TWD
  Liabilities:1應付帳款                       -105 TWD
"""
    assert told(look, extra, number="ZZ10000001") == []
