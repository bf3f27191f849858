"""Faults and near misses of units and contractors that are not the approved ones."""

from __future__ import annotations

import dataclasses

from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

UNIT, CONTRACTOR = "item-unit-differs", "contractor-not-approved"
LABORATORY = "財團法人範例檢測中心"


def counted_in(ground: Ground, unit: str, category: str = "improvement") -> VoucherToBook:
    """An invoice that counts its item in a unit, booked."""
    paper = ground.invoice(category)
    return ground.buy(
        dataclasses.replace(paper, lines=(dataclasses.replace(paper.lines[0], meta=(("unit", unit),)),))
    )


@plant(UNIT)
def boxes_in_place_of_sets(ground: Ground) -> Planted:
    paper = counted_in(ground, "箱")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant(UNIT)
def unit_in_english(ground: Ground) -> Planted:
    paper = counted_in(ground, "pcs", "consumables")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant(UNIT)
def one_of_two_lines_in_another_unit(ground: Ground) -> Planted:
    paper = ground.invoice("improvement")
    first, second, *_more = ground.items("improvement")
    part = paper.net // 3
    lines = (
        CostLine("improvement", first, None, part),
        CostLine("improvement", second, None, paper.net - part, meta=(("unit", "批"),)),
    )
    ground.buy(dataclasses.replace(paper, lines=lines))
    return Planted(ground.books(), ((paper.number, paper.net - part),))


@near_miss(UNIT)
def the_approved_unit(ground: Ground) -> Planted:
    counted_in(ground, ground.table("item", "improvement")["unit"])
    return Planted(ground.books(), ())


@near_miss(UNIT)
def the_same_unit_written_otherwise(ground: Ground) -> Planted:
    ground.table("item", "improvement")["unit"] = "台"
    counted_in(ground, "臺")
    return Planted(ground.books(), ())


@near_miss(UNIT)
def no_unit_is_approved(ground: Ground) -> Planted:
    ground.table("item", "improvement").pop("unit", None)
    counted_in(ground, "箱")
    return Planted(ground.books(), ())


def study(ground: Ground, seller: str, supplier: str = LABORATORY) -> VoucherToBook:
    """An invoice of research that the award gives to a laboratory, booked."""
    ground.tables["budget"].append({"category": "research", "government": 0, "self": 90_000})
    ground.tables["item"].append(
        {
            "category": "research",
            "name": "節能效益驗證",
            "government": 0,
            "self": 90_000,
            "supplier": supplier,
        }
    )
    return ground.buy(ground.invoice("research", seller_name=seller))


@plant(CONTRACTOR)
def another_laboratory(ground: Ground) -> Planted:
    paper = study(ground, "另一檢測有限公司")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant(CONTRACTOR)
def company_whose_name_begins_alike(ground: Ground) -> Planted:
    paper = study(ground, "範例檢測中心科技有限公司")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant(CONTRACTOR)
def a_shop_in_place_of_a_university(ground: Ground) -> Planted:
    paper = study(ground, "嘉聿節能企業股份有限公司", "國立範例大學")
    return Planted(ground.books(), ((paper.number, paper.net),))


@near_miss(CONTRACTOR)
def the_approved_laboratory(ground: Ground) -> Planted:
    study(ground, LABORATORY)
    return Planted(ground.books(), ())


@near_miss(CONTRACTOR)
def nobody_was_approved_by_name(ground: Ground) -> Planted:
    study(ground, "另一檢測有限公司", "")
    return Planted(ground.books(), ())


@near_miss(CONTRACTOR)
def machines_of_another_dealer(ground: Ground) -> Planted:
    ground.table("item", "improvement")["supplier"] = "建鋒科技實業有限公司"
    ground.buy(ground.invoice("improvement", seller_name="嘉聿節能企業股份有限公司"))
    return Planted(ground.books(), ())
