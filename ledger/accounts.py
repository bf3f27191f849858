"""The account names of a case, and the way between a name and its (fund, category).

Beancount wants every component to begin with an upper-case letter or a digit, so the Chinese names carry a
number; the number is also the sort order of the authority's form.
"""

from __future__ import annotations

import functools
import re
from typing import Literal
from typing import NamedTuple

from ledger.i18n import N_
from ledger.i18n import _
from ledger.text import fold

CURRENCY = "TWD"

_UNKNOWN = "99"  # sorts after every category of the form
_NOT_A_LEAF = re.compile(r"[^\w-]|_")

Fund = Literal["government", "self", "disallowed"]

DEDICATED = "Assets:1專戶"
GRANT_MONEY = "Assets:1專戶:1政府補助款"
OWN_MONEY = "Assets:1專戶:2業者自籌款"
INPUT_TAX = "Assets:2進項稅額"
WITHHELD_TAX = "Assets:3扣繳稅款"
PAYABLE = "Liabilities:1應付帳款"
DUE_INTEREST = "Liabilities:2應繳國庫:1孳息"
DUE_SURPLUS = "Liabilities:2應繳國庫:2結餘款"
UNEARNED = "Liabilities:3預收補助款"
COMPANY = "Equity:1業者投入"
INCOME = "Income:1補助收入"

FUND_ROOTS: dict[Fund, str] = {
    "government": "Expenses:1政府補助款",
    "self": "Expenses:2業者自籌款",
    "disallowed": "Expenses:9不予認列",
}
FUND_NAMES: dict[Fund, str] = {
    "government": "政府補助款",
    "self": "業者自籌款",
    "disallowed": "不予認列",
}


class Category(NamedTuple):
    """A budget category (會計科目): its id, number and name on the form, and other names papers give it."""

    id: str
    number: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def leaf(self) -> str:
        """The Chinese name with its number before it."""
        return self.number + self.name


CATEGORIES: dict[str, Category] = {
    category.id: category
    for category in (
        Category("consumables", "01", N_("消耗性器材及原材料費"), ("材料費", "消耗性器材費", "原材料費")),
        Category("equipment", "02", N_("全新設備之購置費"), ("設備費", "全新設備購置費", "設備購置費")),
        Category("improvement", "03", N_("既有設備之改善費"), ("既有設備改善費", "設備改善費")),
        Category(
            "research",
            "04",
            N_("委託研究或驗證費"),
            ("委託研究及驗證費", "委託研究費", "驗證費", "委託研究與驗證費"),
        ),
        Category("personnel", "05", N_("人事費"), ("薪資",)),
        Category("intangibles", "06", N_("無形資產引進費"), ("無形資產之引進費",)),
        Category("travel", "07", N_("國內差旅費"), ("差旅費",)),
        Category("construction", "08", N_("基礎工程施工費"), ("基本工程施工費",)),
    )
}


COACHING = "coaching"  # the one line of a coaching case's settlement; it has no accounts
COACHING_NAME = N_("診斷輔導費用")


@functools.cache
def _categories_by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for category in CATEGORIES.values():
        for name in (category.id, category.leaf, category.name, *category.aliases):
            names[fold(name)] = category.id
    return names


def category_named(text: str) -> str | None:
    """The id of the category that a paper calls `text`; None where no category is called so."""
    return _categories_by_name().get(fold(text))


def category_name(category: str) -> str:
    """The name of a category id on screens and sheets; the id itself where it is unknown."""
    known = CATEGORIES.get(category)
    if known is None:
        return _(COACHING_NAME) if category == COACHING else category
    return _(known.name)


def expense_account(fund: Fund, category: str) -> str:
    """The account of a category's cost paid by `fund`; a category nobody knows has a leaf at the end."""
    known = CATEGORIES.get(category)
    leaf = known.leaf if known else _UNKNOWN + _NOT_A_LEAF.sub("", category)
    return f"{FUND_ROOTS[fund]}:{leaf}"


@functools.cache
def expense_parts(account: str) -> tuple[Fund, str] | None:
    """(fund, category) of a cost account; the leaf itself stands for a category nobody knows.

    None where the account is no cost account of a case.
    """
    for fund, root in FUND_ROOTS.items():
        if account.startswith(root + ":"):
            leaf = account[len(root) + 1 :]
            bare = leaf[2:] if leaf[:2].isdigit() else leaf
            return fund, category_named(leaf) or category_named(bare) or bare
    return None


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
        COMPANY,
        INCOME,
    ]
    costs = [expense_account(fund, category) for fund in FUND_ROOTS for category in categories]
    return fixed + costs
