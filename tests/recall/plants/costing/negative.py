"""Faults and near misses of vouchers with negative amounts that take back nothing (`voucher-negative`)."""

from __future__ import annotations

import dataclasses

from ledger.entries.builder import VoucherToBook
from tests.recall import papers
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

NEGATIVE = "voucher-negative"


def turned(paper: VoucherToBook, number: str) -> VoucherToBook:
    """A paper's sums with a minus before them, under another number."""
    (line,) = paper.lines
    line = dataclasses.replace(line, quantity=None, cost=-paper.net)
    return dataclasses.replace(
        paper,
        number=number,
        net=-paper.net,
        tax=-paper.tax,
        lines=(line,),
        import_id=f"invoice:{number}",
        document=f"{paper.date}.{number}.pdf",
    )


def back(ground: Ground, paper: VoucherToBook) -> Planted:
    """The books with a paper that gives back what nobody paid."""
    ground.buy(paper, paid_after=None)
    also = frozenset({"voucher-overpaid"})  # what it makes payable is below nothing
    return Planted(ground.books(), ((paper.number, -paper.net),), also=also)


@plant(NEGATIVE)
def invoice_whose_sums_have_a_minus(ground: Ground) -> Planted:
    return back(ground, turned(ground.any_paper("invoice", "improvement"), "KL00990011"))


@plant(NEGATIVE)
def discount_as_a_paper_of_its_own(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    line = dataclasses.replace(paper.lines[0], cost=100, quantity=None)
    return back(ground, turned(dataclasses.replace(paper, net=100, tax=5, lines=(line,)), "KL00990012"))


@plant(NEGATIVE)
def receipt_of_one_dollar_less_than_nothing(ground: Ground) -> Planted:
    paper = papers.receipt(ground.chance, ground.any_paper("invoice", "equipment"))
    line = dataclasses.replace(paper.lines[0], cost=1, quantity=None)
    small = dataclasses.replace(paper, net=1, lines=(line,))
    return back(ground, dataclasses.replace(turned(small, "收0042"), import_id="receipt:0042"))


@near_miss(NEGATIVE)
def credit_note_of_a_part(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("improvement"))
    ground.credit(paper, paper.net // 3)
    return Planted(ground.books(), ())


@near_miss(NEGATIVE)
def credit_note_of_the_whole(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables"), paid_after=None)
    ground.credit(paper, paper.net)
    return Planted(ground.books(), ())


@near_miss(NEGATIVE)
def invoice_of_a_few_dollars(ground: Ground) -> Planted:
    ground.buy(ground.invoice("improvement", net=20))
    return Planted(ground.books(), ())


@near_miss(NEGATIVE)
def income_that_lowers_the_cost(ground: Ground) -> Planted:
    """What was earned by selling scrap, as `ledger.operations.register` books it."""
    paper = ground.invoice("consumables", net=500)
    scrap = dataclasses.replace(turned(paper, "KL00990013"), kind="income", tax=0, is_payable=False)
    ground.buy(scrap, paid_after=None)
    return Planted(ground.books(), ())
