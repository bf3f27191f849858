"""核定: what is approved and what of it is used, revisions, moments of the case, its papers, other funding."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import NamedTuple
from typing import get_args

from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from desk.case_desk import CaseDesk
from desk.deadlines import Deadline
from desk.deadlines import deadlines
from ledger.arithmetic.cost_share import Approved
from ledger.case.case import Case
from ledger.case.papers.checklist import Wanted
from ledger.case.papers.checklist import checklist
from ledger.model.award import Award
from ledger.model.award import Item
from ledger.model.award import Person
from ledger.model.milestones import INCOME_NAMES
from ledger.model.milestones import MILESTONES
from ledger.model.milestones import Funding
from ledger.model.milestones import FundingKind
from ledger.model.milestones import Milestone
from ledger.model.records import person_of
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import item_key


class BudgetRow(NamedTuple):
    """A category of a party: what is approved, and the cost booked against it, NT$."""

    party: str
    category: str
    approved: Approved
    used: int


class ItemRow(NamedTuple):
    """An approved item, and what is booked under its name: cost in NT$, and the quantity."""

    item: Item
    used: int
    quantity: Decimal


class PersonRow(NamedTuple):
    """A planned person, and the cost of the pay booked, NT$."""

    person: Person
    used: int


_PAPERS_A_PAGE = 25  # each with its form


@dataclasses.dataclass(frozen=True, slots=True)
class ApprovalsPage:
    """All that the page shows; `about` is the paper or the voucher that was come for."""

    award: Award
    budgets: list[BudgetRow]
    items: list[ItemRow]
    persons: list[PersonRow]
    milestones: list[Milestone]
    kinds: tuple[str, ...]
    papers: Page[Wanted]
    funding: list[Funding]
    categories: list[str]
    incomes: dict[str, str]
    about: str
    today: datetime.date
    deadlines: list[Deadline]
    funding_kinds: tuple[str, ...] = get_args(FundingKind)


def approvals_page(desk: CaseDesk, query: Query) -> ApprovalsPage | None:
    """The page of a case; None without an award."""
    case = desk.case
    if case.award is None:
        return None
    about = query.text("about")
    wanted = sorted(
        checklist(case),
        key=lambda paper: (
            about not in {paper.kind, paper.voucher},
            paper.is_there,
            paper.due,
            not paper.required,
        ),
    )
    reached = {milestone.kind for milestone in case.milestones} - {"guarantee"}
    return ApprovalsPage(
        award=case.award,
        budgets=_budgets(case, case.award),
        items=_items(case, case.award),
        persons=_persons(case, case.award),
        milestones=sorted(case.milestones, key=lambda each: each.date),
        kinds=tuple(kind for kind in MILESTONES if kind not in reached),
        papers=paged(wanted, query.number("page", 1), _PAPERS_A_PAGE),
        funding=list(case.funding),
        categories=list(case.scheme.categories) if case.scheme else [],
        incomes={kind: _(name) for kind, name in INCOME_NAMES.items()},
        about=about,
        today=case.as_of,
        deadlines=deadlines(case),
    )


def _budgets(case: Case, award: Award) -> list[BudgetRow]:
    cost = case.cost()
    return [
        BudgetRow(party, category, approved, cost[party, category][0] if (party, category) in cost else 0)
        for (party, category), approved in award.budget_on(case.as_of).items()
    ]


def _items(case: Case, award: Award) -> list[ItemRow]:
    used: dict[str, int] = {}
    quantity: dict[str, Decimal] = {}
    for voucher in case.vouchers:
        for line in voucher.lines:
            item = award.item_named(line.item)
            if item is not None:
                key = item_key(item.name)
                used[key] = used.get(key, 0) + line.cost
                quantity[key] = quantity.get(key, Decimal(0)) + (line.quantity or Decimal(0))
    return [
        ItemRow(item, used.get(key, 0), quantity.get(key, Decimal(0)))
        for key, item in award.items_by_name.items()
    ]


def _persons(case: Case, award: Award) -> list[PersonRow]:
    used: dict[str, int] = {}
    for voucher in case.vouchers:
        if voucher.kind == "payroll":
            name = fold(person_of(voucher))
            used[name] = used.get(name, 0) + voucher.cost
    return [PersonRow(person, used.get(fold(person.name), 0)) for person in award.staff.values()]
