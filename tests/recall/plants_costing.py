"""Faults in cost, tax and split."""

from __future__ import annotations

from ledger.booking import CostLine
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant


@plant("tax-arithmetic")
def a_mistyped_tax(ground: Ground) -> Planted:
    paper = ground.any_paper()
    off = ground.chance.randrange(2, 500)
    ground.replace(paper, tax=paper.tax + off)
    return Planted(ground.books(), ((paper.number, off),))


@near_miss("tax-arithmetic")
def tax_rounded_the_other_way(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    net = paper.net // 20 * 20 + 10  # tax of exactly half a dollar
    ground.replace(
        paper, net=net, tax=net // 20, lines=(CostLine("consumables", paper.lines[0].item, None, net),)
    )
    return Planted(ground.books(), ())
