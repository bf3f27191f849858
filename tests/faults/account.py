"""Faults of the dedicated account and its interest."""

from __future__ import annotations

import datetime

from tests.casemaker import Story
from tests.casepapers import Line
from tests.casepapers import last_day
from tests.casepapers import plus
from tests.faults.making import OPEN
from tests.faults.making import Fault
from tests.faults.making import appended
from tests.faults.making import in_books
from tests.faults.making import plant
from tests.faults.making import withdrawals

# --- the dedicated account -----------------------------------------------------------------------------------


@plant("withdrawal-before-close")
def withdrawn_before_the_close() -> Fault:
    story = Story(39).money()
    first = withdrawals(story)[0]
    month = story.months[0]
    first.memo = f"提領{month.year - 1911}/{month.month:02}支用數"
    story.closed_on[month] = plus(first.date, 5)
    return Fault(story, "", ("withdrawal-exceeds-entitlement",))


@plant("withdrawal-before-close")
def withdrawn_before_the_close_without_naming_it() -> Fault:
    story = Story(40).money()
    first = withdrawals(story)[0]
    first.memo = "月結提領"
    story.closed_on[story.months[0]] = plus(first.date, 5)
    return Fault(story, "", ("withdrawal-exceeds-entitlement",))


@plant("withdrawal-exceeds-entitlement")
def withdrawn_too_much() -> Fault:
    story = Story(41).money()
    first, second = withdrawals(story)[:2]
    first.amount, second.amount = first.amount - 5_000, second.amount + 5_000
    return Fault(story)


@plant("withdrawal-exceeds-entitlement")
def withdrawn_more_than_came_in() -> Fault:
    story = Story(42, guarantee="partial").money()
    first = withdrawals(story)[0]
    story.grant_lines = [line for line in story.grant_lines if line.text == "匯款存入" or line is first]
    story.grant_lines[0].amount, first.amount = story.granted // 2, -(story.granted // 2 + 7)
    story.today = plus(first.date, 1)
    return Fault(
        story,
        "",
        ("account-overdrawn", "withdrawal-before-close", "voucher-unpaid"),
    )


@plant("withdrawal-outstanding")
def not_withdrawn() -> Fault:
    story = Story(43, months=4).money()
    second = last_day(story.months[1])
    story.grant_lines = story.grant_lines[:1]
    story.closed_on[story.months[2]] = plus(second, 50)
    story.today = plus(second, 36)
    return Fault(story)


def moved_out(story: Story, line: Line) -> Fault:
    """A line out of the dedicated account that nothing explains; so much less is withdrawn the next time."""
    story.money()
    first, second = withdrawals(story)[:2]
    second.amount -= line.amount
    line.date = plus(first.date, 1)
    story.grant_lines.append(line)
    return Fault(story, "", (OPEN, "withdrawal-exceeds-entitlement"))


@plant("withdrawal-unexplained")
def working_capital_to_the_own_account() -> Fault:
    story = Story(44)
    return moved_out(story, Line(story.end, -3_000, "轉帳支出", "週轉金", story.own))


@plant("withdrawal-unexplained")
def paid_to_a_stranger() -> Fault:
    return moved_out(
        Story(45), Line(datetime.date.max, -3_210, "匯款支出", "福泰家具有限公司", "6418023979686")
    )


@plant("withdrawal-unexplained")
def cash_taken_out_without_a_word() -> Fault:
    return moved_out(Story(46), Line(datetime.date.max, -3_000, "現金提款"))


@plant("deposit-not-grant")
def money_of_a_customer_in_the_account() -> Fault:
    story = Story(47).money()
    story.grant_lines.append(Line(plus(story.start, 30), 81_000, "匯入款", "源鋐金屬實業有限公司 貨款"))
    return Fault(story, "", (OPEN,))


@plant("deposit-not-grant")
def own_working_capital_in_the_account() -> Fault:
    story = Story(48).money()
    story.grant_lines.append(Line(plus(story.start, 30), 50_000, "轉帳存入", "週轉", story.own))
    return Fault(story, "", (OPEN,))


@plant("instalment-unexpected")
def instalment_of_the_wrong_share() -> Fault:
    story = Story(49, guarantee="partial")
    story.money()
    first, last = (line for line in story.grant_lines if line.text == "匯款存入")
    moved = story.granted // 10
    first.amount, last.amount = first.amount + moved, last.amount - moved
    return Fault(story, "", (OPEN, "withdrawal-outstanding"))


@plant("instalment-unexpected")
def one_instalment_too_many() -> Fault:
    story = Story(50)
    story.money()
    first = story.grant_lines[0]
    story.grant_lines.append(Line(plus(first.date, 1), 100_000, "匯款存入", first.memo, first.other))
    return Fault(story, "", (OPEN, "surplus-unremitted"))  # nobody earned it


@plant("account-overdrawn")
def withdrawn_before_the_grant_came() -> Fault:
    story = Story(51, guarantee="partial").money()
    first = withdrawals(story)[0]
    story.grant_lines[0].date = plus(first.date, 3)
    return Fault(story, "", ("withdrawal-exceeds-entitlement", "withdrawal-unexplained", OPEN))


@plant("bank-fee-charged-to-grant")
def bank_charges_the_account() -> Fault:
    story = Story(52).money()
    fee = Line(plus(story.end, 3), -30, "手續費", "跨行匯費")
    remitted = next(line for line in story.grant_lines if "孳息繳庫" in line.memo)
    remitted.amount += 30
    topped = Line(remitted.date, -30, "繳交國庫", "專戶孳息短繳補足", "國庫")
    story.grant_lines.append(fee)
    story.own_lines.append(topped)
    return Fault(story)


# --- interest ------------------------------------------------------------------------------------------------


@plant("interest-booked-net")
def tax_taken_off_the_interest_owed() -> Fault:
    story = Story(53, big_interest=True).money()
    story.own_lines = [line for line in story.own_lines if "扣繳稅款補足" not in line.memo]
    return Fault(
        story,
        "",
        ("interest-unremitted",),
        books=in_books("Assets:3扣繳稅款", "Liabilities:2應繳國庫:1孳息"),
    )


@plant("interest-booked-net")
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
    return Fault(story, "", ("interest-unremitted",), after=appended("audit.beancount", text))


@plant("withholding-arithmetic")
def tax_on_small_interest() -> Fault:
    story = Story(55).money()
    day = next(line.date for line in story.grant_lines if line.text == "存款息")
    story.grant_lines.append(Line(day, -90, "代扣所得稅"))
    return Fault(story, "", ("account-overdrawn",))


@plant("withholding-arithmetic")
def no_tax_on_big_interest() -> Fault:
    story = Story(56, big_interest=True).money()
    story.grant_lines = [line for line in story.grant_lines if line.text != "代扣所得稅"]
    return Fault(story)


@plant("interest-unremitted")
def only_net_interest_remitted() -> Fault:
    story = Story(57, big_interest=True).money()
    story.own_lines = [line for line in story.own_lines if "扣繳稅款補足" not in line.memo]
    return Fault(story)


@plant("surplus-unremitted")
def surplus_kept() -> Fault:
    story = Story(58).money()
    story.grant_lines = [line for line in story.grant_lines if "結餘款" not in line.memo]
    return Fault(story)
