"""Vouchers that use up the budget of the sample case, as ledger text."""

from __future__ import annotations


def bought(
    number: str, cost: int, *, item: str = "感測器模組", quantity: str = "1", day: str = "2023-09-15"
) -> str:
    """A voucher of self-funded consumables."""
    return f"""
{day} * "益瀚電機有限公司" "{item}" ^{number}
  voucher: "receipt"
  number: "{number}"
  net: {cost} TWD
  tax: 0 TWD
  item: "{item}"
  quantity: {quantity}
  Expenses:2業者自籌款:01消耗性器材及原材料費   {cost} TWD
  Liabilities:1應付帳款   {-cost} TWD
"""


def parked(item: str, flag: str) -> str:
    """A voucher whose category the import could not tell."""
    text = bought("R1", 5000, item=item).replace("2業者自籌款:01", "9不予認列:01")
    return text.replace("2023-09-15 *", f"2023-09-15 {flag}")
