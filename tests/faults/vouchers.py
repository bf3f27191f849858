"""Faults of vouchers: their period, their papers."""

from __future__ import annotations

import dataclasses

from tests.casefiles import cancel_xml
from tests.casemaker import Story
from tests.casepapers import Item
from tests.casepapers import Line
from tests.casepapers import plus
from tests.faults.making import Fault
from tests.faults.making import extra
from tests.faults.making import invoice
from tests.faults.making import plant
from tests.faults.making import single

# --- the period ----------------------------------------------------------------------------------------------


@plant("voucher-outside-period")
def invoice_before_the_start() -> Fault:
    story = Story(1)
    paper = single(story)
    paper.date = plus(story.start, -3)
    return Fault(story.money(), paper.number)


@plant("voucher-outside-period")
def invoice_long_before_the_start() -> Fault:
    story = Story(2, scheme="managed-factory-112")
    paper = single(story)
    paper.date = plus(story.start, -80)
    return Fault(story.money(), paper.number)


@plant("voucher-outside-period")
def invoice_after_the_end() -> Fault:
    story = Story(3, guarantee="partial")
    paper = single(story)
    paper.date = plus(story.end, 3)
    story.money()
    return Fault(story, paper.number, ("self-funding-short", "surplus-unremitted"))


@plant("payment-late")
def payment_late() -> Fault:
    story = Story(4, guarantee="none", months=2)
    paper = single(story)
    paper.date = plus(story.end, -4)
    paper.pays = [Line(plus(story.end, 45), -paper.gross, "匯款支出", paper.seller_name)]
    return Fault(story.money(), paper.number)


@plant("payment-late")
def payment_late_without_a_word() -> Fault:
    story = Story(5, months=2)
    paper = single(story)
    paper.date = plus(story.end, -8)
    paper.pays = [Line(plus(paper.date, 95), -paper.gross, "轉帳支出", "", "6418023979686")]
    story.today = plus(story.end, 110)
    return Fault(story.money(), paper.number)


@plant("payment-late")
def payment_late_of_a_round_sum() -> Fault:
    story = Story(6, months=2)
    paper = extra(story, 18_000)
    paper.date = plus(story.end, -1)
    paper.pays = [Line(plus(paper.date, 62), -paper.gross, "轉帳支出", "", "6418023979686")]
    return Fault(story.money(), paper.number)


@plant("voucher-unpaid")
def invoice_never_paid() -> Fault:
    story = Story(7)
    paper = single(story)
    story.money()
    story.own_lines = [line for line in story.own_lines if line not in paper.pays]
    return Fault(story, paper.number)


@plant("voucher-unpaid")
def invoice_paid_in_part() -> Fault:
    story = Story(8)
    paper = single(story)
    paper.pays = [Line(plus(paper.date, 20), -(paper.gross // 2), "匯款支出", f"{paper.number} 訂金")]
    return Fault(story.money(), paper.number)


# --- the vouchers --------------------------------------------------------------------------------------------


@plant("voucher-duplicate")
def invoice_claimed_again_on_the_sheet() -> Fault:
    story = Story(9)
    paper = single(story, category="improvement")
    other = next(item for item in story.approved_items if item["name"] != paper.items[0].name)
    story.papers.append(
        dataclasses.replace(
            paper, items=[Item(other["name"], 1, "台", 12_345)], tax=617, category=other["category"], routes=("sheet",),
            cash=plus(paper.date, 1), gross_items=False,
        )
    )  # fmt: skip
    return Fault(story.money(), paper.number)


@plant("voucher-duplicate")
def invoice_claimed_again_with_another_amount() -> Fault:
    story = Story(10)
    paper = single(story, category="improvement")
    item = dataclasses.replace(paper.items[0], quantity=1, net=20_002)
    again = dataclasses.replace(paper, items=[item], tax=1000, routes=("sheet",), cash=plus(paper.date, 1))
    story.papers.append(again)
    return Fault(story.money(), paper.number)


@plant("voucher-voided")
def invoice_cancelled() -> Fault:
    story = Story(11)
    paper = extra(story, 21_000)
    story.papers.remove(paper)
    story.events[f"C0401_{paper.number}.xml"] = story.xml(paper)
    cancelled = cancel_xml(paper.number, paper.date, plus(paper.date, 2), paper.seller, paper.buyer)
    story.events[f"F0501_{paper.number}.xml"] = cancelled
    return Fault(story.money(), paper.number)


@plant("voucher-voided")
def invoice_cancelled_after_it_was_paid() -> Fault:
    story = Story(12)
    paper = extra(story, 21_000)
    cancelled = cancel_xml(paper.number, paper.date, plus(paper.date, 40), paper.seller, paper.buyer)
    story.events[f"F0501_{paper.number}.xml"] = cancelled
    paper.cash = paper.date
    paper.routes = ("xml", "sheet")
    follows = (
        "withdrawal-exceeds-entitlement",
        "surplus-unremitted",
        "account-overdrawn",
        "instalment-unexpected",
    )
    return Fault(story.money(), paper.number, follows)


@plant("voucher-voided")
def invoice_voided_on_the_platform() -> Fault:
    story = Story(13)
    paper = extra(story, 21_000)
    story.papers.remove(paper)
    story.events[f"C0401_{paper.number}.xml"] = story.xml(paper)
    story.papers.append(dataclasses.replace(paper, routes=("platform",), voided=True))
    return Fault(story.money(), paper.number)


@plant("buyer-mismatch")
def invoice_made_out_to_another() -> Fault:
    story = Story(14)
    paper = single(story)
    paper.buyer = "22099131"
    return Fault(story.money(), paper.number)


@plant("self-dealing")
def bought_from_oneself() -> Fault:
    story = Story(15)
    paper = single(story)
    paper.seller, paper.seller_name = story.company["ubn"], story.company["name"]
    return Fault(story.money(), paper.number)


@plant("self-dealing")
def bought_from_a_partner() -> Fault:
    story = Story(16, scheme="supply-chain-smart-112", partners=2, guarantee="full")
    paper = single(story)
    paper.seller, paper.seller_name = story.partners[0]["ubn"], story.partners[0]["name"]
    return Fault(story.money(), paper.number)


@plant("invoice-number-invalid")
def invoice_number_too_short() -> Fault:
    story = Story(17)
    paper = invoice(story, category="improvement")
    paper.number, paper.routes, paper.cash = "AB1234567", ("sheet",), plus(paper.date, 2)
    return Fault(story.money(), paper.number)


@plant("seller-id-invalid")
def seller_number_wrong() -> Fault:
    story = Story(18)
    paper = single(story)
    paper.seller = "12345678"
    return Fault(story.money(), paper.number)


@plant("tax-arithmetic")
def tax_of_ten_per_cent() -> Fault:
    story = Story(19)
    paper = single(story)
    paper.tax = paper.net // 10
    return Fault(story.money(), paper.number)
