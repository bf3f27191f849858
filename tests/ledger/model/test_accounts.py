"""Account names, and the way back to (fund, category)."""

from __future__ import annotations

import pytest
from beancount.core import account as beancount_account

from ledger.model import accounts
from ledger.model.accounts import FUND_ROOTS
from ledger.model.accounts import Fund
from ledger.schemes import categories
from ledger.schemes.categories import CATEGORIES


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("fund", FUND_ROOTS)
def test_there_and_back(fund: Fund, category: str) -> None:
    account = accounts.expense_account(fund, category)
    assert beancount_account.is_valid(account)
    assert accounts.expense_parts(account) == (fund, category)


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("全新設備之購置費", "equipment"),
        ("02全新設備之購置費", "equipment"),
        ("全新設備 購置費", "equipment"),
        ("設備費", "equipment"),
        ("基本工程施工費", "construction"),
        ("基礎工程施工費", "construction"),
        ("委託研究及驗證費", "research"),
        ("人事費", "personnel"),
        ("travel", "travel"),
        ("交際費", None),
        ("", None),
    ],
)
def test_categories_by_the_names_papers_give_them(written: str, category: str | None) -> None:
    assert categories.category_named(written) == category


def test_the_alias_of_a_leaf_is_understood_in_an_account() -> None:
    assert accounts.expense_parts("Expenses:1政府補助款:08基本工程施工費") == ("government", "construction")


@pytest.mark.parametrize("name", ["交際費", "Marketing", "a:b c"])
def test_a_category_nobody_knows_keeps_its_name(name: str) -> None:
    account = accounts.expense_account("self", name)
    assert beancount_account.is_valid(account)
    assert accounts.expense_parts(account) == ("self", name.replace(":", "").replace(" ", ""))
    assert categories.category_name(name) == name


@pytest.mark.parametrize(
    "account", ["Assets:1專戶:1政府補助款", "Expenses:8其他:01雜費", "Expenses:1政府補助款"]
)
def test_what_is_no_cost_account(account: str) -> None:
    assert accounts.expense_parts(account) is None


def test_the_chart_holds_every_account_once_in_the_order_of_the_form() -> None:
    chart = accounts.chart(list(CATEGORIES))
    assert len(chart) == len(set(chart))
    assert all(beancount_account.is_valid(account) for account in chart)
    costs = [account for account in chart if account.startswith("Expenses:")]
    assert costs == sorted(costs)
    assert len(costs) == len(FUND_ROOTS) * len(CATEGORIES)


def test_coaching_has_a_name_and_no_account() -> None:
    assert categories.category_name(categories.COACHING) == "診斷輔導費用"
    assert categories.category_named(categories.COACHING) is None
