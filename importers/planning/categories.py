"""Which of an invoice's lines belongs to which approved item and category, and whose business a row is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from importers.config.rules import NO_RULES
from importers.config.rules import Rules
from importers.records import VoucherItem
from importers.records import VoucherRecord
from ledger.arithmetic.cost_share import spread
from ledger.case.case import Case
from ledger.entries.builder import CostLine
from ledger.model.award import Award
from ledger.model.voucher_details import UNIT
from ledger.model.voucher_details import DetailValue
from ledger.model.voucher_details import merged
from ledger.schemes.categories import MATERIAL
from ledger.schemes.categories import category_named
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import is_code
from ledger.util.text import item_key

_MOST = 3
LEAST_ALIKE = 0.5  # of the characters; what is further away is another thing


@dataclasses.dataclass(slots=True)
class Known:
    """The names and numbers by which a row of a whole company's download is known to be the case's."""

    suppliers: set[str]  # folded names
    sellers: set[str]  # company numbers seen in the books
    items: set[str]  # folded 品名

    @classmethod
    def of(cls, case: Case, award: Award) -> Known:
        """What the award and the books know."""
        return cls(
            {fold(item.supplier) for item in award.items if item.supplier}
            | {fold(voucher.seller_name) for voucher in case.vouchers if voucher.kind != "payroll"},
            {voucher.seller for voucher in case.vouchers if voucher.seller},
            set(award.items_by_name),
        )

    def has(self, record: VoucherRecord) -> bool:
        """Whether a row of a bulk download is the case's: by its seller or by what was bought."""
        return (
            fold(record.seller_name) in self.suppliers
            or record.seller in self.sellers
            or any(item_key(item.name) in self.items for item in record.items)
        )


class Classified(NamedTuple):
    """The cost lines of a voucher; `unclear` says what the accountant has to decide, empty where nothing."""

    lines: tuple[CostLine, ...]
    claimed: bool  # False: nobody can say which category, so the cost is not claimed
    unclear: str


_Where = tuple[str | None, str]  # the category and the item that a line of cost is for


class _Place(NamedTuple):
    category: str | None
    item: str
    approved: bool = False


def classify(record: VoucherRecord, net: int, award: Award, rules: Rules = NO_RULES) -> Classified:
    """Split a voucher's net over its lines, each in the category of its approved item.

    An exact name (NFKC, white space out) classifies; else what the accountant decided once; else the category
    written on the sheet; else the category from which this supplier was approved. A line that fits nothing follows
    the voucher's largest line. A discount is taken off the line that it names, else off all lines in proportion.
    The header's net is met exactly.
    """
    items = record.items or (VoucherItem("", None, "", None),)
    places = [_place(item, record, award, rules) for item in items]
    weights = _weights(items, net)
    main = _main(places, weights)
    sums: dict[_Where, Decimal] = {}
    quantities: dict[_Where, Decimal | None] = {}
    told: dict[_Where, list[Mapping[str, DetailValue]]] = {}
    discounts: list[tuple[str, Decimal]] = []
    for item, place, weight in zip(items, places, weights, strict=True):
        if weight < 0 and not place.approved:
            discounts.append((place.item, weight))
            continue
        where = (main.category if place.category is None else place.category, place.item)
        sums[where] = sums.get(where, Decimal(0)) + weight
        quantities[where] = _added(quantities.get(where), item.quantity)
        told.setdefault(where, []).append(_details(item))
    sums = _discounted(sums, discounts) or {(main.category, main.item): Decimal(net or 1)}
    parts = spread(net, list(sums.values()))
    fallback = award.budgets[0].category if award.budgets else MATERIAL
    lines = tuple(
        CostLine(
            category or fallback,
            item,
            _tidy(quantities.get((category, item))),
            part,
            meta=tuple(merged(told.get((category, item), ())).items()),
        )
        for ((category, item), part) in zip(sums, parts, strict=True)
    )
    doubt = _doubt(main, record, award)
    if not doubt and min(sums.values()) < 0 < net:
        doubt = _("折扣比它所屬的品項還大,請確認各品項的金額")
    return Classified(lines, main.category is not None, doubt)


def _details(item: VoucherItem) -> dict[str, DetailValue]:
    """What a line says beside its amount: its unit, and the details of its sheet."""
    unit: dict[str, DetailValue] = {UNIT.key: item.unit} if item.unit else {}
    return unit | dict(item.details)


def _discounted(
    sums: Mapping[_Where, Decimal], discounts: Sequence[tuple[str, Decimal]]
) -> dict[_Where, Decimal]:
    """What each line weighs after the discounts, each in proportion over the lines it belongs to."""
    left = dict(sums)
    for name, amount in discounts:
        named = {where: weight for where, weight in sums.items() if where[1] and fold(where[1]) in fold(name)}
        base = {where: weight for where, weight in (named or sums).items() if weight > 0}
        whole = sum(base.values())
        for where, weight in base.items():
            left[where] += amount * weight / whole
    return left


def _place(item: VoucherItem, record: VoucherRecord, award: Award, rules: Rules) -> _Place:
    party = award.party_of_buyer(record.buyer)
    approved = award.item_named(item.name)
    if approved is not None and approved.party != party:
        named = (other for other in award.items if item_key(other.name) == item_key(item.name))
        approved = next((other for other in named if other.party == party), approved)
    if approved is not None:
        return _Place(approved.category, approved.name, approved=True)
    decided = rules.rule_for(record.seller, record.seller_name, item.name)
    said = award.item_named(decided.approved) if decided is not None and decided.approved else None
    if said is not None and said.party == party:
        return _Place(said.category, said.name, approved=True)
    written = decided.category if decided is not None else category_named(record.category or "")
    if written is not None:
        return _Place(written, item.name)
    supplied = {
        other.category
        for other in award.items
        if other.party == party and fold(other.supplier) == fold(record.seller_name)
    }
    category = supplied.pop() if record.seller_name and len(supplied) == 1 else None
    return _Place(category, item.name)


def _weights(items: Sequence[VoucherItem], net: int) -> list[Decimal]:
    """What each line weighs: its printed amount, or equal parts where none is printed."""
    amounts = [item.amount if item.amount is not None else Decimal(0) for item in items]
    if sum(amounts) == 0:
        return [Decimal(net or 1)] * len(items)
    return amounts


def _main(places: Sequence[_Place], weights: Sequence[Decimal]) -> _Place:
    """The place of the heaviest line that has a category; the first line's where none has."""
    placed = [
        (weight, -index)
        for index, (place, weight) in enumerate(zip(places, weights, strict=True))
        if place.category
    ]
    return places[-max(placed)[1]] if placed else places[0]


def _tidy(quantity: Decimal | None) -> Decimal | None:
    """A quantity without the noughts that a download prints behind it."""
    if quantity is None:
        return None
    whole = quantity.to_integral_value()
    return whole if quantity == whole else quantity.normalize()


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return one if other is None else other if one is None else one + other


def _doubt(main: _Place, record: VoucherRecord, award: Award) -> str:
    """What nobody can say, with what is nearly right; empty where the voucher has its category."""
    if main.category is not None:
        return ""
    doubt = _("認不出會計科目:品名「{item}」不在核定品項,賣方「{seller}」也不是核定的採購對象").format(
        item=main.item, seller=record.seller_name or record.seller
    )
    near = near_items(main.item, award, award.party_of_buyer(record.buyer))
    if near:
        named = _("、").join(_("「{name}」差 {count} 字").format(name=n.name, count=n.distance) for n in near)
        doubt += _(";相近的核定品項:{items}").format(items=named)
    if main.item and is_code(main.item):
        doubt += _(";「{item}」只是代號或簡稱,請賣方填寫完整品名").format(item=main.item)
    return doubt


class Near(NamedTuple):
    """An approved item and how many characters its name is away from the one in question."""

    name: str
    category: str
    distance: int


def near_items(name: str, award: Award, party: str) -> list[Near]:
    """The approved items of a party that are called nearly so, the nearest first."""
    asked = fold(name)
    found = {
        (Levenshtein.distance(asked, fold(item.name)), item.name, item.category)
        for item in award.items
        if item.party == party and Levenshtein.normalized_similarity(asked, fold(item.name)) >= LEAST_ALIKE
    }
    return [Near(called, category, distance) for distance, called, category in sorted(found)[:_MOST]]
