"""來源 (hidden): which transactions the amount cells stand for, and where these are written."""

from __future__ import annotations

from pathlib import Path

from ledger.i18n import _
from reports.grid import Sheet
from reports.sheets.common import place
from reports.table import Column
from reports.table import Row
from reports.table import write_table


def write_sources(sheet: Sheet, folder: Path | None) -> None:
    """One row a row of amounts; formulas are followed through the cells that they name."""
    columns = [
        Column("sheet", _("工作表"), 24),
        Column("cells", _("儲存格"), 40),
        Column("voucher", _("憑證號碼"), 20),
        Column("import_id", _("匯入識別碼"), 40),
        Column("place", _("帳本位置"), 40),
    ]
    sheet.set_widths([column.width for column in columns])
    rows = [
        Row(
            {
                "sheet": trail.sheet,
                "cells": " ".join(trail.cells),
                "voucher": "\n".join(str(entry.meta.get("number") or "") for entry in trail.sources),
                "import_id": "\n".join(str(entry.meta.get("import-id") or "") for entry in trail.sources),
                "place": "\n".join(place(entry, folder) for entry in trail.sources),
            }
        )
        for trail in sheet.book.trails
    ]
    write_table(sheet, columns, rows)
    sheet.worksheet.sheet_state = "hidden"
