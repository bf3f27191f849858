"""How the sheets look: one named style a kind of cell, and the page set-up for A4."""

from __future__ import annotations

from typing import Any
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.styles import Border
from openpyxl.styles import Font
from openpyxl.styles import NamedStyle
from openpyxl.styles import PatternFill
from openpyxl.styles import Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Style = Literal[
    "title",
    "subtitle",
    "heading",
    "text",
    "center",
    "amount",
    "quantity",
    "percent",
    "share",
    "decimal",
    "date",
    "label",
    "key",
    "total-text",
    "total",
    "total-percent",
    "section",
    "note",
    "sign",
    "remark",
    "field",
    "plain-amount",
    "link",
]

FONT = "微軟正黑體"  # on every Windows and Mac with Office; other systems put their own Chinese font in its place
_BASE_SIZE = 10
_LINE = Side(style="thin", color="FF8C8C8C")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADING_FILL = PatternFill("solid", fgColor="FFDCE6F1")
_TOTAL_FILL = PatternFill("solid", fgColor="FFF2F2F2")
AMOUNT = "#,##0"
SHARE = "0.00"  # person-months, to the hundredth
DATE = (
    "[$-404]e/mm/dd"  # years of the Republic, as headings and forms have them; still a date to calculate with
)
ROW_HEIGHT = 18


def _style(
    name: Style,
    *,
    horizontal: Literal["left", "center", "right"] = "left",
    alignment: Alignment | None = None,
    size: int = _BASE_SIZE,
    bold: bool = False,
    number_format: str = "General",
    border: Border | None = _BOX,
    fill: PatternFill | None = None,
) -> NamedStyle:
    return NamedStyle(
        name=f"grant {name}",
        font=Font(name=FONT, size=size, bold=bold),
        alignment=alignment or Alignment(horizontal=horizontal, vertical="center", wrap_text=True),
        number_format=number_format,
        border=border or Border(),
        fill=fill or PatternFill(),
    )


def _link_style() -> NamedStyle:
    """A voucher's number that leads to the voucher's line."""
    style = _style("link", horizontal="center")
    style.font = Font(name=FONT, size=_BASE_SIZE, color="FF1F4E79")
    return style


def add_styles(book: Workbook) -> None:
    """Give `book` our styles, in a fixed order."""
    for style in (
        _style("title", horizontal="center", size=16, bold=True, border=None),
        _style("subtitle", horizontal="center", border=None),
        _style("heading", horizontal="center", bold=True, fill=_HEADING_FILL),
        _style("text"),
        _style("center", horizontal="center"),
        _style("amount", horizontal="right", number_format=AMOUNT),
        _style("quantity", horizontal="right", number_format="#,##0.##"),
        _style("percent", horizontal="right", number_format="0.0%"),
        _style("share", horizontal="right", number_format=SHARE),
        _style("decimal", horizontal="right", number_format="#,##0.####"),
        _style("date", horizontal="center", number_format=DATE),
        _style("label", border=_BOX),
        _style("key", bold=True, fill=_HEADING_FILL),
        _style("total-text", horizontal="center", bold=True, fill=_TOTAL_FILL),
        _style("total", horizontal="right", bold=True, number_format=AMOUNT, fill=_TOTAL_FILL),
        _style("total-percent", horizontal="right", bold=True, number_format="0.0%", fill=_TOTAL_FILL),
        _style("section", size=12, bold=True, border=None),
        _style("note", size=9, border=None),
        _style("sign", alignment=Alignment(horizontal="center", vertical="top")),
        _style("remark", alignment=Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)),
        _style("field", border=None),
        _link_style(),
        _style("plain-amount", horizontal="right", number_format=AMOUNT, border=None),
    ):
        book.add_named_style(style)


def set_up_page(
    sheet: Worksheet, *, landscape: bool, stamp: str, heading_rows: tuple[int, int] | None
) -> None:
    """A4, one page wide, the heading on every page, the stamp and the page's number at its foot."""
    page = sheet.page_setup
    page.paperSize = 9  # A4
    page.orientation = "landscape" if landscape else "portrait"
    page.fitToWidth = 1
    page.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.5, 0.7
    margins.header = margins.footer = 0.3
    footer: Any = sheet.oddFooter
    footer.left.text = stamp.replace("&", "&&")
    footer.left.size = 7
    footer.right.text = "&P / &N"
    footer.right.size = 9
    if heading_rows is not None:
        sheet.print_title_rows = f"{heading_rows[0]}:{heading_rows[1]}"
