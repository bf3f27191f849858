"""What a check of several cases together gives, and how it is registered."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from typing import NamedTuple

from checks.engine.finding import PORTFOLIO
from checks.engine.finding import Severity
from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import Portfolio
from ledger.model.records import Place


class PortfolioFound(NamedTuple):
    """What a check of several cases yields: as `Found`, of the case and the place where the later claim stands."""

    case: CaseSnapshot
    at: Place
    message: str
    amount: int | None = None
    voucher: str = ""
    severity: Severity | None = None
    others: tuple[CaseSnapshot, ...] = ()  # the cases that it is about besides
    subject: str = ""  # what tells apart what one check finds more than once in the same cases


PortfolioFunction = Callable[[Portfolio], Iterable[PortfolioFound]]


class PortfolioCheck(NamedTuple):
    """A registered check of several cases together; a check of one case may bear the same name."""

    name: str
    severity: Severity
    function: PortfolioFunction
    family: str = PORTFOLIO

    @property
    def documentation(self) -> str:
        """The docstring of the check: what `grant explain` prints."""
        return self.function.__doc__ or ""


PORTFOLIO_REGISTER: dict[str, PortfolioCheck] = {}


def portfolio_check(
    name: str, *, severity: Severity = "error"
) -> Callable[[PortfolioFunction], PortfolioFunction]:
    """Register a function that judges several cases together under its name."""

    def register(function: PortfolioFunction) -> PortfolioFunction:
        PORTFOLIO_REGISTER[name] = PortfolioCheck(name, severity, function)
        return function

    return register


portfolio_side = portfolio_check
"""The same for the other side of a check of one case, whose docstring explains both."""
