"""The platform's downloads: invoices in two sheets, allowances in one, every cell text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence

import pytest

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers.platform import invoices
from tests.importers.vouchers.platform.workbooks import ALLOWANCE
from tests.importers.vouchers.platform.workbooks import ALLOWANCE_HEADER
from tests.importers.vouchers.platform.workbooks import HEADER
from tests.importers.vouchers.platform.workbooks import INVOICE
from tests.importers.vouchers.platform.workbooks import ITEM
from tests.importers.vouchers.platform.workbooks import ITEM_HEADER
from tests.importers.vouchers.platform.workbooks import workbook


def read(*sheets: tuple[Sequence[str], Sequence[Mapping[str, str]]]) -> Reading:
    reading = invoices.read(Source("12345675_IN_20230801.xlsx", workbook(*sheets)))
    assert reading is not None
    return reading


def records(reading: Reading) -> list[VoucherRecord]:
    return [record for record in reading.records if isinstance(record, VoucherRecord)]


def test_an_invoice_with_its_items() -> None:
    reading = read((HEADER, [INVOICE]), (ITEM_HEADER, [ITEM, ITEM | {"序號": "2", "品名": "運費"}]))
    (invoice,) = records(reading)
    assert reading.format == "platform-xlsx"
    assert (invoice.kind, invoice.number, invoice.date) == (
        "invoice",
        "AB12345678",
        datetime.date(2023, 7, 12),
    )
    assert (invoice.seller, invoice.buyer) == ("12345675", "04595257")
    assert (invoice.net, invoice.tax, invoice.gross) == (100000, 5000, 105000)
    assert [item.name for item in invoice.items] == ["主軸冷卻模組", "運費"]
    assert invoice.items[0].quantity == 2
    assert (invoice.status, invoice.deduction) == ("valid", "1")
    assert reading.warnings == ()


def test_the_sheets_may_stand_in_any_order_and_columns_too() -> None:
    invoice = records(read((ITEM_HEADER[::-1], [ITEM]), (HEADER[::-1], [INVOICE])))
    assert invoice[0].items[0].name == "主軸冷卻模組"


def test_net_is_the_total_less_the_tax_and_a_sum_that_does_not_agree_is_told() -> None:
    reading = read((HEADER, [INVOICE | {"銷售額合計": "99000"}]), (ITEM_HEADER, [ITEM]))
    assert records(reading)[0].net == 100000
    assert "AB12345678" in reading.warnings[0]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("開立已確認", "valid"), ("作廢已確認", "voided"), ("退回已確認", "rejected"), ("註銷", "voided")],
)
def test_a_void_row_keeps_its_amounts(status: str, expected: str) -> None:
    (invoice,) = records(read((HEADER, [INVOICE | {"發票狀態": status}]), (ITEM_HEADER, [ITEM])))
    assert (invoice.status, invoice.gross) == (expected, 105000)


def test_an_unknown_status_is_told() -> None:
    assert "審核中" in read((HEADER, [INVOICE | {"發票狀態": "審核中"}]), (ITEM_HEADER, [ITEM])).warnings[0]


def test_a_number_used_again_years_later_keeps_its_own_items() -> None:
    later = {"發票日期": "2033-07-12 10:00:00"}
    first, second = records(
        read((HEADER, [INVOICE, INVOICE | later]), (ITEM_HEADER, [ITEM, ITEM | later | {"品名": "別的"}]))
    )
    assert (first.items[0].name, second.items[0].name) == ("主軸冷卻模組", "別的")


def test_items_without_invoice_and_invoices_without_items_are_told() -> None:
    reading = read((HEADER, [INVOICE]), (ITEM_HEADER, [ITEM | {"發票號碼": "CD00000001"}]))
    assert [warning for warning in reading.warnings if "AB12345678" in warning]
    assert [warning for warning in reading.warnings if "CD00000001" in warning]


@pytest.mark.parametrize(
    ("remark", "code"),
    [
        ("", ""),
        ("2", "2"),
        ("得抵扣之固定資產", "2"),
        ("不得抵扣之進貨及費用", "3"),
        ("不得抵扣之固定資產", "4"),
    ],
)
def test_the_buyers_remark_as_a_code(remark: str, code: str) -> None:
    assert records(read((HEADER, [INVOICE | {"買受人註記": remark}])))[0].deduction == code


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"總計": "很多"}, "總計"),
        ({"總計": ""}, "總計"),
        ({"發票日期": "2023-13-40"}, "發票日期"),
        ({"發票號碼": ""}, "發票號碼"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(change: dict[str, str], field: str) -> None:
    with pytest.raises(ReadError, match=f"第 2 列.*{field}"):
        read((HEADER, [INVOICE | change]), (ITEM_HEADER, [ITEM]))


def test_an_allowance_has_a_row_an_item_and_its_own_total_on_each() -> None:
    second = {"發票號碼": "CD00000001", "品項折讓金額(不含稅)": "200", "品項折讓稅額": "10"}
    (allowance,) = records(read((ALLOWANCE_HEADER, [ALLOWANCE, ALLOWANCE | second])))
    assert (allowance.kind, allowance.number) == ("allowance", "AL001")
    assert (allowance.net, allowance.tax, allowance.gross) == (300, 15, 315)
    assert [(one.number, one.net, one.tax) for one in allowance.references] == [
        ("AB12345678", 100, 5),
        ("CD00000001", 200, 10),
    ]


def test_an_allowance_whose_rows_bear_their_own_part() -> None:
    part = {"折讓金額(不含稅)": "100", "折讓稅額": "5"}
    (allowance,) = records(read((ALLOWANCE_HEADER, [ALLOWANCE | part, ALLOWANCE | part])))
    assert (allowance.net, allowance.tax) == (200, 10)


def test_an_allowance_without_columns_for_its_items() -> None:
    header = [name for name in ALLOWANCE_HEADER if not name.startswith("品項")]
    second = ALLOWANCE | {"發票號碼": "CD00000001", "折讓金額(不含稅)": "200", "折讓稅額": "10"}
    (allowance,) = records(read((header, [ALLOWANCE, second])))
    assert (allowance.net, allowance.tax) == (500, 25)
    assert [one.net for one in allowance.references] == [300, 200]


def test_other_workbooks_are_not_ours() -> None:
    assert invoices.read(Source("x.xlsx", workbook((ITEM_HEADER, [ITEM])))) is None
    assert invoices.read(Source("x.xlsx", workbook((["日期", "金額"], [])))) is None
