"""A small case as a user could have written it, piece by piece."""

from __future__ import annotations

from ledger.case.case import Case
from tests.ledger.ledgers import LEAD

AWARD = """
2023-06-01 custom "grant-award" "112-試-001"
  scheme: "small-manufacturer-112"
  company: "主辦公司"
  ubn: "11688527"
  start: 2023-06-01
  end: 2024-05-31
2023-06-01 custom "grant-budget" "improvement" 98000 TWD 164400 TWD
2023-06-01 custom "grant-budget" "consumables" 50000 TWD 50000 TWD
2023-06-01 custom "grant-budget" "personnel" 0 TWD 80000 TWD
"""

INVOICE = """
2023-07-12 * "精密機械股份有限公司" "主軸冷卻模組" ^AB12345678
  voucher: "invoice"
  number: "AB12345678"
  voucher-date: 2023-07-10
  seller: "40953019"
  buyer: "11688527"
  net: 150000 TWD
  tax: 7500 TWD
  item: "主軸冷卻模組"
  quantity: 1.5
  document: "2023-07-10.AB12345678.pdf"
  document-2: "2023-07-10.photo.jpg"
  import-id: "invoice:11208:AB12345678"
  Expenses:1政府補助款:03既有設備之改善費   56021 TWD
  Expenses:2業者自籌款:03既有設備之改善費   93979 TWD
  Assets:2進項稅額                           7500 TWD
  Liabilities:1應付帳款                   -157500 TWD
"""

SECOND = """
2023-09-12 * "精密機械股份有限公司" "主軸冷卻模組" ^CD12345678
  voucher: "invoice"
  number: "CD12345678"
  item: "主軸冷卻模組"
  Expenses:1政府補助款:03既有設備之改善費   18674 TWD
  Expenses:2業者自籌款:03既有設備之改善費   31326 TWD
  Liabilities:1應付帳款                    -50000 TWD
"""

CREDIT_NOTE = """
2023-08-20 * "精密機械股份有限公司" "折讓" ^ZZ00000001
  voucher: "allowance"
  number: "ZZ00000001"
  reverses: "AB12345678"
  item: "主軸冷卻模組"
  Expenses:1政府補助款:03既有設備之改善費   -3735 TWD
  Expenses:2業者自籌款:03既有設備之改善費   -6265 TWD
  Assets:2進項稅額                           -500 TWD
  Liabilities:1應付帳款                     10500 TWD
"""

MIXED = """
2023-07-20 * "五金行" "雜項" ^EF12345678
  voucher: "invoice"
  number: "EF12345678"
  net: 12000 TWD
  Expenses:1政府補助款:01消耗性器材及原材料費   3000 TWD
    item: "切削液"
    quantity: 3
  Expenses:2業者自籌款:01消耗性器材及原材料費   3000 TWD
    item: "切削液"
    quantity: 3
  Expenses:1政府補助款:01消耗性器材及原材料費   1000 TWD
    item: "濾心"
  Expenses:2業者自籌款:01消耗性器材及原材料費   1000 TWD
    item: "濾心"
  Expenses:9不予認列:01消耗性器材及原材料費     4000 TWD
    item: "文具"
  Liabilities:1應付帳款                       -12000 TWD
"""


def finding(voucher: str, state: str, deducted: str = "", on: str = "2024-06-20", name: str = "F-1") -> str:
    amount = f"  deducted: {deducted} TWD\n" if deducted else ""
    return f'{on} custom "grant-finding" "{name}"\n  voucher: "{voucher}"\n  state: "{state}"\n{amount}'


def improvement(case: Case) -> tuple[int, int]:
    """(accepted, disallowed) of the category that most tests are about."""
    return case.cost()[LEAD, "improvement"]
