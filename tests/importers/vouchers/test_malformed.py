"""Nothing that is fed to a reader gives a traceback: a reading, None, or one line of why not."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.records import ReadError
from importers.sources.source import Source
from importers.vouchers import READERS
from importers.vouchers import sheet

MIG = (
    '<?xml version="1.0" encoding="UTF-8"?><Invoice xmlns="urn:GEINV:eInvoiceMessage:F0401:4.1"><Main>'
    "<InvoiceNumber>AB12345678</InvoiceNumber><InvoiceDate>20230712</InvoiceDate><Seller><Name>甲</Name></Seller>"
    "</Main><Details><ProductItem><Description>乙</Description><Quantity>1</Quantity></ProductItem></Details>"
    "<Amount><TaxAmount>5</TaxAmount><TotalAmount>105</TotalAmount></Amount></Invoice>"
).encode()
VAT = b"25123456789000000111207045952571234567" + b"5AB123456780000001000001000000500" + b"01        "
CARRIER = (
    "M|手機條碼|/AB12C.+|20230712|12345675|五金行|AB12345678|161|開立|\r\nD|AB12345678|161|甲|\r\n".encode()
)
CLOUD = (
    "載具自訂名稱,發票日期,發票號碼,發票金額,發票狀態,賣方名稱,消費明細_數量,消費明細_金額,消費明細_品名\n"
    "手機,20230712,AB12345678,50,開立,五金行,1,50,甲\n"
).encode()
QR = b"AB1234567811207124821000186A000019A280459525712345675aaaaaaaaaaaaaaaaaaaaaaaa:**:1:1:1:x:1:5"
SHEET = "日期,憑證種類,憑證號碼,品名,未稅金額,稅額\n112/07/12,收據,收1,甲,100,0\n".encode()
PAYROLL = "月份,姓名,應計薪資\n112/06,王,100\n".encode()
PLATFORM = "發票號碼,發票狀態,發票日期,營業稅,總計\nAB12345678,開立已確認,2023-07-12,5,105\n".encode()
SEEDS = (MIG, VAT, CARRIER, CLOUD, QR, SHEET, PAYROLL, PLATFORM)
NASTY = (b"", b"\x00", b"\xff", b"\xff\xfe", b"NaN", b"1e999999999", b"-", b"|", b",", b'"', b"\r", b"\n", b"&#0;",
         b"<", b"]]>", "²٣".encode(), b"=1+1", b"9" * 40)  # fmt: skip


def try_all(data: bytes) -> None:
    for read in READERS:
        try:
            reading, message = read(Source("f", data)), "-"
        except ReadError as error:
            reading, message = None, str(error)
        assert message
        assert "\n" not in message
        if reading is not None:
            reading.as_json()


def test_every_seed_is_read_by_exactly_one_reader() -> None:
    for seed in SEEDS:
        assert len([reading for read in READERS if (reading := read(Source("f", seed)))]) == 1


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    try_all(data)


@given(
    st.sampled_from(SEEDS),
    st.integers(0, 400),
    st.integers(0, 12),
    st.sampled_from(NASTY) | st.binary(max_size=4),
)
@settings(max_examples=600)
def test_files_of_ours_with_a_part_replaced(seed: bytes, start: int, length: int, new: bytes) -> None:
    at = start % (len(seed) + 1)
    try_all(seed[:at] + new + seed[at + length :])


@given(st.sampled_from(SEEDS), st.integers(1, 400))
def test_files_of_ours_cut_short(seed: bytes, length: int) -> None:
    try_all(seed[:length])


@given(
    st.lists(
        st.lists(st.text(max_size=8) | st.sampled_from(["範例", "合計", "1", "-1", "112/07/12"]), max_size=7)
    )
)
@settings(max_examples=200)
def test_any_cells_below_a_header_of_ours(rows: list[list[str]]) -> None:
    for seed in (SHEET, PAYROLL, PLATFORM):
        header = seed.decode().splitlines()[0]
        lines = [
            ",".join(cell.translate({44: None, 10: None, 13: None, 34: None}) for cell in row) for row in rows
        ]
        try_all("\n".join([header, *lines]).encode("utf-8", "replace"))


def test_a_workbook_cut_short_is_told() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(ReadError):
        sheet.read(Source("x.xlsx", buffer.getvalue()))


def test_deep_and_wide_xml_is_refused_not_suffered() -> None:
    try_all(MIG.replace("甲".encode(), b"<a>" * 5000 + b"</a>" * 5000))
    try_all(MIG.replace("甲".encode(), b"x" * 11_000_000))
