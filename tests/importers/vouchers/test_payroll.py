"""The payroll sheet that a company fills in."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers import payroll

HEADER = "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期\n"


def row(month: str = "112/06", name: str = "楊麗卿", amount: str = "30425", paid: str = "112/07/05") -> str:
    return f"{month},{name},計畫主持人,60100,81,160,{amount},{paid}\n"


def read(text: str) -> Reading:
    reading = payroll.read(Source("薪資清冊.csv", text.encode()))
    assert reading is not None
    return reading


def records(text: str) -> list[VoucherRecord]:
    return [record for record in read(text).records if isinstance(record, VoucherRecord)]


def test_a_row_is_one_persons_month() -> None:
    (record,) = records(HEADER + row())
    assert (record.kind, record.number, record.date) == (
        "payroll",
        "薪11206-楊麗卿",
        datetime.date(2023, 6, 30),
    )
    assert (record.net, record.tax, record.gross) == (30425, 0, 30425)
    assert (record.seller_name, record.paid) == ("楊麗卿", datetime.date(2023, 7, 5))
    detail = record.payroll
    assert detail is not None
    assert (detail.month, detail.name, detail.role) == ("2023-06", "楊麗卿", "計畫主持人")
    assert (detail.salary, detail.hours, detail.total_hours) == (Decimal(60100), Decimal(81), Decimal(160))


@pytest.mark.parametrize(
    "month",
    [
        "2023-06",
        "2023/6",
        "112/06",
        "11206",
        "202306",
        "112年6月",
        "民國112年6月",
        "2023-06-01",
        "1120615",
        "112.06",
    ],
)
def test_a_month_however_it_is_written(month: str) -> None:
    (record,) = records(HEADER + row(month))
    assert (record.number, record.date) == ("薪11206-楊麗卿", datetime.date(2023, 6, 30))


def workbook(month: Any, amount: Any) -> Source:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(HEADER.strip().split(","))
    page.append([month, "楊麗卿", "工程師", 60100, 81, 160, amount, datetime.date(2023, 7, 5)])
    buffer = io.BytesIO()
    book.save(buffer)
    return Source("薪資.xlsx", buffer.getvalue())


def test_a_date_cell_and_the_noise_of_a_computed_amount() -> None:
    reading = payroll.read(workbook(datetime.date(2023, 6, 1), 30425.000000000004))
    assert reading is not None
    (record,) = reading.records
    assert isinstance(record, VoucherRecord)
    assert (record.number, record.net, record.paid) == ("薪11206-楊麗卿", 30425, datetime.date(2023, 7, 5))
    assert reading.warnings == ()


def test_a_number_cell_that_may_be_january_or_october_is_refused() -> None:
    with pytest.raises(ReadError, match="月份"):
        payroll.read(workbook(112.10, 1))


def test_a_fraction_is_rounded_half_up_and_told() -> None:
    reading = read(HEADER + row(amount="30425.5"))
    assert isinstance(reading.records[0], VoucherRecord)
    assert reading.records[0].net == 30426
    assert len(reading.warnings) == 1


def test_examples_and_sums_are_no_rows_and_notes_are_told() -> None:
    reading = read(HEADER + row("範例 2023-06") + row() + "合計,,,,,,30425,\n製表: 王,,,,,,,\n")
    assert len(reading.records) == 1
    assert len(reading.warnings) == 1


def test_the_same_person_twice_in_a_month_is_kept_and_told() -> None:
    reading = read(HEADER + row() + row(amount="1000"))
    assert len(reading.records) == 2
    assert "薪11206-楊麗卿" in reading.warnings[0]


def test_hours_may_be_halves() -> None:
    (record,) = records(HEADER + row().replace(",81,", ",81.5,"))
    assert record.payroll is not None
    assert record.payroll.hours == Decimal("81.5")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (row("6月"), "月份"),
        (row("112/13"), "月份"),
        (row(name=""), "姓名"),
        (row(amount=""), "應計薪資"),
        (row(amount="很多"), "應計薪資"),
        (row(paid="下月"), "付款日期"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(bad: str, field: str) -> None:
    with pytest.raises(ReadError, match=f"第 3 列.*{field}"):
        read(HEADER + row() + bad)


def test_other_tables_are_not_ours() -> None:
    assert payroll.read(Source("x.csv", "日期,姓名,金額\n".encode())) is None


def test_the_parts_of_pay_and_the_days_of_somebody_who_joins_or_leaves() -> None:
    header = HEADER.strip() + ",本薪,固定津貼,獎金,到職日,離職日\n"
    (record,) = records(header + row().strip() + ',"58,000",2100,,112/06/05,\n')
    detail = record.payroll
    assert detail is not None
    assert (detail.base, detail.allowance, detail.bonus) == (Decimal(58000), Decimal(2100), None)
    assert (detail.joined, detail.left) == (datetime.date(2023, 6, 5), None)
    told = record.as_json()
    assert (told["base"], told["allowance"], told["joined"]) == (58000, 2100, "2023-06-05")
    assert not {"bonus", "left"} & set(told)


@pytest.mark.parametrize("cell", ["五日", "112/13/05"])
def test_a_day_that_is_none(cell: str) -> None:
    with pytest.raises(ReadError, match="到職日"):
        records(HEADER.strip() + ",到職日\n" + row().strip() + f",{cell}\n")
