"""The ratio and the caps of a case, and how far it stands from each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from typing import NamedTuple

from audit.case_view import View
from ledger.arithmetic.settlement import share_of
from ledger.case.case import Case
from ledger.model.award import Award
from ledger.schemes.categories import category_name
from ledger.schemes.model import Scheme
from ledger.schemes.model import Sourced
from ledger.util.i18n import _


class Limit(NamedTuple):
    """One limit in NT$: what it allows, what stands against it, and where it was read."""

    name: str
    rule: str
    limit: int
    used: int
    source: str
    confidence: str

    @property
    def distance(self) -> int:
        """What is left; negative where the limit is passed."""
        return self.limit - self.used

    @property
    def percent(self) -> int:
        """How much of the limit is used up."""
        return 100 * self.used // self.limit if self.limit > 0 else (100 if self.used > 0 else 0)


def limits(view: View) -> list[Limit]:
    """The programme's cap, the ratio as budgeted and as spent, and each category's cap as budgeted and as spent."""
    case, award, scheme = view.case, view.case.award, view.case.scheme
    if award is None or scheme is None or scheme.coaching is not None:
        return []
    return [*_whole(case, award, scheme), *_categories(case, award, scheme)]


def percent(ratio: Decimal) -> str:
    """`30%` from 0.30."""
    return f"{(ratio * 100).normalize():f}%"


def _limit(name: str, rule: str, limit: int, used: int, sourced: Sourced[Any]) -> Limit:
    return Limit(name, rule, limit, used, sourced.source, sourced.confidence)


def _whole(case: Case, award: Award, scheme: Scheme) -> list[Limit]:
    budget = award.budget_on(case.as_of).values()
    approved = sum(line.government for line in budget)
    total = sum(line.total for line in budget)
    ratio = scheme.subsidy_ratio
    earned = sum(case.government_shares().values())
    accepted = sum(cost for cost, _disallowed in case.cost().values())
    found = []
    if scheme.subsidy_cap is not None:
        found.append(_limit(_("補助上限"), _("每案"), scheme.subsidy_cap.value, approved, scheme.subsidy_cap))
    of_total = _("總經費的 {percent}").format(percent=percent(ratio.value))
    found.append(_limit(_("補助比率(核定)"), of_total, share_of(total, ratio.value), approved, ratio))
    of_cost = _("認列支出的 {percent}").format(percent=percent(ratio.value))
    found.append(_limit(_("補助比率(支出)"), of_cost, max(0, share_of(accepted, ratio.value)), earned, ratio))
    return found


def _categories(case: Case, award: Award, scheme: Scheme) -> list[Limit]:
    """Each capped category, parties added up, on the subsidy or on the whole cost as the scheme counts."""
    budget = award.budget_on(case.as_of)
    total = sum(line.total for line in budget.values())
    whole = scheme.cap_base.value == "category"
    cost, shares = case.cost(), case.government_shares()
    found = []
    for category in dict.fromkeys(key[1] for key in {**budget, **cost}):
        cap = scheme.cap(category)
        if cap is None:
            continue
        keys = [key for key in {**budget, **cost} if key[1] == category]
        used = sum(cost.get(key, (0, 0))[0] if whole else shares.get(key, 0) for key in keys)
        base = _("支出") if whole else _("補助款")
        name = _("{category}上限({base})").format(category=category_name(category), base=base)
        rule = _("總經費的 {percent}").format(percent=percent(cap.value))
        found.append(_limit(name, rule, share_of(total, cap.value), used, cap))
    return found
