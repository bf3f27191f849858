"""Files of the carrier and of cloud invoices, as texts."""

from __future__ import annotations

HEAD = (
    "表頭=M|載具名稱|載具號碼|發票日期|商店統編|商店店名|發票號碼|總金額|發票狀態|\r\n"
    "明細=D|發票號碼|小計|品項名稱|\r\n"
)


CLOUD_HEAD = (
    "載具自訂名稱,發票日期,發票號碼,發票金額,發票狀態,折讓,賣方統一編號,賣方名稱,賣方地址,買方統編,"
    "消費明細_數量,消費明細_單價,消費明細_金額,消費明細_品名\n"
)


CLOUD_FOOT = "捐贈或作廢之發票,號碼後三碼以*表示\n本資料僅供參考\n"


def cloud_row(number: str, printed: int, amount: int, name: str, status: str = "開立") -> str:
    return f"手機條碼,20230712,{number},{printed},{status},否,12345675,五金行,台北市,,1,{amount},{amount},{name}\n"
