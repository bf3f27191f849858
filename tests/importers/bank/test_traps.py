"""Every trap of the cells, headers and sums of the banks' exports, by name."""

from __future__ import annotations

import datetime

import pytest

from importers.bank import READERS
from importers.bank import table
from importers.sources.source import Source
from tests.importers.bank.makers import xlsx_bytes
from tests.importers.bank.reading import HEADER
from tests.importers.bank.reading import csv_cell
from tests.importers.bank.reading import lines_of
from tests.importers.bank.reading import moves
from tests.importers.bank.reading import only
from tests.importers.bank.reading import read
from tests.importers.bank.reading import read_text
from tests.importers.bank.reading import refused
from tests.importers.bank.reading import statement

# Dates


@pytest.mark.parametrize(
    "cell",
    [
        "114/07/01", "1140701", "0114/01/02", "01140102", "2025/09/10", "2025-09-10", "20250910", "2025年9月10日",
        "114年9月10日", "* 2025/09/10", "*2025/09/10", "'20250910'", "'114/07/01", '="114/07/01"', "１１４/０７/０１",
    ],
)  # fmt: skip
def test_every_form_of_a_date(cell: str) -> None:
    line = only(read_text(statement(f"{csv_cell(cell)},,,100,100,存款息,,")))
    assert line.date.year == 2025
    assert line.time == ""


@pytest.mark.parametrize(
    "cell", ["2025/13/45", "114/02/30", "9999999", "0001/01/01", "23/10/05", "12/31/2023", "abc", ""]
)
def test_an_amount_without_a_readable_date_is_refused(cell: str) -> None:
    assert "第2列有金額但沒有可讀的日期" in refused(statement(f"{cell},,,100,100,存款息,,"))


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("114/07/04 09:15:02", "09:15:02"),
        ("114/07/04 09:15", "09:15:00"),
        ("2025/07/04\n09:15:02", "09:15:02"),
        ("2025-07-04T09:15:02", "09:15:02"),
        ("* 2025/07/04 09:15:02", "09:15:02"),
        ('="114/07/04 09:15:02"', "09:15:02"),
        ("114/07/04 下午 09:15", "21:15:00"),
        ("114/07/04 25:00:00", ""),
    ],
)
def test_a_date_cell_that_holds_the_time_too(cell: str, time: str) -> None:
    line = only(read_text(f"交易日期,支出,存入,餘額\n{csv_cell(cell)},,100,100"))
    assert (line.date, line.time) == (datetime.date(2025, 7, 4), time)


@pytest.mark.parametrize(
    ("cell", "time"), [("091502", "09:15:02"), ("0915", "09:15:00"), ("9:15:02", "09:15:02"), ("-", "")]
)
def test_forms_of_a_time(cell: str, time: str) -> None:
    assert only(read_text(statement(f"114/07/04,{cell},,100,100,存款息,,"))).time == time


def test_the_day_of_the_transaction_is_taken_before_that_of_posting() -> None:
    reading = read_text("帳務日期,交易日期,支出,存入,餘額\n2025/07/05,2025/07/04,,100,100")
    assert only(reading).date == datetime.date(2025, 7, 4)


def test_a_time_column_that_holds_the_day_is_taken_before_the_posting_day() -> None:
    reading = read_text("交易時間,銀行帳務日,支出,收入,帳戶餘額\n2025/07/04 23:59:01,2025/07/05,,100,100")
    assert (only(reading).date, only(reading).time) == (datetime.date(2025, 7, 4), "23:59:01")


# Amounts


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234.00", 1234), ("1234", 1234), ("NT$1,234", 1234), ("$1234", 1234), ('="1234"', 1234), ('="1,234"', 1234),
        ("'1234'", 1234), ("'1234", 1234), ("１，２３４", 1234), ("1234.0", 1234), ("+1,234", 1234), (" 1,234 ", 1234),
        ("TWD 1,234", 1234), ("1,234元", 1234),
    ],
)  # fmt: skip
def test_every_form_of_an_amount(cell: str, amount: int) -> None:
    assert moves(read_text(statement(f"114/07/04,,,{csv_cell(cell)},5000,存款息,,"))) == [(amount, 5000)]


@pytest.mark.parametrize(
    "cell", ["(1,234)", "（1,234）", "-1,234", "−1,234", "1,234-", "-NT$1,234", "NT$-1,234"]
)
def test_every_form_of_minus(cell: str) -> None:
    reading = read_text(f"交易日期,金額,餘額\n114/07/03,5000,5000\n114/07/04,{csv_cell(cell)},3766")
    assert moves(reading) == [(5000, 5000), (-1234, 3766)]


@pytest.mark.parametrize("cell", ["", " ", "-", "−", "－", "—", "\u00a0", "0", "0.00", "''", '=""'])
def test_every_form_of_no_amount(cell: str) -> None:
    assert moves(read_text(statement(f"114/07/04,,{csv_cell(cell)},100,100,存款息,,"))) == [(100, 100)]


@pytest.mark.parametrize(
    "cell", ["abc", "1O0", "4.9E+11", "1e5", "1.2.3", "NaN", "∞", "12 元 3 角", "9" * 40]
)
def test_an_amount_that_is_no_number_is_refused_with_its_row(cell: str) -> None:
    assert "第3列的金額不是數字" in refused(statement("114/07/03,,,1,1,,,", f"114/07/04,,,{cell},100,,,"))


@pytest.mark.parametrize("cell", ["100.50", "0.01", "1,234.5"])
def test_cents_are_refused(cell: str) -> None:
    assert "第2列的金額有角分" in refused(statement(f"114/07/04,,,{csv_cell(cell)},100,,,"))


def test_a_row_with_money_out_and_in_is_refused() -> None:
    assert "第2列同時有支出與存入金額" in refused(statement("114/07/04,,5,100,95,,,"))


def test_a_negative_withdrawal_is_a_correction_that_brings_money_back() -> None:
    reading = read_text(
        statement("114/07/03,,500,,1000,轉帳,,", "114/07/04,,-500,,1500,錯誤更正,,", "合計,,0,0,,,,")
    )
    assert moves(reading) == [(-500, 1000), (500, 1500)]


@pytest.mark.parametrize(
    ("out_word", "in_word"),
    [("支出", "存入"), ("借", "貸"), ("D", "C"), ("0", "1"), ("DR", "CR"), ("提", "存"), ("－", "＋")],
)
def test_one_amount_column_with_a_way(out_word: str, in_word: str) -> None:
    reading = read_text(
        f"日期,交易金額,借貸別,結餘\n114/07/03,500,{in_word},1500\n114/07/04,200,{out_word},1300\n114/07/05,1,{out_word},1299"
    )
    assert moves(reading) == [(500, 1500), (-200, 1300), (-1, 1299)]


def test_an_unknown_way_is_refused() -> None:
    assert "第2列的收支別「其他」無法辨認" in refused("日期,交易金額,借貸別,結餘\n114/07/03,500,其他,1500")


def test_a_correction_mark_lets_the_balance_decide_the_sign() -> None:
    reading = read_text(
        "交易日期,交易金額,借貸別,更正記號,餘額\n114/07/03,500,0,,1000\n114/07/04,500,0,Y,1500\n114/07/05,1,1,,1501"
    )
    assert moves(reading) == [(-500, 1000), (500, 1500), (1, 1501)]


def test_one_unsigned_column_is_signed_by_the_balance() -> None:
    reading = read_text(
        "日期,摘要,金額,餘額\n114/07/03,匯入款,500,1500\n114/07/04,提款,200,1300\n114/07/05,息,5,1305"
    )
    assert moves(reading) == [(500, 1500), (-200, 1300), (5, 1305)]


def test_a_first_amount_that_nothing_signs_is_refused() -> None:
    assert "無法判斷是收入或支出" in refused(
        "日期,摘要,金額,餘額\n114/07/03,其他,500,1500\n114/07/04,其他,200,1300"
    )


# The heading


@pytest.mark.parametrize(
    "heading",
    [
        "帳號,490264681158", "帳號,'490264681158", "帳號：490264681158", "帳號: 490-264-681158", "帳 號：490264681158",
        "戶名：某公司 帳號：490264681158 幣別：新臺幣", '"490264681158 活存"', "490264681158 乙存", '存款帳號,="490264681158"',
        "戶名,帳號\n某公司,490264681158", "國泰世華銀行 存款明細 帳號：490264681158", "帳號,,490 264 681158",
        "帳號：４９０２６４６８１１５８",
    ],
)  # fmt: skip
def test_where_the_account_number_may_stand(heading: str) -> None:
    assert read_text(heading + "\n" + statement("114/07/04,,,100,100,,,")).account == "490264681158"


def test_a_masked_account_keeps_its_stars() -> None:
    assert read_text("帳號：490264***158\n" + statement("114/07/04,,,100,100,,,")).account == "490264***158"


def test_the_other_sides_account_is_not_ours() -> None:
    reading = read_text("對方帳號：8220000001234\n" + statement("114/07/04,,,100,100,,,'8220000001234"))
    assert reading.account == ""
    assert only(reading).counterparty == "8220000001234"


def test_the_passbook_number_is_the_end_of_the_full_one() -> None:
    text = "帳號：00490264681158\n存摺帳號：490264681158\n" + statement("114/07/04,,,100,100,,,")
    assert read_text(text).account == "00490264681158"


@pytest.mark.parametrize("heading", ["幣別：USD", "幣別,美元", "查詢幣別：JPY", "幣別：人民幣"])
def test_a_statement_in_foreign_currency_is_refused(heading: str) -> None:
    assert "外幣" in refused(heading + "\n" + statement("114/07/04,,,100,100,,,"))


def test_foreign_amounts_and_a_foreign_currency_column_are_refused() -> None:
    assert "外幣帳戶的明細（USD）" in refused(statement("114/07/04,,,USD 10.00,100,,,"))
    assert "外幣" in refused("交易日期,幣別,支出,存入,餘額\n114/07/04,USD,,100,100")


@pytest.mark.parametrize(
    "heading", ["幣別：TWD", "幣別：新臺幣", "幣別,新台幣", "查詢幣別,全部", "戶名,幣別,餘額\n某公司,TWD,100"]
)
def test_the_local_currency_is_taken(heading: str) -> None:
    assert len(read_text(heading + "\n" + statement("114/07/04,,,100,100,,,")).records) == 1


def test_forty_rows_of_preamble_are_too_many_and_thirty_are_not() -> None:
    body = statement("114/07/04,,,100,100,,,")
    assert len(read_text("說明\n" * 30 + body).records) == 1
    assert table.read(Source("a.csv", ("說明\n" * 41 + body).encode())) is None


# Header rows


@pytest.mark.parametrize(
    "header",
    [
        "交 易 日 期,摘 要,支 出,存 入,餘 額", "交易日期,摘要,支出金額(元),存入金額(元),餘額(元)", "日期,說明,提款,存款,結存",
        "交易日,摘要,借方金額,貸方金額,帳面餘額", "帳務日,摘要,轉出金額,轉入金額,即時餘額", "Date,Description,Withdrawal,Deposit,Balance",
        "交易日期,摘要,臺幣支出金額,臺幣存入金額,帳戶餘額", "交易日期,摘要,提,存,結餘", "'交易日期','摘要','支出','存入','餘額'",
    ],
)  # fmt: skip
def test_a_header_is_known_by_its_meaning(header: str) -> None:
    reading = read_text(header + "\n114/07/04,存款息,,100,100\n114/07/05,手續費,15,,85")
    assert moves(reading) == [(100, 100), (-15, 85)]


def test_two_header_words_in_one_cell() -> None:
    header = '"交易日期  時間",摘要,提,存,帳戶餘額,"存摺備註  對方銀行代碼/帳號",轉帳留言'
    line = only(read_text(header + "\n2025/07/04 10:00:00,轉帳,,100,100,王小明 808/0130123456789,七月份"))
    assert (line.memo, line.counterparty) == ("王小明 808/0130123456789 七月份", "")


def test_a_header_of_two_rows() -> None:
    rows: list[list[object]] = [
        ["交易日期", "摘要", "金額", None, "餘額"],
        [None, None, "支出", "存入", None],
        ["114/07/04", "息", None, 100, 100],
    ]
    assert moves(read(xlsx_bytes(rows))) == [(100, 100)]


def test_repeated_headers_totals_and_disclaimers_are_no_lines() -> None:
    reading = read_text(
        statement(
            "114/07/03,,,100,100,,,", HEADER, "", "114/07/04,,,50,150,,,", "合計,,0,150,,,,共2筆",
            "本資料僅供參考，實際交易以存摺為準", "查詢時間：114/07/05 10:00:00",
        )
    )  # fmt: skip
    assert moves(reading) == [(100, 100), (50, 150)]


def test_short_rows_are_filled_up() -> None:
    assert moves(read_text(statement("114/07/04,,,100,100"))) == [(100, 100)]


@pytest.mark.parametrize(
    "text",
    [
        "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n112/07/12,統一發票,AB12345678",
        "發票號碼,發票日期,序號,品名,數量,單位,單價,金額\nAB12345678,2025-07-01,1,鋼材,1,個,100,100",
        "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期\n11207,王大明,工程師,50000,80,160,25000,112/08/05",
        "M|手機條碼|/AB12C.+|20260506|73905876|台灣中油加油站|AQ00000668|161|開立|",
        "日期,金額\n114/07/01,100", "", "hello", "交易日期 支出 存入",
    ],
)  # fmt: skip
def test_what_is_no_statement_is_left_to_others(text: str) -> None:
    assert [reader(Source("a.csv", text.encode())) for reader in READERS] == [None] * len(READERS)


# The balance


def test_a_broken_chain_names_both_rows_and_what_the_balance_should_be() -> None:
    message = refused(statement("114/07/03,,,100,1000,,,", "114/07/04,,250,,700,,,"))
    assert (
        message == "餘額在第2列與第3列之間不連續：第2列餘額 1,000，第3列收支 -250，餘額應為 750，檔案為 700"
    )


def test_newest_first_is_turned_round() -> None:
    reading = read_text(
        statement("114/07/05,,100,,850,,,", "114/07/04,,50,,950,,,", "114/07/03,,,1000,1000,,,")
    )
    assert [line.row for line in lines_of(reading)] == [4, 3, 2]
    assert moves(reading) == [(1000, 1000), (-50, 950), (-100, 850)]


def test_newest_first_within_one_day_is_told_by_the_balance() -> None:
    reading = read_text(
        statement("114/07/05,,100,,850,,,", "114/07/05,,50,,950,,,", "114/07/05,,,1000,1000,,,")
    )
    assert moves(reading) == [(1000, 1000), (-50, 950), (-100, 850)]


def test_equal_amounts_in_swapped_columns_do_not_pass_for_newest_first() -> None:
    rows = [f"114/07/0{day},,100,,{day * 100},,," for day in range(1, 6)]
    assert "不連續" in refused(statement(*rows))


def test_rows_of_one_minute_in_any_order() -> None:
    reading = read_text(
        statement(
            "114/07/03,09:00:00,,1000,1000,,,", "114/07/04,10:00:00,15,,785,手續費,,", "114/07/04,10:00:00,200,,800,轉帳,,",
            "114/07/05,11:00:00,,5,790,息,,",
        )
    )  # fmt: skip
    assert moves(reading) == [(1000, 1000), (-200, 800), (-15, 785), (5, 790)]


def test_without_a_balance_column_there_is_a_warning() -> None:
    reading = read_text("交易日期,摘要,支出,存入\n114/07/04,轉帳,5,\n114/07/03,息,,100")
    assert moves(reading) == [(100, None), (-5, None)]
    assert reading.warnings == ("沒有餘額欄，無法以餘額核對有無漏列",)


def test_balances_printed_on_some_rows_only() -> None:
    rows = ["114/07/03,,,100,,,,", "114/07/03,,30,,1070,,,", "114/07/04,,70,,,,,", "114/07/04,,,5,1005,,,"]
    reading = read_text(statement(*rows))
    assert len(reading.records) == 4
    assert reading.warnings == ("2 列沒有餘額（第2、4列）",)
    assert "不連續" in refused(statement(*rows[:3], "114/07/04,,,5,1006,,,"))


def test_an_opening_balance_proves_the_first_line() -> None:
    body = statement("114/07/03,,,100,1100,,,", "114/07/04,,,1,1101,,,")
    assert len(read_text("期初餘額：1,000\n" + body).records) == 2
    assert "期初餘額 900" in refused("期初餘額：900\n" + body)


def test_a_balance_brought_forward_is_no_line() -> None:
    reading = read_text(statement("114/07/01,,,,1000,承前頁餘額,,", "114/07/03,,,100,1100,,,"))
    assert moves(reading) == [(100, 1100)]
    assert reading.warnings == ()


def test_an_overdrawn_account_has_negative_balances() -> None:
    assert moves(read_text(statement("114/07/03,,500,,-400,,,", "114/07/04,,,100,-300,,,"))) == [
        (-500, -400),
        (100, -300),
    ]


# Totals


@pytest.mark.parametrize(
    "total",
    [
        "合計,,50,100,,,,", "總計,,50,100,,,共2筆,", ",,50,100,,合計,,", "總筆數：2", "合計,,,,,,,共 2 筆",
        "支出總金額：50 存入總金額：100", "提款總筆數 1 提款總金額 50 存款總筆數 1 存款總金額 100", "小計,,50,100,,,,",
    ],
)  # fmt: skip
def test_totals_that_agree(total: str) -> None:
    assert len(read_text(statement("114/07/03,,,100,1100,,,", "114/07/04,,50,,1050,,,", total)).records) == 2


@pytest.mark.parametrize(
    ("total", "words"),
    [
        ("合計,,50,120,,,,", "存入合計 120 與明細的 100"),
        ("合計,,60,100,,,,", "支出合計 60 與明細的 50"),
        ("總計,,50,100,,,共3筆,", "筆數 3 與明細的 2"),
        ("總筆數：5", "筆數 5 與明細的 2"),
        ("提款總筆數 2 提款總金額 50", "支出筆數 2 與明細的 1"),
        ("提款總筆數 1 提款總金額 51", "支出合計 51 與明細的 50"),
    ],
)
def test_totals_that_differ_are_refused(total: str, words: str) -> None:
    assert words in refused(statement("114/07/03,,,100,1100,,,", "114/07/04,,50,,1050,,,", total))


def test_the_number_of_rows_in_the_heading_catches_a_missing_last_line() -> None:
    body = statement("114/07/03,,,100,1100,,,", "114/07/04,,50,,1050,,,")
    assert len(read_text('"筆數","2 (自 2025/07/01 至 2025/07/31)"\n' + body).records) == 2
    assert "筆數 3 與明細的 2" in refused('"筆數","3 (自 2025/07/01 至 2025/07/31)"\n' + body)


def test_rows_a_page_are_no_total() -> None:
    assert len(read_text("每頁筆數：50\n" + statement("114/07/03,,,100,1100,,,")).records) == 1


def test_page_totals_are_of_their_page() -> None:
    rows = [
        "114/07/03,,,100,1100,,,",
        "小計,,0,100,,,,",
        "114/07/04,,50,,1050,,,",
        "小計,,50,0,,,,",
        "總計,,50,100,,,,",
    ]
    assert len(read_text(statement(*rows)).records) == 2


def test_cells_parted_by_a_stroke() -> None:
    text = statement("2024/01/05|10:00|0|1,000|1,000|匯入|x|").replace(",", "|").replace("1|000", "1,000")
    assert moves(read_text(text, "a.txt")) == [(1_000, 1_000)]


def test_an_account_in_a_title_after_its_label_without_a_colon() -> None:
    reading = read_text(statement("2024/01/05,,0,5,5,a,,").join(["臺灣企銀 帳號 0123-456-789012\n", ""]))
    assert reading.account == "0123456789012"
