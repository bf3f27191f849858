"""`revise`: what the authority approved anew (核定變更), from its day on: budget, items, persons, period, account.

The first approval stays in the books; a revision is one more directive with its approval number. The case's period has
one place only, so its end is changed where it stands, with the approval beside it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.cost_share import Approved
from ledger.files.award_file import AwardFile
from ledger.files.award_file import ItemLine
from ledger.files.award_file import PersonLine
from ledger.model.award import Award
from ledger.model.award import Item
from ledger.model.award import Person
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.operations.edit import Context
from ledger.operations.edit import MetaChange
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.edit import plan_edit
from ledger.operations.edit import readable_case
from ledger.schemes.categories import category_name
from ledger.util.i18n import _
from ledger.util.text import fold


class BudgetChange(NamedTuple):
    """A category's budget as approved anew, NT$; `party` empty for the lead."""

    category: str
    government: int
    self_funded: int
    party: str = ""


class ItemChange(NamedTuple):
    """An item as approved anew, or a new one; NT$."""

    category: str
    name: str
    government: int
    self_funded: int
    quantity: Decimal | None = None
    unit: str = ""
    supplier: str = ""
    party: str = ""


class PersonChange(NamedTuple):
    """A person of the case as approved anew, or a new one; None leaves what was approved before.

    `since` and `until` are the first and the last day on the case, `salary` the planned monthly pay, NT$.
    """

    name: str
    role: str = ""
    insured: bool | None = None
    months: Decimal | None = None
    until: datetime.date | None = None
    party: str = ""
    since: datetime.date | None = None
    salary: int | None = None
    other_months: Decimal | None = None


class Revision(NamedTuple):
    """All that one approval changes."""

    budgets: Sequence[BudgetChange] = ()
    items: Sequence[ItemChange] = ()
    persons: Sequence[PersonChange] = ()
    end: datetime.date | None = None
    account: tuple[str, str] | None = None  # number and bank of the new dedicated account


def plan_revise(context: Context, revision: Revision, approval: str, date: datetime.date) -> Planned:
    """Work out a revision approved under the number `approval`, in force from `date`. Raises OperationError."""
    case = readable_case(context)
    award = case.award
    assert award is not None  # noqa: S101 -- readable_case() has looked
    if not approval.strip():
        raise OperationError(_("請填核定變更的文號(--approval)"))
    new = [_budget(change, award, approval, date) for change in revision.budgets]
    new += [_item(change, award, approval, date) for change in revision.items]
    new += [_person(change, award, approval, date) for change in revision.persons]
    if revision.account is not None:
        new += [_account(revision.account, award, approval, date)]
    if not new and revision.end is None:
        raise OperationError(_("沒有任何變更"))
    text = f"核定變更 {approval}({date} 起):{'、'.join(_told(revision))}"
    changes = [] if revision.end is None else [_end(revision.end, award, approval)]
    return plan_edit("revise", text, context, new=new, changes=changes)


def _told(revision: Revision) -> list[str]:
    told = [category_name(change.category) for change in revision.budgets]
    told += [change.name for change in revision.items]
    told += [change.name for change in revision.persons]
    if revision.end is not None:
        told.append(f"結束日 {revision.end}")
    if revision.account is not None:
        told.append(f"專戶 {revision.account[0]}")
    return told


def _budget(change: BudgetChange, award: Award, approval: str, date: datetime.date) -> data.Custom:
    _refuse_negative(change.government, change.self_funded)
    party = _party(change.party, award)
    if (party, change.category) not in award.original:
        raise OperationError(
            _("核定預算沒有「{category}」;可變更的有:{allowed}").format(
                category=category_name(change.category),
                allowed=_("、").join(category_name(name) for own, name in award.original if own == party),
            )
        )
    values = (change.category, twd(change.government), twd(change.self_funded))
    return custom(date, "budget", *values, approval=approval, party=change.party or None)


def _item(change: ItemChange, award: Award, approval: str, date: datetime.date) -> data.Custom:
    _refuse_negative(change.government, change.self_funded)
    party = _party(change.party, award)
    before = next(
        (i for i in reversed(award.items) if i.party == party and fold(i.name) == fold(change.name)), None
    )
    return custom(
        date,
        "item",
        change.category,
        before.name if before else change.name,
        twd(change.government),
        twd(change.self_funded),
        quantity=change.quantity if change.quantity is not None or before is None else before.quantity,
        unit=change.unit or (before.unit if before else "") or None,
        supplier=change.supplier or (before.supplier if before else "") or None,
        domestic=before.domestic if before else None,
        approval=approval,
        party=change.party or None,
    )


def _person(change: PersonChange, award: Award, approval: str, date: datetime.date) -> data.Custom:
    party = _party(change.party, award)
    before = next(
        (p for p in reversed(award.persons) if p.party == party and fold(p.name) == fold(change.name)), None
    )
    kept: Mapping[str, Any] = before.entry.meta if before else {}
    since, until = change.since or kept.get("since"), change.until or kept.get("until")
    if since and until and until < since:
        raise OperationError(
            _("{name} 的最後一天 {until} 不得早於第一天 {since}").format(
                name=change.name, until=until, since=since
            )
        )
    months = change.months if change.months is not None else kept.get("months")
    if months is None:
        raise OperationError(_("請填 {name} 的計畫人月(--months)").format(name=change.name))
    told = {
        "role": change.role or kept.get("role") or None,
        "insured": change.insured if change.insured is not None else kept.get("insured", True),
        "months": months,
        "other_months": kept.get("other-months") if change.other_months is None else change.other_months,
        "salary": kept.get("salary") if change.salary is None else twd(change.salary),
        "since": since,
        "until": until,
        "approval": approval,
        "party": change.party or None,
    }
    return custom(date, "person", before.name if before else change.name, **told)


def _account(account: tuple[str, str], award: Award, approval: str, date: datetime.date) -> data.Custom:
    number, bank = account
    if not re.fullmatch(r"[\d-]{6,20}", number):
        raise OperationError(_("「{number}」不是銀行帳號").format(number=number))
    party = None if len(award.parties) == 1 else award.ubn
    return custom(date, "account", number, bank=bank, role="dedicated", approval=approval, party=party)


def _party(named: str, award: Award) -> str:
    if named and named not in award.parties:
        raise OperationError(
            _("「{party}」不是本案的執行單位;本案有:{allowed}").format(
                party=named, allowed=_("、").join(award.parties)
            )
        )
    return named or award.ubn


def _refuse_negative(*amounts: int) -> None:
    if min(amounts) < 0:
        raise OperationError(_("核定金額不能是負數"))


def _end(end: datetime.date, award: Award, approval: str) -> MetaChange:
    if end <= award.start:
        raise OperationError(_("結束日 {end} 不得早於開始日 {start}").format(end=end, start=award.start))
    return MetaChange(award.entry, {"end": end, "end-approval": approval})


def revision_of(file: AwardFile, award: Award) -> Revision:
    """What an award file, filled in with the approved changes, changes of the award as it stands."""
    lead = award.ubn
    in_force = award.budget_on()
    budgets = [
        BudgetChange(line.category, line.government, line.self_funded, line.party)
        for line in file.budget
        if in_force.get((line.party or lead, line.category)) != Approved(line.government, line.self_funded)
    ]
    items = {(item.party, fold(item.name)): item for item in award.items}
    changed_items = [
        ItemChange(
            line.category,
            line.name,
            line.government,
            line.self_funded,
            line.quantity,
            line.unit,
            line.supplier,
            line.party,
        )
        for line in file.item
        if _item_differs(line, items.get((line.party or lead, fold(line.name))))
    ]
    persons = {(person.party, fold(person.name)): person for person in award.persons}
    changed_persons = [
        PersonChange(
            line.name,
            line.role,
            line.insured,
            Decimal(line.months),
            line.until,
            line.party,
            line.since,
            line.salary,
            Decimal(line.other_months),
        )
        for line in file.person
        if _person_differs(line, persons.get((line.party or lead, fold(line.name))))
    ]
    end = file.award.end if file.award.end != award.end else None
    return Revision(budgets, changed_items, changed_persons, end, _new_account(file, award))


def _item_differs(line: ItemLine, before: Item | None) -> bool:
    if before is None:
        return True
    approved = Approved(line.government, line.self_funded)
    return (line.category, approved, line.quantity) != (before.category, before.approved, before.quantity)


def _person_differs(line: PersonLine, before: Person | None) -> bool:
    """Whether the form says something else of a person; what it leaves empty it does not say."""
    if before is None:
        return True
    told = (line.role, line.insured, Decimal(line.months), Decimal(line.other_months))
    if told != (before.role, before.insured, Decimal(before.months), Decimal(before.other_months)):
        return True
    pairs = ((line.salary, before.salary), (line.since, before.since), (line.until, before.until))
    return any(said is not None and said != known for said, known in pairs)


def _new_account(file: AwardFile, award: Award) -> tuple[str, str] | None:
    if file.account is None:
        return None
    number = "".join(mark for mark in file.account.number if mark.isdecimal())
    known = {account.number for account in award.accounts if account.dedicated}
    return None if number in known else (number, file.account.bank)
