"""Scanned left QR codes."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers import qr


def code(
    number: str = "AB12345678", day: str = "1120712", sales: int = 100000, total: int = 105000, rest: str = ""
) -> str:
    return f"{number}{day}4821{sales:08X}{total:08x}0459525712345675{'a+/Z' * 5}AAA={rest}"


def read(text: str) -> Reading:
    reading = qr.read(Source("scan.txt", text.encode()))
    assert reading is not None
    return reading


def test_net_is_the_sales_and_the_tax_what_is_left_of_the_total() -> None:
    (invoice,) = read(code()).records
    assert isinstance(invoice, VoucherRecord)
    assert len(code()) == 77
    assert (invoice.kind, invoice.number, invoice.date) == (
        "invoice",
        "AB12345678",
        datetime.date(2023, 7, 12),
    )
    assert (invoice.net, invoice.tax, invoice.gross) == (100000, 5000, 105000)
    assert (invoice.seller, invoice.buyer) == ("12345675", "04595257")


def test_a_consumers_sales_are_zero_and_the_total_includes_the_tax() -> None:
    (invoice,) = read(code(sales=0, total=210)).records
    assert isinstance(invoice, VoucherRecord)
    assert (invoice.net, invoice.tax, invoice.gross) == (210, 0, 210)


def test_items_follow_the_fixed_part_and_the_right_code_is_passed_over() -> None:
    text = code(rest=":**********:2:2:1:螺絲:2:50:墊片:1:5.5") + "\r\n**:再一項:1:1\r\n\r\n"
    (invoice,) = read(text).records
    assert isinstance(invoice, VoucherRecord)
    assert [(item.name, item.quantity, str(item.amount)) for item in invoice.items] == [
        ("螺絲", Decimal(2), "100"),
        ("墊片", Decimal(1), "5.5"),
    ]


@pytest.mark.parametrize("after", [":", ":備註", ":備註:又一則", ":半個:1"])
def test_what_follows_the_items_is_no_item(after: str) -> None:
    (invoice,) = read(code(rest=f":**********:1:3:1:螺絲:2:50{after}")).records
    assert isinstance(invoice, VoucherRecord)
    assert [item.name for item in invoice.items] == ["螺絲"]


@pytest.mark.parametrize(
    "rest",
    [
        ":**********:1:1:2:6J665p2x:2:50",
        ":**********:x:1:1:螺絲:2:50",
        f":**********:{'9' * 5000}:1:1:螺絲:2:50",
        ":**********",
        "",
    ],
)
def test_items_in_another_writing_are_left_out(rest: str) -> None:
    (invoice,) = read(code(rest=rest)).records
    assert isinstance(invoice, VoucherRecord)
    assert invoice.items == ()


def test_items_that_are_not_clear_are_left_out() -> None:
    (invoice,) = read(code(rest=":**********:1:1:1:螺絲:很多:50")).records
    assert isinstance(invoice, VoucherRecord)
    assert invoice.items == ()


def test_a_code_scanned_twice_counts_once() -> None:
    reading = read(code() + "\n" + code() + "\n" + code("CD00000001"))
    assert len(reading.records) == 2
    assert len(reading.warnings) == 1


@pytest.mark.parametrize("bad", ["AB12345678", code(day="1121340"), code()[:76]])
def test_a_bad_line_is_named(bad: str) -> None:
    with pytest.raises(ReadError, match="第 2 行"):
        read(code() + "\n" + bad)


@pytest.mark.parametrize("text", ["", "AB12345678", "日期,金額", "**:only:right"])
def test_other_texts_are_not_ours(text: str) -> None:
    assert qr.read(Source("x.txt", text.encode())) is None
