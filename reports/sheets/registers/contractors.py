"""委託研究或驗證費 by contractor: what each one's vouchers come to, under the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ledger.util.i18n import _
from reports.data.cost_rows import DetailRow
from reports.xlsx.grid import Formula
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import Value
from reports.xlsx.sheet_frame import section
from reports.xlsx.table import Column
from reports.xlsx.table import Placed
from reports.xlsx.table import TableRow
from reports.xlsx.table import write_table

_AMOUNTS = {
    "claimed": "claimed",
    "government": "government",
    "self": "self_funded",
    "disallowed": "disallowed",
    "parked": "parked",
    "accepted": "accepted",
}


def write_contractors(
    sheet: Sheet, detail: Sequence[Column], placed: Placed, rows: Sequence[DetailRow]
) -> None:
    """One row a contractor, each a sum over its own lines; these stand together in the table above."""
    section(sheet, _("各受託單位小計"))
    written = []
    first = placed.first
    for supplier, group in groupby(rows, key=lambda row: row.supplier):
        lines = list(group)
        last = first + len(lines) - 1
        values: dict[str, Value] = {
            "supplier": supplier,
            "items": _("、").join(dict.fromkeys(line.item for line in lines if line.item)),
        }
        for key, name in _AMOUNTS.items():
            letter = placed.letters[key]
            figure = sum(getattr(line, name) for line in lines)
            values[key] = Formula(f"=SUM({letter}{first}:{letter}{last})", figure)
        written.append(TableRow(values))
        first = last + 1
    write_table(sheet, _columns(detail), written, _("合計"))


def _columns(detail: Sequence[Column]) -> list[Column]:
    """Columns over those of the table above, so that amounts stand under amounts."""
    keys = [column.key for column in detail if not column.screen_only]
    names, items = keys.index("item"), keys.index("claimed") - keys.index("item")
    amounts = [column._replace(group="") for column in detail if column.key in _AMOUNTS]
    return [
        Column("supplier", _("受託單位"), 24, span=names),
        Column("items", _("品名(核定項目)"), 24, span=items),
        *amounts,
        Column("note", _("備註"), 12, "remark", span=len(keys) - keys.index("accepted") - 1),
    ]
