"""The award (核定): what one company was granted, and what of it is in force on a date.

`AwardFile` is award.toml as the user writes it; `Award` is what the case's directives say.
"""

from __future__ import annotations

import bisect
import dataclasses
import datetime
import functools
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from typing import Any
from typing import Self

import pydantic
from beancount.core import data

from ledger.accounts import category_named
from ledger.scheme import Guarantee
from ledger.scheme import validation_message
from ledger.share import Approved
from ledger.text import fold

Key = tuple[str, str]  # (party's company number, category id)


class AwardError(Exception):
    """An award file that cannot be used; the message names the file, the key and what is allowed."""


# --- as the user writes it -----------------------------------------------------------------------------


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", str_strip_whitespace=True)


def _to_category(name: str) -> str:
    """The id of the category; an unknown name stays, for the checks to find: an award is taken in as it is."""
    return category_named(name) or name


Money = Annotated[int, pydantic.Field(ge=0)]
CategoryId = Annotated[str, pydantic.AfterValidator(_to_category)]
AccountNumber = Annotated[str, pydantic.Field(pattern=r"^[0-9\- ]+$")]


class AwardHead(_Strict):
    """[award]."""

    id: str = pydantic.Field(min_length=1)
    scheme: str
    title: str
    filed: datetime.date
    start: datetime.date
    end: datetime.date
    guarantee: Guarantee = "none"


class CompanyHead(_Strict):
    """[company]."""

    name: str = pydantic.Field(min_length=1)
    ubn: str = pydantic.Field(pattern=r"^[0-9]{8}$")
    representative: str = ""


class AccountHead(_Strict):
    """[account] and [[payment_account]]."""

    bank: str
    number: AccountNumber
    opened: datetime.date | None = None


class BudgetLine(_Strict):
    """[[budget]]."""

    category: CategoryId
    government: Money
    self_funded: Money = pydantic.Field(alias="self")
    party: str = ""


class ItemLine(_Strict):
    """[[item]]."""

    category: CategoryId
    name: str = pydantic.Field(min_length=1)
    government: Money
    self_funded: Money = pydantic.Field(alias="self")
    quantity: Annotated[Decimal, pydantic.Field(ge=0)] | None = None
    unit: str = ""
    supplier: str = ""
    domestic: bool | None = None
    party: str = ""


class PersonLine(_Strict):
    """[[person]]."""

    name: str = pydantic.Field(min_length=1)
    role: str = ""
    insured: bool
    months: int = pydantic.Field(ge=0)
    other_months: int = pydantic.Field(default=0, ge=0)
    party: str = ""


class PartnerLine(_Strict):
    """[[partner]]."""

    name: str
    ubn: str = pydantic.Field(pattern=r"^[0-9]{8}$")
    representative: str = ""
    account: AccountHead | None = None


class AwardFile(_Strict):
    """award.toml, whole."""

    award: AwardHead
    company: CompanyHead
    account: AccountHead | None = None
    payment_account: list[AccountHead] = []
    budget: list[BudgetLine] = []
    item: list[ItemLine] = []
    person: list[PersonLine] = []
    partner: list[PartnerLine] = []

    @pydantic.model_validator(mode="after")
    def _fits_together(self) -> Self:
        """What no check could judge: a period that ends before it begins, a party nobody is, a line twice."""
        if self.award.end < self.award.start:
            raise ValueError(f"award.end: {self.award.end} is before award.start {self.award.start}")
        parties = [self.company.ubn, *(partner.ubn for partner in self.partner)]
        named = [("budget", line.party) for line in self.budget]
        named += [("item", line.party) for line in self.item]
        named += [("person", line.party) for line in self.person]
        for table, party in named:
            if party and party not in parties:
                raise ValueError(f"{table}.party: {party} is no party; allowed: {', '.join(parties)}")
        if len(set(parties)) < len(parties):
            raise ValueError("partner.ubn: every party of the award is named once")
        keys = [(line.party or self.company.ubn, line.category) for line in self.budget]
        twice = sorted({category for party, category in keys if keys.count((party, category)) > 1})
        if twice:
            raise ValueError(f"budget: one line a category, its sums added up; twice: {', '.join(twice)}")
        return self


def read_award_file(path: Path) -> AwardFile:
    """award.toml at `path`. Raises AwardError naming the key and what is allowed there."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AwardError(f"{path.name}: {error}") from error
    return parse_award(tables, path.name)


def parse_award(tables: dict[str, Any], name: str) -> AwardFile:
    """The award in the tables of award.toml (or of the form). Raises AwardError as `read_award_file` does."""
    try:
        return AwardFile.model_validate(tables)
    except pydantic.ValidationError as error:
        raise AwardError(validation_message(name, error, AwardFile)) from error


# --- as the case has it --------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Budget:
    """One `grant-budget`: a category of a party, from a date on."""

    date: datetime.date
    category: str
    approved: Approved
    party: str
    approval: str
    entry: data.Custom


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One `grant-item`: an approved line of the budget by its exact 品名."""

    date: datetime.date
    category: str
    name: str
    approved: Approved
    quantity: Decimal | None
    unit: str
    supplier: str
    domestic: bool | None
    party: str
    entry: data.Custom


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """One `grant-person`: somebody whose pay the case carries."""

    name: str
    role: str
    insured: bool
    months: int
    other_months: int
    party: str
    entry: data.Custom


@dataclasses.dataclass(frozen=True, slots=True)
class Partner:
    """One `grant-partner` of a supply-chain case."""

    ubn: str
    name: str
    representative: str


@dataclasses.dataclass(frozen=True, slots=True)
class BankAccount:
    """One `grant-account`: the dedicated account of a party, or an account it pays suppliers from."""

    number: str  # digits only
    bank: str
    dedicated: bool
    party: str


@dataclasses.dataclass(frozen=True, eq=False)
class Award:
    """What was granted, as the case's directives say it."""

    id: str
    scheme: str
    company: str
    ubn: str
    representative: str
    title: str
    filed: datetime.date | None
    start: datetime.date
    end: datetime.date
    guarantee: Guarantee
    entry: data.Custom
    budgets: tuple[Budget, ...] = ()
    items: tuple[Item, ...] = ()
    persons: tuple[Person, ...] = ()
    partners: tuple[Partner, ...] = ()
    accounts: tuple[BankAccount, ...] = ()

    @functools.cached_property
    def parties(self) -> tuple[str, ...]:
        """The company numbers of the lead and its partners, the lead first."""
        return (self.ubn, *(partner.ubn for partner in self.partners))

    @functools.cached_property
    def holders(self) -> tuple[str, ...]:
        """The parties with a dedicated account of their own, and always the lead, who comes first."""
        own = {account.party for account in self.accounts if account.dedicated}
        return tuple(party for party in self.parties if party in own or party == self.ubn)

    def holder_of(self, party: str) -> str:
        """Whose dedicated account a party is paid through: its own, or the lead's."""
        return party if party in self.holders else self.ubn

    def party_name(self, ubn: str) -> str:
        """The name of a party by its company number."""
        names = {partner.ubn: partner.name for partner in self.partners} | {self.ubn: self.company}
        return names.get(ubn, ubn)

    def party_of_buyer(self, buyer: str) -> str:
        """Whose cost a voucher is: its buyer's where that is a party, else the lead's."""
        return buyer if buyer in self.parties else self.ubn

    @functools.cached_property
    def original(self) -> dict[Key, Budget]:
        """The first budget of every category."""
        first: dict[Key, Budget] = {}
        for budget in self.budgets:
            first.setdefault((budget.party, budget.category), budget)
        return first

    @functools.cached_property
    def revision_dates(self) -> tuple[datetime.date, ...]:
        """The dates on which an approved revision comes into force."""
        original = set(map(id, self.original.values()))
        return tuple(
            sorted({b.date for b in self.budgets if b.approval and id(b) not in original}),
        )

    @functools.cached_property
    def _budgets(self) -> list[dict[Key, Approved]]:
        """What is in force before the first revision's date, then from each revision's date on."""
        original = {id(budget) for budget in self.original.values()}
        revisions = [b for b in self.budgets if b.approval and id(b) not in original]
        in_force = {key: budget.approved for key, budget in self.original.items()}
        states = [in_force]
        for date in self.revision_dates:
            changed = {(b.party, b.category): b.approved for b in revisions if b.date == date}
            in_force = in_force | changed
            states.append(in_force)
        return states

    def budget_on(self, day: datetime.date | None = None) -> dict[Key, Approved]:
        """What is approved per (party, category) on `day`: the original, then each approved revision.

        The original holds from the beginning, whatever its date; a revision without `approval` never holds.
        Without a day: the latest.
        """
        if day is None:
            return self._budgets[-1]
        return self._budgets[bisect.bisect_right(self.revision_dates, day)]

    @functools.cached_property
    def items_by_name(self) -> dict[str, Item]:
        """The approved items by their folded 品名."""
        return {fold(item.name): item for item in self.items}

    def item_named(self, name: str) -> Item | None:
        """The approved item whose 品名 is `name` (NFKC, white space out)."""
        return self.items_by_name.get(fold(name))

    @property
    def dedicated_account(self) -> BankAccount | None:
        """The lead's dedicated account."""
        return next((a for a in self.accounts if a.dedicated and a.party == self.ubn), None)

    def account_numbered(self, number: str) -> BankAccount | None:
        """The account of the case with this number, digits only."""
        return next((a for a in self.accounts if a.number == number), None)
