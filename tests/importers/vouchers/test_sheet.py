"""The voucher sheet that a company fills in."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers import sheet
from tests.importers.vouchers.sheet_rows import HEADER
from tests.importers.vouchers.sheet_rows import ROW


def table(*rows: dict[str, str], header: list[str] | None = None) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    names = header or HEADER
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return buffer.getvalue()


def read(text: str, encoding: str = "utf-8-sig") -> Reading:
    reading = sheet.read(Source("憑證登記表.csv", text.encode(encoding)))
    assert reading is not None
    return reading


def records(text: str) -> list[VoucherRecord]:
    return [record for record in read(text).records if isinstance(record, VoucherRecord)]


def record(**change: str) -> VoucherRecord:
    (only,) = records(table(ROW | change))
    return only


def test_a_row_is_a_voucher() -> None:
    voucher = record()
    assert (voucher.kind, voucher.number, voucher.date) == (
        "invoice",
        "AB12345678",
        datetime.date(2023, 7, 12),
    )
    assert (voucher.seller, voucher.seller_name) == ("12345675", "精密機械")
    assert (voucher.net, voucher.tax, voucher.gross) == (100000, 5000, 105000)
    assert (voucher.category, voucher.paid) == ("既有設備之改善費", datetime.date(2023, 7, 20))
    assert (voucher.payment_method, voucher.attachment) == ("匯款", "AB12345678.pdf")
    (item,) = voucher.items
    assert (item.name, item.quantity, item.unit, item.amount) == (
        "冷卻模組",
        Decimal(2),
        "組",
        Decimal(100000),
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("統一發票", "invoice"),
        ("電子發票證明聯", "invoice"),
        ("收據", "receipt"),
        ("免用統一發票收據", "receipt"),
        ("領據", "receipt"),
        ("領料單", "requisition"),
        ("進口報單", "declaration"),
        ("國外發票", "foreign-invoice"),
        ("Commercial Invoice", "foreign-invoice"),
        ("勞務報酬單", "labour-receipt"),
        ("分攤表", "apportionment"),
        ("水電費分攤計算表", "apportionment"),
        ("國內差旅", "travel"),
        ("出差旅費報告表", "travel"),
        ("薪資", "payroll"),
        ("折讓", "allowance"),
        ("統一發票折讓證明單", "allowance"),
        (" 收 據 ", "receipt"),
        ("", "invoice"),
    ],
)
def test_the_kinds(word: str, kind: str) -> None:
    assert record(憑證種類=word).kind == kind


@pytest.mark.parametrize(
    ("word", "number", "kind"),
    [
        ("Invoice", "INV-2023-55", "foreign-invoice"),
        ("Tax Invoice", "7781", "foreign-invoice"),
        ("invoice", "AB12345678", "invoice"),
        ("統一發票", "AB1234567", "invoice"),  # a wrong number, which a check finds
    ],
)
def test_an_english_invoice_without_a_number_of_ours_is_foreign(word: str, number: str, kind: str) -> None:
    assert record(憑證種類=word, 憑證號碼=number).kind == kind


@pytest.mark.parametrize("change", [{"憑證種類": "便條"}, {"憑證種類": "", "憑證號碼": "R-1"}])
def test_a_row_of_an_unknown_kind_is_left_out_and_told(change: dict[str, str]) -> None:
    reading = read(table(ROW | change, ROW | {"憑證號碼": "AB00000002"}))
    assert [record.as_json()["number"] for record in reading.records] == ["AB00000002"]
    (left_out,) = reading.left_out
    assert (left_out.row, left_out.record["number"]) == (2, change.get("憑證號碼", ROW["憑證號碼"]))
    assert "第 2 列" in left_out.reason
    assert "勞務報酬單" in left_out.reason
    assert left_out.reason in reading.as_json()["warnings"]


def test_columns_that_are_not_read_are_named() -> None:
    reading = read(table(ROW | {"備註": "急件", "核章": ""}, header=[*HEADER, "備註", "核章"]))
    assert reading.warnings == ("這些欄位沒有讀入:備註",)


@pytest.mark.parametrize(
    "row",
    [
        "2023/08/01,統一發票,AB10000603,12345675,甲,軸,1,台,8,000,400",  # the category is a figure
        "2023/08/01,統一發票,AB10000603,12345675,甲,軸,1,台,8,000,,,,",  # 000 is no tax
        "2023/08/01,統一發票,AB10000603,12345675,甲,軸,1,台,8,154,,,,",  # a tax above its net
        "2023/08/01,統一發票,AB10000603,12345675,甲,軸,1,台,8,000,400,材料費,2023/08/10,現金,a.pdf",  # too wide
    ],
)
def test_an_amount_split_at_its_comma_is_refused_with_its_row(row: str) -> None:
    header = (
        "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件"
    )
    with pytest.raises(ReadError, match="第 2 列"):
        read(f"{header}\n{row}\n")


@pytest.mark.parametrize("amount", ["8,054.-", "$8,054.-", "8,054.−", "8054元整", "NT$ 8,054", "８，０５４"])
def test_whole_dollars_however_they_are_written(amount: str) -> None:
    assert record(未稅金額=amount).net == 8054


def test_a_closing_stroke_that_may_be_a_minus_is_refused() -> None:
    with pytest.raises(ReadError, match=r"第 2 列「未稅金額」"):
        record(未稅金額="8,054-")


@pytest.mark.parametrize(
    ("net", "tax", "gross", "amounts"),
    [
        ("8054.5", "402.5", "", (8054, 403, 8457)),
        ("100.5", "5.5", "", (100, 6, 106)),
        ("95.24", "4.76", "", (95, 5, 100)),
        ("95.6", "4.6", "100", (95, 5, 100)),  # the gross that is printed is the paper's
    ],
)
def test_the_gross_is_not_rounded_twice(
    net: str, tax: str, gross: str, amounts: tuple[int, int, int]
) -> None:
    paper = record(未稅金額=net, 稅額=tax, 含稅金額=gross)
    assert (paper.net, paper.tax, paper.gross) == amounts


def test_a_category_that_is_none_is_told() -> None:
    reading = read(table(ROW | {"會計科目": "設備費用"}))
    assert any("「設備費用」不是補助計畫的科目" in warning for warning in reading.warnings)


def test_rows_of_one_number_date_and_seller_are_one_voucher() -> None:
    (voucher,) = records(table(ROW, ROW | {"品名": "運費", "未稅金額": "500", "稅額": "25"}))
    assert (voucher.net, voucher.tax, voucher.gross) == (100500, 5025, 105525)
    assert [(item.name, item.amount) for item in voucher.items] == [
        ("冷卻模組", Decimal(100000)),
        ("運費", Decimal(500)),
    ]


@pytest.mark.parametrize(
    "change", [{"日期": "112/07/13"}, {"賣方統編": "04595257"}, {"憑證號碼": "CD00000001"}]
)
def test_another_date_seller_or_number_is_another_voucher(change: dict[str, str]) -> None:
    assert len(records(table(ROW, ROW | change))) == 2


def test_rows_without_a_number_are_vouchers_each() -> None:
    bare = ROW | {"憑證種類": "領料單", "憑證號碼": ""}
    assert len(records(table(bare, bare))) == 2


def test_categories_that_differ_within_a_voucher_are_told_and_not_used() -> None:
    reading = read(table(ROW, ROW | {"會計科目": "國內差旅費"}))
    assert isinstance(reading.records[0], VoucherRecord)
    assert reading.records[0].category == ""
    assert "會計科目" in reading.warnings[0]


def test_the_last_of_several_payments_counts() -> None:
    reading = read(table(ROW, ROW | {"付款日期": "112/08/01"}))
    assert isinstance(reading.records[0], VoucherRecord)
    assert reading.records[0].paid == datetime.date(2023, 8, 1)
    assert len(reading.warnings) == 1


def test_an_allowance_is_positive_and_names_its_invoice() -> None:
    allowance = record(憑證種類="折讓", 未稅金額="-100", 稅額="-5")
    assert (allowance.net, allowance.tax, allowance.gross) == (100, 5, 105)
    assert [(one.number, one.net, one.tax) for one in allowance.references] == [("AB12345678", 100, 5)]


def test_a_payroll_row_names_the_person_and_the_month() -> None:
    payroll = record(憑證種類="薪資", 憑證號碼="薪1").payroll
    assert payroll is not None
    assert (payroll.name, payroll.month) == ("精密機械", "2023-07")


def test_columns_by_meaning_in_any_order_below_titles() -> None:
    names = {
        "日期": "憑證 日期*",
        "憑證號碼": "發票號碼/單據號碼",
        "未稅金額": "未稅金額(元)",
        "品名": "品 名",
    }
    header = [names.get(name, name) for name in HEADER][::-1]
    text = table({names.get(name, name): value for name, value in ROW.items()}, header=header)
    assert records("某某公司\n112年度憑證登記表\n\n" + text)[0].net == 100000


def test_an_amount_with_tax_only() -> None:
    header = [*(name for name in HEADER if name != "未稅金額"), "含稅金額"]
    (voucher,) = records(table(ROW | {"含稅金額": "105000"}, header=header))
    assert (voucher.net, voucher.tax, voucher.gross) == (100000, 5000, 105000)


@pytest.mark.parametrize(
    ("tax", "gross", "booked"),
    [("", "105000", 5000), ("", "99999", 0), ("", "120000", 0), ("0", "105000", 0), ("", "", 0)],
)
def test_the_tax_lies_between_net_and_gross_where_none_is_written(tax: str, gross: str, booked: int) -> None:
    reading = read(
        table(ROW | {"未稅金額": "100000", "稅額": tax, "含稅金額": gross}, header=[*HEADER, "含稅金額"])
    )
    (voucher,) = reading.records
    assert isinstance(voucher, VoucherRecord)
    assert (voucher.net, voucher.tax, voucher.gross) == (100000, booked, 100000 + booked)
    assert bool(reading.warnings) == bool(gross and int(gross) != 100000 + booked)


def test_amounts_that_do_not_agree_are_told() -> None:
    reading = read(table(ROW | {"含稅金額": "999"}, header=[*HEADER, "含稅金額"]))
    assert "第 2 列" in reading.warnings[0]


def test_a_buyers_column_is_taken_where_there_is_one() -> None:
    (voucher,) = records(table(ROW | {"買方統編": "04595257"}, header=[*HEADER, "買方統編"]))
    assert voucher.buyer == "04595257"


def test_examples_notes_and_sums_are_no_vouchers() -> None:
    text = table(
        ROW | {"日期": "範例 2023-07-12"},
        ROW,
        {"日期": "※ 說明"},
        {"日期": ""},
        {"品名": "合計", "未稅金額": "100000"},
    )
    reading = read(text)
    assert len(reading.records) == 1
    assert reading.warnings == ()


def test_a_header_that_a_page_break_repeats_is_no_voucher() -> None:
    reading = read(table(ROW) + table(ROW | {"憑證號碼": "CD00000001"}))
    assert len(reading.records) == 2
    assert reading.warnings == ()


def test_a_line_at_the_foot_is_told() -> None:
    reading = read(table(ROW, {"品名": "製表人: 王大明"}))
    assert len(reading.records) == 1
    assert "第 3 列" in reading.warnings[0]


def test_a_cell_that_starts_a_formula_is_text() -> None:
    assert record(品名="=cmd|' /C calc'!A0").items[0].name == "=cmd|' /C calc'!A0"
    with pytest.raises(ReadError, match="未稅金額"):
        record(未稅金額="=1+1")


@pytest.mark.parametrize(
    ("number", "read_as"),
    [("ab-12345678", "AB12345678"), ("ＡＢ１２３４５６７８", "AB12345678"), ("收 112-01", "收112-01")],
)
def test_numbers_are_brought_to_one_form(number: str, read_as: str) -> None:
    assert record(憑證號碼=number).number == read_as


@pytest.mark.parametrize(
    "change",
    [
        {"日期": "昨天"},
        {"日期": ""},
        {"未稅金額": ""},
        {"未稅金額": "很多"},
        {"稅額": "五"},
        {"數量": "兩組"},
        {"付款日期": "下週"},
    ],
)
def test_a_cell_that_cannot_be_read_is_named(change: dict[str, str]) -> None:
    (field,) = change
    with pytest.raises(ReadError, match=f"第 3 列.*{field}"):
        read(table(ROW, ROW | change))


def test_a_sheet_without_amounts_is_broken() -> None:
    with pytest.raises(ReadError, match="未稅金額"):
        read(table(ROW, header=[name for name in HEADER if name != "未稅金額"]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_any_encoding_and_separator(encoding: str, separator: str) -> None:
    text = table(ROW | {"未稅金額": "100000"}).replace(",", separator)
    assert read(text, encoding).records[0] == record()


def workbook(*sheets: list[list[Any]]) -> Source:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        page = book.create_sheet()
        for row in rows:
            page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return Source("憑證.xlsx", buffer.getvalue())


def test_a_workbook_of_typed_cells_and_several_sheets() -> None:
    row: list[Any] = [ROW[name] for name in HEADER]
    row[0], row[3], row[6], row[8], row[9] = datetime.date(2023, 7, 12), 4595257, 2.5, 100000.0, 5000
    second = [*row]
    second[2] = "CD00000001"
    reading = sheet.read(workbook([HEADER, row], [["說明"]], [["某公司"], HEADER, second]))
    assert reading is not None
    first, other = reading.records
    assert isinstance(first, VoucherRecord)
    assert isinstance(other, VoucherRecord)
    assert (first.seller, first.date, first.net) == ("04595257", datetime.date(2023, 7, 12), 100000)
    assert first.items[0].quantity == Decimal("2.5")
    assert (other.number, other.row) == ("CD00000001", 3)


@pytest.mark.parametrize(
    "text", ["", "日期,摘要,支出,存入\n2023/7/1,a,1,2\n", "月份,姓名,應計薪資\n", "a,b\n1,2\n"]
)
def test_other_tables_are_not_ours(text: str) -> None:
    assert sheet.read(Source("x.csv", text.encode())) is None


CELLS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    lambda text: not text.startswith(("範例", "※", "說明", "註"))
)


@given(
    day=st.dates(min_value=datetime.date(1950, 1, 1)),
    number=st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True),
    name=CELLS,
    item=CELLS,
    net=st.integers(-(10**12), 10**12),
    tax=st.integers(0, 10**11),
)
def test_what_is_written_is_read_back(
    day: datetime.date, number: str, name: str, item: str, net: int, tax: int
) -> None:
    assume(not 0 < abs(net) < tax < 1000)  # looks like an amount split at its comma, and is refused
    row = ROW | {"日期": day.isoformat(), "憑證號碼": number, "對象": name, "品名": item}
    (voucher,) = records(table(row | {"未稅金額": f"{net:,}", "稅額": str(tax)}))
    assert (voucher.date, voucher.number, voucher.seller_name) == (day, number, name)
    assert (voucher.net, voucher.tax, voucher.gross) == (net, tax, net + tax)
    assert (voucher.items[0].name, voucher.items[0].amount) == (item, Decimal(net))
