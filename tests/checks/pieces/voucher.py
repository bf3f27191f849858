"""An invoice, its void and its payment, as ledger text."""

from __future__ import annotations

INVOICE = """
2023-08-20 * "益瀚電機有限公司" "感測器模組" ^GH00000001
  voucher: "invoice"
  number: "GH00000001"
  voucher-date: 2023-08-20
  seller: "34247621"
  buyer: "11688527"
  net: 10000 TWD
  tax: 500 TWD
  item: "感測器模組"
  quantity: 1
  document: "x.pdf"
  Expenses:2業者自籌款:01消耗性器材及原材料費   10000 TWD
  Assets:2進項稅額                                500 TWD
  Liabilities:1應付帳款                        -10500 TWD
"""


VOID = """
2023-09-01 * "益瀚電機有限公司" "作廢" ^GH00000001
  voucher: "void"
  number: "GH00000001"
  reverses: "GH00000001"
  net: -10000 TWD
  tax: -500 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費  -10000 TWD
  Assets:2進項稅額                               -500 TWD
  Liabilities:1應付帳款                         10500 TWD
"""


PAID = """
2023-08-25 * "益瀚電機有限公司" "付款" ^GH00000001
  Liabilities:1應付帳款   10500 TWD
  Equity:1業者投入       -10500 TWD
"""


def invoice(**changes: str) -> str:
    """The invoice with some of its metadata changed; an empty value takes the line out."""
    rows = []
    for row in INVOICE.splitlines():
        key = row.strip().partition(":")[0].replace("-", "_")
        if key in changes and row.startswith("  ") and row.strip()[0].islower():
            if changes[key]:
                rows.append(f"  {key.replace('_', '-')}: {changes[key]}")
        else:
            rows.append(row)
    return "\n".join(rows) + "\n"
