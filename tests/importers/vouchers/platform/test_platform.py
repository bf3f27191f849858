"""The platform's downloads: invoices in two sheets, allowances in one, every cell text."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from collections.abc import Sequence

import openpyxl
import pytest

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers.platform import invoices

COLUMNS = (
    "發票號碼 買受人註記 格式代號 發票狀態 發票日期 買方統一編號 買方名稱 賣方統一編號 賣方名稱 寄送日期 "
    "銷售額合計 應稅銷售額 零稅銷售額 免稅銷售額 營業稅 總計 課稅別 匯率 載具類別編號 載具號碼1 載具號碼2 總備註 "
    "開立確認時間 最後異動時間 MIG訊息類別 傳送方統編 傳送方名稱"
)
HEADER = [*COLUMNS.replace("匯率", "匯率\n").split(" "), ""]
ITEM_COLUMNS = "發票號碼 發票日期 序號 品名 數量 單位 單價 金額 單一欄位備註 相關號碼"
ITEM_HEADER = ITEM_COLUMNS.split()
INVOICE = {
    "發票號碼": "AB12345678",
    "買受人註記": "得抵扣之進貨及費用",
    "格式代號": "25",
    "發票狀態": "開立已確認",
    "發票日期": "2023-07-12 10:00:00",
    "買方統一編號": "04595257",
    "買方名稱": "04595257",
    "賣方統一編號": "12345675",
    "賣方名稱": "精密機械股份有限公司",
    "銷售額合計": "100000",
    "應稅銷售額": "100000",
    "營業稅": "5000",
    "總計": "105000",
    "課稅別": "應稅",
    "匯率\n": "0",
    "傳送方統編": "97025978",
}
ITEM = {
    "發票號碼": "AB12345678",
    "發票日期": "2023-07-12 10:00:00",
    "序號": "1",
    "品名": "主軸冷卻模組",
    "數量": "2.0000000",
    "單位": "組",
    "金額": "105000",
}


def workbook(*sheets: tuple[Sequence[str], Sequence[Mapping[str, str]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, (header, rows) in enumerate(sheets, 1):
        page = book.create_sheet(f"btb411w_xls{number}")
        page.append(list(header))
        for row in rows:
            page.append([row.get(name, "") for name in header])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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


ALLOWANCE_COLUMNS = (
    "折讓單號碼 折讓單日期 格式代號 發票號碼 賣方統一編號 買方統一編號 賣方名稱 買方名稱 品項名稱 "
    "品項折讓金額(不含稅) 品項折讓稅額 折讓金額(不含稅) 折讓稅額"
)
ALLOWANCE_HEADER = ALLOWANCE_COLUMNS.split()
ALLOWANCE = {
    "折讓單號碼": "AL001",
    "折讓單日期": "2023-08-20",
    "發票號碼": "AB12345678",
    "賣方統一編號": "12345675",
    "買方統一編號": "04595257",
    "品項名稱": "主軸冷卻模組",
    "品項折讓金額(不含稅)": "100",
    "品項折讓稅額": "5",
    "折讓金額(不含稅)": "300",
    "折讓稅額": "15",
}


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
