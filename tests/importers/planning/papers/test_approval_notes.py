"""What a new voucher has otherwise than the approved item: its unit, and of research its contractor."""

from __future__ import annotations

import dataclasses

import pytest

from importers.planning.papers.approval_notes import approval_notes
from importers.planning.papers.told import NewVoucher
from importers.records import VoucherRecord
from tests.importers.makers import award_of
from tests.importers.makers import invoice
from tests.importers.makers import item
from tests.importers.makers import tables

BEARING = {"category": "consumables", "name": "高效率軸承", "government": 1, "self": 1, "unit": "台"}
TEST = {
    "category": "research",
    "name": "節能效益驗證",
    "government": 1,
    "self": 1,
    "supplier": "財團法人範例檢測中心",
}
AWARD = award_of(item=[*tables()["item"][1:], BEARING, TEST])


def told(record: VoucherRecord) -> list[str]:
    return [note.reason for note in approval_notes([NewVoucher("x", record, ["a.xml"], "mig-xml")], AWARD)]


@pytest.mark.parametrize(
    ("unit", "is_told"), [("台", False), ("臺", False), ("", False), ("箱", True), ("組", True)]
)
def test_another_unit_is_told_with_both(unit: str, is_told: bool) -> None:
    line = dataclasses.replace(item("高效率軸承", 100), unit=unit)
    notes = told(invoice(line, net=100))
    assert bool(notes) == is_told
    assert all(f"「{unit}」" in note and "「台」" in note for note in notes)


@pytest.mark.parametrize(
    ("seller", "is_told"),
    [("財團法人範例檢測中心", False), ("財團法人 範例檢測中心", False), ("另一檢測有限公司", True)],
)
def test_research_of_another_contractor_is_told(seller: str, is_told: bool) -> None:
    notes = told(invoice(item("節能效益驗證", 100), net=100, seller_name=seller))
    assert bool(notes) == is_told
    assert all("財團法人範例檢測中心" in note and seller in note for note in notes)


def test_other_items_may_come_from_anybody_and_allowances_are_no_purchase() -> None:
    assert told(invoice(item("高效率軸承", 100), net=100, seller_name="別家")) == []
    away = invoice(item("節能效益驗證", 100), net=100, seller_name="別家", kind="allowance")
    assert told(away) == []


def test_the_name_with_its_english_is_the_approved_item() -> None:
    approved = AWARD.item_named("Bearing (高效率軸承)")
    assert approved is not None
    assert approved.name == "高效率軸承"
