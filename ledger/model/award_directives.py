"""An award read from its directives; their grammar is in `directives`."""

from collections.abc import Callable
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from beancount.core import data
from beancount.core.amount import Amount

from ledger.arithmetic.cost_share import Approved
from ledger.model import award as awards
from ledger.model.directives import DirectiveError
from ledger.model.directives import optional_amount
from ledger.model.directives import optional_date
from ledger.model.directives import required_date
from ledger.model.directives import text_of
from ledger.model.directives import values_of
from ledger.model.directives import whole
from ledger.schemes.categories import category_named

Part = TypeVar("Part")


def read_award(entries: Iterable[data.Custom]) -> awards.Award | None:
    """The award that the directives describe; None where there is no `grant-award`.

    Raises DirectiveError for a directive that breaks the grammar, or names a party that the award has not.
    """
    by_type: dict[str, list[data.Custom]] = {}
    for entry in entries:
        by_type.setdefault(entry.type, []).append(entry)
    heads = by_type.get("grant-award", [])
    if not heads:
        return None
    head = heads[0]
    lead = text_of(head, "ubn")
    guarantee = text_of(head, "guarantee") or "none"
    if guarantee not in {"none", "partial", "full"}:
        raise DirectiveError("grant-award: guarantee")
    award = awards.Award(
        id=str(values_of(head, str)[0]),
        scheme=text_of(head, "scheme"),
        company=text_of(head, "company"),
        ubn=lead,
        representative=text_of(head, "representative"),
        title=text_of(head, "title"),
        filed=optional_date(head, "filed"),
        start=required_date(head, "start"),
        end=required_date(head, "end"),
        guarantee=guarantee,  # type: ignore[arg-type]
        guarantee_until=optional_date(head, "guarantee-until"),
        entry=head,
        contract=text_of(head, "contract"),
        address=text_of(head, "address"),
        telephone=text_of(head, "telephone"),
        budgets=_each(by_type.get("grant-budget", ()), lambda entry: _budget(entry, lead)),
        items=_each(by_type.get("grant-item", ()), lambda entry: _item(entry, lead)),
        persons=_each(by_type.get("grant-person", ()), lambda entry: _person(entry, lead)),
        partners=_each(by_type.get("grant-partner", ()), _partner),
        accounts=_each(by_type.get("grant-account", ()), lambda entry: _account(entry, lead)),
    )
    parts: list[awards.Budget | awards.Item | awards.Person] = [*award.budgets, *award.items, *award.persons]
    for part in parts:
        if part.party not in award.parties:
            raise DirectiveError(f"{part.entry.type}: party {part.party}", part.entry)
    return award


def _each(entries: Iterable[data.Custom], read: Callable[[data.Custom], Part]) -> tuple[Part, ...]:
    """What the directives of one type say; the one that cannot be read goes with the error."""
    parts = []
    for entry in entries:
        try:
            parts.append(read(entry))
        except (DirectiveError, ValueError) as error:
            raise DirectiveError(str(error), entry) from error
    return tuple(parts)


def _budget(entry: data.Custom, lead: str) -> awards.Budget:
    category, government, own = values_of(entry, str, Amount, Amount)[:3]
    return awards.Budget(
        date=entry.date,
        category=category_named(category) or category,
        approved=Approved(whole(government), whole(own)),
        party=text_of(entry, "party") or lead,
        approval=text_of(entry, "approval").strip(),
        entry=entry,
    )


def _item(entry: data.Custom, lead: str) -> awards.Item:
    category, name, government, own = values_of(entry, str, str, Amount, Amount)[:4]
    return awards.Item(
        date=entry.date,
        category=category_named(category) or category,
        name=name,
        approved=Approved(whole(government), whole(own)),
        quantity=_number(entry, "quantity"),
        unit=text_of(entry, "unit"),
        supplier=text_of(entry, "supplier"),
        domestic=entry.meta.get("domestic"),
        party=text_of(entry, "party") or lead,
        entry=entry,
    )


def _person(entry: data.Custom, lead: str) -> awards.Person:
    return awards.Person(
        name=str(values_of(entry, str)[0]),
        role=text_of(entry, "role"),
        insured=entry.meta.get("insured") is True,
        months=_months(entry, "months"),
        other_months=_months(entry, "other-months"),
        party=text_of(entry, "party") or lead,
        entry=entry,
        salary=optional_amount(entry, "salary"),
        until=optional_date(entry, "until"),
        since=optional_date(entry, "since"),
    )


def _partner(entry: data.Custom) -> awards.Partner:
    return awards.Partner(
        str(values_of(entry, str)[0]), text_of(entry, "name"), text_of(entry, "representative")
    )


def _account(entry: data.Custom, lead: str) -> awards.BankAccount:
    number = "".join(digit for digit in str(values_of(entry, str)[0]) if digit.isdigit())
    return awards.BankAccount(
        number=number,
        bank=text_of(entry, "bank"),
        dedicated=text_of(entry, "role") == "dedicated",
        party=text_of(entry, "party") or lead,
        opened=optional_date(entry, "opened"),
        entry=entry,
    )


def _number(entry: data.Custom, key: str) -> Decimal | None:
    value = entry.meta.get(key)
    if value is not None and not isinstance(value, Decimal):
        raise DirectiveError(f"{entry.type}: {key}")
    return value


def _months(entry: data.Custom, key: str) -> Decimal:
    """Person-months, parts of one allowed; 0 where none are told."""
    value = _number(entry, key) or Decimal(0)
    if not value.is_finite():
        raise DirectiveError(f"{entry.type}: {key}")
    return value
