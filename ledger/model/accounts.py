"""The account names of a case, and the way between a name and its (fund, category).

Beancount wants every component to begin with an upper-case letter or a digit, so the Chinese names carry a
number; the number is also the sort order of the authority's form.
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from ledger.schemes.categories import category_leaf
from ledger.schemes.categories import category_named
from ledger.schemes.categories import when_known

CURRENCY = "TWD"

_UNKNOWN = "99"  # sorts after every category of the form
_NOT_A_LEAF = re.compile(r"[^\w-]|_")

Fund = Literal["government", "self", "disallowed"]

DEDICATED = "Assets:1專戶"
GRANT_MONEY = "Assets:1專戶:1政府補助款"
OWN_MONEY = "Assets:1專戶:2業者自籌款"
AT_BANK = frozenset({GRANT_MONEY, OWN_MONEY})  # what the dedicated bank account holds
INPUT_TAX = "Assets:2進項稅額"
WITHHELD_TAX = "Assets:3扣繳稅款"
PAYABLE = "Liabilities:1應付帳款"
DUE_INTEREST = "Liabilities:2應繳國庫:1孳息"
DUE_SURPLUS = "Liabilities:2應繳國庫:2結餘款"
UNEARNED = "Liabilities:3預收補助款"
WITHHELD_FROM_FEES = "Liabilities:4代扣款:1扣繳稅款"  # of what persons were paid: the tax bureau's
WITHHELD_PREMIUM = "Liabilities:4代扣款:2補充保費"  # the health insurance's
WITHHELD = (WITHHELD_FROM_FEES, WITHHELD_PREMIUM)
COMPANY = "Equity:1業者投入"
INCOME = "Income:1補助收入"

FUND_ROOTS: dict[Fund, str] = {
    "government": "Expenses:1政府補助款",
    "self": "Expenses:2業者自籌款",
    "disallowed": "Expenses:9不予認列",
}


def expense_account(fund: Fund, category: str) -> str:
    """The account of a category's cost paid by `fund`; an unknown category has a leaf at the end."""
    leaf = category_leaf(category) or _UNKNOWN + _NOT_A_LEAF.sub("", category)
    return f"{FUND_ROOTS[fund]}:{leaf}"


@functools.cache
def expense_parts(account: str) -> tuple[Fund, str] | None:
    """(fund, category) of a cost account; for an unknown category the leaf itself.

    None where the account is no cost account of a case.
    """
    for fund, root in FUND_ROOTS.items():
        if account.startswith(root + ":"):
            leaf = account[len(root) + 1 :]
            bare = leaf[2:] if leaf[:2].isdigit() else leaf
            return fund, category_named(leaf) or category_named(bare) or bare
    return None


when_known(expense_parts.cache_clear)


def chart(categories: list[str]) -> list[str]:
    """Every account that a case with these categories opens, in the order of the form."""
    fixed = [
        GRANT_MONEY,
        OWN_MONEY,
        INPUT_TAX,
        WITHHELD_TAX,
        PAYABLE,
        DUE_INTEREST,
        DUE_SURPLUS,
        UNEARNED,
        *WITHHELD,
        COMPANY,
        INCOME,
    ]
    costs = [expense_account(fund, category) for fund in FUND_ROOTS for category in categories]
    return fixed + costs
