"""Which of an invoice's lines belongs to which item and category."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.planning.categories import Known
from importers.planning.categories import classify
from importers.records import VoucherItem
from tests.importers.makers import AWARD
from tests.importers.makers import award_of
from tests.importers.makers import case_of
from tests.importers.makers import invoice
from tests.importers.makers import item
from tests.importers.makers import tables

NAMES = ["高效率軸承", "溫度變送器(4-20mA)", "高效率集塵設備", "空壓機變頻節能改善", "SMD-200A", ""]


def booked(
    record_items: list[tuple[str, int | None]], net: int, **changes: object
) -> list[tuple[str, str, int]]:
    record = invoice(*(item(name, amount) for name, amount in record_items), net=net, **changes)
    classified = classify(record, net, AWARD)
    return [(line.category, line.item, line.cost) for line in classified.lines]


@pytest.mark.parametrize("name", ["高效率軸承", " 高效率 軸承", "高效率軸承\u3000"])
def test_an_approved_name_classifies_after_folding(name: str) -> None:
    assert booked([(name, 1000)], 1000) == [("consumables", "高效率軸承", 1000)]


def test_full_width_and_half_width_names_are_one() -> None:
    assert booked([("溫度變送器（４－２０ｍＡ）", 1000)], 1000) == [
        ("consumables", "溫度變送器(4-20mA)", 1000)
    ]


def test_lines_of_several_categories_take_their_share_of_the_header() -> None:
    # printed with tax: 1,050 + 2,100 of a header of 3,000 without
    lines = booked([("高效率軸承", 1050), ("空壓機變頻節能改善", 2100)], 3000)
    assert lines == [("consumables", "高效率軸承", 1000), ("improvement", "空壓機變頻節能改善", 2000)]


def test_the_remainder_of_rounding_is_on_the_largest_line() -> None:
    lines = booked([("高效率軸承", 1), ("高效率集塵設備", 2), ("空壓機變頻節能改善", 1)], 101)
    assert [cost for _c, _i, cost in lines] == [25, 51, 25]


def test_a_discount_is_taken_off_all_lines_in_proportion() -> None:
    lines = booked([("高效率軸承", 300), ("空壓機變頻節能改善", 900), ("折扣", -200)], 1000)
    assert lines == [("consumables", "高效率軸承", 250), ("improvement", "空壓機變頻節能改善", 750)]


def test_a_discount_that_names_its_line_is_taken_off_that() -> None:
    items: list[tuple[str, int | None]] = [
        ("高效率軸承", 300),
        ("空壓機變頻節能改善", 900),
        ("高效率軸承 折讓", -100),
    ]
    assert booked(items, 1100) == [
        ("consumables", "高效率軸承", 200),
        ("improvement", "空壓機變頻節能改善", 900),
    ]


def test_two_discounts_are_each_their_own() -> None:
    items: list[tuple[str, int | None]] = [
        ("高效率軸承", 400),
        ("空壓機變頻節能改善", 600),
        ("折扣", -100),
        ("高效率軸承優惠", -60),
    ]
    assert booked(items, 840) == [
        ("consumables", "高效率軸承", 300),
        ("improvement", "空壓機變頻節能改善", 540),
    ]


def test_a_discount_larger_than_its_line_is_asked_about() -> None:
    record = invoice(
        item("高效率軸承", 100), item("空壓機變頻節能改善", 900), item("高效率軸承折扣", -300), net=700
    )
    found = classify(record, 700, AWARD)
    assert "折扣比它所屬的品項還大" in found.unclear
    assert sum(line.cost for line in found.lines) == 700


def test_freight_goes_where_the_heaviest_line_goes_and_keeps_its_name() -> None:
    lines = booked([("空壓機變頻節能改善", 900), ("運費", 100)], 1000, seller_name="別家有限公司")
    assert lines == [("improvement", "空壓機變頻節能改善", 900), ("improvement", "運費", 100)]


def test_lines_without_amounts_share_alike() -> None:
    lines = booked([("高效率軸承", None), ("高效率集塵設備", None)], 1001)
    assert sorted(cost for _c, _i, cost in lines) == [500, 501]


def test_an_unknown_item_of_a_supplier_of_one_category_goes_there() -> None:
    assert booked([("SMD-200A", 1000)], 1000) == [("consumables", "SMD-200A", 1000)]


def test_a_category_written_on_the_sheet_is_taken() -> None:
    assert booked([("SMD-200A", 1000)], 1000, category="設備費") == [("equipment", "SMD-200A", 1000)]


@pytest.mark.parametrize("seller", ["福泰家具有限公司", "川益節能股份有限公司", ""])
def test_what_nobody_can_place_is_claimed_from_nobody_and_asked(seller: str) -> None:
    # 川益 supplies two categories, so that its name places nothing
    record = invoice(item("SMD-200A", 1000), net=1000, seller_name=seller)
    classified = classify(record, 1000, AWARD)
    assert not classified.claimed
    assert "SMD-200A" in classified.unclear


def test_quantities_of_one_item_add_up() -> None:
    record = invoice(item("高效率軸承", 100, 2), item("高效率軸承", 200, 3), net=300)
    (line,) = classify(record, 300, AWARD).lines
    assert (line.quantity, line.cost) == (Decimal(5), 300)


def test_two_parties_may_have_items_of_one_name() -> None:
    partner = {"name": "東昶精密有限公司", "ubn": "12345675"}
    made = tables()
    items = [
        *made["item"],
        {"category": "equipment", "name": "高效率軸承", "government": 1, "self": 1, "party": "12345675"},
    ]
    budget = [*made["budget"], {"category": "equipment", "government": 1, "self": 1, "party": "12345675"}]
    award = award_of(partner=[partner], item=items, budget=budget)
    for buyer, category in (("12345675", "equipment"), ("68388964", "consumables")):
        (line,) = classify(invoice(item("高效率軸承", 5), net=5, buyer=buyer), 5, award).lines
        assert line.category == category


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.none() | st.integers(-5_000, 90_000)), min_size=1, max_size=8
    ),
    st.integers(0, 500_000),
)
@settings(max_examples=100, deadline=None)
def test_the_header_is_met_exactly(lines: list[tuple[str, int | None]], net: int) -> None:
    assert sum(cost for _c, _i, cost in booked(lines, net)) == net


def test_a_row_is_known_by_its_seller_or_its_item() -> None:
    known = Known.of(case_of(), AWARD)
    assert known.has(invoice(net=1, seller_name="晟鑫科技企業 有限公司"))
    assert known.has(invoice(item("高效率軸承", 1), net=1, seller_name="誰"))
    assert not known.has(invoice(item("辦公用紙", 1), net=1, seller_name="誰"))


@pytest.mark.parametrize(
    ("printed", "booked"),
    [("2.0000000", "2"), ("20.00", "20"), ("1.500", "1.5"), ("0.0010", "0.001"), ("100", "100")],
)
def test_noughts_behind_a_quantity_are_not_booked(printed: str, booked: str) -> None:
    paper = invoice(VoucherItem("高效率軸承", Decimal(printed), "個", Decimal(1000)), net=1000)
    (line,) = classify(paper, 1000, AWARD).lines
    assert str(line.quantity) == booked
