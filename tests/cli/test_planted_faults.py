"""One fault a case: a clean case is changed the way it goes wrong in an office, and the check must say so.

Nothing else may be found but what necessarily follows, which each fault lists.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.casefiles import cancel_xml
from tests.casemaker import Story
from tests.casepapers import Item
from tests.casepapers import Line
from tests.casepapers import Paper
from tests.casepapers import last_day
from tests.casepapers import plus
from tests.casepapers import tax_on
from tests.replay import Change
from tests.replay import Played

OPEN = "entry-unclassified"


class Fault(NamedTuple):
    """A case with its fault: what must be found, about which voucher, and what else follows from it."""

    story: Story
    must: str
    voucher: str = ""
    also: tuple[str, ...] = ()
    before: Change | None = None
    books: Change | None = None
    after: Change | None = None


Plant = Callable[[], Fault]
PLANTS: dict[str, Plant] = {}


def plant(function: Plant) -> Plant:
    PLANTS[function.__name__] = function
    return function


# --- what faults are made of -------------------------------------------------------------------------------


def invoice(story: Story, *, category: str = "", lines: int = 0) -> Paper:
    """An invoice of the case that has no credit note."""
    credited = {paper.credits for paper in story.papers if paper.credits}
    return next(
        paper
        for paper in story.papers
        if paper.kind == "invoice"
        and not paper.voided
        and paper.number not in credited
        and (not category or paper.category == category)
        and (not lines or len(paper.items) == lines)
    )


def single(story: Story, **wanted: str) -> Paper:
    """An invoice that is made to arrive as one XML file and in no other way; before `money()`."""
    paper = invoice(story, **wanted)  # type: ignore[arg-type]
    paper.routes = ("xml",)
    return paper


def extra(story: Story, net: int, **changes: object) -> Paper:
    """One more invoice of an approved item, like the first."""
    model = invoice(story)
    item = dataclasses.replace(model.items[0], quantity=1, net=net)
    paper = dataclasses.replace(
        model,
        number=story.number("invoice", model.date),
        items=[item],
        tax=tax_on(net),
        routes=("xml",),
        pays=[],
    )
    paper = dataclasses.replace(paper, **changes)  # type: ignore[arg-type]
    story.papers.append(paper)
    return paper


def withdrawals(story: Story) -> list[Line]:
    return [line for line in story.grant_lines if line.text == "提領"]


def in_books(pattern: str, new: str) -> Change:
    """Change the first place of the books that fits a pattern."""

    def change(played: Played) -> None:
        for path in sorted((played.case / "books").iterdir()):
            text = path.read_text(encoding="utf-8")
            changed = re.sub(pattern, new, text, count=1, flags=re.DOTALL)
            if changed != text:
                path.write_text(changed, encoding="utf-8")
                return
        raise AssertionError(pattern)

    return change


def of_entry(paper: Paper, pattern: str, new: Callable[[re.Match[str]], str]) -> Change:
    """Change the entry that books a voucher."""

    def change(played: Played) -> None:
        for path in sorted((played.case / "books").iterdir()):
            entries = path.read_text(encoding="utf-8").split("\n\n")
            for place, entry in enumerate(entries):
                if f'number: "{paper.number}"' in entry and "voucher:" in entry:
                    assert re.search(pattern, entry), entry
                    entries[place] = re.sub(pattern, new, entry, count=1)
                    path.write_text("\n\n".join(entries), encoding="utf-8")
                    return
        raise AssertionError(paper.number)

    return change


def appended(name: str, text: str) -> Change:
    return lambda played: played.append(name, text)


# --- the period ----------------------------------------------------------------------------------------


@plant
def invoice_before_the_start() -> Fault:
    story = Story(1)
    paper = single(story)
    paper.date = plus(story.start, -3)
    return Fault(story.money(), "voucher-outside-period", paper.number)


@plant
def invoice_long_before_the_start() -> Fault:
    story = Story(2, scheme="managed-factory-112")
    paper = single(story)
    paper.date = plus(story.start, -80)
    return Fault(story.money(), "voucher-outside-period", paper.number)


@plant
def invoice_after_the_end() -> Fault:
    story = Story(3, guarantee="partial")
    paper = single(story)
    paper.date = plus(story.end, 3)
    story.money()
    return Fault(story, "voucher-outside-period", paper.number, ("self-funding-short", "surplus-unremitted"))


@plant
def payment_late() -> Fault:
    story = Story(4, guarantee="none", months=2)
    paper = single(story)
    paper.date = plus(story.end, -4)
    paper.pays = [Line(plus(story.end, 45), -paper.gross, "匯款支出", paper.seller_name)]
    return Fault(story.money(), "payment-late", paper.number)


@plant
def payment_late_without_a_word() -> Fault:
    story = Story(5, months=2)
    paper = single(story)
    paper.date = plus(story.end, -8)
    paper.pays = [Line(plus(paper.date, 95), -paper.gross, "轉帳支出", "", "6418023979686")]
    story.today = plus(story.end, 110)
    return Fault(story.money(), "payment-late", paper.number)


@plant
def payment_late_of_a_round_sum() -> Fault:
    story = Story(6, months=2)
    paper = extra(story, 18_000)
    paper.date = plus(story.end, -1)
    paper.pays = [Line(plus(paper.date, 62), -paper.gross, "轉帳支出", "", "6418023979686")]
    return Fault(story.money(), "payment-late", paper.number)


@plant
def invoice_never_paid() -> Fault:
    story = Story(7)
    paper = single(story)
    story.money()
    story.own_lines = [line for line in story.own_lines if line not in paper.pays]
    return Fault(story, "voucher-unpaid", paper.number)


@plant
def invoice_paid_in_part() -> Fault:
    story = Story(8)
    paper = single(story)
    paper.pays = [Line(plus(paper.date, 20), -(paper.gross // 2), "匯款支出", f"{paper.number} 訂金")]
    return Fault(story.money(), "voucher-unpaid", paper.number)


# --- the vouchers --------------------------------------------------------------------------------------


@plant
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
    return Fault(story.money(), "voucher-duplicate", paper.number)


@plant
def invoice_claimed_again_with_another_amount() -> Fault:
    story = Story(10)
    paper = single(story, category="improvement")
    item = dataclasses.replace(paper.items[0], quantity=1, net=20_002)
    again = dataclasses.replace(paper, items=[item], tax=1000, routes=("sheet",), cash=plus(paper.date, 1))
    story.papers.append(again)
    return Fault(story.money(), "voucher-duplicate", paper.number)


@plant
def invoice_cancelled() -> Fault:
    story = Story(11)
    paper = extra(story, 21_000)
    story.papers.remove(paper)
    story.events[f"C0401_{paper.number}.xml"] = story.xml(paper)
    cancelled = cancel_xml(paper.number, paper.date, plus(paper.date, 2), paper.seller, paper.buyer)
    story.events[f"F0501_{paper.number}.xml"] = cancelled
    return Fault(story.money(), "voucher-voided", paper.number)


@plant
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
    return Fault(story.money(), "voucher-voided", paper.number, follows)


@plant
def invoice_voided_on_the_platform() -> Fault:
    story = Story(13)
    paper = extra(story, 21_000)
    story.papers.remove(paper)
    story.events[f"C0401_{paper.number}.xml"] = story.xml(paper)
    story.papers.append(dataclasses.replace(paper, routes=("platform",), voided=True))
    return Fault(story.money(), "voucher-voided", paper.number)


@plant
def invoice_made_out_to_another() -> Fault:
    story = Story(14)
    paper = single(story)
    paper.buyer = "22099131"
    return Fault(story.money(), "buyer-mismatch", paper.number)


@plant
def bought_from_oneself() -> Fault:
    story = Story(15)
    paper = single(story)
    paper.seller, paper.seller_name = story.company["ubn"], story.company["name"]
    return Fault(story.money(), "self-dealing", paper.number)


@plant
def bought_from_a_partner() -> Fault:
    story = Story(16, scheme="supply-chain-smart-112", partners=2, guarantee="full")
    paper = single(story)
    paper.seller, paper.seller_name = story.partners[0]["ubn"], story.partners[0]["name"]
    return Fault(story.money(), "self-dealing", paper.number)


@plant
def invoice_number_too_short() -> Fault:
    story = Story(17)
    paper = invoice(story, category="improvement")
    paper.number, paper.routes, paper.cash = "AB1234567", ("sheet",), plus(paper.date, 2)
    return Fault(story.money(), "invoice-number-invalid", paper.number)


@plant
def seller_number_wrong() -> Fault:
    story = Story(18)
    paper = single(story)
    paper.seller = "12345678"
    return Fault(story.money(), "seller-id-invalid", paper.number)


@plant
def tax_of_ten_per_cent() -> Fault:
    story = Story(19)
    paper = single(story)
    paper.tax = paper.net // 10
    return Fault(story.money(), "tax-arithmetic", paper.number)


# --- the budget ----------------------------------------------------------------------------------------


@plant
def item_is_a_code() -> Fault:
    story = Story(20, scheme="managed-factory-112")
    paper = single(story, category="improvement")
    for item in paper.items:
        item.name = "SMD-200A"
    return Fault(story.money(), "item-not-in-budget", paper.number)


@plant
def item_nobody_approved() -> Fault:
    story = Story(21)
    paper = single(story, category="equipment")
    for item in paper.items:
        item.name = "高階辦公椅"
    return Fault(story.money(), "item-not-in-budget", paper.number)


@plant
def item_and_seller_nobody_knows() -> Fault:
    story = Story(22)
    paper = extra(story, 17_777, seller_name="福泰家具有限公司", seller="12345675")
    paper.items[0].name = "高階辦公椅"
    paper.category = "nobody's"
    paper.pays = [Line(plus(paper.date, 9), -paper.gross, "匯款支出", paper.number)]
    return Fault(story.money(), "item-not-in-budget", paper.number, (OPEN,))


@plant
def one_of_two_lines_is_a_code() -> Fault:
    story = Story(23)
    paper = extra(story, 17_777)
    paper.items.append(Item("X-99", 1, "台", 2_000))
    paper.tax = tax_on(paper.net)
    return Fault(story.money(), "item-not-in-budget", paper.number)


@plant
def more_pieces_than_approved() -> Fault:
    story = Story(24)
    paper = single(story, category="equipment")
    paper.items[-1].quantity += 60
    numbers = [p.number for p in story.papers if p.category == "equipment" and p.number != paper.number]
    return Fault(story.money(), "item-quantity-exceeded", "" if numbers else paper.number)


@plant
def more_than_the_budget() -> Fault:
    story = Story(25)
    paper = extra(story, 400_000, date=story.end)
    return Fault(story.money(), "budget-overrun", paper.number)


@plant
def category_of_another_programme() -> Fault:
    story = Story(26)
    paper = extra(story, 3_000, routes=("sheet",))
    paper.category = "國內差旅費"
    paper.items = [Item("高鐵車票", 1, "張", 3_000)]
    paper.cash = paper.date
    return Fault(story.money(), "category-unknown", paper.number)


@plant
def budget_of_a_category_unknown() -> Fault:
    story = Story(27).money()
    story.budget.append({"category": "交際費", "government": 0, "self": 5000, "party": ""})
    return Fault(story, "category-unknown")


@plant
def grant_for_personnel() -> Fault:
    story = Story(28).money()
    line = next(line for line in story.budget if line["category"] == "personnel")
    line["government"], line["self"] = 1000, line["self"] - 1000
    return Fault(story, "category-not-grantable", "", ("instalment-unexpected", OPEN))


@plant
def grant_booked_to_personnel() -> Fault:
    story = Story(29, guarantee="none").money()
    change = in_books(
        r"(  Expenses:2業者自籌款:05人事費 +)(\d+) TWD",
        r"  Expenses:1政府補助款:05人事費  500 TWD\n\g<1>\g<2> TWD\n  Expenses:2業者自籌款:05人事費  -500 TWD",
    )
    return Fault(story, "category-not-grantable", "", books=change)


@plant
def revised_without_approval() -> Fault:
    story = Story(30).money()
    text = f'\n{plus(story.start, 20)} custom "grant-budget" "improvement" 900000 TWD 900000 TWD\n'
    return Fault(story, "reallocation-unapproved", before=appended("award.beancount", text))


# --- the award -----------------------------------------------------------------------------------------


@plant
def grant_beyond_the_cap() -> Fault:
    return Fault(Story(31, scheme="managed-factory-112", total=4_200_000).money(), "subsidy-cap-exceeded")


@plant
def grant_beyond_the_cap_of_the_other_programme() -> Fault:
    return Fault(Story(32, total=13_500_000).money(), "subsidy-cap-exceeded")


@plant
def grant_beyond_half() -> Fault:
    story = Story(33, percent=(75, 78))
    return Fault(story.money(), "subsidy-ratio-exceeded", "", ("self-funding-short", "account-overdrawn"))


@plant
def grant_of_exactly_half() -> Fault:
    story = Story(34)
    line = next(line for line in story.budget if line["category"] == "improvement")
    short = sum(line["self"] - line["government"] for line in story.budget) // 2
    items = [item for item in story.approved_items if item["category"] == "improvement"]
    for of in (line, *items):
        part = short if of is line else short // 2
        of["government"], of["self"] = of["government"] + part, of["self"] - part
    assert sum(line["self"] - line["government"] for line in story.budget) == 0
    return Fault(story.money(), "subsidy-ratio-at-limit", "", ("self-funding-short",))


@plant
def equipment_beyond_its_cap() -> Fault:
    shares = {"equipment": 36, "improvement": 10}
    return Fault(
        Story(35, scheme="managed-factory-112", shares=shares).money(),
        "category-cap-exceeded",
        "",
        ("surplus-unremitted",),
    )


@plant
def period_of_thirteen_months() -> Fault:
    return Fault(Story(36, months=13).money(), "period-too-long", "", ("person-months-exceeded",))


@plant
def start_before_the_application() -> Fault:
    story = Story(37)
    story.filed = plus(story.start, 9)
    return Fault(story.money(), "period-too-long")


@plant
def items_do_not_add_up() -> Fault:
    story = Story(38).money()
    story.approved_items[0]["self"] += 1000
    return Fault(story, "item-sum-mismatch")


# --- the dedicated account -----------------------------------------------------------------------------


@plant
def withdrawn_before_the_close() -> Fault:
    story = Story(39).money()
    first = withdrawals(story)[0]
    month = story.months[0]
    first.memo = f"提領{month.year - 1911}/{month.month:02}支用數"
    story.closed_on[month] = plus(first.date, 5)
    return Fault(story, "withdrawal-before-close", "", ("withdrawal-exceeds-entitlement",))


@plant
def withdrawn_before_the_close_without_naming_it() -> Fault:
    story = Story(40).money()
    first = withdrawals(story)[0]
    first.memo = "月結提領"
    story.closed_on[story.months[0]] = plus(first.date, 5)
    return Fault(story, "withdrawal-before-close", "", ("withdrawal-exceeds-entitlement",))


@plant
def withdrawn_too_much() -> Fault:
    story = Story(41).money()
    first, second = withdrawals(story)[:2]
    first.amount, second.amount = first.amount - 5_000, second.amount + 5_000
    return Fault(story, "withdrawal-exceeds-entitlement")


@plant
def withdrawn_more_than_came_in() -> Fault:
    story = Story(42, guarantee="partial").money()
    first = withdrawals(story)[0]
    story.grant_lines = [line for line in story.grant_lines if line.text == "匯款存入" or line is first]
    story.grant_lines[0].amount, first.amount = story.granted // 2, -(story.granted // 2 + 7)
    story.today = plus(first.date, 1)
    return Fault(
        story,
        "withdrawal-exceeds-entitlement",
        "",
        ("account-overdrawn", "withdrawal-before-close", "voucher-unpaid"),
    )


@plant
def not_withdrawn() -> Fault:
    story = Story(43, months=4).money()
    second = last_day(story.months[1])
    story.grant_lines = story.grant_lines[:1]
    story.closed_on[story.months[2]] = plus(second, 50)
    story.today = plus(second, 36)
    return Fault(story, "withdrawal-outstanding")


def moved_out(story: Story, line: Line) -> Fault:
    """A line out of the dedicated account that nothing explains; so much less is withdrawn the next time."""
    story.money()
    first, second = withdrawals(story)[:2]
    second.amount -= line.amount
    line.date = plus(first.date, 1)
    story.grant_lines.append(line)
    return Fault(story, "withdrawal-unexplained", "", (OPEN, "withdrawal-exceeds-entitlement"))


@plant
def working_capital_to_the_own_account() -> Fault:
    story = Story(44)
    return moved_out(story, Line(story.end, -3_000, "轉帳支出", "週轉金", story.own))


@plant
def paid_to_a_stranger() -> Fault:
    return moved_out(
        Story(45), Line(datetime.date.max, -3_210, "匯款支出", "福泰家具有限公司", "6418023979686")
    )


@plant
def cash_taken_out_without_a_word() -> Fault:
    return moved_out(Story(46), Line(datetime.date.max, -3_000, "現金提款"))


@plant
def money_of_a_customer_in_the_account() -> Fault:
    story = Story(47).money()
    story.grant_lines.append(Line(plus(story.start, 30), 81_000, "匯入款", "源鋐金屬實業有限公司 貨款"))
    return Fault(story, "deposit-not-grant", "", (OPEN,))


@plant
def own_working_capital_in_the_account() -> Fault:
    story = Story(48).money()
    story.grant_lines.append(Line(plus(story.start, 30), 50_000, "轉帳存入", "週轉", story.own))
    return Fault(story, "deposit-not-grant", "", (OPEN,))


@plant
def instalment_of_the_wrong_share() -> Fault:
    story = Story(49, guarantee="partial")
    story.money()
    first, last = (line for line in story.grant_lines if line.text == "匯款存入")
    moved = story.granted // 10
    first.amount, last.amount = first.amount + moved, last.amount - moved
    return Fault(story, "instalment-unexpected", "", (OPEN, "withdrawal-outstanding"))


@plant
def one_instalment_too_many() -> Fault:
    story = Story(50)
    story.money()
    first = story.grant_lines[0]
    first.amount -= 100_000
    story.grant_lines.append(Line(plus(first.date, 1), 100_000, "匯款存入", first.memo, first.other))
    return Fault(story, "instalment-unexpected", "", (OPEN,))


@plant
def withdrawn_before_the_grant_came() -> Fault:
    story = Story(51, guarantee="partial").money()
    first = withdrawals(story)[0]
    story.grant_lines[0].date = plus(first.date, 3)
    return Fault(
        story, "account-overdrawn", "", ("withdrawal-exceeds-entitlement", "withdrawal-unexplained", OPEN)
    )


@plant
def bank_charges_the_account() -> Fault:
    story = Story(52).money()
    fee = Line(plus(story.end, 3), -30, "手續費", "跨行匯費")
    remitted = next(line for line in story.grant_lines if "孳息繳庫" in line.memo)
    remitted.amount += 30
    topped = Line(remitted.date, -30, "繳交國庫", "專戶孳息短繳補足", "國庫")
    story.grant_lines.append(fee)
    story.own_lines.append(topped)
    return Fault(story, "bank-fee-charged-to-grant")


# --- interest ------------------------------------------------------------------------------------------


@plant
def tax_taken_off_the_interest_owed() -> Fault:
    story = Story(53, big_interest=True).money()
    story.own_lines = [line for line in story.own_lines if "扣繳稅款補足" not in line.memo]
    return Fault(
        story,
        "interest-booked-net",
        "",
        ("interest-unremitted",),
        books=in_books("Assets:3扣繳稅款", "Liabilities:2應繳國庫:1孳息"),
    )


@plant
def interest_booked_net() -> Fault:
    story = Story(54, big_interest=True).money()
    tax, gross = story.tax, story.interest
    day = next(line.date for line in story.grant_lines if line.text == "存款息")
    story.grant_lines = [line for line in story.grant_lines if line.text not in {"存款息", "代扣所得稅"}]
    story.own_lines = [line for line in story.own_lines if "扣繳稅款補足" not in line.memo]
    text = (
        f'\n{day} * "存款息" "稅後"\n  Assets:1專戶:1政府補助款  {gross - tax} TWD\n  Assets:3扣繳稅款  {tax} TWD\n'
        f"  Liabilities:2應繳國庫:1孳息  -{gross - tax} TWD\n  Equity:1業者投入  -{tax} TWD\n"
    )
    return Fault(
        story, "interest-booked-net", "", ("interest-unremitted",), after=appended("audit.beancount", text)
    )


@plant
def tax_on_small_interest() -> Fault:
    story = Story(55).money()
    day = next(line.date for line in story.grant_lines if line.text == "存款息")
    story.grant_lines.append(Line(day, -90, "代扣所得稅"))
    return Fault(story, "withholding-arithmetic", "", ("account-overdrawn",))


@plant
def no_tax_on_big_interest() -> Fault:
    story = Story(56, big_interest=True).money()
    story.grant_lines = [line for line in story.grant_lines if line.text != "代扣所得稅"]
    return Fault(story, "withholding-arithmetic")


@plant
def only_net_interest_remitted() -> Fault:
    story = Story(57, big_interest=True).money()
    story.own_lines = [line for line in story.own_lines if "扣繳稅款補足" not in line.memo]
    return Fault(story, "interest-unremitted")


@plant
def surplus_kept() -> Fault:
    story = Story(58).money()
    story.grant_lines = [line for line in story.grant_lines if "結餘款" not in line.memo]
    return Fault(story, "surplus-unremitted")


# --- payroll -------------------------------------------------------------------------------------------


@plant
def pay_of_somebody_not_planned() -> Fault:
    story = Story(59).money()
    story.payroll[0].name = "陳小華"
    return Fault(story, "person-not-planned")


@plant
def pay_of_somebody_not_insured() -> Fault:
    story = Story(60).money()
    story.persons[1]["insured"] = False
    return Fault(story, "person-not-insured")


@plant
def more_months_than_planned() -> Fault:
    story = Story(61).money()
    story.persons[0]["months"] = 2
    return Fault(story, "person-months-exceeded")


@plant
def too_many_months_in_all() -> Fault:
    story = Story(62).money()
    story.persons[0]["other_months"] = 11
    return Fault(story, "person-months-exceeded")


@plant
def pay_beyond_the_hours() -> Fault:
    story = Story(63)
    story.payroll[0].amount += 1000
    return Fault(story.money(), "payroll-arithmetic", "", ("budget-overrun",))


@plant
def more_hours_than_the_month_has() -> Fault:
    story = Story(64)
    story.payroll[0].hours = story.payroll[0].total + 8
    return Fault(story.money(), "payroll-arithmetic")


# --- the books -----------------------------------------------------------------------------------------


@plant
def a_line_nobody_can_read() -> Fault:
    return Fault(
        Story(65).money(), "books-unreadable", after=appended("books/2023-12.beancount", "\n這不是分錄\n")
    )


@plant
def a_fraction_of_a_dollar() -> Fault:
    story = Story(66).money()
    text = f'\n{story.end} custom "grant-budget" "improvement" 900000.50 TWD 900000 TWD\n'
    return Fault(story, "books-unreadable", after=appended("award.beancount", text))


@plant
def the_checks_switched_off() -> Fault:
    story = Story(67).money()
    return Fault(
        story, "books-unreadable", after=lambda case: case.replace("main.beancount", 'plugin "checks"\n', "")
    )


@plant
def last_month_not_closed() -> Fault:
    story = Story(68).money()
    del story.closed_on[story.months[-1]]
    return Fault(story, "month-not-closed", "", ("withdrawal-before-close", "withdrawal-exceeds-entitlement"))


@plant
def closed_month_changed() -> Fault:
    story = Story(69)
    paper = single(story)
    story.money()
    change = of_entry(paper, r"net: (\d+) TWD", lambda match: f"net: {int(match[1]) + 1} TWD")
    return Fault(story, "closed-month-changed", paper.number, ("cost-mismatch",), after=change)


@plant
def entry_of_a_closed_month_taken_out() -> Fault:
    story = Story(70)
    paper = extra(story, 21_000, routes=("sheet",))
    paper.cash = paper.date
    story.money()

    def change(played: Played) -> None:
        for path in sorted((played.case / "books").iterdir()):
            entries = path.read_text(encoding="utf-8").split("\n\n")
            kept = [entry for entry in entries if paper.number not in entry or "paid:" not in entry]
            path.write_text("\n\n".join(kept), encoding="utf-8")

    return Fault(story, "closed-month-changed", "", ("voucher-unpaid",), after=change)


@plant
def entry_added_to_a_closed_month() -> Fault:
    story = Story(71).money()
    text = f'\n{story.start} * "補記"\n  Equity:1業者投入  1 TWD\n  Assets:2進項稅額  -1 TWD\n'
    return Fault(story, "closed-month-changed", after=appended("audit.beancount", text))


@plant
def cost_differs_from_the_paper() -> Fault:
    story = Story(72, guarantee="none")
    paper = single(story, category="intangibles")
    story.money()
    change = of_entry(
        paper, r"(Expenses:2業者自籌款:06無形資產引進費 +)(\d+)", lambda m: f"{m[1]}{int(m[2]) - 900}"
    )

    def whole(played: Played) -> None:
        change(played)
        of_entry(paper, r"(Liabilities:1應付帳款 +)-(\d+)", lambda m: f"{m[1]}-{int(m[2]) - 900}")(played)

    return Fault(story, "cost-mismatch", paper.number, books=whole)


@plant
def tax_in_the_cost() -> Fault:
    story = Story(73, guarantee="none")
    paper = single(story, category="intangibles")
    story.money()

    def change(played: Played) -> None:
        of_entry(
            paper,
            r"(Expenses:2業者自籌款:06無形資產引進費 +)(\d+)",
            lambda m: f"{m[1]}{int(m[2]) + paper.tax}",
        )(played)
        of_entry(paper, r"  Assets:2進項稅額 +\d+ TWD\n", lambda _m: "")(played)

    return Fault(story, "tax-in-cost", paper.number, ("budget-overrun",), books=change)


@plant
def split_by_hand() -> Fault:
    story = Story(74, guarantee="none")
    paper = single(story, category="equipment")
    story.money()

    def change(played: Played) -> None:
        of_entry(
            paper, r"(Expenses:1政府補助款:02全新設備之購置費 +)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 50}"
        )(played)
        of_entry(
            paper, r"(Expenses:2業者自籌款:02全新設備之購置費 +)(\d+)", lambda m: f"{m[1]}{int(m[2]) - 50}"
        )(played)

    return Fault(story, "split-mismatch", paper.number, books=change)


@plant
def tax_paid_out_of_the_grant() -> Fault:
    story = Story(75, direct=True).money()
    change = in_books(
        r"(  Assets:1專戶:1政府補助款 +)-(\d+) TWD\n(  Assets:1專戶:2業者自籌款 +)-(\d+) TWD",
        r"\g<1>-\g<2> TWD\n  Assets:1專戶:1政府補助款  -77 TWD\n  Assets:1專戶:2業者自籌款  77 TWD\n\g<3>-\g<4> TWD",
    )
    follows = ("account-overdrawn", "withdrawal-exceeds-entitlement")
    return Fault(story, "tax-paid-by-grant", "", follows, books=change)


# --- the settlement ------------------------------------------------------------------------------------


@plant
def too_little_own_money_spent() -> Fault:
    story = Story(76, percent=(60, 63))
    story.papers = [paper for paper in story.papers if paper.category != "intangibles"]
    story.payroll = []
    return Fault(story.money(), "self-funding-short", "", ("account-overdrawn",))


@plant
def factory_not_registered() -> Fault:
    story = Story(77, scheme="managed-factory-112").money()
    return Fault(
        story,
        "evidence-missing",
        before=lambda case: case.replace("award.beancount", "grant-evidence", "note"),
    )


# --- and the check that finds it -----------------------------------------------------------------------


@pytest.mark.parametrize("name", PLANTS)
def test_the_fault_is_found_and_nothing_else(name: str, tmp_path: Path) -> None:
    fault = PLANTS[name]()
    case = Played(fault.story, tmp_path / "case", fault.before, fault.books, fault.after)
    found = [finding for finding in case.findings if finding["check"] == fault.must]
    assert found, sorted(case.names)
    if fault.voucher:
        assert fault.voucher in {finding["voucher"] for finding in found}
    others = case.names - {fault.must, "document-missing", *fault.also}
    assert others == set(), [finding["message"] for finding in case.findings if finding["check"] in others]
