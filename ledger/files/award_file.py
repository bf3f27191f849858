"""award.toml as the user writes it, held against the form, and the directives of award.beancount it becomes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from typing import Any
from typing import Self

import pydantic
from beancount.core import data

from ledger.errors import GrantError
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.milestones import FundingKind
from ledger.model.milestones import Stage
from ledger.schemes.categories import category_named
from ledger.schemes.loader import know_shipped_categories
from ledger.schemes.loader import scheme_id_of
from ledger.schemes.model import Guarantee
from ledger.util.i18n import _
from ledger.util.toml_file import TomlError
from ledger.util.toml_file import read_toml
from ledger.util.validation import Mistake
from ledger.util.validation import mistakes_of
from ledger.util.validation import several
from ledger.util.validation import validation_message


class AwardError(GrantError):
    """An award file that cannot be used; the message names the file, the key and what is allowed."""


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", str_strip_whitespace=True)


def _to_category(name: str) -> str:
    """The id of the category; an unknown name stays, for the checks to find: an award is taken in as it is."""
    return category_named(name) or name


Money = Annotated[int, pydantic.Field(ge=0)]
Months = Annotated[Decimal, pydantic.Field(ge=0, allow_inf_nan=False, max_digits=9, decimal_places=4)]
CategoryId = Annotated[str, pydantic.AfterValidator(_to_category)]
AccountNumber = Annotated[str, pydantic.Field(pattern=r"^[0-9\- ]+$")]


def _to_scheme(name: str) -> str:
    """The id of the scheme; an unknown one stays, to be refused with those that there are."""
    return scheme_id_of(name)


def _to_guarantee(said: Any) -> Any:
    return GUARANTEES.get(said, said) if isinstance(said, str) else said


PAPER_KIND = r"^[a-z][a-z0-9-]*$"
"""What a kind of paper may be called in the books."""
GUARANTEES = {"無": "none", "部分": "partial", "全額": "full"}
SchemeId = Annotated[str, pydantic.AfterValidator(_to_scheme)]
GuaranteeKind = Annotated[Guarantee, pydantic.BeforeValidator(_to_guarantee)]


class AwardHead(_Strict):
    """[award]."""

    id: str = pydantic.Field(min_length=1)
    scheme: SchemeId
    title: str
    filed: datetime.date
    start: datetime.date
    end: datetime.date
    guarantee: GuaranteeKind = "none"
    guarantee_until: datetime.date | None = None
    contract: str = ""


class CompanyHead(_Strict):
    """[company]."""

    name: str = pydantic.Field(min_length=1)
    ubn: str = pydantic.Field(pattern=r"^[0-9]{8}$")
    representative: str = ""
    address: str = ""
    telephone: str = ""


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
    brand: str = ""
    model: str = ""
    party: str = ""


class PersonLine(_Strict):
    """[[person]]."""

    name: str = pydantic.Field(min_length=1)
    role: str = ""
    insured: bool
    months: Months
    other_months: Months = Decimal(0)
    salary: Money | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    party: str = ""


class FundingLine(_Strict):
    """[[funding]]."""

    agency: str = pydantic.Field(min_length=1)
    amount: Money
    kind: FundingKind = "government"


class EvidenceLine(_Strict):
    """[[evidence]]."""

    kind: str = pydantic.Field(pattern=PAPER_KIND)
    when: Stage = "final"
    name: str = ""
    category: Annotated[str, pydantic.AfterValidator(lambda name: _to_category(name) if name else name)] = ""


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
    funding: list[FundingLine] = []
    evidence: list[EvidenceLine] = []
    partner: list[PartnerLine] = []

    @pydantic.model_validator(mode="after")
    def _fits_together(self) -> Self:
        """What no check could judge: a period that ends before it begins, an unknown party, a line twice."""
        if problems := list(self._problems()):
            raise several(problems)
        return self

    def _problems(self) -> Iterator[Mistake]:
        if self.award.end < self.award.start:
            reason = _("計畫結束日 {end} 早於開始日 {start}").format(
                end=self.award.end, start=self.award.start
            )
            yield Mistake(("award", "end"), reason)
        parties = [self.company.ubn, *(partner.ubn for partner in self.partner)]
        lists: tuple[tuple[str, Sequence[BudgetLine | ItemLine | PersonLine]], ...] = (
            ("budget", self.budget),
            ("item", self.item),
            ("person", self.person),
        )
        for table, lines in lists:
            for number, line in enumerate(lines):
                if line.party and line.party not in parties:
                    reason = _("{party} 不是本案的廠商;可以寫的有:{allowed}").format(
                        party=line.party, allowed=_("、").join(parties)
                    )
                    yield Mistake((table, number, "party"), reason)
        for number, party in enumerate(parties[1:]):
            if party in parties[: number + 1]:
                yield Mistake(("partner", number, "ubn"), _("同一家廠商只能寫一次"))
        keys = [(line.party or self.company.ubn, line.category) for line in self.budget]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                reason = _("一個科目只能寫一次,請把金額加在一起:{category}").format(category=key[1])
                yield Mistake(("budget", number, "category"), reason)


def read_award_file(path: Path) -> AwardFile:
    """award.toml at `path`. Raises AwardError naming the key and what is allowed there."""
    try:
        tables = read_toml(path)
    except (OSError, TomlError) as error:
        raise AwardError(f"{path.name}: {error}") from error
    return parse_award(tables, path.name)


def award_mistakes(tables: dict[str, Any]) -> tuple[AwardFile | None, list[Mistake]]:
    """The award in the tables of award.toml, or None and all that is wrong with them, each with its place."""
    know_shipped_categories()
    try:
        return AwardFile.model_validate(tables), []
    except pydantic.ValidationError as error:
        return None, mistakes_of(error, AwardFile)


def parse_award(tables: dict[str, Any], name: str) -> AwardFile:
    """The award in the tables of award.toml (or of the form). Raises AwardError as `read_award_file` does."""
    know_shipped_categories()
    try:
        return AwardFile.model_validate(tables)
    except pydantic.ValidationError as error:
        raise AwardError(validation_message(name, error, AwardFile)) from error


# --- as the case has it --------------------------------------------------------------------------------


def award_directives(award: AwardFile) -> list[data.Custom]:
    """The directives of award.beancount, in the order of award.toml."""
    head, company = award.award, award.company
    start = head.start
    entries = [
        custom(
            start,
            "award",
            head.id,
            scheme=head.scheme,
            company=company.name,
            ubn=company.ubn,
            representative=company.representative,
            title=head.title,
            filed=head.filed,
            start=head.start,
            end=head.end,
            guarantee=head.guarantee,
            guarantee_until=head.guarantee_until,
            contract=head.contract,
            address=company.address,
            telephone=company.telephone,
        )
    ]
    entries += [
        custom(start, "partner", partner.ubn, name=partner.name, representative=partner.representative)
        for partner in award.partner
    ]
    entries += _account_directives(award)
    for line in award.budget:
        entries.append(
            custom(
                start, "budget", line.category, twd(line.government), twd(line.self_funded), party=line.party
            )
        )
    for item in award.item:
        entries.append(
            custom(
                start,
                "item",
                item.category,
                item.name,
                twd(item.government),
                twd(item.self_funded),
                quantity=item.quantity,
                unit=item.unit,
                supplier=item.supplier,
                domestic=item.domestic,
                brand=item.brand,
                model=item.model,
                party=item.party,
            )
        )
    for person in award.person:
        entries.append(
            custom(
                start,
                "person",
                person.name,
                role=person.role,
                insured=person.insured,
                months=person.months,
                other_months=person.other_months,
                salary=None if person.salary is None else twd(person.salary),
                since=person.since,
                until=person.until,
                party=person.party,
            )
        )
    entries += [
        custom(start, "funding", funding.agency, twd(funding.amount), kind=funding.kind)
        for funding in award.funding
    ]
    entries += [
        custom(start, "required", paper.kind, name=paper.name, when=paper.when, category=paper.category)
        for paper in award.evidence
    ]
    return entries


def _account_directives(award: AwardFile) -> list[data.Custom]:
    dedicated = [("", award.account)] + [(partner.ubn, partner.account) for partner in award.partner]
    entries = []
    for party, account in dedicated:
        if account is not None:
            entries.append(_account_directive(award, account, "dedicated", party))
    paying = [_account_directive(award, account, "payment", "") for account in award.payment_account]
    return entries + paying


def _account_directive(award: AwardFile, account: AccountHead, role: str, party: str) -> data.Custom:
    number = "".join(digit for digit in account.number if digit.isdigit())
    return custom(
        award.award.start,
        "account",
        number,
        bank=account.bank,
        role=role,
        opened=account.opened,
        party=party,
    )
