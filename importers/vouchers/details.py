"""The optional columns of the voucher sheet: what a voucher says beside its amounts, by `ledger.model.voucher_details`.

A sheet without them reads as it always did. A cell that cannot be read is an error with its row, as of any column.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from decimal import Decimal

from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import TableRow
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from ledger.model.voucher_details import DETAILS
from ledger.model.voucher_details import Detail
from ledger.model.voucher_details import DetailValue
from ledger.model.voucher_details import parse_detail
from ledger.util.i18n import _

COLUMNS: Synonyms = {detail.key: (detail.label, *detail.aliases) for detail in DETAILS}
"""The key of a detail -> the headers it may bear, the first being the one on our own form."""

_FIGURES = 13  # of an amount before the point; what is wider is none
_SMALLEST = -20

Details = tuple[tuple[str, DetailValue], ...]


def line_details(line: TableRow) -> Details:
    """What a row says of its own line. Raises ReadError for a cell that cannot be read."""
    return _read(line, (detail for detail in DETAILS if detail.each_line))


def voucher_details(lines: Sequence[TableRow], warnings: list[str]) -> Details:
    """What the rows of one voucher say of it; nothing, and a warning, where they differ. Raises as `line_details`."""
    details = [detail for detail in DETAILS if not detail.each_line]
    found: dict[str, DetailValue] = {}
    differing: set[str] = set()
    for line in lines:
        for key, value in _read(line, details):
            if found.setdefault(key, value) != value:
                differing.add(key)
    for key in sorted(differing):
        del found[key]
        warnings.append(
            _("第 {row} 列: 同一憑證的「{field}」不一致,不採用").format(
                row=lines[0].row, field=COLUMNS[key][0]
            )
        )
    return tuple((detail.key, found[detail.key]) for detail in details if detail.key in found)


def _read(line: TableRow, details: Iterable[Detail]) -> Details:
    found: list[tuple[str, DetailValue]] = []
    for detail in details:
        text = line.text(detail.key)
        value = _value(line, detail, text) if text else None
        if value is not None:
            found.append((detail.key, value))
    return tuple(found)


def _value(line: TableRow, detail: Detail, text: str) -> DetailValue | None:
    try:
        value = parse_detail(detail, plain(text))
    except ValueError:
        raise row_error(line.row, detail.label, text) from None
    if isinstance(value, Decimal) and not _SMALLEST < value.adjusted() < _FIGURES:
        raise row_error(line.row, detail.label, text)
    return value
