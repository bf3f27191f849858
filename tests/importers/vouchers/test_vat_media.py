"""The 81-byte records of the VAT return."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers import vat_media
from tests.importers.vouchers.vat_media_files import line


def read(data: str) -> Reading:
    reading = vat_media.read(Source("12345675.TXT", data.encode("ascii")))
    assert reading is not None
    return reading


def records(data: str) -> list[VoucherRecord]:
    return [record for record in read(data).records if isinstance(record, VoucherRecord)]


def test_a_purchase_is_an_invoice_of_its_month_that_books_nothing() -> None:
    (row,) = records(line())
    assert (row.kind, row.number, row.date) == ("invoice", "AB12345678", datetime.date(2023, 7, 31))
    assert row.is_declared
    assert (row.seller, row.buyer, row.deduction, row.status) == ("12345675", "04595257", "1", "valid")
    assert (row.net, row.tax, row.gross) == (100000, 5000, 105000)


@pytest.mark.parametrize("code", ["23", "24", "29", "33", "34", "38"])
def test_allowances_come_out_negative(code: str) -> None:
    (row,) = records(line(code))
    assert row.kind == "allowance"
    assert (row.net, row.tax, row.gross) == (-100000, -5000, -105000)


@pytest.mark.parametrize("code", ["21", "22", "25", "26", "27", "28", "31", "35"])
def test_purchases_and_sales_are_positive(code: str) -> None:
    (row,) = records(line(code))
    assert (row.kind, row.net) == ("invoice", 100000)


def test_unused_numbers_are_counted_and_left_out() -> None:
    data = "\n".join([line(), line("35", deduction=" "), line("33", deduction=" "), line(kind="D")])
    reading = read(data)
    assert len(reading.records) == 3
    assert reading.warnings == ("1 筆空白未使用,略過",)


def test_a_voided_row_keeps_its_amounts() -> None:
    (row,) = records(line(kind="F"))
    assert (row.status, row.net) == ("voided", 100000)


def test_a_customs_certificate_has_fourteen_characters() -> None:
    (row,) = records(line("28", seller="    DA07", number="1234567890"))
    assert (row.number, row.seller) == ("DA071234567890", "")


def test_a_row_for_many_small_invoices_names_no_seller() -> None:
    (row,) = records(line("26", seller="0012    ", number="", mark="A"))
    assert (row.number, row.seller) == ("", "")


@pytest.mark.parametrize("separator", ["\r\n", "\n", ""])
@pytest.mark.parametrize("end", ["", "\r\n", "\n", "\r\n\x1a"])
def test_records_with_and_without_line_ends(separator: str, end: str) -> None:
    data = separator.join([line(), line(number="CD00000001"), line(number="EF00000002")]) + end
    assert [row.number for row in records(data)] == ["AB12345678", "CD00000001", "EF00000002"]


def test_lines_whose_blanks_at_the_end_were_lost() -> None:
    data = "\r\n".join(text.rstrip() for text in (line(), line("35", deduction=""), line(deduction="3")))
    assert [row.deduction for row in records(data)] == ["1", "", "3"]


def test_a_bad_line_is_named() -> None:
    with pytest.raises(ReadError, match="第 2 筆"):
        read(line() + "\n" + line()[:40] + "\n")


@pytest.mark.parametrize(
    "data", [b"", b"123", b"2023/07/12,100,200\n", line().replace("11207", "11213").encode()]
)
def test_other_texts_are_not_ours(data: bytes) -> None:
    assert vat_media.read(Source("x.txt", data)) is None


@given(
    code=st.sampled_from(["21", "22", "23", "24", "25", "26", "27"]),
    year=st.integers(1, 999),
    month=st.integers(1, 12),
    number=st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True),
    net=st.integers(0, 10**12 - 1),
    tax=st.integers(0, 10**10 - 1),
    deduction=st.sampled_from("1234"),
)
def test_what_is_written_is_read_back(
    code: str, year: int, month: int, number: str, net: int, tax: int, deduction: str
) -> None:
    (row,) = records(
        line(code, f"{year:03}{month:02}", number=number, net=net, tax=tax, deduction=deduction) + "\r\n"
    )
    sign = -1 if code in {"23", "24"} else 1
    assert (row.number, row.net, row.tax, row.deduction) == (number, sign * net, sign * tax, deduction)
    assert row.date is not None
    assert (row.date.year, row.date.month) == (year + 1911, month)
