"""A row of the voucher sheet, and its header, as our own form has them."""

from __future__ import annotations

HEADER = "日期 憑證種類 憑證號碼 賣方統編 對象 品名 數量 單位 未稅金額 稅額 會計科目 付款日期 付款方式 附件".split()  # noqa: SIM905 -- one line of the form
ROW = dict(
    zip(
        HEADER,
        ["112/07/12", "統一發票", "AB12345678", "12345675", "精密機械", "冷卻模組", "2", "組", "100,000", "5000",
         "既有設備之改善費", "2023-07-20", "匯款", "AB12345678.pdf"],
        strict=True,
    )
)  # fmt: skip
