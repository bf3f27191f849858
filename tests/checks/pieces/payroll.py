"""A person of the plan and a payroll voucher, as ledger text."""

from __future__ import annotations

PERSON = '"王大明"\n  role: "製程工程師"\n  insured: TRUE\n  months: 4\n'


def pay(month: str, *, person: str = "王大明", hours: int = 80, total: int = 160) -> str:
    """One more payroll voucher, at the month's end."""
    net = 44000 * hours // 160
    return f"""
{month}-28 * "{person}" "薪資" ^p{month}
  voucher: "payroll"
  number: "p{month}"
  month: "{month}"
  person: "{person}"
  salary: 44000 TWD
  hours: {hours}
  total-hours: {total}
  net: {net} TWD
  source: "薪資清冊.csv"
  Expenses:2業者自籌款:05人事費   {net} TWD
  Liabilities:1應付帳款          -{net} TWD
"""
