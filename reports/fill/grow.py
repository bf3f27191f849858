"""Rows put into a sheet below a table's last row, and all that points below it moved as a spreadsheet would."""

from __future__ import annotations

import copy
import re

from lxml import etree

from ledger.errors import GrantError
from ledger.util.i18n import _
from reports.fill.package import Element
from reports.fill.package import Package
from reports.fill.package import child
from reports.fill.package import children
from reports.fill.package import kind_of
from reports.fill.references import MOST_ROWS
from reports.fill.references import Insertion
from reports.fill.references import moved
from reports.fill.sheet import Area
from reports.fill.sheet import TemplateSheet
from reports.fill.sheet import place_of
from reports.fill.sheet import split_place

_PLACES = frozenset({"ref", "sqref", "activeCell", "topLeftCell"})
_VML_ROW = re.compile(r"(<x:Row>\s*)(\d+)(\s*</x:Row>)")
_VML_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_VML_TOP, _VML_BOTTOM = 2, 6  # of an anchor's eight numbers


class CannotGrowError(GrantError):
    """A sheet into which no rows can be put without breaking something; the message names it."""


def insert_rows(sheet: TemplateSheet, sheets: list[TemplateSheet], insertion: Insertion) -> None:
    """Put rows in below the table's last row: its styles, merged cells and formulas again in each of them.

    `sheets` are all sheets with cells. Raises CannotGrowError where rows may not be put in, or a pivot table or a data
    table stands in the way; FormulaError for a formula that cannot be moved.
    """
    package = sheet.package
    _refuse(sheet, insertion)
    for each in sheets:
        _write_out_shared(each)
    inside = _formulas_inside(sheet, insertion)
    for each in sheets:
        _move_formulas(each.root, each.name, insertion, inside)
        package.changed(each.part)
    _move_places(sheet.root, insertion)
    _move_rows(sheet, insertion)
    _repeat_last_row(sheet, insertion)
    _move_names(package, insertion)
    for chart in package.names("xl/charts/"):
        if chart.endswith(".xml") and _move_formulas(package.tree(chart), "", insertion, set()):
            package.changed(chart)
    for _id, kind, part in package.relations(sheet.part):
        _move_related(package, kind, part, insertion)
    chains = package.related(package.workbook, "calcChain")
    for chain in chains:  # where formulas stand; a spreadsheet makes it anew
        package.remove(chain)
    sheet.forget()


def _refuse(sheet: TemplateSheet, insertion: Insertion) -> None:
    if not sheet.may_insert:
        raise CannotGrowError(
            _('工作表「{name}」受保護,不能加列;請在對照檔改用 grow = "fixed",或先解除保護').format(
                name=sheet.name
            )
        )
    last = max((int(row.get("r")) for row in sheet.data), default=0)
    if last + insertion.added > MOST_ROWS:
        raise CannotGrowError(_("工作表「{name}」放不下這麼多列").format(name=sheet.name))
    package = sheet.package
    for part in package.names("xl/pivotCache/pivotCacheDefinition"):
        if any(each.get("sheet") == sheet.name for each in package.tree(part).iter("{*}worksheetSource")):
            raise CannotGrowError(
                _('樞紐分析表用到工作表「{name}」,不能加列;請在對照檔改用 grow = "fixed"').format(
                    name=sheet.name
                )
            )
    if package.related(sheet.part, "pivotTable") or any(
        formula.get("t") == "dataTable" for formula in sheet.formulas()
    ):
        raise CannotGrowError(
            _('工作表「{name}」有樞紐分析表或運算列表,不能加列;請在對照檔改用 grow = "fixed"').format(
                name=sheet.name
            )
        )
    for formula in sheet.formulas():
        area = Area(str(formula.get("ref") or ""))
        if formula.get("t") == "array" and area.top <= insertion.last < area.bottom:
            raise CannotGrowError(
                _("{cell} 的陣列公式跨過要加列的地方,不能加列").format(
                    cell=sheet.named(place_of(area.top, area.left))
                )
            )


def _write_out_shared(sheet: TemplateSheet) -> None:
    """Formulas that are written once for many cells, written in each: rows that move take their own along."""
    masters: dict[str, tuple[str, str]] = {}
    for row in sheet.data:
        for cell in row:
            formula = child(cell, "f")
            if formula is None or formula.get("t") != "shared":
                continue
            number, place = str(formula.get("si")), str(cell.get("r"))
            if formula.text:
                masters[number] = formula.text, place
            elif number in masters:
                text, origin = masters[number]
                formula.text = moved(text, origin, place)
            for name in {"t", "si", "ref"} & set(formula.attrib):
                del formula.attrib[name]


def _formulas_inside(sheet: TemplateSheet, insertion: Insertion) -> set[Element]:
    """The formulas in the table's own rows."""
    return {
        formula
        for row in sheet.data
        if insertion.first <= int(row.get("r")) <= insertion.last
        for cell in row
        if (formula := child(cell, "f")) is not None
    }


def _move_formulas(root: Element, sheet: str, insertion: Insertion, inside: set[Element]) -> bool:
    """Move the references of every formula in a tree; whether one changed."""
    did = False
    for element in root.iter("{*}f", "{*}formula", "{*}formula1", "{*}formula2"):
        if not element.text:
            continue
        text = insertion.formula(element.text, sheet, inside=element in inside)
        did = did or text != element.text
        element.text = text
    return did


def _move_places(root: Element, insertion: Insertion) -> None:
    """Move every attribute and extension of the sheet that names cells of it, but for rows and cells themselves."""
    for element in root.iter():
        kind = kind_of(element)
        if kind == "sqref" and element.text:
            element.text = insertion.areas(element.text)
        for name in _PLACES & set(element.attrib):
            element.set(name, insertion.areas(str(element.get(name))))
        if kind == "hyperlink" and element.get("location"):
            element.set("location", insertion.formula(str(element.get("location")), insertion.sheet))
    breaks = child(root, "rowBreaks")
    for each in () if breaks is None else breaks:
        above = int(each.get("id") or 0)  # the break stands below this row
        if above >= insertion.last:
            each.set("id", str(above + insertion.added))


def _move_rows(sheet: TemplateSheet, insertion: Insertion) -> None:
    for row in sheet.data:
        number = int(row.get("r"))
        if number > insertion.last:
            _renumber(row, insertion.row(number))


def _renumber(row: Element, number: int) -> None:
    row.set("r", str(number))
    for cell in row:
        place = split_place(str(cell.get("r")))
        if place is not None:
            cell.set("r", place_of(number, place[1]))


def _repeat_last_row(sheet: TemplateSheet, insertion: Insertion) -> None:
    """The new rows as the table's last: its height and styles, its formulas moved, its cells merged as there."""
    last = next((row for row in sheet.data if int(row.get("r")) == insertion.last), None)
    if last is None:
        return
    for place in range(insertion.added, 0, -1):
        number = insertion.last + place
        row = copy.deepcopy(last)
        for cell in row:
            _empty_but_formula(cell, str(cell.get("r")), number)
        _renumber(row, number)
        last.addnext(row)
    merged = child(sheet.root, "mergeCells")
    if merged is None:
        return
    for each in list(merged):
        area = Area(str(each.get("ref")))
        if area.top == area.bottom == insertion.last:
            for place in range(1, insertion.added + 1):
                row_number = insertion.last + place
                ref = f"{place_of(row_number, area.left)}:{place_of(row_number, area.right)}"
                etree.SubElement(merged, each.tag, ref=ref)
    merged.set("count", str(len(merged)))


def _empty_but_formula(cell: Element, place: str, row: int) -> None:
    formula = child(cell, "f")
    for part in list(cell):
        if part is not formula:
            cell.remove(part)
    if "t" in cell.attrib:
        del cell.attrib["t"]
    column = split_place(place)
    if formula is not None and column is not None:
        to = place_of(row, column[1])
        if formula.get("ref"):
            formula.set("ref", moved(str(formula.get("ref")), place, to))
        if formula.text:
            formula.text = moved(formula.text, place, to)


def _move_names(package: Package, insertion: Insertion) -> None:
    """The names of the workbook: print areas, titles, and those that somebody gave."""
    names = child(package.tree(package.workbook), "definedNames")
    for each in () if names is None else names:
        if each.text:
            each.text = insertion.formula(each.text, "")
    package.changed(package.workbook)


def _move_related(package: Package, kind: str, part: str, insertion: Insertion) -> None:
    """What a sheet leans on and says rows of: tables, notes, pictures."""
    if part not in package:
        return
    if kind == "vmlDrawing":
        package.replace_text(part, _moved_vml(package.text(part), insertion))
    elif kind in {"table", "comments", "threadedComment"}:
        _move_places(package.tree(part), insertion)
        package.changed(part)
    elif kind == "drawing":
        for anchor in package.tree(part):
            for corner in (*children(anchor, "from"), *children(anchor, "to")):
                row = child(corner, "row")
                if row is not None and row.text:
                    row.text = str(insertion.row(int(row.text) + 1) - 1)  # counted from 0 there
        package.changed(part)


def _moved_vml(text: str, insertion: Insertion) -> str:
    def row(match: re.Match[str]) -> str:
        return f"{match[1]}{insertion.row(int(match[2]) + 1) - 1}{match[3]}"

    def anchor(match: re.Match[str]) -> str:
        numbers = match[2].split(",")
        for place in (_VML_TOP, _VML_BOTTOM):
            if place < len(numbers) and numbers[place].strip().isdigit():
                numbers[place] = f" {insertion.row(int(numbers[place]) + 1) - 1}"
        return f"{match[1]}{','.join(numbers)}{match[3]}"

    return _VML_ANCHOR.sub(anchor, _VML_ROW.sub(row, text))
