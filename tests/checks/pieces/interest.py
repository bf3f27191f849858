"""Interest of the sample case and what goes to the treasury, as ledger text."""

from __future__ import annotations

from tests.checks.builder import Books

INTEREST = """2023-09-20 * "" "存款息"
  Assets:1專戶:1政府補助款          30 TWD
  Liabilities:2應繳國庫:1孳息      -30 TWD
"""


REMITTED = """2023-10-20 * "國庫" "專戶孳息繳庫"
  Liabilities:2應繳國庫:1孳息      30 TWD
  Assets:1專戶:1政府補助款        -30 TWD
"""


def interest(books: Books, bank: int, tax: int, due: int) -> Books:
    """The clean books with other interest: what the bank paid in, what it withheld, what is booked as due."""
    company = due - bank - tax
    rows = [f"  Assets:1專戶:1政府補助款   {bank} TWD", f"  Liabilities:2應繳國庫:1孳息   {-due} TWD"]
    rows += [f"  Assets:3扣繳稅款   {tax} TWD"] if tax else []
    rows += [f"  Equity:1業者投入   {company} TWD"] if company else []
    return books.plant(INTEREST, '2023-09-20 * "" "存款息"\n' + "\n".join(rows) + "\n")


WITHHELD = """
2023-09-20 * "" "代扣所得稅"
  Assets:1專戶:1政府補助款   -3000 TWD
  Assets:3扣繳稅款            3000 TWD
"""


TAIL = """2023-10-15 * "經濟部產業發展署" "期末撥款"
  Assets:1專戶:1政府補助款    100000 TWD
  Liabilities:3預收補助款    -100000 TWD
"""
