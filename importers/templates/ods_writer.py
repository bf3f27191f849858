"""Writes a workbook of ours as an OpenDocument spreadsheet (.ods, ISO/IEC 26300): its cells, looks and lists.

Only what our forms use: texts, fonts and fills, column widths, a frozen header, hidden sheets, lists to choose from.
"""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from lxml.etree import _Element as Element
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_NAMES = {
    "office": _URN.format("office"),
    "table": _URN.format("table"),
    "text": _URN.format("text"),
    "style": _URN.format("style"),
    "fo": _URN.format("xsl-fo-compatible"),
    "number": _URN.format("datastyle"),
    "config": _URN.format("config"),
    "manifest": _URN.format("manifest"),
    "ooo": "http://openoffice.org/2004/office",
    "of": "urn:oasis:names:tc:opendocument:xmlns:of:1.2",
}
_VERSION = "1.3"
_CM_A_CHARACTER = 0.2
_DATA_STYLES = {"@": "N-text", "yyyy-mm-dd": "N-date", "#,##0": "N-money"}
_LIST = re.compile(r"=(?P<sheet>[^!]+)!(?P<first>\$[A-Z]+\$\d+):(?P<last>\$[A-Z]+\$\d+)")
_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # of the zip's members: the same form gives the same bytes


def write_ods(book: Workbook, path: Path) -> None:
    """Write `book` to `path`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("mimetype", _TYPE.encode()),  # first and not packed: by it the file is known
            ("META-INF/manifest.xml", _as_bytes(_manifest())),
            ("content.xml", _as_bytes(_Content(book).root)),
            ("settings.xml", _as_bytes(_settings(book))),
        ):
            member = zipfile.ZipInfo(name, _SAME_DAY)
            member.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(member, content)


def _as_bytes(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _name(name: str) -> str:
    """`table:name` as lxml writes it."""
    prefix, _colon, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def _root(name: str) -> Element:
    root = etree.Element(_name(name), nsmap=_NAMES)
    root.set(_name("manifest:version" if name.startswith("manifest") else "office:version"), _VERSION)
    return root


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A child; an attribute `table__name` is `table:name`, and an underscore in it a hyphen."""
    child = etree.SubElement(parent, _name(name))
    for key, value in attributes.items():
        prefix, _mark, local = key.partition("__")
        child.set(_name(f"{prefix}:{local.replace('_', '-')}"), value)
    child.text = text
    return child


def _manifest() -> Element:
    root = _root("manifest:manifest")
    for place, kind in (("/", _TYPE), ("content.xml", "text/xml"), ("settings.xml", "text/xml")):
        _add(root, "manifest:file-entry", manifest__full_path=place, manifest__media_type=kind)
    return root


def _settings(book: Workbook) -> Element:
    """Which rows stay in sight."""
    root = _root("office:document-settings")
    settings = _add(root, "office:settings")
    views = _add(settings, "config:config-item-set", config__name="ooo:view-settings")
    view = _add(
        _add(views, "config:config-item-map-indexed", config__name="Views"), "config:config-item-map-entry"
    )
    _add(view, "config:config-item", "view1", config__name="ViewId", config__type="string")
    tables = _add(view, "config:config-item-map-named", config__name="Tables")
    for page in book.worksheets:
        if page.freeze_panes != "A2":
            continue
        entry = _add(tables, "config:config-item-map-entry", config__name=page.title)
        for name, kind, value in (
            ("VerticalSplitMode", "short", "2"),
            ("VerticalSplitPosition", "int", "1"),
            ("ActiveSplitRange", "short", "2"),
            ("PositionBottom", "int", "1"),
        ):
            _add(entry, "config:config-item", value, config__name=name, config__type=kind)
    return root


class _Content:
    """content.xml: the styles and lists that the sheets name, and the sheets."""

    def __init__(self, book: Workbook) -> None:
        self.root = _root("office:document-content")
        self._styles = _add(self.root, "office:automatic-styles")
        self._cell_styles: dict[tuple[object, ...], str] = {}
        self._write_data_styles()
        self._write_fixed_styles()
        sheets = _add(_add(self.root, "office:body"), "office:spreadsheet")
        self._lists = _add(sheets, "table:content-validations")
        self._listed: dict[str, str] = {}  # what a list is told by: its name
        for number, page in enumerate(book.worksheets):
            self._write_sheet(sheets, page, number)

    # --- styles ----------------------------------------------------------------------------------------

    def _write_data_styles(self) -> None:
        text = _add(self._styles, "number:text-style", style__name="N-text")
        _add(text, "number:text-content")
        day = _add(self._styles, "number:date-style", style__name="N-date")
        for part, text_between in (("year", "-"), ("month", "-"), ("day", "")):
            _add(day, f"number:{part}", number__style="long")
            if text_between:
                _add(day, "number:text", text_between)
        money = _add(self._styles, "number:number-style", style__name="N-money")
        _add(
            money,
            "number:number",
            number__decimal_places="0",
            number__min_integer_digits="1",
            number__grouping="true",
        )

    def _write_fixed_styles(self) -> None:
        for name, shown in (("sheet", "true"), ("hidden", "false")):
            style = _add(self._styles, "style:style", style__name=name, style__family="table")
            _add(style, "style:table-properties", table__display=shown)

    def _column_style(self, page: Worksheet, number: int, column: int) -> str:
        name = f"co{number}-{column}"
        style = _add(self._styles, "style:style", style__name=name, style__family="table-column")
        width = page.column_dimensions[get_column_letter(column)].width * _CM_A_CHARACTER
        _add(style, "style:table-column-properties", style__column_width=f"{width:.2f}cm")
        return name

    def _cell_style(self, cell: Cell | MergedCell) -> str:
        font, fill = cell.font, cell.fill
        colour = font.color.rgb[-6:] if font.color is not None and isinstance(font.color.rgb, str) else ""
        ground = fill.start_color.rgb[-6:] if fill.fill_type == "solid" else ""
        look = (
            font.name,
            font.sz,
            font.b,
            font.i,
            colour,
            ground,
            cell.number_format,
            cell.alignment.horizontal,
        )
        if look in self._cell_styles:
            return self._cell_styles[look]
        name = f"ce{len(self._cell_styles) + 1}"
        self._cell_styles[look] = name
        style = _add(self._styles, "style:style", style__name=name, style__family="table-cell")
        if cell.number_format in _DATA_STYLES:
            style.set(_name("style:data-style-name"), _DATA_STYLES[cell.number_format])
        if ground:
            _add(style, "style:table-cell-properties", fo__background_color=f"#{ground}")
        if cell.alignment.horizontal:
            _add(style, "style:paragraph-properties", fo__text_align=cell.alignment.horizontal)
        words = _add(style, "style:text-properties", fo__color=f"#{colour or '000000'}")
        for key, value in (
            ("font-family", str(font.name)),
            ("font-size", f"{font.sz:g}pt"),
            ("font-weight", "bold" if font.b else "normal"),
            ("font-style", "italic" if font.i else "normal"),
        ):
            words.set(_name(f"fo:{key}"), value)
            words.set(_name(f"style:{key}-asian"), value)
        return name

    # --- sheets ----------------------------------------------------------------------------------------

    def _write_sheet(self, sheets: Element, page: Worksheet, number: int) -> None:
        style = "hidden" if page.sheet_state == "hidden" else "sheet"
        table = _add(sheets, "table:table", table__name=page.title, table__style_name=style)
        for column in range(1, page.max_column + 1):
            _add(table, "table:table-column", table__style_name=self._column_style(page, number, column))
        for row, count in self._rows(page):
            line = _add(table, "table:table-row")
            if count > 1:
                line.set(_name("table:number-rows-repeated"), str(count))
            for text, look, offered in row:
                cell = _add(line, "table:table-cell", table__style_name=look)
                if offered:
                    cell.set(_name("table:content-validation-name"), offered)
                if text:
                    cell.set(_name("office:value-type"), "string")
                    _add(cell, "text:p", text)

    def _rows(self, page: Worksheet) -> Iterator[tuple[tuple[tuple[str, str, str], ...], int]]:
        """The cells of each row (text, style, list), with how many rows in a row are the same."""
        offered: dict[tuple[int | None, int | None], str] = {
            (row, column): self._list_name(page, rule)
            for rule in page.data_validations.dataValidation
            for cells in rule.sqref.ranges
            for columns in [range_boundaries(cells.coord)]
            for row in range(int(columns[1] or 1), int(columns[3] or 1) + 1)
            for column in range(int(columns[0] or 1), int(columns[2] or 1) + 1)
        }
        rows = (
            tuple(
                (
                    "" if cell.value is None else str(cell.value),
                    self._cell_style(cell),
                    offered.get((cell.row, cell.column), ""),
                )
                for cell in row
            )
            for row in page.iter_rows(max_row=max([page.max_row, *(row or 1 for row, _column in offered)]))
        )
        for row, same in itertools.groupby(rows):
            yield row, sum(1 for _row in same)

    def _list_name(self, page: Worksheet, rule: DataValidation) -> str:
        formula = str(rule.formula1)
        if formula in self._listed:
            return self._listed[formula]
        found = _LIST.fullmatch(formula)
        if found is None:
            raise ValueError(formula)  # our forms have no other rules
        name = f"list{len(self._listed) + 1}"
        self._listed[formula] = name
        cells = f"[${found['sheet']}.{found['first']}:.{found['last']}]"
        element = _add(
            self._lists,
            "table:content-validation",
            table__name=name,
            table__condition=f"of:cell-content-is-in-list({cells})",
            table__allow_empty_cell="true",
            table__base_cell_address=f"${page.title}.$A$1",
        )
        prompt = _add(
            element, "table:help-message", table__title=str(rule.promptTitle), table__display="true"
        )
        _add(prompt, "text:p", str(rule.prompt))
        _add(element, "table:error-message", table__display="false")  # other words stay allowed
        return name
