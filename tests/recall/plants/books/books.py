"""Faults of the books themselves: unreadable, unclassified, a waiver of nothing; closes are in `closes`."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from beancount.core import data

from ledger.entries.builder import bank_entry
from ledger.model.directives import custom
from ledger.model.directives import twd
from tests.recall.awards import at
from tests.recall.edits import of_payment
from tests.recall.edits import of_voucher
from tests.recall.edits import says
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)


# --- books-unreadable ----------------------------------------------------------------------------------


@plant("books-unreadable")
def fraction_of_a_dollar_in_the_budget(ground: Ground) -> Planted:
    own = ground.budget("improvement").self_funded
    return Planted(ground.books().plant(f"{own} TWD\n", f"{own}.50 TWD\n"), (at(ground),))


@plant("books-unreadable")
def end_of_the_project_in_the_years_of_the_republic(ground: Ground) -> Planted:
    books = ground.books().plant(f"  end: {ground.end}\n", '  end: "112/12/31"\n')
    return Planted(books, (at(ground),))


@plant("books-unreadable")
def programme_that_nobody_knows(ground: Ground) -> Planted:
    books = ground.books().plant("small-manufacturer-112", "small-manufacturer-11")
    return Planted(books, (at(ground),))


@plant("books-unreadable")
def budget_in_another_currency(ground: Ground) -> Planted:
    own = ground.budget("equipment").self_funded
    return Planted(ground.books().plant(f"{own} TWD\n", f"{own} USD\n"), (at(ground),))


@plant("books-unreadable")
def directive_whose_name_is_mistyped(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(100) * DAY
    books = ground.books().add(f'{day} custom "grant-wavier" "tax-in-cost" "AB00000000"')
    return Planted(books, ((str(day), None),))


@plant("books-unreadable")
def budget_whose_name_is_written_otherwise(ground: Ground) -> Planted:
    name = ground.chance.choice(("grant_budget", "Grant-Budget", "grantbudget"))
    text = f'{ground.end} custom "{name}" "improvement" 1000000 TWD 1000000 TWD'
    return Planted(ground.books().add(text), ((str(ground.end), None),))


@plant("books-unreadable")
def second_award_pasted_below_the_first(ground: Ground) -> Planted:
    end = ground.end + 60 * DAY
    text = f'{ground.end} custom "grant-award" "112-試"\n  start: {ground.start}\n  end: {end}'
    return Planted(ground.books().add(text), ((str(ground.end), None),))


@plant("books-unreadable")
def month_reopened_without_a_reason(ground: Ground) -> Planted:
    day = ground.end + 2 * DAY
    return Planted(
        ground.books().add(f'{day} custom "grant-reopen" "{ground.months[-1]}"'), ((str(day), None),)
    )


@plant("books-unreadable")
def net_amount_with_cents(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    del ground.paid[paper.number]  # whose voucher is not there
    edit = of_voucher(paper.number, says(net=twd(paper.net)._replace(number=paper.net + Decimal("0.5"))))
    return Planted(ground.books(edit), ((str(paper.date), None),))


@plant("books-unreadable")
def date_of_a_voucher_written_as_text(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    del ground.paid[paper.number]
    edit = of_voucher(paper.number, says(voucher_date=f"112/{paper.date:%m/%d}"))
    return Planted(ground.books(edit), ((str(paper.date), None),))


@near_miss("books-unreadable")
def whole_dollars_with_their_zeros(ground: Ground) -> Planted:
    government, own = ground.budget("improvement")
    books = ground.books().plant(f"{government} TWD {own} TWD\n", f"{government:,}.00 TWD {own}.0 TWD\n", 1)
    return Planted(books, ())


@near_miss("books-unreadable")
def directives_of_other_programs(ground: Ground) -> Planted:
    texts = (
        f'{ground.start} custom "fava-option" "invert-income-liabilities-equity" "true"',
        f'{ground.start} custom "budget" Expenses:2業者自籌款:05人事費 "monthly" 500.50 TWD',
        f'{ground.start} note Liabilities:1應付帳款 "核對過"',
        f'{ground.start} event "location" "彰化"',
    )
    return Planted(ground.books().add("\n".join(texts)), ())


@near_miss("books-unreadable")
def more_metadata_than_the_program_asks_for(ground: Ground) -> Planted:
    paper = ground.any_paper()
    edit = of_voucher(
        paper.number, says(remark="第 3 批 1.5 公噸", weight=Decimal("1.5"), arrived=paper.date)
    )
    return Planted(ground.books(edit), ())


@near_miss("books-unreadable")
def remarks_between_the_entries(ground: Ground) -> Planted:
    text = '; 1.5 元 custom "grant-budget" 未填\n* 標題\n2023-06-01 commodity TWD\n  name: "新臺幣"\n'
    return Planted(ground.books().add(text), ())


# --- entry-unclassified --------------------------------------------------------------------------------


def flagged(entry: data.Transaction) -> data.Transaction:
    """The entry as one that somebody has still to look at."""
    return entry._replace(flag="!")


@plant("entry-unclassified")
def voucher_whose_category_is_not_sure(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, unclear="賣方與科目不常一起出現")
    return Planted(ground.books(), ((paper.number, None),))


@plant("entry-unclassified")
def receipt_flagged_by_hand(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables", kind="receipt", number="收0042", buyer="", tax=0))
    return Planted(ground.books(of_voucher(paper.number, flagged)), ((paper.number, None),))


@plant("entry-unclassified")
def payment_matched_with_doubt(ground: Ground) -> Planted:
    paper = ground.any_paper()
    edit = of_payment(paper.number, lambda entry: flagged(says(unclear="兩張憑證同額")(entry)))
    return Planted(ground.books(edit), ((str(ground.paid[paper.number]), None),))


@plant("entry-unclassified")
def money_that_came_in_from_nobody_knows_where(ground: Ground) -> Planted:
    day = ground.start + ground.chance.randrange(60) * DAY
    amount = ground.chance.randrange(1_000, 90_000)
    ground.more.append(bank_entry("deposit", day, amount, "", "匯入款", {}))
    return Planted(ground.books(), ((str(day), None),), frozenset({"deposit-not-grant"}))


@near_miss("entry-unclassified")
def doubt_that_was_cleared(ground: Ground) -> Planted:
    paper = ground.any_paper()
    return Planted(ground.books(of_voucher(paper.number, says(unclear="已向賣方查明"))), ())


@near_miss("entry-unclassified")
def exclamation_mark_in_the_words(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, narration="! 急件!", seller_name="!" + paper.seller_name)
    return Planted(ground.books(), ())


@near_miss("entry-unclassified")
def entry_of_the_day_after_tomorrow(ground: Ground) -> Planted:
    entry = bank_entry("deposit", ground.as_of + 2 * DAY, 5_000, "", "匯入款", {})
    ground.more.append(entry)
    return Planted(ground.books(), ())


# --- waiver-unused -------------------------------------------------------------------------------------


def waived(ground: Ground, check: str, subject: str, **meta: Any) -> str:
    """A waiver some days after the end; its day."""
    day = ground.end + ground.chance.randrange(1, 30) * DAY
    letters = {"reason": "經核准", "approval": "產授字第1120000009號"} | meta
    ground.more.append(custom(day, "waiver", check, subject, **letters))
    return str(day)


def wrong_tax(ground: Ground) -> str:
    """The number of an invoice whose tax is not five per cent."""
    paper = ground.any_paper()
    return ground.replace(paper, tax=paper.tax + 77).number


WRONG_TAX = frozenset({"tax-arithmetic"})


@plant("waiver-unused")
def waiver_of_a_number_mistyped(ground: Ground) -> Planted:
    number = wrong_tax(ground)
    day = waived(ground, "tax-arithmetic", number[:-1] + str((int(number[-1]) + 1) % 10))
    return Planted(ground.books(), ((day, None),), WRONG_TAX)


@plant("waiver-unused")
def waiver_of_a_check_that_is_not_there(ground: Ground) -> Planted:
    day = waived(ground, "tax-arithmetics", wrong_tax(ground))
    return Planted(ground.books(), ((day, None),), WRONG_TAX)


@plant("waiver-unused")
def waiver_of_what_is_right_by_now(ground: Ground) -> Planted:
    day = waived(ground, "voucher-outside-period", ground.any_paper().number)
    return Planted(ground.books(), ((day, None),))


@plant("waiver-unused")
def waiver_of_the_case_for_what_a_voucher_is_wrong_in(ground: Ground) -> Planted:
    wrong_tax(ground)
    day = waived(ground, "tax-arithmetic", ground.tables["award"]["id"])
    return Planted(ground.books(), ((day, None),), WRONG_TAX)


@near_miss("waiver-unused")
def waiver_of_the_voucher_that_is_wrong(ground: Ground) -> Planted:
    waived(ground, "tax-arithmetic", wrong_tax(ground))
    return Planted(ground.books(), (), WRONG_TAX)


@near_miss("waiver-unused")
def waiver_of_a_number_in_full_width(ground: Ground) -> Planted:
    number = wrong_tax(ground)
    waived(ground, "tax-arithmetic", " " + "".join(chr(ord(letter) + 0xFEE0) for letter in number))
    return Planted(ground.books(), (), WRONG_TAX)


@near_miss("waiver-unused")
def waiver_of_the_case_for_what_the_award_is_wrong_in(ground: Ground) -> Planted:
    ground.table("item", "equipment")["self"] -= 100
    waived(ground, "item-sum-mismatch", ground.tables["award"]["id"])
    return Planted(ground.books(), (), frozenset({"item-sum-mismatch"}))
