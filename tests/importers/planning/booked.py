"""What the books of a case hold already."""

from __future__ import annotations

BOOKED = """
2023-01-01 open Expenses:2業者自籌款:01消耗性器材及原材料費
2023-01-01 open Assets:2進項稅額
2023-01-01 open Liabilities:1應付帳款
2023-07-12 * "晟鑫科技企業有限公司" "高效率軸承" ^AB12345678
  voucher: "invoice"
  number: "AB12345678"
  seller: "27715140"
  net: 1000 TWD
  tax: 50 TWD
  item: "高效率軸承"
  import-id: "invoice:11208:AB12345678"
  Expenses:2業者自籌款:01消耗性器材及原材料費  1000 TWD
  Assets:2進項稅額   50 TWD
  Liabilities:1應付帳款  -1050 TWD
"""
