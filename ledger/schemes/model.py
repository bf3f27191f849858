"""A programme's rules for one year: every number with its source and how sure we are of it."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Annotated
from typing import Any
from typing import Generic
from typing import Literal
from typing import TypeVar

from ledger.arithmetic.cost_share import Rounding
from ledger.arithmetic.settlement import CapBase
from ledger.arithmetic.settlement import CapTotal
from ledger.errors import GrantError
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.categories import Category
from ledger.schemes.categories import eight_named
from ledger.util.text import fold

Confidence = Literal["seed", "statute", "sister programme", "assumed"]
CONFIDENCES: tuple[Confidence, ...] = ("seed", "statute", "sister programme", "assumed")  # the surest first
UNSURE: frozenset[Confidence] = frozenset({"sister programme", "assumed"})  # not this programme's own rule
Guarantee = Literal["none", "partial", "full"]
Moment = Literal["signing", "interim", "final", "progress"]
PayPart = Literal["base", "allowance", "bonus"]
PAY_PARTS: tuple[PayPart, ...] = ("base", "allowance", "bonus")  # 本薪, 固定津貼與加給, 獎金
EndKind = Literal["terminated", "rescinded"]
CategoryKind = Literal[
    "consumables",
    "equipment",
    "improvement",
    "research",
    "personnel",
    "intangibles",
    "travel",
    "construction",
]
IncomeKind = Literal[
    "scrap", "penalty", "other"
]  # material sold, what a supplier pays for breach, anything else


class Bounds:
    """Bounds of a value by their names in annotated-types: `Ge=0`, `Le=1`, `MinLen=1`.

    pydantic knows them as grouped metadata; neither library is imported before a user's file is read.
    """

    __is_annotated_types_grouped_metadata__ = True

    def __init__(self, **bounds: int) -> None:
        self._bounds = bounds

    def __iter__(self) -> Iterator[Any]:
        """Each bound on its own, as pydantic takes it."""
        import annotated_types  # noqa: PLC0415 -- see above

        for name, limit in self._bounds.items():
            yield getattr(annotated_types, name)(limit)


# the bounds are what a user's own file is held against
Share = Annotated[Decimal, Bounds(Ge=0, Le=1)]
Count = Annotated[int, Bounds(Ge=0)]
Text = Annotated[str, Bounds(MinLen=1)]

T = TypeVar("T")


class SchemeError(GrantError):
    """A scheme that cannot be used; the message names the file, the key and what is allowed."""


class _Strict:
    """A table of a scheme's file, which takes no other keys than its own."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 -- what pydantic looks for, written by nobody


@dataclass(frozen=True)
class Sourced(_Strict, Generic[T]):
    """A number of the programme, where it was read, and how sure that is."""

    value: T
    source: Text
    confidence: Confidence

    @property
    def is_assumed(self) -> bool:
        """Whether a finding that stands on this number has to say that it is assumed."""
        return self.confidence in UNSURE


@dataclass(frozen=True)
class CategoryRule(_Strict):
    """What one category may carry: grant money or not, up to which share of the approved total.

    `number` and `name` are what a category of the scheme's own is called on its form; the eight of the upgrade
    grants have theirs. `kind` says which of the eight it is handled like: research has contracts and contractors,
    equipment a register, personnel persons and months in place of items.
    """

    grantable: Sourced[bool]
    number: str = ""
    name: str = ""
    short: str = ""
    aliases: tuple[str, ...] = ()
    kind: CategoryKind | None = None
    cap: Sourced[Share] | None = None
    note: str = ""


@dataclass(frozen=True)
class Instalment(_Strict):
    """One payment of the grant: when it falls due, and what share of the approved grant it is.

    Without a share the amount is not known beforehand (paid by progress or by the guarantee's amount).
    """

    when: Moment
    share: Annotated[Decimal, Bounds(Gt=0, Le=1)] | None = None


@dataclass(frozen=True)
class PayingOut(_Strict):
    """One of the ways of paying out a grant, by the guarantee that the company gives.

    `guarantee` is a share of the grant.
    """

    instalments: Annotated[tuple[Instalment, ...], Bounds(MinLen=1)]
    guarantee: Share
    source: Text
    confidence: Confidence
    limited_by_guarantee: bool = False  # never more is paid out than the guarantees in force cover

    def __post_init__(self) -> None:
        """The shares add up. Raises ValueError."""
        total = sum(part.share for part in self.instalments if part.share is not None)
        open_ended = any(part.share is None for part in self.instalments)
        if total > 1 or (total != 1 and not open_ended):
            raise ValueError(
                f"instalments: the shares add up to {total}; allowed: 1, or less where an instalment has none"
            )


@dataclass(frozen=True)
class RequiredEvidence(_Strict):
    """A paper that a case is asked for: by its stage, of a category, of each voucher of it.

    One that is not `required` is on the checklist and no finding; `if_missing` is what it means for the money.
    `milestone` is the one that says the same.
    """

    id: Text
    name: Text
    source: Text
    confidence: Confidence
    when: Literal["signing", "interim", "final"] = "final"
    category: str = ""  # only where the category, or one of that kind, has cost
    each_voucher: bool = False
    voucher_kinds: tuple[str, ...] = ()  # of these kinds only; empty: of any
    required: bool = True
    if_missing: Literal["", "cost", "all-due-back"] = ""
    milestone: str = ""


@dataclass(frozen=True)
class Coaching(_Strict):
    """A coaching case: a fixed fee and reports to deliver, no dedicated account and no vouchers."""

    government: Sourced[Count]
    self_funded: Sourced[Count]
    reports: Annotated[tuple[Text, ...], Bounds(MinLen=1)]
    all_reports: Sourced[bool] | None = (
        None  # whether the fee waits for every report; None: assumed that it does
    )


@dataclass(frozen=True)
class Recovery(_Strict):
    """What goes back of a case that the authority ends, and with which interest.

    `rate` is yearly; without one the authority's letter names it. `year_days` is what a day's interest is a part of.
    """

    returns: Sourced[Literal["unspent", "all"]]
    interest: Sourced[bool]
    interest_from: Sourced[Literal["received", "ended"]]
    within_days: Sourced[Count]
    year_days: Sourced[Annotated[int, Bounds(Ge=360, Le=366)]]
    rate: Sourced[Share] | None = None

    def __post_init__(self) -> None:
        """Interest runs on a grant that goes back wholly. Raises ValueError."""
        if self.interest.value and self.returns.value != "all":
            raise ValueError('interest: true; allowed: false, unless returns is "all"')

    @property
    def terms(self) -> dict[str, Sourced[Any]]:
        """What decides the money, by its key: what goes back, by when, and how its interest is counted."""
        found: dict[str, Sourced[Any]] = {"returns": self.returns, "within_days": self.within_days}
        found["interest"] = self.interest
        if self.interest.value:
            found |= {"interest_from": self.interest_from, "year_days": self.year_days}
            found |= {"rate": self.rate} if self.rate is not None else {}
        return found


@dataclass(frozen=True, kw_only=True)
class Scheme(_Strict):
    """The rules of one programme and year; `year` is a ROC year."""

    id: Text
    name: Text
    authority: Text
    year: Annotated[int, Bounds(Ge=100, Le=200)]
    subsidy_cap: Sourced[Count] | None = None
    subsidy_ratio: Sourced[Share]
    ratio_strict: Sourced[bool]
    period_months: Sourced[Count] | None = None
    period_is_limit: Sourced[bool]  # 為限: longer is an error; 原則: longer is told
    cap_base: Sourced[CapBase]
    cap_total: Sourced[CapTotal]
    share_rounding: Sourced[Rounding]
    reallocation_threshold: Sourced[Share]
    payment_grace_months: Sourced[Count]
    person_months: Sourced[Count]
    withholding_rate: Sourced[Share]
    withholding_threshold: Sourced[Count]
    guarantee_grace_months: Sourced[Count]
    partners: Sourced[Count] | None = None  # at most
    partners_min: Sourced[Count] | None = None
    filing_from: Sourced[datetime.date] | None = None  # 受理期間
    filing_until: Sourced[datetime.date] | None = None
    payers: Sourced[tuple[Text, ...]] | None = (
        None  # words by which a bank line is known to be of the authority
    )
    remit_days: Sourced[Count] | None = None  # after the end: interest and surplus go to the treasury by then
    one_case_of: Sourced[tuple[Text, ...]] | None = None  # the schemes of which a company holds one case only
    categories: dict[str, CategoryRule] = field(default_factory=dict)
    paying_out: dict[Guarantee, PayingOut] = field(default_factory=dict)
    evidence: tuple[RequiredEvidence, ...] = ()
    pay_parts: dict[PayPart, Sourced[bool]] = field(default_factory=dict)  # which parts of pay may be claimed
    coaching: Coaching | None = None
    recovery: dict[EndKind, Recovery]
    income: dict[IncomeKind, Sourced[Literal["cost", "treasury"]]]  # lowers the cost, or is the treasury's

    def __post_init__(self) -> None:
        """Every category is one of the eight, or has a number and a name of its own. Raises ValueError."""
        if absent := {"terminated", "rescinded"} - set(self.recovery):
            raise ValueError(f"recovery.{min(absent)}: is missing; allowed: both terminated and rescinded")
        if unsaid := {"scrap", "penalty", "other"} - set(self.income):
            raise ValueError(f"income.{min(unsaid)}: is missing; allowed: cost or treasury")
        numbers: dict[str, str] = {}
        names: dict[str, str] = {}
        for category, rule in self.categories.items():
            known = CATEGORIES.get(category)
            if known is None and not (rule.number and rule.name):
                raise ValueError(
                    f"categories.{category}: a category of its own needs number and name; "
                    f"allowed: {', '.join(CATEGORIES)}"
                )
            if known is not None and rule.name and eight_named(rule.name) != category:
                raise ValueError(
                    f"categories.{category}: is {known.name}; allowed: another id for {rule.name}"
                )
            if known is None and eight_named(rule.name) not in {None, category}:
                raise ValueError(
                    f"categories.{category}: {rule.name} is {eight_named(rule.name)}; allowed: that id"
                )
            if known is not None and rule.kind not in {None, category}:
                raise ValueError(
                    f"categories.{category}.kind: is {category}; allowed: another id for {rule.kind}"
                )
            number = rule.number if known is None else known.number
            if not re.fullmatch("[0-9]{2}", number):
                raise ValueError(f"categories.{category}.number: {number}; allowed: two digits")
            if number in numbers:
                raise ValueError(
                    f"categories.{category}.number: {number} is {numbers[number]}'s; allowed: another"
                )
            numbers[number] = category
            name = fold(rule.name if known is None else known.name)
            if name in names:
                raise ValueError(
                    f"categories.{category}.name: {rule.name} is {names[name]}'s; allowed: another"
                )
            names[name] = category

    @functools.cached_property
    def own_categories(self) -> tuple[Category, ...]:
        """The categories that are the scheme's own."""
        return tuple(
            Category(category, rule.number, rule.name, rule.aliases, rule.short, rule.kind or "")
            for category, rule in self.categories.items()
            if category not in CATEGORIES
        )

    @functools.cached_property
    def _grantable(self) -> frozenset[str]:
        return frozenset(name for name, rule in self.categories.items() if rule.grantable.value)

    def may_carry_grant(self, category: str) -> bool:
        """Whether grant money may pay for the category."""
        return category in self._grantable

    def cap(self, category: str) -> Sourced[Decimal] | None:
        """The category's cap as a share of the approved total, where it has one."""
        rule = self.categories.get(category)
        return rule.cap if rule else None
