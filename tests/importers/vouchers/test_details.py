"""The optional columns of the voucher sheet: read where they are there, and nothing changes where they are not."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

import pytest

from importers.questions.stored_records import restored
from importers.questions.stored_records import stored
from importers.records import ReadError
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers import sheet
from ledger.model.voucher_details import BY_KEY
from ledger.model.voucher_details import DETAILS
from ledger.model.voucher_details import merged
from ledger.model.voucher_details import parse_detail
from tests.importers.vouchers.sheet_rows import HEADER
from tests.importers.vouchers.sheet_rows import ROW


def reading(*rows: dict[str, str]) -> tuple[list[VoucherRecord], tuple[str, ...]]:
    names = list(dict.fromkeys([*HEADER, *(name for row in rows for name in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    found = sheet.read(Source("憑證登記表.csv", text.getvalue().encode("utf-8-sig")))
    assert found is not None
    return [each for each in found.records if isinstance(each, VoucherRecord)], found.warnings


def test_a_sheet_without_them_has_no_details() -> None:
    (voucher,), warnings = reading(ROW)
    assert (voucher.details, voucher.items[0].details, warnings) == ((), (), ())


def test_what_a_line_and_what_a_voucher_says() -> None:
    more = {
        "傳票號碼": "1120712003",
        "廠牌": "範例牌",
        "機號": "SN-1",
        "付款憑證": "匯款單",
        "合約起日": "112/06/01",
    }
    (voucher,), warnings = reading(ROW | more)
    assert dict(voucher.items[0].details) == {"brand": "範例牌", "serial": "SN-1"}
    assert dict(voucher.details) == {
        "journal": "1120712003",
        "proof": "匯款單",
        "contract-from": datetime.date(2023, 6, 1),
    }
    assert warnings == ()


def test_each_line_of_a_voucher_has_its_own() -> None:
    (voucher,), _warnings = reading(ROW | {"序號(機號)": "SN-1"}, ROW | {"序號(機號)": "SN-2"})
    assert [dict(item.details)["serial"] for item in voucher.items] == ["SN-1", "SN-2"]


def test_rows_that_differ_about_the_voucher_are_told() -> None:
    (voucher,), warnings = reading(ROW | {"幣別": "USD"}, ROW | {"幣別": "JPY"})
    assert dict(voucher.details) == {}
    assert "幣別" in warnings[0]


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("外幣金額", "很多"),
        ("合約起日", "明天"),
        ("合約總額", "1.5"),
        ("本案分攤比率", "120%"),
        ("本案分攤比率", "三成"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(header: str, text: str) -> None:
    label = header if header != "本案分攤比率" else "本案分攤比率\\(%\\)"
    with pytest.raises(ReadError, match=f"第 2 列「{label}」.*{text}"):
        reading(ROW | {header: text})


@pytest.mark.parametrize(
    ("text", "percent"), [("30%", 30), ("30", 30), ("0.3", 30), ("12.5", "12.5"), ("1%", 1)]
)
def test_a_share_is_told_in_percent(text: str, percent: Any) -> None:
    assert parse_detail(BY_KEY["share"], text) == Decimal(percent)


def test_a_column_that_nobody_knows_is_named_as_before() -> None:
    _vouchers, warnings = reading(ROW | {"顏色": "藍", "廠牌": "範例牌"})
    assert len(warnings) == 1
    assert "顏色" in warnings[0]
    assert "廠牌" not in warnings[0]


def test_no_two_columns_share_a_header() -> None:
    names = [name for headers in sheet.COLUMNS.values() for name in headers]
    assert sorted(names) == sorted(set(names))
    assert {detail.key for detail in DETAILS} < set(sheet.COLUMNS)


def test_what_waits_keeps_its_details() -> None:
    more = {"廠牌": "範例牌", "外幣金額": "1,200.50", "合約迄日": "113/05/31"}
    (voucher,), _warnings = reading(ROW | more)
    assert restored(stored(voucher)) == voucher


def test_lines_of_one_item_say_it_together() -> None:
    lines: list[dict[str, Any]] = [
        {"serial": "A", "unit": "台", "brand": "甲"},
        {"serial": "B", "unit": "組", "brand": "甲"},
    ]
    assert merged(lines) == {"serial": "A、B", "brand": "甲"}
