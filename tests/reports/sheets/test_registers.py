"""The sheets beside the account: what was bought against the plan, property, people, foreign money, shares, papers."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.case.case import Case
from reports.settlement import CheckResults
from reports.settlement import write_settlement
from reports.trace.provenance import Provenance
from tests.reports import detailed
from tests.reports import office


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("registers") / "期末.xlsx"
    write_settlement(detailed.detailed_case(), "final", CheckResults(), xlsx=made)
    return made


@pytest.fixture(scope="module")
def shown(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def _cells(workbook: openpyxl.Workbook, sheet: str, word: str) -> list[Any]:
    """The first row of a sheet that shows `word`, its values."""
    for row in workbook[sheet].iter_rows(values_only=True):
        if word in row:
            return list(row)
    raise AssertionError(word)


def _compact(sheet: Any) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_an_item_stands_beside_what_was_bought_of_it(shown: openpyxl.Workbook) -> None:
    row = _cells(shown, "品項對照表", detailed.DRYER)
    assert row[2:13] == [
        2,
        "台",
        0,
        200_000,
        200_000,
        3,
        "組",
        180_000,
        -1,
        20_000,
        "超過核定數量、單位不同,請附換算表",
    ]
    row = _cells(shown, "品項對照表", detailed.MACHINE)
    assert (row[7], row[9], row[11], row[12]) == (1, 1_100_000, 100_000, None)


def test_what_is_no_approved_item_is_told_apart(shown: openpyxl.Workbook) -> None:
    rows = [
        row
        for row in shown["品項對照表"].iter_rows(values_only=True)
        if row[1] in {"(不在核定項目)", "(核定未列項目)"}
    ]
    assert [(row[0], row[9], row[12]) for row in rows] == [
        ("消耗性器材及原材料費", 8_000, "共 1 筆"),
        ("國內差旅費", 3_720, "品名無法與核定項目核對"),
    ]


def test_the_items_come_to_what_is_recognised_without_pay(shown: openpyxl.Workbook) -> None:
    case = detailed.detailed_case()
    total = next(row for row in shown["品項對照表"].iter_rows(values_only=True) if row[0] == "合計")
    assert total[9] == sum(voucher.cost for voucher in case.vouchers if voucher.kind != "payroll")


def test_a_sum_over_an_item_leads_to_its_vouchers_alone(path: Path, shown: openpyxl.Workbook) -> None:
    sheet = shown["品項對照表"]
    (row,) = [row[0].row for row in sheet.iter_rows() if row[1].value == detailed.DRYER]
    texts = [source.text for source in Provenance(path).why("品項對照表", f"J{row}").sources]
    assert [number for number in ("EQ10000001", "EQ10000002") if any(number in text for text in texts)] == [
        "EQ10000002"
    ]


def test_property_is_registered_with_its_domestic_share(shown: openpyxl.Workbook) -> None:
    row = _cells(shown, "財產清冊", detailed.MACHINE)
    assert row[1:8] == ["M-112-001", detailed.MACHINE, "範例牌", "SC-200", "SN2307001", "國產", "是"]
    assert "一廠加工區" in row
    share = _cells(shown, "財產清冊", "國產比率")
    assert round(next(cell for cell in share if isinstance(cell, float)), 4) == round(
        1_100_000 / 1_280_000, 4
    )
    assert any("達 50%" in str(cell) for cell in share)


def test_less_than_half_at_home_is_said(tmp_path: Path) -> None:
    write_settlement(office.capped_case(), "final", CheckResults(), xlsx=tmp_path / "r.xlsx")
    share = _cells(openpyxl.load_workbook(tmp_path / "r.xlsx", data_only=True), "財產清冊", "國產比率")
    assert any("未達 50%" in str(cell) and "339,999 元的設備沒有載明產地" in str(cell) for cell in share)


def test_persons_stand_against_their_plan(shown: openpyxl.Workbook) -> None:
    sheet = shown["人事費"]
    rows = [row for row in _compact(sheet) if row]
    planned = next(row for row in rows if row[0] == "王大明")
    assert planned[3:6] == [5.5, 1.5, 4.0]
    assert planned[6:] == [61_300, 337_150, 91_950, 245_200]
    assert next(row for row in rows if row[0] == "陳新人")[-1] == "不在投入人力規劃"
    assert next(row for row in rows if row[0] == "林小華")[3:6] == [3, 0, 3]


def test_foreign_money_is_told_with_what_the_bank_debited(shown: openpyxl.Workbook) -> None:
    row = _cells(shown, "外幣支付明細", "F-2309")
    assert row[4:11] == ["USD", 1200.5, 31.25, 37_516, 37_516, 37_516, 0]
    assert "AA1234567890" in row


def test_a_shared_voucher_tells_what_is_over_its_share(shown: openpyxl.Workbook) -> None:
    row = _cells(shown, "費用分攤表", "CO10000001")
    assert row[4:10] == [100_000, 30, 30_000, 30_100, 100, "範例部另案計畫"]


def test_a_contract_and_a_journey_have_their_columns(shown: openpyxl.Workbook) -> None:
    assert {"C-112-01", 400_000, "第一期"} <= set(_cells(shown, "委託研究或驗證費", "RE10000001"))
    assert {"林小華", "臺南", 1_920, 1_200, 600} <= set(_cells(shown, "國內差旅費", "差-0912"))


def test_sheets_without_anything_to_say_are_not_there(tmp_path: Path) -> None:
    write_settlement(office.office_case(), "final", CheckResults(), xlsx=tmp_path / "r.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert not {"外幣支付明細", "費用分攤表"} & set(workbook.sheetnames)
    headings = {cell.value for row in workbook["委託研究或驗證費"].iter_rows() for cell in row}
    assert not {"合約編號", "傳票號碼", "發票品名"} & headings


def test_the_checklist_tells_what_is_missing_when_it_is_due_and_at_what_cost(
    shown: openpyxl.Workbook,
) -> None:
    row = _cells(shown, "證明文件檢核表", "驗收單")
    assert (row[3], row[5], row[6], row[7]) == (
        "EQ10000001",
        datetime.datetime(2024, 6, 30),  # noqa: DTZ001 -- as openpyxl reads a date
        "逾期未備",
        1_100_000,
    )
    assert "112-鏈-契-0099" in _cells(shown, "證明文件檢核表", "簽約")
    assert 410_000 in _cells(shown, "證明文件檢核表", "履約保證")


def test_the_unit_is_the_vouchers(shown: openpyxl.Workbook) -> None:
    assert "組" in _cells(shown, "全新設備之購置費", "EQ10000002")
    assert "台" in _cells(
        shown, "全新設備之購置費", "EQ10000001"
    )  # the approved one, where the voucher says none


def test_dates_show_years_of_the_republic_and_are_dates(path: Path) -> None:
    sheet = openpyxl.load_workbook(path)["憑證清冊"]
    days = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, datetime.datetime)]
    assert days
    assert {cell.number_format for cell in days} == {"[$-404]e/mm/dd"}


def test_the_same_case_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again: Case = detailed.detailed_case()
    write_settlement(again, "final", CheckResults(), xlsx=tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_hours_are_in_hours(shown: openpyxl.Workbook) -> None:
    assert str(shown["工時紀錄表"]["A2"].value).endswith("單位:小時")
    assert str(shown["人事費"]["A2"].value).endswith("單位:新臺幣元")
