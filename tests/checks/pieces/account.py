"""The dedicated account of the sample case, as ledger text: what is withdrawn, moved and paid in."""

from __future__ import annotations

from tests.checks.builder import Books

JULY_OUT = """2023-07-04 * "" "提領112/06支用數"
  months: "2023-06"
  Assets:1專戶:1政府補助款   -50000 TWD
  Equity:1業者投入            50000 TWD
"""


AUGUST_OUT = """2023-08-03 * "" "提領112/07支用數"
  months: "2023-07"
  Assets:1專戶:1政府補助款   -135000 TWD
  Equity:1業者投入            135000 TWD
"""


UNNAMED = JULY_OUT.replace('  months: "2023-06"\n', "")


def moved(text: str, day: str, amount: int | None = None) -> str:
    """A withdrawal on another day, of another amount."""
    old = "50000" if "50000 TWD" in text and "135000" not in text else "135000"
    text = day + text[10:]
    return text if amount is None else text.replace(old, str(amount))


def out(day: str, amount: int, *, months: str = "", kind: str = "") -> str:
    """One more withdrawal."""
    rows = [f'{day} * "" "提領"']
    rows += [f'  months: "{months}"'] if months else []
    rows += [f'  kind: "{kind}"'] if kind else []
    rows += [f"  Assets:1專戶:1政府補助款   {-amount} TWD", f"  Equity:1業者投入   {amount} TWD"]
    return "\n" + "\n".join(rows) + "\n"


BEFORE = "withdrawal-before-close"


EXCESS = "withdrawal-exceeds-entitlement"


DIRECT = """
2023-08-01 * "昱峻氣動企業有限公司" "付款" ^AB12345679
  Liabilities:1應付帳款       252000 TWD
  Assets:1專戶:1政府補助款   -120000 TWD
  Assets:1專戶:2業者自籌款   -132000 TWD

2023-07-31 * "" "自籌款存入"
  Assets:1專戶:2業者自籌款    132000 TWD
  Equity:1業者投入           -132000 TWD
"""


PAID = """2023-08-01 * "昱峻氣動企業有限公司" "付款" ^AB12345679
  Liabilities:1應付帳款   252000 TWD
  Equity:1業者投入       -252000 TWD
"""


SIGNING = "專戶:1政府補助款    210000 TWD\n  Liabilities:3預收補助款    -210000 TWD"


FINAL = "專戶:1政府補助款    100000 TWD\n  Liabilities:3預收補助款    -100000 TWD"


EXPECTED = "instalment-unexpected"


def signing(books: Books, amount: int) -> Books:
    """The books with another first instalment."""
    return books.plant(SIGNING, SIGNING.replace("210000", str(amount)))


def final(books: Books, amount: int) -> Books:
    """The books with another last instalment."""
    return books.plant(FINAL, FINAL.replace("100000", str(amount)))


PARTNER = """
2023-06-01 custom "grant-partner" "62494123"
  name: "昱峻氣動企業有限公司"
2023-06-01 custom "grant-account" "123"
  role: "dedicated"
  party: "62494123"
2023-06-01 custom "grant-budget" "consumables" 50000 TWD 50000 TWD
  party: "62494123"
2023-06-05 * "經濟部產業發展署" "撥款"
  party: "62494123"
  Assets:1專戶:1政府補助款    25000 TWD
  Liabilities:3預收補助款    -25000 TWD
"""


PARTNERS_COST = """
2023-06-20 * "益瀚電機有限公司" "感測器模組" ^KL00000001
  voucher: "invoice"
  number: "KL00000001"
  buyer: "62494123"
  Expenses:1政府補助款:01消耗性器材及原材料費    4000 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費    4000 TWD
  Liabilities:1應付帳款                         -8000 TWD
"""
