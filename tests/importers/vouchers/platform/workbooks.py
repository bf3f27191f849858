"""Workbooks of the e-invoice platform."""

from __future__ import annotations

import io
from collections.abc import Mapping
from collections.abc import Sequence

import openpyxl

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
