"""Vouchers with their tax and their pay, as ledger text."""

from __future__ import annotations

PAYROLL = "  Expenses:2業者自籌款:05人事費   22000 TWD\n  Liabilities:1應付帳款          -22000 TWD\n"


WITH_TAX = """
2023-08-20 * "益瀚電機有限公司" "感測器模組" ^GH00000001
  voucher: "invoice"
  number: "GH00000001"
  buyer: "11688527"
  net: 10000 TWD
  tax: 500 TWD
  Expenses:1政府補助款:01消耗性器材及原材料費   5000 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   5500 TWD
  Liabilities:1應付帳款                       -10500 TWD
"""
