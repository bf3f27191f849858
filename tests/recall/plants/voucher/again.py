"""Papers that count twice, that were voided, or that the company wrote to itself."""

from __future__ import annotations

import dataclasses

from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from tests.casepapers import company_number
from tests.recall import papers
from tests.recall.ground import Day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant


def same_period(ground: Ground) -> tuple[Day, Day]:
    """Two days in the two months of one invoice period."""
    first = next(place for place, month in enumerate(ground.months) if int(month[-2:]) % 2)
    return ground.day(first, 9), ground.day(first + 1, ground.chance.randrange(10, 25))


def next_period(ground: Ground) -> tuple[Day, Day]:
    """Two days in two invoice periods that follow on each other."""
    first = next(place for place, month in enumerate(ground.months) if not int(month[-2:]) % 2)
    return ground.day(first, 18), ground.day(first + 1, ground.chance.randrange(2, 20))


def void(ground: Ground, paper: VoucherToBook, net: int, kind: str = "void") -> VoucherToBook:
    """A void that takes back so much of a paper, under the paper's own number."""
    return ground.replace(ground.credit(paper, net), kind=kind, number=paper.number)


def twice(ground: Ground, first: VoucherToBook, second: VoucherToBook) -> Planted:
    """The same paper booked a second time."""
    ground.buy(first)
    ground.buy(second)
    return Planted(ground.books(), ((second.number, second.net),))


# --- voucher-duplicate ---------------------------------------------------------------------------------


@plant("voucher-duplicate")
def invoice_booked_again_in_the_second_month_of_its_period(ground: Ground) -> Planted:
    day, later = same_period(ground)
    paper = ground.invoice(day=day)
    return twice(ground, paper, dataclasses.replace(paper, date=later))


@plant("voucher-duplicate")
def invoice_booked_again_with_another_item_and_amount(ground: Ground) -> Planted:
    day, later = same_period(ground)
    paper = ground.invoice("improvement", day=day)
    net = paper.net // 2
    line = CostLine("improvement", ground.items("improvement")[1], None, net)
    again = dataclasses.replace(paper, date=later, net=net, tax=(net + 10) // 20, lines=(line,))
    return twice(ground, paper, again)


@plant("voucher-duplicate")
def invoice_booked_again_under_a_date_in_the_next_period(ground: Ground) -> Planted:
    day, later = next_period(ground)
    paper = ground.invoice(day=day)
    return twice(ground, paper, dataclasses.replace(paper, date=later))


@plant("voucher-duplicate")
def invoice_entered_again_by_hand_as_a_receipt(ground: Ground) -> Planted:
    day, later = same_period(ground)
    paper = ground.invoice(day=day)
    return twice(ground, paper, dataclasses.replace(paper, kind="receipt", date=later, buyer=""))


@plant("voucher-duplicate")
def receipt_handed_in_twice_months_apart(ground: Ground) -> Planted:
    paper = papers.receipt(ground.chance, ground.invoice(day=ground.day(0, 11)))
    return twice(ground, paper, dataclasses.replace(paper, date=ground.day(3, 4)))


@plant("voucher-duplicate")
def receipt_written_with_spaces_and_wide_letters_the_second_time(ground: Ground) -> Planted:
    paper = papers.receipt(ground.chance, ground.invoice(day=ground.day(1, 11)))
    again = dataclasses.replace(paper, number=f"R {paper.number[1:]}", seller="", date=ground.day(1, 26))
    return twice(
        ground,
        paper,
        dataclasses.replace(again, seller_name=f" {paper.seller_name[:4]} {paper.seller_name[4:]}"),
    )


@plant("voucher-duplicate")
def pay_of_a_month_booked_twice(ground: Ground) -> Planted:
    ground.grant("personnel", own=100_000)
    roll = ground.any_paper("payroll")
    again = ground.buy(dataclasses.replace(roll, net=roll.net), paid_after=5)
    return Planted(ground.books(), ((again.number, again.net),))


@plant("voucher-duplicate", scheme="supply-chain-smart-112", partners=2)
def invoice_claimed_by_the_lead_and_by_a_partner(ground: Ground) -> Planted:
    day, later = same_period(ground)
    partner = ground.tables["partner"][0]["ubn"]
    paper = ground.invoice(
        day=day, net=min(ground.room("consumables"), ground.room("consumables", partner)) // 2
    )
    return twice(ground, paper, dataclasses.replace(paper, buyer=partner, date=later))


@plant("voucher-duplicate")
def invoice_booked_three_times(ground: Ground) -> Planted:
    day, later = same_period(ground)
    paper = ground.invoice(day=day, net=ground.room("consumables") // 5)
    ground.buy(paper)
    ground.buy(dataclasses.replace(paper, date=later))
    ground.buy(dataclasses.replace(paper, date=later))
    return Planted(ground.books(), ((paper.number, paper.net), (paper.number, paper.net)))


@near_miss("voucher-duplicate")
def number_used_by_another_seller_in_another_period(ground: Ground) -> Planted:
    day, later = next_period(ground)
    paper = ground.buy(ground.invoice(day=day))
    ground.buy(dataclasses.replace(paper, date=later, seller=company_number(ground.chance)))
    return Planted(ground.books(), ())


@near_miss("voucher-duplicate")
def receipts_of_two_shops_with_one_number(ground: Ground) -> Planted:
    paper = ground.buy(papers.receipt(ground.chance, ground.invoice(day=ground.day(1, 11))))
    other = company_number(ground.chance)
    ground.buy(dataclasses.replace(paper, seller=other, seller_name="順堂五金行", date=ground.day(1, 20)))
    return Planted(ground.books(), ())


@near_miss("voucher-duplicate")
def invoice_taken_back_and_booked_anew(ground: Ground) -> Planted:
    day, later = same_period(ground)
    paper = ground.buy(ground.invoice(day=day), paid_after=None)
    void(ground, paper, paper.net, "invoice")
    ground.buy(dataclasses.replace(paper, date=later), paid_after=None)
    ground.pay(later, paper, paper.net + paper.tax)
    return Planted(ground.books(), ())


@near_miss("voucher-duplicate")
def credit_note_under_the_number_of_its_invoice(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(ground.credit(paper, paper.net // 3), number=paper.number)
    return Planted(ground.books(), ())


@near_miss("voucher-duplicate")
def invoices_of_one_amount_numbered_one_after_the_other(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(number="DK10203040"))
    ground.buy(dataclasses.replace(paper, number="DK10203041"))
    return Planted(ground.books(), ())


@near_miss("voucher-duplicate")
def invoice_kept_a_second_time_and_claimed_from_nobody(ground: Ground) -> Planted:
    day, later = same_period(ground)
    paper = ground.buy(ground.invoice(day=day))
    ground.buy(dataclasses.replace(paper, date=later, claimed=False))
    return Planted(ground.books(), ())


# --- voucher-voided ------------------------------------------------------------------------------------


@plant("voucher-voided")
def invoice_marked_as_voided_and_still_claimed(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, meta=(("voided", True),))
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("voucher-voided")
def void_that_takes_back_a_half(ground: Ground) -> Planted:
    paper = ground.any_paper()
    void(ground, paper, paper.net // 2)
    return Planted(ground.books(), ((paper.number, paper.net - paper.net // 2),))


@plant("voucher-voided")
def cancelled_invoice_of_which_one_dollar_stays(ground: Ground) -> Planted:
    paper = ground.any_paper()
    void(ground, paper, paper.net - 1, "cancel")
    return Planted(ground.books(), ((paper.number, 1),))


@plant("voucher-voided")
def void_of_one_of_two_lines(ground: Ground) -> Planted:
    first, second, *_more = ground.items("improvement")
    paper = ground.invoice("improvement")
    part = paper.net // 3
    lines = (
        CostLine("improvement", first, None, paper.net - part),
        CostLine("improvement", second, None, part),
    )
    paper = ground.buy(dataclasses.replace(paper, lines=lines))
    void(ground, paper, paper.net - part)
    return Planted(ground.books(), ((paper.number, part),))


@plant("voucher-voided")
def voided_invoice_that_was_paid(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(2, 6)))
    void(ground, paper, paper.net)
    ground.pay(ground.day(2, 20), paper, paper.net + paper.tax)
    return Planted(ground.books(), ((paper.number, paper.net + paper.tax),))


@plant("voucher-voided")
def voided_invoice_refunded_one_dollar_short(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(2, 6)))
    void(ground, paper, paper.net)
    ground.pay(ground.day(2, 7), paper, paper.net + paper.tax)
    ground.pay(ground.day(3, 9), paper, -(paper.net + paper.tax - 1))
    return Planted(ground.books(), ((paper.number, 1),))


@plant("voucher-voided", scheme="supply-chain-smart-112", partners=2)
def invoice_of_a_partner_marked_as_voided(ground: Ground) -> Planted:
    partner = ground.tables["partner"][1]["ubn"]
    paper = ground.buy(ground.invoice("equipment", party=partner, meta=(("voided", True),)))
    return Planted(ground.books(), ((paper.number, paper.net),))


@near_miss("voucher-voided")
def invoice_credited_in_full(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 6)))
    ground.credit(paper, paper.net)
    return Planted(ground.books(), ())


@near_miss("voucher-voided")
def invoice_credited_in_part(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.credit(paper, paper.net // 2)
    return Planted(ground.books(), ())


@near_miss("voucher-voided")
def invoice_marked_as_not_voided(ground: Ground) -> Planted:
    ground.replace(ground.any_paper(), meta=(("voided", False),))
    return Planted(ground.books(), ())


@near_miss("voucher-voided")
def booking_taken_back_by_hand(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 6)), paid_after=None)
    void(ground, paper, paper.net, "invoice")
    return Planted(ground.books(), ())


# --- self-dealing --------------------------------------------------------------------------------------


def sold(ground: Ground, paper: VoucherToBook, **seller: str) -> Planted:
    """A paper of a seller that is the company itself or one of its partners."""
    ground.replace(paper, **seller)
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("self-dealing")
def invoice_of_the_company_to_itself(ground: Ground) -> Planted:
    return sold(ground, ground.any_paper(), seller=ground.company)


@plant("self-dealing")
def seller_of_the_companys_name_and_another_number(ground: Ground) -> Planted:
    return sold(ground, ground.any_paper(), seller_name="川益電機企業　股份有限公司 ")


@plant("self-dealing")
def receipt_of_the_companys_own_shop(ground: Ground) -> Planted:
    paper = ground.buy(papers.receipt(ground.chance, ground.invoice()))
    return sold(ground, paper, seller="", seller_name=ground.company_name)


@plant("self-dealing")
def invoice_of_the_companys_own_branch(ground: Ground) -> Planted:
    return sold(ground, ground.any_paper(), seller_name=f"{ground.company_name}彰濱分公司")


@plant("self-dealing")
def own_invoice_partly_credited(ground: Ground) -> Planted:
    paper = ground.replace(ground.any_paper(), seller=ground.company)
    ground.credit(paper, paper.net // 4)
    return Planted(ground.books(), ((paper.number, paper.net - paper.net // 4),))


@plant("self-dealing", scheme="supply-chain-smart-112", partners=2)
def partner_that_sells_to_the_lead(ground: Ground) -> Planted:
    return sold(ground, ground.buy(ground.invoice()), seller=ground.tables["partner"][0]["ubn"])


@plant("self-dealing", scheme="supply-chain-smart-112", partners=2)
def partner_that_buys_of_another_by_name(ground: Ground) -> Planted:
    one, other = ground.tables["partner"]
    paper = ground.buy(ground.invoice("equipment", party=one["ubn"]))
    return sold(ground, paper, seller_name=other["name"])


@near_miss("self-dealing")
def requisition_of_own_stock(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    own = {"seller": ground.company, "seller_name": ground.company_name}
    ground.replace(paper, kind="requisition", number=f"領{ground.chance.randrange(1000)}", tax=0, **own)
    return Planted(ground.books(), ())


@near_miss("self-dealing")
def company_of_almost_the_same_name(ground: Ground) -> Planted:
    ground.replace(ground.any_paper(), seller_name=ground.company_name.replace("企業", "實業"))
    return Planted(ground.books(), ())


@near_miss("self-dealing")
def own_invoice_that_nobody_claims(ground: Ground) -> Planted:
    ground.replace(ground.any_paper(), seller=ground.company, claimed=False)
    return Planted(ground.books(), ())


@near_miss("self-dealing")
def own_invoice_taken_back(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 6), seller=ground.company))
    ground.credit(paper, paper.net)
    return Planted(ground.books(), ())


@near_miss("self-dealing", scheme="supply-chain-smart-112")
def staff_that_travels_on_a_form_of_the_company(ground: Ground) -> Planted:
    ground.tables["budget"].append({"category": "travel", "government": 0, "self": 90_000})
    form = ground.invoice("travel", kind="travel", number="差112001", tax=0, seller=ground.company)
    ground.buy(dataclasses.replace(form, seller_name=ground.company_name))
    return Planted(ground.books(), ())
