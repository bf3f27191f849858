"""結案試算: the settlement with vouchers struck or parked that are not, and what moves.

What a trial is, is `ledger.case.what_if`; here it is read from the page's address and shown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from beancount.core import data

from audit.case_view import View
from audit.filing.findings import DraftFinding
from audit.pages.clauses import clauses
from audit.pages.filters import Filter
from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.pages.vouchers import ListedVoucher
from audit.pages.vouchers import listed
from audit.web.query import Query
from ledger.arithmetic.settlement import CategoryShare
from ledger.arithmetic.settlement import Step
from ledger.case.case import Case
from ledger.case.settlement import CaseSettlement
from ledger.case.settlement import settle_case
from ledger.case.what_if import WhatIfError
from ledger.case.what_if import tried_case
from ledger.case.what_if import tried_voucher
from ledger.case.what_if import typed_cut
from ledger.case.what_if import with_acts
from ledger.util.i18n import _


class Figure(NamedTuple):
    """One figure of the settlement: as the books stand and in the trial, in NT$."""

    name: str
    now: int
    then: int

    @property
    def change(self) -> int:
        """What the trial changes."""
        return self.then - self.now


class CategoryFigure(NamedTuple):
    """One category as it stands and in the trial."""

    now: CategoryShare
    then: CategoryShare


class StepFigure(NamedTuple):
    """One limit as it stands and in the trial."""

    now: Step
    then: Step


class RefusedCut(NamedTuple):
    """A cut that cannot be made: what was typed, and why not."""

    typed: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class WhatIfPage:
    """All that the page shows. `tried` holds the trial by voucher key, `refused` what could not be tried."""

    figures: list[Figure]
    categories: list[CategoryFigure]
    steps: list[StepFigure]
    binding_now: str
    binding_then: str
    tried: dict[str, DraftFinding]
    refused: dict[str, RefusedCut]
    chosen: list[ListedVoucher]
    rows: Page[ListedVoucher]
    asked: Filter
    clauses: list[str]


def what_if_page(view: View, query: Query) -> WhatIfPage | None:
    """The trial that the query asks for; None where there is no award to settle by."""
    if view.settlement is None:
        return None
    tried, refused = tried_drafts(view, query)
    settled = view.settlement
    would_be = settle_case(_tried_case(view, tried)) if tried else settled
    now, then = settled.whole, would_be.whole
    asked = Filter.of(query)
    rows = listed(view, asked)
    return WhatIfPage(
        figures=figures(settled, would_be),
        categories=[CategoryFigure(a, b) for a, b in zip(now.categories, then.categories, strict=True)],
        steps=[StepFigure(a, b) for a, b in zip(now.steps, then.steps, strict=True)],
        binding_now=now.binding,
        binding_then=then.binding,
        tried=tried,
        refused=refused,
        chosen=[row for row in listed(view, Filter()) if row.key in tried],
        rows=paged(rows, query.number("page", 1)),
        asked=asked,
        clauses=clauses(view),
    )


def tried_drafts(view: View, query: Query) -> tuple[dict[str, DraftFinding], dict[str, RefusedCut]]:
    """What is tried, and what could not be, by voucher key.

    `try.KEY` is `strike` or `park`, `cut.KEY` the NT$ struck of it, as typed. What is parked is parked whole.
    """
    cuts = query.named("cut.")
    tried: dict[str, DraftFinding] = {}
    refused = {}
    for key, wanted in query.named("try.").items():
        each = view.vouchers.get(key)
        if each is None or wanted not in {"strike", "park"}:
            continue
        if wanted == "park":
            tried[key] = DraftFinding(keyed=each, state="parked")
            continue
        try:
            cut = typed_cut(each.voucher, cuts.get(key, ""))
        except WhatIfError as error:
            refused[key] = RefusedCut(cuts[key], str(error))
        else:
            tried[key] = DraftFinding(keyed=each, state="disallowed", deducted=cut)
    return tried, refused


def _tried_case(view: View, tried: dict[str, DraftFinding]) -> Case:
    vouchers = [
        tried_voucher(each.keyed.voucher, "parked" if each.state == "parked" else "disallowed", each.deducted)
        for each in tried.values()
    ]
    return tried_case(view.case, view.entries, vouchers)


def moved(view: View, filed: Sequence[data.Custom]) -> list[Figure]:
    """What these directives would move in the settlement; empty where there is none to move."""
    if view.settlement is None:
        return []
    day = max([view.case.as_of, *(entry.date for entry in filed)])
    before = with_acts(view.case, view.entries, (), day)
    after = with_acts(view.case, view.entries, filed, day)
    return figures(settle_case(before), settle_case(after))


def figures(now: CaseSettlement, then: CaseSettlement) -> list[Figure]:
    """The figures that matter, before and after; where something is parked, what it would change were it accepted."""
    names = [
        (_("認列支出"), "accepted"),
        (_("認列補助款"), "recognised_government"),
        (_("認列自籌款"), "recognised_self"),
        (_("尾款(負數為應繳回)"), "tail_payment"),
        (_("結餘款"), "surplus"),
        (_("尚應繳國庫"), "due_to_treasury"),
    ]
    found = [Figure(label, getattr(now.whole, name), getattr(then.whole, name)) for label, name in names]
    parked = Figure(_("待補正(未計入)"), sum(now.parked.values()), sum(then.parked.values()))
    if parked.now or parked.then:
        due = (now.if_accepted.whole.due_to_treasury, then.if_accepted.whole.due_to_treasury)
        found += [parked, Figure(_("待補正全數認列時,尚應繳國庫"), *due)]
    return found
