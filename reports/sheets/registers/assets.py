"""財產清冊: every machine that was bought, by number, brand, serial number and place, and what share of it is domestic.

The share is held against the half for which the programme gives priority (004, 000: 國產設備購置費占計畫總購置金額比例
達50%以上,優先支持); it lowers no money by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from ledger.model.voucher_details import is_domestic
from ledger.schemes.categories import category_name
from ledger.schemes.categories import kind_of
from ledger.schemes.categories import of_kind
from ledger.util.i18n import _
from reports.data.cost_rows import DetailRow
from reports.data.report import SettlementReport
from reports.sheets.calculation import usage
from reports.sheets.common import figure_line
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import begin
from reports.xlsx.sheet_frame import finish
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

EQUIPMENT = "equipment"  # the kind of category that is registered
_REGISTERED = ("asset-number", "serial")  # whatever says one of these belongs into the register
_SPLIT = (3, 5)
_HALF = Decimal("0.5")


class Machine(NamedTuple):
    """One line of the register, and where it stands on its category's sheet."""

    row: DetailRow
    category: str
    line: int  # from 0

    @property
    def is_equipment(self) -> bool:
        """Whether it counts for the domestic share: its category is of that kind."""
        return kind_of(self.category) == EQUIPMENT

    @property
    def domestic(self) -> bool | None:
        """Whether it was made at home: by the voucher's word, else by the approved item's; None where nobody says."""
        return is_domestic(self.row.origin) if self.row.origin else self.row.domestic


def machines(details: Mapping[str, list[DetailRow]]) -> Iterator[Machine]:
    """What is registered: equipment, and whatever else bears a property or serial number. Reversals stand too."""
    for category, rows in details.items():
        for index, row in enumerate(rows):
            machine = Machine(row, category, index)
            if machine.is_equipment or any(row.said.get(key) for key in _REGISTERED):
                yield machine


def write_assets(sheet: Sheet, report: SettlementReport, details: Mapping[str, Placed]) -> None:
    """The register and the domestic share under it."""
    columns = _columns(several=report.tables.several)
    begin(sheet, report.frame, _("財產清冊"), columns)
    found = list(machines(report.tables.details))
    rows = [
        TableRow(
            _values(report, number, machine, details[machine.category]),
            (machine.row.entry,),
            sheet.book.links.get(id(machine.row.entry), ""),
        )
        for number, machine in enumerate(found, 1)
    ]
    placed = write_table(sheet, columns, rows, _("合計"))
    section(sheet, _("國產設備購置比率"))
    _write_share(sheet, placed, [machine for machine in found if machine.is_equipment])
    finish(sheet, report.frame, placed, freeze=3)


def _columns(*, several: bool) -> list[Column]:
    party = [Column("party", _("受補助單位"), 16)] if several else []
    return [
        Column("index", _("序號"), 5, "center"),
        Column("asset", _("財產編號"), 13, "center"),
        Column("item", _("名稱(核定項目)"), 24),
        *party,
        Column("brand", _("廠牌"), 11),
        Column("model", _("型號"), 12),
        Column("serial", _("序號(機號)"), 14),
        Column("origin", _("產地"), 8, "center"),
        Column("domestic", _("國產"), 6, "center"),
        Column("quantity", _("數量"), 6, "quantity"),
        Column("unit", _("單位"), 6, "center"),
        Column("date", _("購置日期"), 11, "date"),
        Column("cost", _("成本(未稅)"), 13, "amount", total=True),
        Column("number", _("憑證號碼"), 14, "link"),
        Column("supplier", _("供應商"), 22),
        Column("place", _("存放地點"), 14),
        Column("category", _("科目"), 10, screen_only=True),
    ]


def _values(report: SettlementReport, number: int, machine: Machine, detail: Placed) -> dict[str, Value]:
    row = machine.row
    return {
        "index": str(number),
        "asset": str(row.said.get("asset-number") or ""),
        "item": row.item,
        "party": report.tables.award.party_name(row.party),
        "brand": row.brand,
        "model": row.model,
        "serial": str(row.said.get("serial") or ""),
        "origin": row.origin,
        "domestic": {True: _("是"), False: _("否"), None: ""}[machine.domestic],
        "quantity": row.quantity,
        "unit": row.unit,
        "date": row.date,
        "cost": Formula("=" + detail.cell("accepted", detail.first + machine.line), row.accepted),
        "number": row.number,
        "supplier": row.supplier,
        "place": str(row.said.get("place") or ""),
        "category": kind_of(machine.category),
    }


def _bought_under(bought: list[Machine]) -> str:
    """The names of the categories that equipment was bought under."""
    return _("、").join(map(category_name, of_kind(EQUIPMENT, {machine.category for machine in bought})))


def _write_share(sheet: Sheet, placed: Placed, bought: list[Machine]) -> None:
    """What of the equipment was made at home, of all of it, held against a half."""

    def sum_of(domestic: str, figure: int) -> Formula:
        of_it = f'{placed.column("category")},"{EQUIPMENT}"'
        kept = f',{placed.column("domestic")},"{domestic}"' if domestic else ""
        return Formula(f"=SUMIFS({placed.column('cost')},{of_it}{kept})", figure)

    home = sum(machine.row.accepted for machine in bought if machine.domestic)
    whole = sum(machine.row.accepted for machine in bought)
    unsaid = sum(machine.row.accepted for machine in bought if machine.domestic is None)
    at_home = figure_line(
        sheet, _("國產設備購置金額"), sum_of(_("是"), home), _("產地或核定項目載明國產者"), _SPLIT
    )
    all_of_it = figure_line(
        sheet,
        _("設備總購置金額"),
        sum_of("", whole),
        _("{categories},認列數").format(categories=_bought_under(bought)),
        _SPLIT,
    )
    share = usage(home, whole)
    reached = _("達 50%") if whole and share >= _HALF else _("未達 50%")
    note = _("{reached};達 50% 以上者於審查時優先支持,核定時列為加分者應維持").format(reached=reached)
    if unsaid:
        note = _("{note}。有 {amount} 元的設備沒有載明產地,未計為國產").format(
            note=note, amount=f"{unsaid:,}"
        )
    formula = Formula(f"=IF({all_of_it}=0,0,{at_home}/{all_of_it})", share, "domestic")
    figure_line(sheet, _("國產比率"), formula, note if whole else _("沒有設備支出"), _SPLIT, "percent")
