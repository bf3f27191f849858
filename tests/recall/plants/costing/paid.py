"""Faults in what the grant's money pays of a voucher."""

from __future__ import annotations

import datetime

from ledger.entries.builder import VoucherToBook
from ledger.model.accounts import GRANT_MONEY
from ledger.model.accounts import OWN_MONEY
from tests.recall.edits import amounts
from tests.recall.edits import of_payment
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

CHECK = "tax-paid-by-grant"
# the grant is short of what it paid too much, and what it paid was not earned
FOLLOWS = frozenset({"withdrawal-exceeds-entitlement", "account-overdrawn"})


def overpaid(ground: Ground, paper: VoucherToBook, amount: int) -> Planted:
    """A voucher of which the grant paid so much too much."""
    edit = of_payment(paper.number, amounts([(GRANT_MONEY, -amount), (OWN_MONEY, amount)]))
    return Planted(ground.books(edit), ((paper.number, amount),), FOLLOWS)


def in_parts(ground: Ground, paper: VoucherToBook, *parts: tuple[int, int], after: int = 3) -> None:
    """Pay a voucher out of the dedicated account in parts: (amount, of it the grant's) each, a day apart."""
    number = paper.reverses or paper.number
    for place, (amount, of_grant) in enumerate(parts):
        day = paper.date + datetime.timedelta(days=after + place)
        ground.pay_directly(day, paper.seller_name, [(number, amount, of_grant)])


def at_once(ground: Ground, first: VoucherToBook, second: VoucherToBook, more: int) -> None:
    """Pay two vouchers in one sum, of which the grant bears so much too much for the second."""
    papers = first, second
    paid = [(paper.number, paper.net + paper.tax, ground.government(paper)) for paper in papers]
    paid[1] = (*paid[1][:2], paid[1][2] + more)
    for paper in papers:
        del ground.paid[paper.number]
    day = max(paper.date for paper in papers) + datetime.timedelta(days=3)
    ground.pay_directly(day, first.seller_name, paid)


@plant(CHECK)
def tax_paid_out_of_the_grant(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper()
    return overpaid(ground, paper, paper.tax)


@plant(CHECK)
def whole_invoice_paid_out_of_the_grant(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper()
    return overpaid(ground, paper, paper.net + paper.tax - ground.government(paper))


@plant(CHECK)
def one_dollar_of_the_own_part_paid_out_of_the_grant(ground: Ground) -> Planted:
    ground.direct = True
    return overpaid(ground, ground.any_paper(), 1)


@plant(CHECK)
def pay_of_a_person_out_of_the_grant(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper("payroll")
    return overpaid(ground, paper, paper.net)


@plant(CHECK)
def grant_pays_more_in_the_second_of_two_parts(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper()
    half = (paper.net + paper.tax) // 2
    more = ground.chance.randrange(1, paper.tax)
    given = ground.government(paper)
    del ground.paid[paper.number]
    in_parts(ground, paper, (half, given // 2), (paper.net + paper.tax - half, given - given // 2 + more))
    return Planted(ground.books(), ((paper.number, more),), FOLLOWS)


@plant(CHECK)
def grant_pays_more_for_one_of_two_vouchers_paid_at_once(ground: Ground) -> Planted:
    ground.direct = True
    first, second = ground.buy(ground.invoice()), ground.buy(ground.invoice())
    more = ground.chance.randrange(1, second.tax)
    at_once(ground, first, second, more)
    return Planted(ground.books(), ((second.number, more),), FOLLOWS)


@plant(CHECK)
def grant_pays_its_part_of_what_a_credit_note_took_off(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.buy(ground.invoice("improvement"), paid_after=9)
    note = ground.credit(paper, paper.net // 3)
    return overpaid(ground, paper, -ground.government(note))


@near_miss(CHECK)
def grant_pays_its_part_to_the_dollar(ground: Ground) -> Planted:
    ground.direct = True
    return Planted(ground.books(), ())


@near_miss(CHECK)
def two_payments_that_come_to_the_grants_part(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper()
    given, gross = ground.government(paper), paper.net + paper.tax
    del ground.paid[paper.number]
    in_parts(ground, paper, (given, given), (gross - given, 0))
    return Planted(ground.books(), ())


@near_miss(CHECK)
def two_vouchers_paid_at_once(ground: Ground) -> Planted:
    ground.direct = True
    at_once(ground, ground.buy(ground.invoice()), ground.buy(ground.invoice()), 0)
    return Planted(ground.books(), ())


@near_miss(CHECK)
def credit_note_after_the_payment_and_refunded_to_the_grant(ground: Ground) -> Planted:
    ground.direct = True
    last = ground.end - datetime.timedelta(days=3)  # when nothing else is paid any more
    paper = ground.buy(ground.invoice("improvement", day=last))
    note = ground.credit(paper, paper.net // 3, after=3)
    own = ground.government(paper), paper.net + paper.tax - ground.government(paper)
    del ground.paid[paper.number]
    in_parts(ground, paper, (sum(own), own[0]), after=1)
    in_parts(ground, note, (note.net + note.tax, ground.government(note)), after=0)
    return Planted(ground.books(), ())


@near_miss(CHECK)
def company_pays_the_whole_from_its_own_bank(ground: Ground) -> Planted:
    return Planted(ground.books(), ())
