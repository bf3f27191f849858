"""The monthly mail of carrier invoices, and the consumer's own download."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers import carrier
from importers.vouchers import cloud_invoice
from tests.importers.vouchers.carrier_files import CLOUD_FOOT
from tests.importers.vouchers.carrier_files import CLOUD_HEAD
from tests.importers.vouchers.carrier_files import HEAD
from tests.importers.vouchers.carrier_files import cloud_row

MASTER = "M|手機條碼|/AB12C.+|20230712|12345675|精密五金行|AB12345678|161|開立|\r\n"


def read(text: str, encoding: str = "utf-8-sig") -> Reading:
    reading = carrier.read(Source("mail.csv", text.encode(encoding)))
    assert reading is not None
    return reading


def records(text: str) -> list[VoucherRecord]:
    return [record for record in read(text).records if isinstance(record, VoucherRecord)]


def test_an_invoice_is_its_total_whatever_its_items_sum_to() -> None:
    reading = read(HEAD + MASTER + "D|AB12345678|165|92無鉛汽油|\r\nD|AB12345678|-4.00|折抵|\r\n")
    (invoice,) = reading.records
    assert isinstance(invoice, VoucherRecord)
    assert (invoice.kind, invoice.number, invoice.date) == (
        "invoice",
        "AB12345678",
        datetime.date(2023, 7, 12),
    )
    assert (invoice.seller, invoice.seller_name, invoice.buyer) == ("12345675", "精密五金行", "")
    assert (invoice.net, invoice.tax, invoice.gross, invoice.status) == (161, 0, 161, "valid")
    assert [(item.name, item.amount) for item in invoice.items] == [
        ("92無鉛汽油", Decimal(165)),
        ("折抵", Decimal(-4)),
    ]
    assert (reading.format, reading.warnings) == ("carrier-csv", ())


def test_quotes_and_pipes_and_raw_line_ends_are_the_items_text() -> None:
    (invoice,) = records(HEAD + MASTER + 'D|AB12345678|60|"停車費\n入場 08:00\n出場 | 09:00"|\n' + MASTER[:0])
    assert invoice.items[0].name == '"停車費 入場 08:00 出場 | 09:00"'


def test_a_voided_invoice_keeps_its_amount() -> None:
    (invoice,) = records(HEAD + MASTER.replace("開立", "作廢"))
    assert (invoice.status, invoice.gross) == ("voided", 161)


def test_items_belong_to_their_number_not_to_the_line_above() -> None:
    second = MASTER.replace("AB12345678", "CD00000001")
    first, other = records(HEAD + MASTER + second + "D|AB12345678|1|甲|\r\nD|CD00000001|2|乙|\r\n")
    assert (first.items[0].name, other.items[0].name) == ("甲", "乙")


def test_the_header_says_where_a_buyer_stands() -> None:
    head = HEAD.replace("|發票日期|", "|買方統編|發票日期|")
    (invoice,) = records(head + MASTER.replace("|20230712|", "|04595257|20230712|"))
    assert (invoice.buyer, invoice.date) == ("04595257", datetime.date(2023, 7, 12))


def test_an_item_without_invoice_is_told() -> None:
    assert len(read(HEAD + MASTER + "D|ZZ00000001|1|甲|\r\n").warnings) == 1


def test_without_header_and_in_big5() -> None:
    assert len(read(MASTER, "cp950").records) == 1


@pytest.mark.parametrize(
    "bad",
    [
        MASTER.replace("161", "多"),
        MASTER.replace("20230712", "20231312"),
        MASTER.replace("AB12345678", ""),
        "M|手機條碼|/AB12C.+|20230712|\r\n",
        MASTER + "D|AB12345678|\r\n",
        MASTER + "D|AB12345678|甲|乙|\r\n",
    ],
)
def test_a_bad_line_is_named(bad: str) -> None:
    with pytest.raises(ReadError, match=r"第 \d"):
        read(HEAD + bad)


def cloud(text: str) -> Reading:
    reading = cloud_invoice.read(Source("cloud.csv", text.encode("utf-8-sig")))
    assert reading is not None
    return reading


def cloud_records(text: str) -> list[VoucherRecord]:
    return [record for record in cloud(text).records if isinstance(record, VoucherRecord)]


def test_rows_of_one_number_are_one_invoice_and_unquoted_commas_are_its_items_text() -> None:
    text = (
        CLOUD_HEAD
        + cloud_row("AB12345678", 100, 100, "螺絲,M4,不鏽鋼")
        + cloud_row("AB12345678", 61, 61, "墊片")
    )
    (invoice,) = cloud_records(text + CLOUD_FOOT)
    assert (invoice.gross, invoice.tax, invoice.buyer) == (161, 0, "")
    assert [item.name for item in invoice.items] == ["螺絲,M4,不鏽鋼", "墊片"]


def test_a_total_that_every_row_repeats_is_the_total() -> None:
    text = CLOUD_HEAD + cloud_row("AB12345678", 160, 100, "螺絲") + cloud_row("AB12345678", 160, 61, "墊片")
    assert cloud_records(text)[0].gross == 160


def test_two_items_of_one_price_are_summed() -> None:
    text = CLOUD_HEAD + cloud_row("AB12345678", 50, 50, "螺絲") + cloud_row("AB12345678", 50, 50, "墊片")
    assert cloud_records(text)[0].gross == 100


def test_a_quote_at_the_start_of_a_name_swallows_nothing() -> None:
    text = CLOUD_HEAD + cloud_row("AB12345678", 50, 50, '"大') + cloud_row("CD00000001", 60, 60, "小")
    assert [(one.number, one.items[0].name) for one in cloud_records(text)] == [
        ("AB12345678", '"大'),
        ("CD00000001", "小"),
    ]


def test_a_file_that_quotes_every_cell() -> None:
    text = "".join(
        ",".join(f'"{cell}"' for cell in row.split(",")) + "\n"
        for row in (CLOUD_HEAD + cloud_row("AB12345678", 50, 50, "螺絲")).splitlines()
    )
    assert cloud_records(text)[0].gross == 50


def test_masked_and_voided_numbers() -> None:
    reading = cloud(CLOUD_HEAD + cloud_row("AB12345***", 50, 50, "螺絲", "作廢"))
    assert isinstance(reading.records[0], VoucherRecord)
    assert (reading.records[0].number, reading.records[0].status) == ("AB12345***", "voided")
    assert len(reading.warnings) == 1


def test_a_row_that_lost_its_number_is_no_footer() -> None:
    with pytest.raises(ReadError, match="發票號碼"):
        cloud(CLOUD_HEAD + cloud_row("", 50, 50, "螺絲"))


@pytest.mark.parametrize("reader", [carrier.read, cloud_invoice.read])
@pytest.mark.parametrize("text", ["", "日期,金額\n1,2\n", "a|b|c\n", "消費明細\n"])
def test_other_texts_are_not_theirs(reader: type[carrier.read], text: str) -> None:  # type: ignore[valid-type]
    assert reader(Source("x.csv", text.encode())) is None  # type: ignore[misc]
