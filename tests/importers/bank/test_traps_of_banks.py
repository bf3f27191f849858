"""The traps of single banks' exports, of web pages, encodings and workbooks, by name."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence

import openpyxl
import pytest

from importers.records import ReadError
from tests.importers.bank.makers import html_bytes
from tests.importers.bank.makers import xlsx_bytes
from tests.importers.bank.reading import csv_cell
from tests.importers.bank.reading import lines_of
from tests.importers.bank.reading import moves
from tests.importers.bank.reading import only
from tests.importers.bank.reading import read
from tests.importers.bank.reading import read_text
from tests.importers.bank.reading import refused
from tests.importers.bank.reading import statement

# Single banks


def test_post_office_twin_rows_become_the_memo() -> None:
    header = "日期,摘要,類別,支出,存入,餘額,備註"
    when = '="114/07/04 09:15:02"'
    rows = [header, f'{csv_cell(when)},轉帳存入,,0,"1,000","2,000",', f"{csv_cell(when)},租金七月,,0,0,2000,"]
    line = only(read_text("\n".join(["郵局", *rows]), encoding="cp950"))
    assert (line.amount, line.text, line.memo) == (1000, "轉帳存入", "租金七月")


def test_a_zero_row_without_twin_is_left_out_and_named() -> None:
    reading = read_text(statement("114/07/03,09:00,,100,100,,,", "114/07/04,10:00,0,0,100,印鑑變更,,"))
    assert len(reading.records) == 1
    assert reading.warnings == ("1 列金額為 0，未列入（第3列）",)


def test_post_office_export_without_header_goes_by_position() -> None:
    rows = [
        "中華郵政 交易明細",
        '"=""114/07/04 09:15:02""",存款,,0,100,100,息,',
        '"=""114/07/05 09:15:02""",提款,,40,0,60,,買米',
        "查詢時間",
    ]
    reading = read_text("\n".join(rows), "post.csv")
    assert moves(reading) == [(100, 100), (-40, 60)]
    assert [line.memo for line in lines_of(reading)] == ["息", "買米"]


def test_cathay_lone_quote_record_and_dashes() -> None:
    text = (
        '"490264681158 活存"\r\n"筆數","1 (自 2025/07/01 至 2025/07/31)"\r\n"幣別：TWD"\r\n"\r\n"\r\n'
        '"交易日期","帳務日期","說明","提出","存入","餘額","交易資訊","備註"\r\n'
        '"2025/07/04\r\n09:15:02","2025/07/04","匯入款","−","1000","2000","經濟部","−"\r\n'
    )
    reading = read_text(text, encoding="utf-8-sig")
    line = only(reading)
    assert (reading.account, reading.encoding) == ("490264681158", "utf-8-sig")
    assert (line.amount, line.time, line.counterparty, line.memo) == (1000, "09:15:02", "經濟部", "")


def test_yuanta_remarks_lose_their_serial_number() -> None:
    header = "帳號,帳務日期,交易日期,交易時間,交易說明,支出金額,存入金額,帳面餘額,票據號碼,備註"
    row = "'490264681158','20250704','20250704','09:15:02','匯入','0','100','100','','0000012 貨款'"
    assert only(read_text(f"{header}\n{row}", encoding="cp950")).memo == "貨款"


def test_a_web_page_called_xls_with_unclosed_cells_and_spans() -> None:
    page = """<html><body><table><tr><td>帳號<td>490-264-681158<tr><td colspan=7>明細<tr><th>交易日期<th>時間<th>支出<th>存入
    <th>餘額<th>摘要<th>備註<tr><td rowspan=2>0114/07/04<td>09:00:00<td>&nbsp;<td>100<td>100<td>息<td>&nbsp;
    <tr><td>10:00:00<td>30<td>&nbsp;<td>70<td>費<td>x<tr><td colspan=2>合計<td>30<td>100<td><td><td></table>"""
    assert "第5列有金額但沒有可讀的日期" in refused(page, "a.xls")
    reading = read_text(
        page.replace("<tr><td>10:00", "<tr><td>0114/07/04<td>10:00").replace(" rowspan=2", ""), "a.xls"
    )
    assert moves(reading) == [(100, 100), (-30, 70)]
    assert (reading.account, reading.format) == ("490264681158", "bank-html")


def test_a_web_page_whose_header_spans_two_rows() -> None:
    page = (
        "<table><tr><th rowspan=2>交易日期<th rowspan=2>摘要<th colspan=2>收支<th rowspan=2>餘額<tr><th>支出<th>存入"
        "<tr><td>114/07/04<td>息<td><td>100<td>100</table>"
    )
    assert moves(read_text(page, "a.xls")) == [(100, 100)]


def test_a_web_page_of_nested_tables_takes_the_statement() -> None:
    inner = "<table><tr><td>交易日期<td>支出<td>存入<td>餘額<td>摘要<tr><td>114/07/04<td><td>100<td>100<td>息</table>"
    page = f"<html><body><table><tr><td>選單<td>{inner}<td>廣告 114/07/04 999</table></body></html>"
    assert moves(read_text(page, "a.xls")) == [(100, 100)]


def test_a_web_page_that_prints_the_rows_in_two_tables() -> None:
    head = ["交易日期", "支出", "存入", "餘額"]
    first = html_bytes("", [head, ["114/07/03", "", "100", "100"]]).decode()
    second = (
        "<table><tr>"
        + "".join(f"<td>{name}</td>" for name in head)
        + "</tr><tr><td>114/07/04</td><td>{}</td><td></td><td>{}</td></tr></table>"
    )
    page = first.replace("</body>", second.format(30, 70) + "</body>")
    assert moves(read_text(page, "a.xls")) == [(100, 100), (-30, 70)]
    assert "互不相接" in refused(first.replace("</body>", second.format(30, 60) + "</body>"), "a.xls")


def test_a_scrolling_page_has_its_header_in_a_table_of_its_own() -> None:
    head = "<table><tr><td>交易日期<td>支出<td>存入<td>餘額</table>"
    page = f"<html><body>{head}<table><tr><td>114/07/04<td><td>100<td>100</table></body></html>"
    assert moves(read_text(page, "a.xls")) == [(100, 100)]


def test_first_bank_text_with_dashes_for_empty_columns() -> None:
    text = (
        "第一商業銀行 交易明細\n交易日期 交易時間 幣別 支出金額 存入金額 餘額 票據號碼 摘要 附註\n"
        "2025/07/03 09:00:00 新臺幣 - 1,000.00 1,000.00 - 匯入 補助款\n2025/07/04 10:00:00 新臺幣 200.00 - 800.00 - 轉帳 -\n"
        "幣別 支出金額總計 存入金額總計\n新臺幣 200.00 1,000.00\n"
    )
    reading = read_text(text, "a.txt")
    assert moves(reading) == [(1000, 1000), (-200, 800)]
    assert [(line.text, line.memo, line.time) for line in lines_of(reading)] == [
        ("匯入", "補助款", "09:00:00"),
        ("轉帳", "", "10:00:00"),
    ]
    assert "支出合計 300" in refused(
        text.replace("新臺幣 200.00 1,000.00", "新臺幣 300.00 1,000.00"), "a.txt"
    )


def test_cooperative_bank_text_is_signed_by_its_balance() -> None:
    text = (
        "合作金庫商業銀行\n查詢期間 114/07/01 - 114/07/31\n序號 交易日期 摘要 交易行庫 幣別 提款金額 存款金額 餘額 備註 支票號碼\n"
        "1 114/07/03 匯入款 0130 新臺幣 1,000 5,000 補助款\n2 114/07/04 轉帳 0130 新臺幣 200 4,800\n"
        "3 114/07/05 利息 0130 新臺幣 7 4,807\n提款總筆數 1 提款總金額 200 存款總筆數 2 存款總金額 1,007\n"
    )
    assert moves(read_text(text, "a.txt")) == [(1000, 5000), (-200, 4800), (7, 4807)]
    assert "不連續" in refused(text.replace("200 4,800", "200 4,900"), "a.txt")
    assert "存入筆數 3" in refused(text.replace("存款總筆數 2", "存款總筆數 3"), "a.txt")


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16"])
def test_encodings(encoding: str) -> None:
    reading = read_text(statement("114/07/04,,,100,100,匯入,碁裏恒粧,"), encoding=encoding)
    assert (only(reading).memo, reading.encoding) == ("碁裏恒粧", encoding)


def test_characters_that_only_hkscs_has() -> None:
    reading = read_text(statement("114/07/04,,,100,100,匯入,堃喆峯,"), encoding="big5hkscs")
    assert (only(reading).memo, reading.encoding) == ("堃喆峯", "big5hkscs")


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_other_delimiters(mark: str) -> None:
    text = statement('114/07/03,,,"1,000","1,000",,,', '114/07/04,,30,,"970",,,').replace(",,", "\0\0")
    text = text.replace('"1,000"', "1000").replace("\0", ",").replace(",", mark)
    assert moves(read_text(text)) == [(1000, 1000), (-30, 970)]


# Workbooks


def test_sheets_of_one_account_are_joined_and_others_refused() -> None:
    head = ["交易日期", "支出", "存入", "餘額"]
    july: list[list[object]] = [[*head], ["114/07/03", None, 100, 100]]
    august: list[list[object]] = [[*head], ["114/08/04", 30, None, 70]]
    assert moves(read(book_bytes([["說明"]], august, july), "a.xlsx")) == [(100, 100), (-30, 70)]
    assert moves(read(book_bytes(july, august, july), "a.xlsx")) == [(100, 100), (-30, 70)]
    with pytest.raises(ReadError, match="互不相接"):
        read(book_bytes(july, [[*head], ["114/08/04", 30, None, 71]]), "a.xlsx")


def book_bytes(*sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_cells_that_are_dates_and_numbers() -> None:
    rows: list[list[object]] = [
        ["交易日期", "支出", "存入", "餘額"],
        [datetime.datetime.fromisoformat("2025-07-04T09:15:02"), None, 100.0, 100],
        [datetime.date(2025, 7, 5), 30, 0, 70],
    ]
    reading = read(xlsx_bytes(rows), "a.xlsx")
    assert moves(reading) == [(100, 100), (-30, 70)]
    assert [line.time for line in lines_of(reading)] == ["09:15:02", ""]


def test_a_broken_workbook_is_refused() -> None:
    data = xlsx_bytes([["交易日期", "支出", "存入", "餘額"], ["114/07/04", None, 100, 100]])
    with pytest.raises(ReadError, match="試算表"):
        read(data[:-60], "a.xlsx")
