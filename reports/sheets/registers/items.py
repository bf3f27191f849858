"""品項對照表: every approved item beside what was bought of it, in quantity and in money, and the difference.

Each sum is over the lines of the category's own sheet that bear the item's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ledger.model.award import Award
from ledger.model.award import Item
from ledger.schemes.categories import PAYROLL
from ledger.schemes.categories import category_name
from ledger.schemes.categories import form_order
from ledger.schemes.categories import kind_of
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import item_key
from reports.data.cost_rows import DetailRow
from reports.data.report import SettlementReport
from reports.xlsx.grid import Entry
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

OTHERS = 0  # the number of what is no approved item


class _Bought(NamedTuple):
    """What stands under one number of a category: lines, quantity, NT$."""

    quantity: Decimal
    accepted: int
    units: tuple[str, ...]
    lines: int


def item_numbers(award: Award) -> dict[tuple[str, str, str], int]:
    """The number of each approved item by (party, category, key of its name), from 1, in the award's order."""
    numbers: dict[tuple[str, str, str], int] = {}
    for item in award.items:
        numbers.setdefault((item.party, item.category, item_key(item.name)), len(numbers) + 1)
    return numbers


def item_number(numbers: Mapping[tuple[str, str, str], int], row: DetailRow) -> int:
    """The number of the approved item that a voucher's line is for; OTHERS where it is for none."""
    return numbers.get((row.party, row.category, item_key(row.item)), OTHERS)


def write_items(sheet: Sheet, report: SettlementReport, details: Mapping[str, Placed]) -> None:
    """The sheet of the approved items; a line at the foot of a category holds what is none of them."""
    columns = _columns(several=report.tables.several)
    begin(sheet, report.frame, _("品項對照表"), columns)
    placed = write_table(sheet, columns, _rows(report, details), _("合計"))
    sheet.line(
        _("實支為認列數(申報 − 剔除 − 待補正)。差異為核定減實支,負數為超過核定;核定未載明數量者不比較數量。"),
        "note",
    )
    finish(sheet, report.frame, placed, freeze=2)


def _columns(*, several: bool) -> list[Column]:
    party = [Column("party", _("受補助單位"), 16)] if several else []
    approved, actual, left = _("核定"), _("實支"), _("差異")
    return [
        Column("category", _("預算科目"), 20),
        Column("item", _("核定項目"), 26),
        *party,
        Column("quantity", _("數量"), 7, "quantity", approved),
        Column("unit", _("單位"), 6, "center", approved),
        Column("government", _("補助款"), 12, "amount", approved, total=True),
        Column("self", _("自籌款"), 12, "amount", approved, total=True),
        Column("total", _("小計"), 12, "amount", approved, total=True),
        Column("bought", _("數量"), 7, "quantity", actual),
        Column("bought_unit", _("單位"), 6, "center", actual),
        Column("accepted", _("金額(未稅)"), 12, "amount", actual, total=True),
        Column("quantity_left", _("數量"), 7, "quantity", left),
        Column("left", _("金額"), 12, "amount", left, total=True),
        Column("note", _("說明"), 20, "remark"),
    ]


def _rows(report: SettlementReport, details: Mapping[str, Placed]) -> list[TableRow]:
    award, lines = report.tables.award, report.tables.details
    numbers = item_numbers(award)
    rows: list[TableRow] = []
    of_category: dict[str, list[Item]] = {}
    for item in award.items:
        if numbers[item.party, item.category, item_key(item.name)] not in {
            numbers[other.party, other.category, item_key(other.name)]
            for other in of_category.get(item.category, [])
        }:
            of_category.setdefault(item.category, []).append(item)
    for category in sorted({*of_category, *lines}, key=form_order):
        if category not in of_category and kind_of(category) == PAYROLL:
            continue  # persons are approved, not items
        bought = _bought(lines.get(category, []), numbers)
        for item in of_category.get(category, []):
            number = numbers[item.party, item.category, item_key(item.name)]
            rows.append(_item_row(report, item, number, bought.get(number), details.get(category)))
        if OTHERS in bought and category in details:
            rows.append(
                _others_row(category, bought[OTHERS], details[category], judged=category in of_category)
            )
    return rows


def _bought(rows: Sequence[DetailRow], numbers: Mapping[tuple[str, str, str], int]) -> dict[int, _Bought]:
    found: dict[int, _Bought] = {}
    for row in rows:
        number = item_number(numbers, row)
        had = found.get(number, _Bought(Decimal(0), 0, (), 0))
        units = dict.fromkeys([*had.units, row.unit] if row.unit else had.units)
        found[number] = _Bought(
            had.quantity + (row.quantity or 0), had.accepted + row.accepted, tuple(units), had.lines + 1
        )
    return found


def _item_row(
    report: SettlementReport, item: Item, number: int, bought: _Bought | None, detail: Placed | None
) -> TableRow:
    values: dict[str, Value] = {
        "category": category_name(item.category),
        "item": item.name,
        "party": report.tables.award.party_name(item.party),
        "quantity": item.quantity,
        "unit": item.unit,
        "government": item.approved.government,
        "self": item.approved.self_funded,
        "total": Formula("={government}+{self}", item.approved.total),
        "note": _note(item, bought),
    }
    accepted = bought.accepted if bought else 0
    if bought is not None and detail is not None:
        values["accepted"] = _sum_of(detail, "accepted", number, accepted)
        if "quantity" in detail.letters:
            values["bought"] = _sum_of(detail, "quantity", number, bought.quantity)
        values["bought_unit"] = _("、").join(bought.units)
        values["left"] = Formula("={total}-{accepted}", item.approved.total - accepted)
        if item.quantity is not None and "bought" in values:
            values["quantity_left"] = Formula("={quantity}-{bought}", item.quantity - bought.quantity)
    else:
        values["left"] = Formula("={total}", item.approved.total)
        if item.quantity is not None:
            values["quantity_left"] = Formula("={quantity}", item.quantity)
    return TableRow(values, (_entry(item),))


def _entry(item: Item) -> Entry:
    return item.entry


def _others_row(category: str, bought: _Bought, detail: Placed, *, judged: bool) -> TableRow:
    return TableRow(
        {
            "category": category_name(category),
            "item": _("(不在核定項目)") if judged else _("(核定未列項目)"),
            "bought_unit": _("、").join(bought.units),
            "accepted": _sum_of(detail, "accepted", OTHERS, bought.accepted),
            "left": Formula("=-{accepted}", -bought.accepted),
            "note": _("共 {count} 筆").format(count=bought.lines) if judged else _("品名無法與核定項目核對"),
        }
    )


def _sum_of(detail: Placed, key: str, number: int, figure: int | Decimal) -> Formula:
    text = f"=SUMIFS({detail.column(key)},{detail.column('item_number')},{number})"
    return Formula(text, figure)


def _note(item: Item, bought: _Bought | None) -> str:
    if bought is None:
        return _("沒有憑證")
    said = []
    if bought.accepted > item.approved.total:
        said.append(_("超過核定金額"))
    if item.quantity is not None and bought.quantity > item.quantity:
        said.append(_("超過核定數量"))
    if item.unit and any(fold(unit) != fold(item.unit) for unit in bought.units):
        said.append(_("單位不同,請附換算表"))
    return _("、").join(said)
