"""The vouchers themselves."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ledger.case.papers.documents import CaseDocuments
from tests.checks.builder import Books
from tests.checks.pieces.voucher import INVOICE
from tests.checks.pieces.voucher import PAID
from tests.checks.pieces.voucher import VOID
from tests.checks.pieces.voucher import invoice

RETURNED = """
2023-09-10 * "益瀚電機有限公司" "退款" ^GH00000001
  Liabilities:1應付帳款  -10500 TWD
  Equity:1業者投入        10500 TWD
"""


def test_document_missing_when_none_is_named(books: Books) -> None:
    assert books.found("document-missing") == []
    planted = books.add(invoice(document=""))
    assert planted.found("document-missing") == [("GH00000001", 10_000)]
    assert [finding.severity for finding in planted.findings("document-missing")] == ["warning"]


def test_document_missing_when_no_file_is_there(books: Books, papers: Path) -> None:
    planted = dataclasses.replace(books.add(INVOICE), folder=papers)
    assert planted.found("document-missing") == [("GH00000001", 10_000)]
    (papers / "documents" / "2023").mkdir()
    (papers / "documents" / "2023" / "x.pdf").write_bytes(b"%PDF")
    assert planted.found("document-missing") == []


def test_document_by_its_path_inside_the_case_only(
    books: Books, papers: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "x.pdf"
    other.write_bytes(b"%PDF")
    planted = dataclasses.replace(books, folder=papers)
    assert (
        planted.add(invoice(document='"documents/2023-06-12.AB12345678.pdf"')).found("document-missing") == []
    )
    assert len(planted.add(invoice(document=f'"{other}"')).found("document-missing")) == 1


def test_payroll_and_reversals_have_their_source(books: Books) -> None:
    assert books.plant('  source: "薪資清冊_11206.csv"\n', "").found("document-missing") == [("p1", 22_000)]
    assert books.add(INVOICE + VOID).found("document-missing") == [("GH00000001", -10_000)]
    sourced = VOID.replace("  net:", '  source: "C0501.xml"\n  net:')
    assert books.add(INVOICE + sourced).found("document-missing") == []


@pytest.mark.parametrize("number", ["GH0000001", "gh00000001", "GH000000012", "G100000001"])
def test_invoice_number_invalid(books: Books, number: str) -> None:
    assert books.add(invoice(number=f'"{number}"')).found("invoice-number-invalid") == [(number, 10_000)]


@pytest.mark.parametrize("changes", [{}, {"voucher": '"receipt"', "number": '"收1120820001"'}])
def test_invoice_number_valid(books: Books, changes: dict[str, str]) -> None:
    assert books.add(invoice(**changes)).found("invoice-number-invalid") == []


@pytest.mark.parametrize("seller", ["34247622", "3424762", "00000000"])
def test_seller_id_invalid(books: Books, seller: str) -> None:
    (finding,) = books.add(invoice(seller=f'"{seller}"')).findings("seller-id-invalid")
    assert (finding.voucher, finding.severity) == ("GH00000001", "warning")


@pytest.mark.parametrize("changes", [{}, {"seller": ""}, {"seller": '"1"', "voucher": '"import"'}])
def test_seller_id_not_judged(books: Books, changes: dict[str, str]) -> None:
    assert books.add(invoice(**changes)).found("seller-id-invalid") == []


def test_the_seller_of_a_receipt_is_judged_too(books: Books) -> None:
    receipt = invoice(voucher='"receipt"', number='"收1"', seller='"34247622"')
    assert books.add(receipt).found("seller-id-invalid") == [("收1", None)]


@pytest.mark.parametrize("buyer", ["22099131", "0000000000", "11688528"])
def test_buyer_mismatch(books: Books, buyer: str) -> None:
    assert books.add(invoice(buyer=f'"{buyer}"')).found("buyer-mismatch") == [("GH00000001", 10_000)]


@pytest.mark.parametrize("changes", [{}, {"buyer": ""}, {"buyer": '"22099131"', "voucher": '"receipt"'}])
def test_buyer_not_judged(books: Books, changes: dict[str, str]) -> None:
    assert books.add(invoice(**changes)).found("buyer-mismatch") == []


def test_a_partner_may_be_the_buyer(books: Books) -> None:
    partner = """
        2023-06-01 custom "grant-partner" "62494123"
          name: "昱峻氣動企業有限公司"
    """
    assert books.add(partner).add(invoice(buyer='"62494123"')).found("buyer-mismatch") == []


def test_duplicate_invoice_within_its_period(books: Books) -> None:
    again = (
        INVOICE.replace("2023-08-20 *", "2023-09-02 *")
        .replace("10000 TWD", "9000 TWD")
        .replace("-10500", "-9500")
    )
    planted = books.add(INVOICE + again.replace("net: 9000", "net: 9000").replace('"34247621"', '"40953019"'))
    (finding,) = planted.findings("voucher-duplicate")  # whoever the seller is said to be
    assert (finding.voucher, finding.amount, str(finding.date)) == ("GH00000001", 9000, "2023-09-02")


def test_invoice_numbers_come_again_after_their_period(books: Books) -> None:
    later = INVOICE.replace("2023-08-20", "2023-09-20")
    assert books.add(INVOICE + later.replace("34247621", "40953019")).found("voucher-duplicate") == []
    more = later.replace("10000 TWD", "9000 TWD").replace("-10500", "-9500")
    assert books.add(INVOICE + more).found("voucher-duplicate") == []


def test_the_same_seller_number_and_amount_under_a_mistyped_date(books: Books) -> None:
    later = INVOICE.replace("2023-08-20", "2023-09-20")
    assert books.add(INVOICE + later).found("voucher-duplicate") == [("GH00000001", 10_000)]


def test_an_invoice_entered_again_as_a_receipt(books: Books) -> None:
    again = INVOICE.replace('"invoice"', '"receipt"').replace("2023-08-20 *", "2023-09-02 *")
    assert books.add(INVOICE + again).found("voucher-duplicate") == [("GH00000001", 10_000)]


def test_a_receipt_entered_again_without_the_sellers_number(books: Books) -> None:
    one = invoice(voucher='"receipt"', number='"收1"')
    again = invoice(voucher='"receipt"', number='"收 1"', seller="").replace(
        '"益瀚電機有限公司"', '"益瀚電機 有限公司"'
    )
    assert books.add(one + again).found("voucher-duplicate") == [("收 1", 10_000)]
    other = again.replace("益瀚電機 有限公司", "精密機械股份有限公司")
    assert books.add(one + other).found("voucher-duplicate") == []


def test_duplicate_receipt_of_one_seller(books: Books) -> None:
    one = invoice(voucher='"receipt"', number='"收1"')
    later = one.replace("2023-08-20", "2023-09-20")
    assert books.add(one + later).found("voucher-duplicate") == [("收1", 10_000)]
    assert books.add(one + later.replace("34247621", "40953019")).found("voucher-duplicate") == []


def test_reversals_are_no_duplicates(books: Books) -> None:
    assert books.add(INVOICE + VOID).found("voucher-duplicate") == []
    allowance = VOID.replace('"void"', '"allowance"').replace('  reverses: "GH00000001"\n', "")
    assert books.add(INVOICE + allowance).found("voucher-duplicate") == []


def test_a_voucher_reversed_and_booked_anew_is_no_duplicate(books: Books) -> None:
    correction = VOID.replace('"void"', '"invoice"')
    anew = INVOICE.replace("2023-08-20 *", "2023-09-02 *")
    assert books.add(INVOICE + correction + anew).found("voucher-duplicate") == []
    assert books.add(INVOICE + correction + anew + anew).found("voucher-duplicate") != []


def test_a_voucher_reversed_in_parts_and_booked_anew_is_no_duplicate(books: Books) -> None:
    half = VOID.replace('"void"', '"allowance"').replace("0000 TWD", "000 TWD").replace("-1000 ", "-5000 ")
    half = half.replace("-500 TWD", "-250 TWD").replace("10500", "5250")
    anew = INVOICE.replace("2023-08-20 *", "2023-09-02 *")
    assert books.add(INVOICE + half + half + anew).found("voucher-duplicate") == []
    assert books.add(INVOICE + half + anew).found("voucher-duplicate") == [("GH00000001", 10_000)]


def test_a_voucher_booked_anew_hides_no_other_booked_twice(books: Books) -> None:
    anew = INVOICE.replace("2023-08-20 *", "2023-09-02 *")
    twice = INVOICE.replace("GH00000001", "GH00000003") * 2
    assert books.add(INVOICE + VOID + anew + twice).found("voucher-duplicate") == [("GH00000003", 10_000)]


def test_a_voucher_booked_anew_under_the_same_number_written_otherwise(books: Books) -> None:
    one = invoice(voucher='"receipt"', number='"收1"')
    void = VOID.replace('"GH00000001"', '"收1"')
    anew = invoice(voucher='"receipt"', number='"收 1"').replace("2023-08-20 *", "2023-09-02 *")
    assert books.add(one + anew).found("voucher-duplicate") == [("收 1", 10_000)]
    assert books.add(one + void + anew).found("voucher-duplicate") == []


def test_a_negative_entry_that_takes_back_nothing_by_name_is_booked_twice(books: Books) -> None:
    negative = VOID.replace('"void"', '"invoice"').replace('  reverses: "GH00000001"\n', "")
    negative = negative.replace("2023-09-01", "2023-08-25")
    assert books.add(INVOICE + negative).found("voucher-duplicate") == [("GH00000001", -10_000)]


@pytest.mark.parametrize(("number", "again"), [("A1", "A 1"), ("A1", "Ａ１"), ("A-1", "Ａ－１")])
def test_one_number_in_wide_letters_or_with_blanks_is_one(books: Books, number: str, again: str) -> None:
    one, other = (invoice(voucher='"receipt"', number=f'"{name}"') for name in (number, again))
    assert books.add(one + other).found("voucher-duplicate") == [(again, 10_000)]


def test_vouchers_without_number_are_no_duplicates(books: Books) -> None:
    none = invoice(number="").replace("^GH00000001", "")
    assert books.add(none + none).found("voucher-duplicate") == []


def test_voucher_voided_but_not_reversed(books: Books) -> None:
    marked = INVOICE.replace("  item:", "  voided: TRUE\n  item:")
    (finding,) = books.add(marked).findings("voucher-voided")
    assert (finding.voucher, finding.amount, finding.severity) == ("GH00000001", 10_000, "error")
    half = VOID.replace("10000 TWD", "5000 TWD").replace("費  -10000", "費  -5000").replace("10500", "5500")
    assert books.add(INVOICE + half).found("voucher-voided") == [("GH00000001", 5000)]


def test_voucher_voided_and_paid(books: Books) -> None:
    (finding,) = books.add(INVOICE + VOID + PAID).findings("voucher-voided")
    assert (finding.voucher, finding.amount, finding.severity) == ("GH00000001", 10_500, "error")


@pytest.mark.parametrize("money", ["", PAID + RETURNED])
def test_voucher_voided_and_all_undone(books: Books, money: str) -> None:
    (finding,) = books.add(INVOICE + VOID + money).findings("voucher-voided")
    assert (finding.voucher, finding.severity) == ("GH00000001", "warning")


def test_an_allowance_voids_nothing(books: Books) -> None:
    assert books.add(INVOICE + VOID.replace('"void"', '"allowance"')).found("voucher-voided") == []


def test_self_dealing(books: Books) -> None:
    assert books.add(invoice(seller='"11688527"')).found("self-dealing") == [("GH00000001", 10_000)]
    named = INVOICE.replace('"益瀚電機有限公司"', '"川益電機企業 股份有限公司"')
    assert books.add(named).found("self-dealing") == [("GH00000001", 10_000)]


@pytest.mark.parametrize(
    ("name", "own"),
    [("川益電機企業股份有限公司彰濱分公司", True), ("川益電機企業股份有限公司彰濱經銷商", False)],
)
def test_self_dealing_with_a_branch(books: Books, name: str, own: bool) -> None:
    found = books.add(INVOICE.replace("益瀚電機有限公司", name)).found("self-dealing")
    assert found == ([("GH00000001", 10_000)] if own else [])


def test_self_dealing_with_a_partner(books: Books) -> None:
    partner = """
        2023-06-01 custom "grant-partner" "34247621"
          name: "益瀚電機有限公司"
    """
    assert ("GH00000001", 10_000) in books.add(partner).add(INVOICE).found("self-dealing")


def test_a_seller_without_a_name_is_no_partner_without_one(books: Books) -> None:
    partner = """
        2023-06-01 custom "grant-partner" "12345675"
          name: ""
    """
    nameless = INVOICE.replace('"益瀚電機有限公司" ', "")
    assert books.add(partner).add(nameless).found("self-dealing") == []


@pytest.mark.parametrize("kind", ["requisition", "payroll", "travel"])
def test_own_papers_bear_ones_own_name(books: Books, kind: str) -> None:
    assert books.add(invoice(seller='"11688527"', voucher=f'"{kind}"')).found("self-dealing") == []
    assert (
        books.add(INVOICE.replace("益瀚電機有限公司", "川益電機實業股份有限公司")).found("self-dealing") == []
    )


def test_a_name_that_no_file_system_can_hold_is_a_missing_paper(tmp_path: Path) -> None:
    assert not CaseDocuments(tmp_path).has("長" * 400 + ".pdf")
    assert not CaseDocuments(tmp_path).has("a\0b.pdf")


def test_a_voucher_that_took_up_a_freed_number_is_no_voided_one(books: Books) -> None:
    """註銷 (F0701) frees the number: the first voucher and its void are gone, the second stands."""

    def entry(
        net: int, import_id: str, kind: str = "invoice", more: str = "", narration: str = "感測器模組"
    ) -> str:
        return f"""
2023-08-20 * "益瀚電機有限公司" "{narration}" ^GH00000001
  voucher: "{kind}"
  number: "GH00000001"
  net: {net} TWD
  item: "感測器模組"
  import-id: "{import_id}"
{more}  Expenses:2業者自籌款:01消耗性器材及原材料費   {net} TWD
  Liabilities:1應付帳款   {-net} TWD
"""

    first, own = entry(10_000, "invoice:11208:GH00000001"), "void:invoice:11208:GH00000001"
    says = '  reverses: "GH00000001"\n'
    void = entry(-10_000, own, "void", says + '  event: "void"\n')
    again = entry(12_000, "invoice:11208:GH00000001 (2)")
    assert books.add(first + void + again).found("voucher-voided") == []
    of_old_books = entry(-10_000, own, "void", says, "註銷 GH00000001")
    assert books.add(first + of_old_books + again).found("voucher-voided") == []
    cancelled = entry(-10_000, own, "void", says + '  event: "cancel"\n')
    assert books.add(first + cancelled + again).found("voucher-voided") == [("GH00000001", 12_000)]
    (alone,) = books.add(first + void).findings("voucher-voided")
    assert alone.severity == "warning"
    second_too = entry(-12_000, own + " (2)", "void", says + '  event: "void"\n')
    (gone,) = books.add(first + void + again + second_too).findings("voucher-voided")
    assert gone.severity == "warning"
