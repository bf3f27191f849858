"""The moments of a case that decide money, what else pays for it, and the papers it is asked for.

2023-06-10 custom "grant-milestone" "signing"              number amount until rate
2023-06-01 custom "grant-funding" "經濟部能源署" 300000 TWD  kind("government"|"other")
2023-08-01 custom "grant-income" "penalty" 12000 TWD "why"  party
2023-06-01 custom "grant-required" "acceptance-report"     name when("signing"|"interim"|"final") category
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal
from typing import NamedTuple
from typing import get_args

from beancount.core import data
from beancount.core.amount import Amount

from ledger.model import directives
from ledger.schemes.categories import category_named
from ledger.util.i18n import N_

MilestoneKind = Literal[
    "approval",
    "signing",
    "interim-passed",
    "final-passed",
    "guarantee",
    "registration",
    "terminated",
    "rescinded",
]
ENDINGS: frozenset[MilestoneKind] = frozenset({"terminated", "rescinded"})  # the authority ends the case
MILESTONES: dict[str, str] = {
    "approval": N_("計畫核定"),
    "signing": N_("簽約"),
    "interim-passed": N_("期中查核通過"),
    "final-passed": N_("期末查核通過"),
    "guarantee": N_("履約保證"),
    "registration": N_("特定工廠登記"),
    "terminated": N_("終止契約"),
    "rescinded": N_("解除契約或撤銷補助"),
}  # and what each is called
INCOME_NAMES = {"scrap": N_("下腳或樣品出售"), "penalty": N_("違約金"), "other": N_("其他收入")}
Stage = Literal["signing", "interim", "final"]
STAGES: tuple[Stage, ...] = get_args(Stage)
_HUNDRED = 100
FundingKind = Literal["government", "other"]


class Milestone(NamedTuple):
    """A moment of the case: the letter or contract's number, a guarantee's amount (NT$) and last day."""

    date: datetime.date
    kind: MilestoneKind
    number: str
    amount: int | None
    until: datetime.date | None
    entry: data.Custom


def in_order(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Milestones in the order in which a case goes through them, those of one kind by their day."""
    places = {kind: place for place, kind in enumerate(MILESTONES)}
    return sorted(milestones, key=lambda each: (places[each.kind], each.date))


class Funding(NamedTuple):
    """What another agency, or anybody else, pays for the same project, in NT$."""

    agency: str
    amount: int
    kind: FundingKind
    entry: data.Custom


class Income(NamedTuple):
    """Income of the project that is the treasury's, in NT$; what lowers the cost is a voucher."""

    date: datetime.date
    kind: str
    amount: int
    reason: str
    party: str
    entry: data.Custom


class RequiredPaper(NamedTuple):
    """A paper that this case is asked for beside those of its scheme."""

    kind: str
    name: str
    when: Stage
    category: str
    entry: data.Custom


def read_milestone(entry: data.Custom) -> Milestone:
    """One `grant-milestone`. Raises DirectiveError for a kind that is none, or a value that is of another type."""
    kind = directives.values_of(entry, str)[0]
    percent_of(entry)
    if kind not in MILESTONES:
        raise directives.DirectiveError(f"{entry.type}: {kind}", entry)
    return Milestone(
        entry.date,
        kind,
        directives.text_of(entry, "number"),
        directives.optional_amount(entry, "amount"),
        directives.optional_date(entry, "until"),
        entry,
    )


def percent_of(entry: data.Custom) -> Decimal | None:
    """The yearly rate that a milestone tells, written there in percent, as a share. Raises DirectiveError."""
    said = entry.meta.get("rate")
    if said is None:
        return None
    if not isinstance(said, Decimal) or not 0 <= said <= _HUNDRED:
        raise directives.DirectiveError(f"{entry.type}: rate {said}", entry)
    return said / _HUNDRED


def read_funding(entry: data.Custom) -> Funding:
    """One `grant-funding`. Raises DirectiveError as `read_milestone`."""
    agency, amount = directives.values_of(entry, str, Amount)[:2]
    kind = directives.text_of(entry, "kind") or "government"
    if kind not in get_args(FundingKind):
        raise directives.DirectiveError(f"{entry.type}: {kind}", entry)
    return Funding(agency, directives.whole(amount), kind, entry)  # type: ignore[arg-type]


def read_income(entry: data.Custom) -> Income:
    """One `grant-income`. Raises DirectiveError as `read_milestone`."""
    kind, amount, reason = directives.values_of(entry, str, Amount, str)[:3]
    return Income(
        entry.date, kind, directives.whole(amount), reason, directives.text_of(entry, "party"), entry
    )


def read_required(entry: data.Custom) -> RequiredPaper:
    """One `grant-required`. Raises DirectiveError as `read_milestone`."""
    kind = str(directives.values_of(entry, str)[0])
    when = directives.text_of(entry, "when") or "final"
    if when not in STAGES:
        raise directives.DirectiveError(f"{entry.type}: {when}", entry)
    category = directives.text_of(entry, "category")
    return RequiredPaper(
        kind,
        directives.text_of(entry, "name"),
        when,
        category_named(category) or category,
        entry,
    )
