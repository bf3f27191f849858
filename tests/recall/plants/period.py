"""Faults in time: cost outside the period, paid late, or not paid at all."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ledger.arithmetic.withholding import Withheld
from ledger.arithmetic.withholding import premium_by
from ledger.arithmetic.withholding import tax_by
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import payment_entry
from ledger.entries.builder import remittance_entry
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import next_month
from tests.recall import papers
from tests.recall.edits import Edit
from tests.recall.edits import of_payment
from tests.recall.edits import of_voucher
from tests.recall.edits import says
from tests.recall.ground import Day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant


class Fee(NamedTuple):
    """What was withheld of the fee of this number, paid on a day."""

    number: str
    withheld: Withheld
    day: Day


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


def dated(paper: VoucherToBook, day: Day) -> Edit:
    """A paper that bears another day than the one it is booked on."""
    return of_voucher(paper.number, says(voucher_date=day))


def ends_within_a_month(ground: Ground) -> Day:
    """The case ends some days before the month does; all is bought by then."""
    ground.end = ground.tables["award"]["end"] = ground.end - days(ground.chance.randrange(3, 9))
    return ground.end


def gross(paper: VoucherToBook) -> int:
    return paper.net + paper.tax


# --- voucher-outside-period ----------------------------------------------------------------------------


@plant("voucher-outside-period")
def invoice_of_the_day_before_the_start(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.start))
    return Planted(ground.books(dated(paper, ground.start - days(1))), ((paper.number, paper.net),))


@plant("voucher-outside-period")
def invoice_bought_and_booked_before_the_start(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.start - days(ground.chance.randrange(2, 12))))
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("voucher-outside-period")
def invoice_of_the_day_after_the_end(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.end))
    return Planted(ground.books(dated(paper, ground.end + days(1))), ((paper.number, paper.net),))


@plant("voucher-outside-period")
def receipt_with_its_year_mistyped(ground: Ground) -> Planted:
    paper = ground.buy(papers.receipt(ground.chance, ground.invoice()))
    mistyped = paper.date - days(364)
    return Planted(ground.books(dated(paper, mistyped)), ((paper.number, paper.net),))


@plant("voucher-outside-period")
def pay_of_the_month_before_the_start(ground: Ground) -> Planted:
    paper = next(paper for paper in ground.papers if paper.kind == "payroll")
    before = month_of(ground.start - days(1))
    return Planted(ground.books(of_voucher(paper.number, says(month=before))), ((paper.number, paper.net),))


@plant("voucher-outside-period")
def invoice_after_a_period_that_ends_within_a_month(ground: Ground) -> Planted:
    end = ends_within_a_month(ground)
    paper = ground.buy(ground.invoice(day=end))
    return Planted(ground.books(dated(paper, end + days(1))), ((paper.number, paper.net),))


@plant("voucher-outside-period")
def what_a_credit_note_leaves_of_an_invoice_before_the_start(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.start))
    ground.credit(paper, paper.net // 3)
    left = paper.net - paper.net // 3
    return Planted(ground.books(dated(paper, ground.start - days(1))), ((paper.number, left),))


@plant("voucher-outside-period", scheme="supply-chain-smart-112", partners=2)
def invoice_of_a_partner_before_the_start(ground: Ground) -> Planted:
    party = ground.tables["partner"][1]["ubn"]
    paper = ground.buy(ground.invoice("improvement", day=ground.day(0, 5), party=party))
    return Planted(ground.books(dated(paper, ground.start - days(3))), ((paper.number, paper.net),))


@near_miss("voucher-outside-period")
def invoices_of_the_first_and_of_the_last_day(ground: Ground) -> Planted:
    ground.buy(ground.invoice(day=ground.start))
    ground.buy(ground.invoice("improvement", day=ground.end))
    return Planted(ground.books(), ())


@near_miss("voucher-outside-period")
def pay_of_a_month_that_the_period_only_touches(ground: Ground) -> Planted:
    ends_within_a_month(ground)
    return Planted(ground.books(), ())


@near_miss("voucher-outside-period")
def credit_note_that_came_after_the_end(ground: Ground) -> Planted:
    paper = ground.any_paper()
    note = ground.credit(paper, paper.net // 4)
    return Planted(ground.books(dated(note, ground.end + days(9))), ())


@near_miss("voucher-outside-period")
def invoice_before_the_start_that_nobody_claims(ground: Ground) -> Planted:
    paper = ground.replace(ground.any_paper(), claimed=False)
    return Planted(ground.books(dated(paper, ground.start - days(1))), ())


@near_miss("voucher-outside-period")
def invoice_before_the_start_that_was_taken_back(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.start))
    ground.credit(paper, paper.net)
    return Planted(ground.books(dated(paper, ground.start - days(1))), ())


@near_miss("voucher-outside-period")
def pay_of_the_last_month_booked_after_the_end(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    later = ground.end + days(2)
    edit = of_voucher(paper.number, lambda entry: entry._replace(date=later))
    ground.paid[paper.number] = later
    return Planted(ground.books(edit), ())


# --- payment-late --------------------------------------------------------------------------------------


def last_day_to_pay(ground: Ground) -> Day:
    """The last day of the month after the end."""
    return month_last_day(next_month(month_of(ground.end)))


def some_days_late(ground: Ground) -> Day:
    return last_day_to_pay(ground) + days(ground.chance.randrange(1, 12))


@plant("payment-late")
def invoice_paid_the_day_after_the_last(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.paid[paper.number] = last_day_to_pay(ground) + days(1)
    return Planted(ground.books(), ((paper.number, gross(paper)),))


@plant("payment-late")
def pay_of_the_last_month_paid_late(ground: Ground) -> Planted:
    paper = [paper for paper in ground.papers if paper.kind == "payroll"][-1]
    ground.paid[paper.number] = some_days_late(ground)
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("payment-late")
def second_part_paid_late(ground: Ground) -> Planted:
    paper = ground.any_paper()
    part = gross(paper) // 3
    del ground.paid[paper.number]
    ground.pay(paper.date, paper, part)
    ground.pay(some_days_late(ground), paper, gross(paper) - part)
    return Planted(ground.books(), ((paper.number, gross(paper) - part),))


@plant("payment-late")
def two_vouchers_paid_late_at_once(ground: Ground) -> Planted:
    one, other = ground.chance.sample(ground.papers, 2)
    paid = [(paper.number, gross(paper), 0) for paper in (one, other)]
    for paper in (one, other):
        del ground.paid[paper.number]
    ground.more.append(payment_entry(some_days_late(ground), "", "整批付款", paid, "company", {}))
    return Planted(ground.books(), ((one.number, gross(one)), (other.number, gross(other))))


@plant("payment-late")
def supplier_paid_late_out_of_the_dedicated_account(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper()
    ground.paid[paper.number] = some_days_late(ground)
    return Planted(ground.books(), ((paper.number, gross(paper)),))


@plant("payment-late")
def paid_late_for_a_period_that_ends_within_a_month(ground: Ground) -> Planted:
    end = ends_within_a_month(ground)
    paper = ground.any_paper()
    following = last_day_to_pay(ground)
    ground.paid[paper.number] = following.replace(day=min(end.day, following.day)) + days(1)
    return Planted(ground.books(), ((paper.number, gross(paper)),))


@near_miss("payment-late")
def paid_on_the_last_day(ground: Ground) -> Planted:
    ground.paid[ground.any_paper().number] = last_day_to_pay(ground)
    return Planted(ground.books(), ())


@near_miss("payment-late")
def paid_on_the_last_day_for_a_period_that_ends_within_a_month(ground: Ground) -> Planted:
    end = ends_within_a_month(ground)
    following = last_day_to_pay(ground)
    ground.paid[ground.any_paper().number] = following.replace(day=min(end.day, following.day))
    return Planted(ground.books(), ())


@near_miss("payment-late")
def refund_of_a_credit_note_that_came_late(ground: Ground) -> Planted:
    paper = ground.any_paper()
    del ground.paid[paper.number]
    note = ground.credit(paper, paper.net // 4)
    ground.pay(paper.date + days(1), paper, gross(paper))
    ground.pay(some_days_late(ground), paper, gross(note))
    return Planted(ground.books(), ())


@near_miss("payment-late")
def invoice_outside_the_period_paid_late(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.start))
    ground.paid[paper.number] = some_days_late(ground)
    books = ground.books(dated(paper, ground.start - days(1)))
    return Planted(books, (), also=frozenset({"voucher-outside-period"}))


@near_miss("payment-late")
def invoice_that_nobody_claims_paid_late(ground: Ground) -> Planted:
    paper = ground.replace(ground.any_paper(), claimed=False)
    ground.paid[paper.number] = some_days_late(ground)
    return Planted(ground.books(), ())


# --- voucher-unpaid ------------------------------------------------------------------------------------


@plant("voucher-unpaid")
def invoice_never_paid(ground: Ground) -> Planted:
    paper = ground.any_paper()
    del ground.paid[paper.number]
    return Planted(ground.books(), ((paper.number, gross(paper)),))


@plant("voucher-unpaid")
def pay_never_paid(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    del ground.paid[paper.number]
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("voucher-unpaid")
def one_dollar_left_to_pay(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.pay(ground.paid.pop(paper.number), paper, gross(paper) - 1)
    return Planted(ground.books(), ((paper.number, 1),))


@plant("voucher-unpaid")
def net_amount_paid_and_not_the_tax(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.pay(ground.paid.pop(paper.number), paper, paper.net)
    return Planted(ground.books(), ((paper.number, paper.tax),))


@plant("voucher-unpaid")
def payment_booked_under_a_mistyped_number(ground: Ground) -> Planted:
    paper = ground.any_paper()
    other = frozenset({paper.number[:-1] + str((int(paper.number[-1]) + 1) % 10)})
    edit = of_payment(paper.number, lambda entry: entry._replace(links=other))
    return Planted(ground.books(edit), ((paper.number, gross(paper)),), frozenset({"voucher-overpaid"}))


@plant("voucher-unpaid")
def credit_note_refunded_twice(ground: Ground) -> Planted:
    paper = ground.any_paper()
    note = ground.credit(paper, paper.net // 4)
    ground.pay(paper.date + days(5), paper, gross(note))
    return Planted(ground.books(), ((paper.number, -gross(note)),))


@plant("voucher-unpaid")
def unpaid_for_ninety_one_days_while_the_case_runs(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(0, 8)), paid_after=None)
    ground.today = paper.date + days(91)
    return Planted(ground.books(), ((paper.number, gross(paper)),))


@plant("voucher-unpaid", scheme="supply-chain-smart-112", partners=2)
def invoice_of_a_partner_never_paid(ground: Ground) -> Planted:
    party = ground.tables["partner"][0]["ubn"]
    paper = ground.buy(ground.invoice("equipment", party=party), paid_after=None)
    return Planted(ground.books(), ((paper.number, gross(paper)),))


@near_miss("voucher-unpaid")
def paid_in_two_parts(ground: Ground) -> Planted:
    paper = ground.any_paper()
    part = gross(paper) // 3
    day = ground.paid.pop(paper.number)
    ground.pay(day, paper, part)
    ground.pay(day + days(9), paper, gross(paper) - part)
    return Planted(ground.books(), ())


@near_miss("voucher-unpaid")
def credit_note_for_what_was_not_paid(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.credit(paper, paper.net // 4)
    return Planted(ground.books(), ())


@near_miss("voucher-unpaid")
def invoice_voided_before_it_was_paid(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(2, 8)), paid_after=None)
    ground.replace(ground.credit(paper, paper.net), kind="void", number=paper.number)
    return Planted(ground.books(), (), also=frozenset({"voucher-voided"}))


@near_miss("voucher-unpaid")
def unpaid_for_ninety_days_while_the_case_runs(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(0, 8)), paid_after=None)
    ground.today = paper.date + days(90)
    return Planted(ground.books(), ())


@near_miss("voucher-unpaid")
def one_transfer_for_two_invoices(ground: Ground) -> Planted:
    one, other = ground.chance.sample([paper for paper in ground.papers if paper.kind == "invoice"], 2)
    paid = [(paper.number, gross(paper), 0) for paper in (one, other)]
    day = max(ground.paid.pop(one.number), ground.paid.pop(other.number))
    ground.more.append(payment_entry(day, "", "整批付款", paid, "company", {}))
    return Planted(ground.books(), ())


@near_miss("voucher-unpaid")
def paid_before_the_invoice_came(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(2, 20)))
    ground.paid[paper.number] = ground.day(1, 5)
    return Planted(ground.books(), ())


# --- withholding-unremitted ------------------------------------------------------------------------------


def fee(ground: Ground, month: int = 1, *, tax: int | None = None, premium: int | None = None) -> Fee:
    """A person's fee, paid less a tenth and the health premium."""
    paper = ground.buy(ground.invoice(day=ground.day(month, 8)), paid_after=None)
    paper = ground.replace(paper, kind="labour-receipt", number=f"LR-{month}", tax=0, seller="")
    withheld = Withheld(
        paper.net // 10 if tax is None else tax, paper.net * 211 // 10_000 if premium is None else premium
    )
    paid = [(paper.number, paper.net, 0)]
    day = paper.date + days(ground.chance.randrange(5, 12))
    ground.more.append(payment_entry(day, paper.seller_name, "匯款", paid, "company", {}, withheld))
    return Fee(paper.number, withheld, day)


def pay_on(ground: Ground, what: Fee, withheld: Withheld, day: Day) -> None:
    ground.more.append(remittance_entry(day, "", "繳款", {what.number: withheld}, "company", {}))


@plant("withholding-unremitted")
def tax_and_premium_never_paid_on(ground: Ground) -> Planted:
    what = fee(ground)
    return Planted(ground.books(), ((what.number, what.withheld.total),))


@plant("withholding-unremitted")
def tax_paid_on_and_the_premium_forgotten(ground: Ground) -> Planted:
    what = fee(ground)
    pay_on(ground, what, Withheld(what.withheld.tax), what.day + days(20))
    return Planted(ground.books(), ((what.number, what.withheld.premium),))


@plant("withholding-unremitted")
def one_dollar_of_the_tax_too_little(ground: Ground) -> Planted:
    what = fee(ground)
    pay_on(ground, what, what.withheld._replace(tax=what.withheld.tax - 1), what.day + days(20))
    return Planted(ground.books(), ((what.number, 1),))


@plant("withholding-unremitted")
def not_paid_on_the_day_after_the_last(ground: Ground) -> Planted:
    what = fee(ground)
    ground.today = tax_by(what.day) + days(1)
    return Planted(ground.books(), ((what.number, what.withheld.tax),))


@plant("withholding-unremitted")
def premium_not_paid_on_the_day_after_the_last(ground: Ground) -> Planted:
    what = fee(ground)
    pay_on(ground, what, Withheld(what.withheld.tax), tax_by(what.day))
    ground.today = premium_by(what.day) + days(1)
    return Planted(ground.books(), ((what.number, what.withheld.premium),))


@near_miss("withholding-unremitted")
def paid_on_in_time(ground: Ground) -> Planted:
    what = fee(ground)
    pay_on(ground, what, Withheld(what.withheld.tax), tax_by(what.day))
    pay_on(ground, what, Withheld(premium=what.withheld.premium), premium_by(what.day))
    return Planted(ground.books(), ())


@near_miss("withholding-unremitted")
def still_to_be_paid_on_the_last_day(ground: Ground) -> Planted:
    what = fee(ground)
    ground.today = tax_by(what.day)
    return Planted(ground.books(), ())


@near_miss("withholding-unremitted")
def paid_on_in_two_lines(ground: Ground) -> Planted:
    what = fee(ground)
    pay_on(ground, what, Withheld(what.withheld.tax), what.day + days(15))
    pay_on(ground, what, Withheld(premium=what.withheld.premium), what.day + days(18))
    return Planted(ground.books(), ())


@near_miss("withholding-unremitted")
def fee_paid_whole(ground: Ground) -> Planted:
    fee(ground, tax=0, premium=0)
    return Planted(ground.books(), ())
