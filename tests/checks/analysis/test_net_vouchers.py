"""What was taken back, and what nobody claims, is no matter of a check; what is left of it is."""

from __future__ import annotations

import pytest

from tests.checks.builder import Books
from tests.checks.pieces.voucher import INVOICE
from tests.checks.pieces.voucher import VOID
from tests.checks.pieces.voucher import invoice

FAULTY = {
    "invoice-number-invalid": invoice(number='"GH0000001"').replace("^GH00000001", "^GH0000001"),
    "seller-id-invalid": invoice(seller='"34247622"'),
    "buyer-mismatch": invoice(buyer='"22099131"'),
    "self-dealing": invoice(seller='"11688527"'),
    "voucher-outside-period": invoice(voucher_date="2023-05-31"),
    "document-missing": invoice(document=""),
}
ROLL = "  Expenses:2業者自籌款:05人事費   22000 TWD\n"
UNCLAIMED = "  Expenses:9不予認列:05人事費   22000 TWD\n"


def taken_back(text: str, amount: int) -> str:
    """A correction that takes back so much of the invoice."""
    correction = VOID.replace('"void"', '"invoice"').replace("10000", str(amount)).replace(" -500", " -0")
    correction = correction.replace("10500 TWD", f"{amount} TWD")
    return correction.replace("GH00000001", "GH0000001") if 'GH0000001"' in text else correction


@pytest.mark.parametrize("check", FAULTY)
def test_a_voucher_that_was_taken_back_is_judged_by_what_is_left(books: Books, check: str) -> None:
    text = FAULTY[check]
    number = "GH0000001" if check == "invoice-number-invalid" else "GH00000001"
    amount = None if check == "seller-id-invalid" else 10_000
    assert (number, amount) in books.add(text).found(check)
    assert (number, amount) not in books.add(text + taken_back(text, 10_000)).found(check)
    left = None if amount is None else 6000
    assert (number, left) in books.add(text + taken_back(text, 4000)).found(check)


@pytest.mark.parametrize("check", ["buyer-mismatch", "self-dealing", "voucher-outside-period"])
def test_what_nobody_claims_is_not_judged(books: Books, check: str) -> None:
    unclaimed = FAULTY[check].replace("Expenses:2業者自籌款", "Expenses:9不予認列")
    assert books.add(unclaimed).found(check) == []
    flagged = unclaimed.replace("2023-08-20 *", "2023-08-20 !")  # nobody has decided yet
    outside = check == "voucher-outside-period"
    assert books.add(flagged).found(check) == ([] if outside else [("GH00000001", 0)])


def test_a_second_entry_that_nobody_claims_is_no_duplicate(books: Books) -> None:
    unclaimed = INVOICE.replace("Expenses:2業者自籌款", "Expenses:9不予認列")
    assert books.add(INVOICE + unclaimed).found("voucher-duplicate") == []
    assert books.add(INVOICE + unclaimed.replace("20 *", "20 !")).found("voucher-duplicate") == [
        ("GH00000001", 0)
    ]


NOTE = """
2023-09-12 * "益瀚電機有限公司" "折讓" ^N1
  voucher: "allowance"
  number: "N1"
  reverses: "EF10000001"
  source: "折讓單.csv"
  Expenses:2業者自籌款:01消耗性器材及原材料費  -500 TWD
  Liabilities:1應付帳款                         500 TWD
"""


VOID_OF_NOTE = """
2023-09-13 * "益瀚電機有限公司" "折讓作廢" ^N2
  voucher: "void"
  number: "N2"
  reverses: "N1"
  Expenses:2業者自籌款:01消耗性器材及原材料費   500 TWD
  Liabilities:1應付帳款                        -500 TWD
"""


def test_what_voids_a_credit_note_wants_its_paper_until_it_is_taken_back(books: Books) -> None:
    assert books.add(NOTE + VOID_OF_NOTE).found("document-missing") == [("N2", 500)]
    back = NOTE.replace("N1", "N3").replace("EF10000001", "N2")
    assert books.add(NOTE + VOID_OF_NOTE + back).found("document-missing") == []


def test_the_first_of_two_entries_is_the_one_taken_back(books: Books) -> None:
    wrong = FAULTY["buyer-mismatch"]
    assert books.add(wrong + VOID + INVOICE).found("buyer-mismatch") == []
    assert books.add(INVOICE + VOID + wrong).found("buyer-mismatch") == [("GH00000001", 10_000)]


@pytest.mark.parametrize(
    ("check", "award"),
    [
        ("person-not-planned", ('"grant-person" "王大明"', '"grant-person" "林小華"')),
        ("person-not-insured", ("insured: TRUE", "insured: FALSE")),
    ],
)
def test_pay_that_nobody_claims(books: Books, check: str, award: tuple[str, str]) -> None:
    planted = books.plant(*award)
    assert planted.found(check) == [("p1", 22_000)]
    assert planted.plant(ROLL, UNCLAIMED).found(check) == []


def test_a_month_that_nobody_claims_is_no_month_of_the_plan(books: Books) -> None:
    paid = "".join(
        f"""
2023-0{month}-28 * "王大明" "薪資" ^p{month}
  voucher: "payroll"
  number: "p{month}"
  month: "2023-0{month}"
  person: "王大明"
{ROLL}  Liabilities:1應付帳款          -22000 TWD
"""
        for month in (7, 8)
    )
    planted = books.plant("months: 4", "months: 1.5").add(paid)  # half of June, and July whole
    assert planted.found("person-months-exceeded") == [("p8", 22_000)]
    assert planted.plant(ROLL, UNCLAIMED, 3).found("person-months-exceeded") == []


def test_pay_claimed_too_high_and_corrected_since(books: Books) -> None:
    high = books.plant("net: 22000", "net: 24000").plant(ROLL, ROLL.replace("22000", "24000"))
    high = high.plant("應付帳款          -22000", "應付帳款          -24000")
    assert high.found("payroll-arithmetic") == [("p1", 2000)]
    correction = """
        2023-07-03 * "王大明" "更正" ^p1
          voucher: "payroll"
          number: "p1"
          reverses: "p1"
          Expenses:2業者自籌款:05人事費   -2000 TWD
          Liabilities:1應付帳款            2000 TWD
    """
    assert high.add(correction).found("payroll-arithmetic") == []
    assert high.add(correction.replace("2000", "3000")).found("payroll-arithmetic") == []  # claims less
    assert high.add(correction.replace("2000", "1000")).found("payroll-arithmetic") == [("p1", 1000)]


def test_what_nobody_claims_may_be_paid_late(books: Books) -> None:
    late = books.plant('2023-09-20 * "益瀚電機', '2023-11-05 * "益瀚電機')
    assert late.found("payment-late") == [("EF10000001", 52_500)]
    cost = """  Expenses:1政府補助款:01消耗性器材及原材料費   25000 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   25000 TWD
"""
    unclaimed = late.plant(cost, "  Expenses:9不予認列:01消耗性器材及原材料費   50000 TWD\n")
    assert unclaimed.found("payment-late") == []
