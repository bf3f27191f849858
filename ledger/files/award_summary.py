"""What an award comes to, before a case is made of it: budget and items side by side, against cap and ratio.

Sums are whole NT$. What the checks would find is for the checks to say; here is what only a person can see: amounts that
were filled in as thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ledger.files.award_file import AwardFile
from ledger.files.award_file import BudgetLine
from ledger.files.award_file import ItemLine
from ledger.schemes.categories import category_name
from ledger.schemes.model import Scheme
from ledger.util.i18n import _

_THOUSAND = 1000
_HARDLY_A_PROJECT = 100_000  # NT$: no award of these programmes is as small


class CategorySums(NamedTuple):
    """One category of one party: its budget, and the sum of its items (None where it lists none)."""

    category: str
    party: str  # empty for the only, or leading, company
    government: int
    self_funded: int
    items: int | None

    @property
    def total(self) -> int:
        """The whole budget of the category."""
        return self.government + self.self_funded


class CategoryLimit(NamedTuple):
    """What a category's cap allows, over all parties: `counted` NT$ count against `most` (a share `cap` of the total).

    None where there is no cap; `grantable`: whether grant money may pay for the category at all.
    """

    category: str
    counted: int
    most: int | None
    cap: Decimal | None
    grantable: bool

    @property
    def is_over(self) -> bool:
        """Whether more is counted than the cap allows."""
        return self.most is not None and self.counted > self.most


class AwardSummary(NamedTuple):
    """The sums of an award and the limits of its scheme."""

    categories: tuple[CategorySums, ...]
    government: int
    total: int
    cap: int | None  # of the government's part, NT$
    ratio: Decimal | None  # the most that the government may pay of the total
    notes: tuple[str, ...]
    limits: tuple[CategoryLimit, ...] = ()

    @property
    def share(self) -> Decimal:
        """The government's part of the total, as a fraction; 0 of nothing."""
        return Decimal(self.government) / self.total if self.total else Decimal(0)


def summary_of(award: AwardFile, scheme: Scheme) -> AwardSummary:
    """The sums of an award, with a note for everything that looks filled in wrongly."""
    summary = summary_of_lines(award.budget, award.item, scheme)
    return summary._replace(notes=(*summary.notes, *_partner_notes(len(award.partner), scheme)))


def summary_of_lines(budget: Sequence[BudgetLine], items: Sequence[ItemLine], scheme: Scheme) -> AwardSummary:
    """The sums of these lines, also while the award is still being filled in."""
    categories = tuple(_categories(budget, items))
    government = sum(line.government for line in categories)
    total = sum(line.total for line in categories)
    return AwardSummary(
        categories,
        government,
        total,
        scheme.subsidy_cap.value if scheme.subsidy_cap else None,
        None if scheme.coaching else scheme.subsidy_ratio.value,
        tuple(_notes(categories, total)),
        tuple(_limits(categories, total, scheme)),
    )


def _partner_notes(count: int, scheme: Scheme) -> Iterator[str]:
    """Fewer partners than the scheme speaks of, where it is assumed that there may not be: for a person to see."""
    least = scheme.partners_min
    if least is not None and least.is_assumed and count < least.value:
        yield _("合作廠商 {count} 家,簡報寫的是 {least} 家(是否可以較少未寫明);請核對核定函").format(
            count=count, least=least.value
        )


def _categories(budget: Sequence[BudgetLine], items: Sequence[ItemLine]) -> Iterator[CategorySums]:
    for line in budget:
        of_line = [
            item.government + item.self_funded
            for item in items
            if (item.category, item.party) == (line.category, line.party)
        ]
        yield CategorySums(
            line.category, line.party, line.government, line.self_funded, sum(of_line) if of_line else None
        )


def _limits(categories: Sequence[CategorySums], total: int, scheme: Scheme) -> Iterator[CategoryLimit]:
    counts_whole = scheme.cap_base.value == "category"
    for category in dict.fromkeys(line.category for line in categories):
        cap = scheme.cap(category)
        lines = [line for line in categories if line.category == category]
        counted = sum(line.total if counts_whole else line.government for line in lines)
        most = None if cap is None else int(cap.value * total)
        yield CategoryLimit(
            category, counted, most, cap.value if cap else None, scheme.may_carry_grant(category)
        )


def _notes(categories: tuple[CategorySums, ...], total: int) -> Iterator[str]:
    for line in categories:
        if line.items is None or line.items == line.total:
            continue
        note = _("{category}:品項合計 {items:,} 元,預算 {total:,} 元,兩者不同").format(
            category=category_name(line.category), items=line.items, total=line.total
        )
        if _THOUSAND * line.items == line.total or line.items == _THOUSAND * line.total:
            note = _("{note};正好差 1,000 倍,其中一邊是不是以千元填寫?").format(note=note)
        yield note
    if 0 < total < _HARDLY_A_PROJECT:
        yield _("核定總經費只有 {total:,} 元;如果是以千元填寫,請改成元再建立案件").format(total=total)
