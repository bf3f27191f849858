"""What every sheet has: its title, its boxes to sign in, the stamp at its foot, how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from ledger.util.i18n import _
from reports.xlsx.grid import Sheet
from reports.xlsx.styles import set_up_page
from reports.xlsx.table import Column
from reports.xlsx.table import Placed

_TITLE_HEIGHT = 30
_SIGN_HEIGHT = 54


class SheetFrame(NamedTuple):
    """What stands above and below every sheet of one report."""

    kind: str
    whose: str
    stamp: str


def begin(sheet: Sheet, frame: SheetFrame, title: str, columns: Sequence[Column | int]) -> None:
    """Set the columns, and write the title and whose case it is."""
    printed = [column for column in columns if not (isinstance(column, Column) and column.screen_only)]
    widths = [column.width if isinstance(column, Column) else column for column in columns]
    sheet.set_widths(widths[: len(printed)], widths[len(printed) :])
    whole = _("{kind} {title}").format(kind=frame.kind, title=title) if frame.kind else title
    sheet.line(whole, "title", height=_TITLE_HEIGHT)
    sheet.line(frame.whose, "subtitle")


def section(sheet: Sheet, title: str) -> None:
    """An empty line and a heading within the sheet."""
    sheet.end_row()
    sheet.line(title, "section")


def finish(
    sheet: Sheet,
    frame: SheetFrame,
    placed: Placed | None = None,
    *,
    landscape: bool = True,
    sign: bool = True,
    freeze: int = 1,
    signers: Sequence[str] = (),
) -> None:
    """Signature boxes, the stamp, the print set-up; of the table: frozen heading, filter, repeated rows.

    `freeze` is how many columns stay in sight, `signers` who signs where these are not the company's people.
    """
    if sign:
        _signatures(sheet, signers or (_("填表人"), _("主辦會計"), _("計畫主持人"), _("負責人")))
    sheet.end_row()
    sheet.line(frame.stamp, "note")
    worksheet = sheet.worksheet
    if placed is not None:
        worksheet.freeze_panes = f"{get_column_letter(freeze + 1)}{placed.first}"
        letters = list(placed.letters.values())
        worksheet.auto_filter.ref = f"{letters[0]}{placed.heading[1]}:{letters[-1]}{placed.last}"
    set_up_page(
        worksheet,
        landscape=landscape,
        stamp=frame.stamp,
        heading_rows=placed.heading if placed else None,
    )
    worksheet.print_area = f"A1:{get_column_letter(sheet.width)}{sheet.row - 1}"


def _signatures(sheet: Sheet, labels: Sequence[str]) -> None:
    """Four boxes over the width of the sheet, one for each who signs."""
    sheet.end_row()
    edges = _quarters(sheet.widths)
    for label, (first, last) in zip(labels, edges, strict=False):
        sheet.span(first, last, label, "sign")
    sheet.end_row(_SIGN_HEIGHT)  # one row: a page never ends within a box


def _quarters(widths: list[int]) -> list[tuple[int, int]]:
    """The columns cut into four of about the same width; fewer where there are fewer columns."""
    edges: list[tuple[int, int]] = []
    first, taken = 1, 0
    total = sum(widths)
    for column, width in enumerate(widths, 1):
        taken += width
        left = len(widths) - column
        enough = taken * 4 >= total * (len(edges) + 1) - width
        if len(edges) < 3 and left >= 3 - len(edges) and (enough or left == 3 - len(edges)):
            edges.append((first, column))
            first = column + 1
    edges.append((first, len(widths)))
    return edges
