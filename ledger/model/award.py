"""The award (核定): what one company was granted, and what of it is in force on a date.

`Award` is what the case's directives say; award.toml as the user writes it is `award_file`'s.
"""

import bisect
import dataclasses
import datetime
import functools
from decimal import Decimal
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.cost_share import Approved
from ledger.schemes.categories import PAYROLL
from ledger.schemes.categories import of_kind
from ledger.schemes.model import Guarantee
from ledger.util.text import fold
from ledger.util.text import item_key

Key = tuple[str, str]  # (party's company number, category id)


class Budget(NamedTuple):
    """One `grant-budget`: a category of a party, from a date on."""

    date: datetime.date
    category: str
    approved: Approved
    party: str
    approval: str
    entry: data.Custom


class Item(NamedTuple):
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


class Person(NamedTuple):
    """One `grant-person`: somebody whose pay the case carries. Months are person-months, parts of one allowed."""

    name: str
    role: str
    insured: bool
    months: Decimal
    other_months: Decimal  # in other government projects
    party: str
    entry: data.Custom
    salary: int | None = None  # planned monthly pay, NT$
    until: datetime.date | None = None  # the last day on the case; None: to its end
    since: datetime.date | None = None  # the first day on the case; None: from its start


class Partner(NamedTuple):
    """One `grant-partner` of a supply-chain case."""

    ubn: str
    name: str
    representative: str


class BankAccount(NamedTuple):
    """One `grant-account`: the dedicated account of a party, or an account it pays suppliers from."""

    number: str  # digits only
    bank: str
    dedicated: bool
    party: str
    opened: datetime.date | None = None
    entry: data.Custom | None = None


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
    guarantee_until: datetime.date | None  # the last day of the bank's letter; None where none is told
    entry: data.Custom
    contract: str = ""  # the contract's number
    address: str = ""
    telephone: str = ""
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
        """The parties for which the award names a dedicated account, and always the lead, who comes first."""
        own = {account.party for account in self.accounts if account.dedicated}
        return tuple(party for party in self.parties if party in own or party == self.ubn)

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
        return tuple(sorted({revision.date for revision in self._revisions}))

    @functools.cached_property
    def _revisions(self) -> tuple[Budget, ...]:
        """The approved budgets that are not their category's first."""
        first = set(map(id, self.original.values()))
        return tuple(budget for budget in self.budgets if budget.approval and id(budget) not in first)

    @functools.cached_property
    def _budgets(self) -> list[dict[Key, Approved]]:
        """What is in force before the first revision's date, then from each revision's date on."""
        in_force = {key: budget.approved for key, budget in self.original.items()}
        states = [in_force]
        for date in self.revision_dates:
            changed = {(b.party, b.category): b.approved for b in self._revisions if b.date == date}
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
        """The approved items by the key of their 品名."""
        return {item_key(item.name): item for item in self.items}

    def item_named(self, name: str) -> Item | None:
        """The approved item whose 品名 is `name` (NFKC, white space out; `英文(中文)` is its Chinese part)."""
        return self.items_by_name.get(item_key(name))

    @functools.cached_property
    def staff(self) -> dict[tuple[str, str], Person]:
        """The persons in force by (party, folded name); one named again later takes the place of the first."""
        return {(person.party, fold(person.name)): person for person in self.persons}

    def party_of_person(self, name: str) -> str:
        """Whose cost a person's pay is: the party that planned the person, the lead first; the lead's for nobody's."""
        planned = [party for party, person in self.staff if person == fold(name)]
        return min(planned, key=self.parties.index, default=self.ubn)

    @functools.cached_property
    def payroll_category(self) -> str:
        """The category that pay is booked in: the approved one of that kind, the first where there are several."""
        found = of_kind(PAYROLL, {budget.category for budget in self.budgets})
        return found[0] if found else PAYROLL

    @property
    def dedicated_account(self) -> BankAccount | None:
        """The lead's dedicated account."""
        return self.account_of(self.ubn)

    def account_of(self, party: str) -> BankAccount | None:
        """The dedicated account of a party's own; None where the award names none."""
        return next((a for a in self.accounts if a.dedicated and a.party == party), None)

    def representative_of(self, party: str) -> str:
        """Who represents a party."""
        return next((each.representative for each in self.partners if each.ubn == party), self.representative)
