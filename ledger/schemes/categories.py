"""The budget categories (會計科目) of the authorities' forms, and the names papers give them.

The eight of the upgrade grants of 2023 are known from the start; a scheme brings its own (`[categories.ID]` with
number and name), which are known from when it is loaded. An id means one category, whatever scheme uses it. What
sheets and checks ask is never an id but the kind (`kind_of`): one of the eight that a category is handled like.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from collections.abc import Iterable
from typing import NamedTuple

from ledger.util.i18n import N_
from ledger.util.i18n import _
from ledger.util.text import fold


class Category(NamedTuple):
    """A budget category (會計科目): its id, number and name on the form, and other names papers give it."""

    id: str
    number: str
    name: str
    aliases: tuple[str, ...] = ()
    short: str = ""  # for narrow columns; the name where it is empty
    kind: str = ""  # which of the eight it is handled like; empty: its own id, or none of them

    @property
    def leaf(self) -> str:
        """The Chinese name with its number before it."""
        return self.number + self.name


CATEGORIES: dict[str, Category] = {
    category.id: category
    for category in (
        Category("consumables", "01", N_("消耗性器材及原材料費"), ("材料費", "消耗性器材費", "原材料費")),
        Category("equipment", "02", N_("全新設備之購置費"), ("設備費", "全新設備購置費", "設備購置費")),
        Category("improvement", "03", N_("既有設備之改善費"), ("既有設備改善費", "設備改善費")),
        Category(
            "research",
            "04",
            N_("委託研究或驗證費"),
            ("委託研究及驗證費", "委託研究費", "驗證費", "委託研究與驗證費"),
        ),
        Category("personnel", "05", N_("人事費"), ("薪資",)),
        Category("intangibles", "06", N_("無形資產引進費"), ("無形資產之引進費",)),
        Category("travel", "07", N_("國內差旅費"), ("差旅費",)),
        Category("construction", "08", N_("基礎工程施工費"), ("基本工程施工費",)),
    )
}

PAYROLL = "personnel"  # the kind of category that pay is booked in
MATERIAL = "consumables"  # the kind that material is bought under, and that scrap is taken off
COACHING = "coaching"  # the one line of a coaching case's settlement; it has no accounts
COACHING_NAME = N_("診斷輔導費用")


_known: dict[str, Category] = dict(CATEGORIES)
_forget: list[Callable[[], None]] = []  # what is remembered of names, forgotten when there is another


def known_categories() -> dict[str, Category]:
    """Every category that is known by now, by its id."""
    return dict(_known)


def when_known(forget: Callable[[], None]) -> None:
    """Call `forget` whenever another category becomes known."""
    _forget.append(forget)


def make_known(categories: Iterable[Category]) -> None:
    """Let the categories of a scheme be known. One of the eight stays as it is."""
    new = {category.id: category for category in categories if category.id not in CATEGORIES}
    if any(_known.get(id_) != category for id_, category in new.items()):
        _known.update(new)
        _categories_by_name.cache_clear()
        for forget in _forget:
            forget()


@functools.cache
def _categories_by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for category in _known.values():
        for name in (category.id, category.leaf, category.name, *category.aliases):
            names.setdefault(fold(name), category.id)
    return names


def category_named(text: str) -> str | None:
    """The id of the category that a paper calls `text`; None where no category is called so."""
    return _categories_by_name().get(fold(text))


def eight_named(text: str) -> str | None:
    """The id of that of the eight which is called `text`; None where none is."""
    for category in CATEGORIES.values():
        if fold(text) in {fold(name) for name in (category.id, category.name, *category.aliases)}:
            return category.id
    return None


def kind_of(category: str) -> str:
    """Which of the eight a category is handled like: its sheet's columns, its papers, whether items are listed.

    Empty where it is like none of them, or where nobody knows it.
    """
    if category in CATEGORIES:
        return category
    known = _known.get(category)
    return known.kind if known else ""


def of_kind(kind: str, categories: Iterable[str]) -> list[str]:
    """Those of some categories that are handled like `kind`, as the form orders them."""
    return sorted((each for each in categories if kind_of(each) == kind), key=form_order)


def category_leaf(category: str) -> str | None:
    """The account name of a category, its number before its name; None where it is unknown."""
    known = _known.get(category)
    return known.leaf if known else None


def category_name(category: str) -> str:
    """The name of a category id on screens and sheets; the id itself where it is unknown."""
    known = _known.get(category)
    if known is None:
        return _(COACHING_NAME) if category == COACHING else category
    return _(known.name)


def form_order(category: str) -> tuple[str, str]:
    """Where a category stands on the form; what nobody knows comes last, by name."""
    known = _known.get(category)
    return (known.number if known else "~", category_name(category))
