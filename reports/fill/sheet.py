"""One sheet of a template: which of its cells may be written, and writing them, in its own XML."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils import get_column_letter

from ledger.util.i18n import _
from reports.fill.package import Element
from reports.fill.package import Package
from reports.fill.package import child
from reports.fill.package import children

CellValue = str | int | Decimal | datetime.date | None

LONGEST_TEXT = 32_767  # of a cell, by the format
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TRUE = frozenset({"1", "true"})
_DATE_FORMATS = frozenset(
    {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
)  # of the built-in ones
_EPOCHS = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}  # day 0 of a serial date


def split_place(place: str) -> tuple[int, int] | None:
    """(row, column) of `B7`; None where it is no cell."""
    match = _PLACE.fullmatch(place.strip().upper())
    return (int(match[2]), column_index_from_string(match[1])) if match else None


def place_of(row: int, column: int) -> str:
    """`B7` of a row and column."""
    return f"{get_column_letter(column)}{row}"


class Area:
    """A rectangle of cells, as `B3:D5` writes it."""

    def __init__(self, text: str) -> None:
        """A text that is no area holds no cell."""
        match = _AREA.fullmatch(text)
        left, top, right, bottom = match.groups() if match else ("A", "0", None, None)
        self.top, self.left = int(top), column_index_from_string(left)
        self.bottom, self.right = int(bottom or top), column_index_from_string(right or left)

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


class Styles:
    """What the workbook's styles say of a cell: whether it shows a date, and whether protection locks it."""

    def __init__(self, package: Package) -> None:
        """Without styles every cell is locked and shows no date."""
        found = package.related(package.workbook, "styles")
        root = package.tree(found[0]) if found and found[0] in package else None
        formats = {} if root is None else self._own_formats(root)
        cells = None if root is None else child(root, "cellXfs")
        self._dates: list[bool] = []
        self._locked: list[bool] = []
        for style in () if cells is None else children(cells, "xf"):
            number = int(style.get("numFmtId") or 0)
            code = formats.get(number, BUILTIN_FORMATS.get(number, ""))
            self._dates.append(number in _DATE_FORMATS or bool(is_date_format(code)))
            protection = child(style, "protection")
            self._locked.append(protection is None or protection.get("locked", "1") in _TRUE)

    @staticmethod
    def _own_formats(root: Element) -> dict[int, str]:
        found = child(root, "numFmts")
        return {
            int(each.get("numFmtId") or 0): str(each.get("formatCode") or "")
            for each in (() if found is None else found)
        }

    def shows_date(self, style: int) -> bool:
        """Whether a cell of this style shows a number as a date."""
        return style < len(self._dates) and self._dates[style]

    def locks(self, style: int) -> bool:
        """Whether a cell of this style is locked where its sheet is protected."""
        return style >= len(self._locked) or self._locked[style]


class TemplateSheet:
    """A sheet's part of the workbook."""

    def __init__(self, package: Package, name: str, part: str, styles: Styles, *, is_hidden: bool) -> None:
        """`name` is its title; `part` the file in the zip."""
        self.name, self.part, self.package, self.is_hidden = name, part, package, is_hidden
        self._styles = styles

    @property
    def root(self) -> Element:
        """Its tree."""
        return self.package.tree(self.part)

    @property
    def data(self) -> Element:
        """Its rows."""
        return child(self.root, "sheetData")

    # --- what may be written ---------------------------------------------------------------------------

    def refusal(self, row: int, column: int) -> str:
        """Why nothing may be written into a cell, in words that name it; empty where it may."""
        place = place_of(row, column)
        for area in self.merged:
            if area.holds(row, column) and (row, column) != (area.top, area.left):
                return _("{cell} 是合併儲存格的一部分;請寫 {first}").format(
                    cell=self.named(place), first=place_of(area.top, area.left)
                )
        if self._is_hidden_row(row) or column in self._hidden_columns:
            return _("{cell} 在隱藏的列或欄裡;請換一格,或先取消隱藏").format(cell=self.named(place))
        cell = self.cell(row, column)
        if (cell is not None and child(cell, "f") is not None) or self._is_of_array(row, column):
            return _("{cell} 是公式,不能蓋掉;請換一格").format(cell=self.named(place))
        if self.is_protected and self._styles.locks(self.style_at(row, column)):
            return _("{cell} 被工作表保護鎖住;請換成沒有鎖定的格").format(cell=self.named(place))
        return ""

    def named(self, place: str) -> str:
        """A cell with its sheet's name before it."""
        return f"{self.name}!{place}"

    @property
    def is_protected(self) -> bool:
        """Whether locked cells may not be written."""
        found = child(self.root, "sheetProtection")
        return found is not None and found.get("sheet", "0") in _TRUE

    @property
    def may_insert(self) -> bool:
        """Whether rows may be put in."""
        found = child(self.root, "sheetProtection")
        return found is None or not self.is_protected or found.get("insertRows", "1") not in _TRUE

    @property
    def merged(self) -> list[Area]:
        """The merged areas."""
        found = child(self.root, "mergeCells")
        return [] if found is None else [Area(str(each.get("ref"))) for each in found]

    def _is_hidden_row(self, row: int) -> bool:
        found = self._row(row)
        return found is not None and found.get("hidden", "0") in _TRUE

    @functools.cached_property
    def _hidden_columns(self) -> frozenset[int]:
        return frozenset(
            column
            for each in self._columns()
            if each.get("hidden", "0") in _TRUE
            for column in range(int(each.get("min")), int(each.get("max")) + 1)
        )

    def _columns(self) -> Iterator[Element]:
        found = child(self.root, "cols")
        yield from () if found is None else found

    def _is_of_array(self, row: int, column: int) -> bool:
        """Whether a cell shows a part of what an array formula or a data table gives."""
        return any(area.holds(row, column) for area in self._arrays)

    @functools.cached_property
    def _arrays(self) -> list[Area]:
        return [
            Area(str(formula.get("ref")))
            for formula in self.formulas()
            if formula.get("t") in {"array", "dataTable"} and formula.get("ref")
        ]

    def formulas(self) -> Iterator[Element]:
        """The formulas of its cells."""
        for row in self.data:
            for cell in row:
                found = child(cell, "f")
                if found is not None:
                    yield found

    # --- reading and writing ---------------------------------------------------------------------------

    def _row(self, row: int) -> Element | None:
        return self._rows.get(row)

    @functools.cached_property
    def _rows(self) -> dict[int, Element]:
        return {int(each.get("r")): each for each in self.data if each.get("r")}

    def forget(self) -> None:
        """Read the rows anew, after some were put in."""
        for name in ("_rows", "_arrays", "_hidden_columns"):
            self.__dict__.pop(name, None)

    def cell(self, row: int, column: int) -> Element | None:
        """The element of a cell; None where nothing is written down of it."""
        found, place = self._row(row), place_of(row, column)
        return None if found is None else next((cell for cell in found if cell.get("r") == place), None)

    def style_at(self, row: int, column: int) -> int:
        """The number of a cell's style: its own, its row's, or its column's."""
        cell = self.cell(row, column)
        if cell is not None:
            return int(cell.get("s") or 0)
        found = self._row(row)
        if found is not None and found.get("customFormat", "0") in _TRUE:
            return int(found.get("s") or 0)
        for each in self._columns():
            if int(each.get("min")) <= column <= int(each.get("max")):
                return int(each.get("style") or 0)
        return 0

    def write(self, row: int, column: int, value: CellValue, *, roc: str) -> None:
        """Put a value into a cell, its style as it was.

        A day goes in as a date where the cell's style shows one, else as `roc`, its text.
        """
        cell = self._made(row, column)
        for part in list(cell):
            cell.remove(part)
        for name in {"t", "cm", "vm", "ph"} & set(cell.attrib):
            del cell.attrib[name]
        if isinstance(value, datetime.date):
            shows = self._styles.shows_date(int(cell.get("s") or 0))
            value = (value - _EPOCHS[self._counts_from_1904]).days if shows else roc
        if isinstance(value, str):
            if value:
                cell.set("t", "inlineStr")
                text = etree.SubElement(etree.SubElement(cell, self._tag("is")), self._tag("t"))
                text.text = _NO_XML.sub("", value)
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        elif value is not None:
            etree.SubElement(cell, self._tag("v")).text = (
                f"{value:f}" if isinstance(value, Decimal) else str(value)
            )
        self.package.changed(self.part)

    @property
    def _counts_from_1904(self) -> bool:
        found = child(self.package.tree(self.package.workbook), "workbookPr")
        return found is not None and found.get("date1904", "0") in _TRUE

    def _made(self, row: int, column: int) -> Element:
        """The element of a cell, made with the style that it shows where there is none."""
        cell = self.cell(row, column)
        if cell is not None:
            return cell
        style = self.style_at(row, column)
        found = self._row(row)
        if found is None:
            found = etree.Element(self._tag("row"), r=str(row))
            later = next((each for each in self.data if int(each.get("r") or 0) > row), None)
            if later is None:
                self.data.append(found)
            else:
                later.addprevious(found)
            self._rows[row] = found
        made = etree.Element(self._tag("c"), r=place_of(row, column))
        if style:
            made.set("s", str(style))
        places = ((each, split_place(str(each.get("r")))) for each in found)
        after = next((each for each, place in places if place and place[1] > column), None)
        if after is None:
            found.append(made)
        else:
            after.addprevious(made)
        if "spans" in found.attrib:
            del found.attrib["spans"]
        return made

    def _tag(self, kind: str) -> str:
        return f"{{{etree.QName(self.root).namespace}}}{kind}"


def sheets_of(package: Package) -> dict[str, TemplateSheet | str]:
    """The sheets by name; instead of one without cells that can be told apart, why."""
    targets = {id_: (kind, target) for id_, kind, target in package.relations(package.workbook)}
    styles = Styles(package)
    found: dict[str, TemplateSheet | str] = {}
    listed = child(package.tree(package.workbook), "sheets")
    for each in () if listed is None else listed:
        name = str(each.get("name"))
        relation = next((value for key, value in each.attrib.items() if str(key).endswith("}id")), "")
        kind, part = targets.get(str(relation), ("", ""))
        data = child(package.tree(part), "sheetData") if kind == "worksheet" and part in package else None
        if data is None:
            found[name] = _("工作表「{name}」沒有儲存格(例如只有圖表)").format(name=name)
        elif any(not place.get("r") for row in data for place in (row, *row)):
            found[name] = _("工作表「{name}」的列沒有編號;請用試算表軟體另存一次").format(name=name)
        else:
            is_hidden = each.get("state", "visible") != "visible"
            found[name] = TemplateSheet(package, name, part, styles, is_hidden=is_hidden)
    return found
