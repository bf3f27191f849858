"""All checks in one place: the families, the checks of one case and those of several."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from checks.engine.finding import REGISTER
from checks.engine.finding import Check
from checks.engine.finding import Described

if TYPE_CHECKING:
    from checks.engine.portfolio_registry import PortfolioCheck

FAMILIES = (
    "books",
    "award",
    "costing",
    "budget",
    "voucher",
    "period",
    "account",
    "interest",
    "payroll",
    "settlement",
    "audit",
)

# Modules beside those of the families, whose checks say of which family they are.
_MORE_MODULES = ("milestone", "details")

# The modules of the checks that judge several cases together; as plugins of one ledger there are none.
_PORTFOLIO_MODULES = ("claims", "persons", "suppliers")

UNREADABLE = "books-unreadable"
UNSAFE = "books-unsafe"
# Nobody can agree to unreadable books, and a waiver of a waiver would hide itself.
NOT_WAIVABLE = frozenset({UNREADABLE, UNSAFE, "waiver-unused"})


def catalogue() -> dict[str, Check]:
    """Every check by name, in the order of the families."""
    for module in (*FAMILIES, *_MORE_MODULES):
        importlib.import_module(f"checks.{module}")
    order = {family: place for place, family in enumerate(FAMILIES)}
    return dict(sorted(REGISTER.items(), key=lambda named: order.get(named[1].family, len(order))))


def portfolio_catalogue() -> dict[str, PortfolioCheck]:
    """Every check of several cases together by name. One may have its other side in `catalogue()`."""
    from checks.engine.portfolio_registry import PORTFOLIO_REGISTER  # noqa: PLC0415 -- one case alone does not need it

    for module in _PORTFOLIO_MODULES:
        importlib.import_module(f"checks.portfolio.{module}")
    return PORTFOLIO_REGISTER


def families_of_checks() -> dict[str, frozenset[str]]:
    """The names of all checks, of one case and of several, each with the families that it is in."""
    families = {name: frozenset({check.family}) for name, check in catalogue().items()}
    for name, check in portfolio_catalogue().items():
        families[name] = families.get(name, frozenset()) | {check.family}
    return families


def all_checks() -> dict[str, Described]:
    """Every check by name, of one case or of several; what has both sides is explained by that of one case."""
    alone: dict[str, Described] = dict(catalogue())
    return alone | {name: check for name, check in portfolio_catalogue().items() if name not in alone}
