"""Vouchers paid beyond what is owed, and payments or credit notes without a voucher (`voucher-overpaid`)."""

from __future__ import annotations

from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

OVERPAID = "voucher-overpaid"


@plant(OVERPAID)
def invoice_paid_a_little_more_than_it_says(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    more = ground.chance.randrange(1, 900)
    ground.pay(ground.day(1, 20), paper, more)
    return Planted(ground.books(), ((paper.number, more),))


@plant(OVERPAID)
def invoice_paid_twice(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("improvement", day=ground.day(1, 9)))
    ground.pay(ground.day(2, 20), paper, paper.net + paper.tax)
    return Planted(ground.books(), ((paper.number, paper.net + paper.tax),))


@plant(OVERPAID)
def credit_note_after_the_whole_was_paid(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    paid = ground.owed(paper)
    credit = ground.credit(paper, paper.net // 10)
    ground.pay(ground.day(1, 25), paper, paid - ground.owed(paper))
    return Planted(ground.books(), ((paper.number, -(credit.net + credit.tax)),))


@near_miss(OVERPAID)
def invoice_less_its_credit_note_paid_to_the_dollar(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    ground.credit(paper, paper.net // 10)
    return Planted(ground.books(), ())


@near_miss(OVERPAID)
def invoice_paid_in_two_parts(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)), paid_after=None)
    part = ground.owed(paper) // 3
    ground.pay(ground.day(1, 20), paper, part)
    ground.pay(ground.day(2, 20), paper, ground.owed(paper) - part)
    return Planted(ground.books(), ())


@near_miss(OVERPAID)
def too_much_paid_and_the_rest_given_back(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    more = ground.chance.randrange(1, 900)
    ground.pay(ground.day(1, 20), paper, more)
    ground.pay(ground.day(2, 3), paper, -more)
    return Planted(ground.books(), ())
