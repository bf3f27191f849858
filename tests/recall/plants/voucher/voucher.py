"""Faults in the papers: none filed, numbers that cannot be, made out to somebody else.

Papers booked twice, voided or of the company's own are in `again`.
"""

from __future__ import annotations

import dataclasses

from ledger.entries.builder import VoucherToBook
from tests.casepapers import company_number
from tests.recall import papers
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant


def filed(ground: Ground, *, besides: str = "") -> frozenset[str]:
    """The files of all papers but one."""
    return frozenset(paper.document for paper in ground.papers) - {besides, ""}


def receipt(ground: Ground) -> VoucherToBook:
    """One more receipt, booked."""
    return ground.buy(papers.receipt(ground.chance, ground.invoice()))


def taken_back(ground: Ground, paper: VoucherToBook) -> VoucherToBook:
    """All of a paper taken back by hand, under its own number."""
    note = ground.credit(paper, paper.net)
    return ground.replace(note, kind=paper.kind, number=paper.number)


def mistyped(number: str) -> str:
    """A company number whose last digit is wrong: one more, or nine less, fails the check digits."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


# --- document-missing ----------------------------------------------------------------------------------


@plant("document-missing")
def invoice_whose_file_was_never_filed(ground: Ground) -> Planted:
    paper = ground.any_paper()
    files = filed(ground, besides=paper.document)
    return Planted(ground.books(), ((paper.number, paper.net),), papers=files)


@plant("document-missing")
def file_that_bears_another_day_than_the_entry_says(ground: Ground) -> Planted:
    paper = ground.any_paper()
    files = filed(ground, besides=paper.document) | {f"{paper.date.replace(year=2022)}.{paper.number}.pdf"}
    return Planted(ground.books(), ((paper.number, paper.net),), papers=files)


@plant("document-missing")
def receipt_that_names_no_file(ground: Ground) -> Planted:
    paper = receipt(ground)
    ground.replace(paper, document="")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("document-missing")
def payroll_that_names_no_sheet(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    ground.replace(paper, source="")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("document-missing")
def credit_note_written_by_hand_and_never_filed(ground: Ground) -> Planted:
    paper = ground.any_paper()
    note = ground.credit(paper, paper.net // 3)
    ground.replace(note, source="", document="")
    return Planted(ground.books(), ((note.number, note.net),))


@plant("document-missing")
def invoice_without_file_and_partly_credited(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.credit(paper, paper.net // 3)
    files = filed(ground, besides=paper.document)
    return Planted(ground.books(), ((paper.number, paper.net - paper.net // 3),), papers=files)


@near_miss("document-missing")
def file_in_a_folder_of_its_month(ground: Ground) -> Planted:
    paper = ground.any_paper()
    files = filed(ground, besides=paper.document) | {f"{paper.date:%Y/%m}/{paper.document}"}
    return Planted(ground.books(), (), papers=files)


@near_miss("document-missing")
def file_named_by_its_path_in_the_case(ground: Ground) -> Planted:
    paper = ground.any_paper()
    files = filed(ground)
    ground.replace(paper, document=f"documents/{paper.document}")
    return Planted(ground.books(), (), papers=files)


@near_miss("document-missing")
def one_of_two_files_is_there(ground: Ground) -> Planted:
    paper = ground.any_paper()
    files = filed(ground, besides=paper.document) | {"驗收單.pdf"}
    ground.replace(paper, meta=(("document-2", "驗收單.pdf"),))
    return Planted(ground.books(), (), papers=files)


@near_miss("document-missing")
def credit_note_that_came_as_data(ground: Ground) -> Planted:
    paper = ground.any_paper()
    note = ground.credit(paper, paper.net // 3)
    ground.replace(note, document="")
    return Planted(ground.books(), (), papers=filed(ground, besides=note.document))


@near_miss("document-missing")
def paper_that_nobody_claims_was_not_filed(ground: Ground) -> Planted:
    paper = ground.any_paper()
    files = filed(ground, besides=paper.document)
    ground.replace(paper, claimed=False)
    return Planted(ground.books(), (), papers=files)


# --- invoice-number-invalid ----------------------------------------------------------------------------


def numbered(ground: Ground, number: str) -> Planted:
    """An invoice under this number, which it does not have."""
    paper = ground.any_paper()
    ground.replace(paper, number=number)
    return Planted(ground.books(), ((number, paper.net),))


@plant("invoice-number-invalid")
def invoice_number_with_a_digit_lost(ground: Ground) -> Planted:
    return numbered(ground, f"DK{ground.chance.randrange(10**6, 10**7)}")


@plant("invoice-number-invalid")
def invoice_number_with_a_digit_twice(ground: Ground) -> Planted:
    return numbered(ground, f"DK{ground.chance.randrange(10**8, 10**9)}")


@plant("invoice-number-invalid")
def invoice_number_in_small_letters(ground: Ground) -> Planted:
    return numbered(ground, f"dk{ground.chance.randrange(10**7, 10**8)}")


@plant("invoice-number-invalid")
def letter_o_typed_for_a_nought(ground: Ground) -> Planted:
    return numbered(ground, f"DK{ground.chance.randrange(10**6, 10**7)}O")


@plant("invoice-number-invalid")
def invoice_number_with_its_hyphen(ground: Ground) -> Planted:
    return numbered(ground, f"DK-{ground.chance.randrange(10**7, 10**8)}")


@plant("invoice-number-invalid")
def receipt_registered_as_an_invoice(ground: Ground) -> Planted:
    return numbered(ground, papers.receipt(ground.chance, ground.any_paper()).number)


@plant("invoice-number-invalid")
def invoice_without_number(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, number="")
    return Planted(ground.books(), ((str(paper.date), paper.net),))


@near_miss("invoice-number-invalid")
def receipt_with_a_number_of_the_shops_own(ground: Ground) -> Planted:
    paper = receipt(ground)
    ground.replace(paper, number=f"收{ground.chance.randrange(1000):06}")
    return Planted(ground.books(), ())


@near_miss("invoice-number-invalid")
def import_declaration(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, kind="import", number=f"AA/12/{ground.chance.randrange(1000):03}/G4321")
    return Planted(ground.books(), ())


@near_miss("invoice-number-invalid")
def credit_note_numbered_by_the_seller(ground: Ground) -> Planted:
    paper = ground.any_paper()
    note = ground.credit(paper, paper.net // 3)
    ground.replace(note, number=f"折{ground.chance.randrange(1000)}")
    return Planted(ground.books(), ())


@near_miss("invoice-number-invalid")
def wrong_number_taken_back_and_booked_right(ground: Ground) -> Planted:
    right = ground.invoice(day=ground.day(1, 12))
    wrong = ground.buy(dataclasses.replace(right, number=right.number[:-1]), paid_after=None)
    taken_back(ground, wrong)
    ground.buy(dataclasses.replace(right, date=ground.day(1, 16)))
    return Planted(ground.books(), ())


# --- seller-id-invalid ---------------------------------------------------------------------------------


def sold_by(ground: Ground, paper: VoucherToBook, seller: str) -> Planted:
    """A paper under this number of its seller, which nobody has."""
    ground.replace(paper, seller=seller)
    return Planted(ground.books(), ((paper.number, None),))


@plant("seller-id-invalid")
def last_digit_of_the_seller_mistyped(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return sold_by(ground, paper, mistyped(paper.seller))


@plant("seller-id-invalid")
def seller_with_seven_digits(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return sold_by(ground, paper, paper.seller[:-1])


@plant("seller-id-invalid")
def noughts_for_a_seller(ground: Ground) -> Planted:
    return sold_by(ground, ground.any_paper(), "00000000")


@plant("seller-id-invalid")
def name_typed_where_the_sellers_number_goes(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return sold_by(ground, paper, paper.seller_name)


@plant("seller-id-invalid")
def receipt_of_a_mistyped_seller(ground: Ground) -> Planted:
    paper = receipt(ground)
    return sold_by(ground, paper, mistyped(paper.seller))


@near_miss("seller-id-invalid")
def receipt_of_a_stall_without_number(ground: Ground) -> Planted:
    ground.replace(receipt(ground), seller="")
    return Planted(ground.books(), ())


@near_miss("seller-id-invalid")
def foreign_seller_on_an_import_declaration(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, kind="import", seller="DE811234567")
    return Planted(ground.books(), ())


@near_miss("seller-id-invalid")
def seller_by_the_rule_for_a_seventh_digit_of_seven(ground: Ground) -> Planted:
    number = company_number(ground.chance)
    while number[6] != "7" or number[7] == "0":
        number = company_number(ground.chance)
    ground.replace(
        ground.any_paper(), seller=f"{number[:7]}{int(number[7]) - 1}"
    )  # one short of a sum by five
    return Planted(ground.books(), ())


@near_miss("seller-id-invalid")
def seller_with_a_number_of_the_wider_rule(ground: Ground) -> Planted:
    ground.replace(ground.any_paper(), seller="60707504")  # the sum is by five, not by ten
    return Planted(ground.books(), ())


# --- buyer-mismatch ------------------------------------------------------------------------------------


def bought_by(ground: Ground, buyer: str) -> Planted:
    """An invoice made out to this buyer, who is nobody of the case."""
    paper = ground.any_paper()
    ground.replace(paper, buyer=buyer)
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("buyer-mismatch")
def invoice_made_out_to_a_sister_company(ground: Ground) -> Planted:
    return bought_by(ground, company_number(ground.chance))


@plant("buyer-mismatch")
def invoice_made_out_to_a_mistyped_number(ground: Ground) -> Planted:
    return bought_by(ground, mistyped(ground.company))


@plant("buyer-mismatch")
def invoice_made_out_to_a_consumer(ground: Ground) -> Planted:
    return bought_by(ground, "0000000000")


@plant("buyer-mismatch")
def invoice_to_somebody_else_and_partly_credited(ground: Ground) -> Planted:
    paper = ground.any_paper()
    buyer = company_number(ground.chance)
    ground.credit(ground.replace(paper, buyer=buyer), paper.net // 4)
    return Planted(ground.books(), ((paper.number, paper.net - paper.net // 4),))


@plant("buyer-mismatch", scheme="supply-chain-smart-112", partners=2)
def invoice_made_out_to_a_supplier_that_is_no_partner(ground: Ground) -> Planted:
    own = [paper for paper in ground.papers if paper.kind == "invoice" and paper.buyer == ground.company]
    paper = ground.chance.choice(own)
    ground.replace(paper, buyer=paper.seller)
    return Planted(ground.books(), ((paper.number, paper.net),))


@near_miss("buyer-mismatch", scheme="supply-chain-smart-112", partners=2)
def invoice_made_out_to_a_partner(ground: Ground) -> Planted:
    partner = ground.tables["partner"][0]["ubn"]
    ground.buy(ground.invoice(party=partner))
    return Planted(ground.books(), ())


@near_miss("buyer-mismatch")
def invoice_that_tells_no_buyer(ground: Ground) -> Planted:
    ground.replace(ground.any_paper(), buyer="")
    return Planted(ground.books(), ())


@near_miss("buyer-mismatch")
def receipt_made_out_to_a_person(ground: Ground) -> Planted:
    ground.replace(receipt(ground), buyer="0000000000")
    return Planted(ground.books(), ())


@near_miss("buyer-mismatch")
def invoice_to_somebody_else_that_nobody_claims(ground: Ground) -> Planted:
    ground.replace(ground.any_paper(), buyer=company_number(ground.chance), claimed=False)
    return Planted(ground.books(), ())


@near_miss("buyer-mismatch")
def invoice_to_somebody_else_voided_and_made_out_anew(ground: Ground) -> Planted:
    right = ground.invoice(day=ground.day(2, 8))
    number = f"EL{ground.chance.randrange(10**8):08}"
    wrong = ground.buy(
        dataclasses.replace(right, number=number, buyer=mistyped(right.buyer)), paid_after=None
    )
    ground.replace(ground.credit(wrong, wrong.net), kind="void", number=number)
    ground.buy(dataclasses.replace(right, date=ground.day(2, 11)))
    return Planted(ground.books(), (), also=frozenset({"voucher-voided"}))
