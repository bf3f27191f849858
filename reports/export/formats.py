"""An exported table as csv, json or parquet; the same rows give the same bytes.

In csv a text that a spreadsheet would take for a formula begins with an apostrophe; amounts are numbers. In json
and parquet texts stand as they are.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from typing import Literal

from ledger.errors import GrantError
from ledger.util.i18n import _
from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.dataset import Value

Format = Literal["csv", "json", "parquet"]
Row = tuple[Value, ...]

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones too


class FormatError(GrantError):
    """A format that cannot be written here; the message says what is missing."""


def encode(table: ExportTable, rows: Sequence[Row], form: Format) -> bytes:
    """A table in a format. Raises FormatError where parquet's library is not there."""
    writers: Mapping[Format, Callable[[ExportTable, Sequence[Row]], bytes]] = {
        "csv": as_csv,
        "json": as_json,
        "parquet": as_parquet,
    }
    return writers[form](table, rows)


def as_csv(table: ExportTable, rows: Sequence[Row]) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.name for field in table.fields])
    writer.writerows([[_csv_cell(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig", "replace")


def _csv_cell(value: Value) -> str | int | Decimal | None:
    if isinstance(value, str):
        return safe_text(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    bare = text.replace("\x00", "")
    return "'" + bare if bare.lstrip(" ").startswith(_RISKY) else bare


def as_json(table: ExportTable, rows: Sequence[Row]) -> bytes:
    """A list of objects; decimals that are not whole as text, so that none is rounded."""
    names = [field.name for field in table.fields]
    found = [dict(zip(names, map(_json_value, row), strict=True)) for row in rows]
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _json_value(value: Value) -> str | int | None:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def as_parquet(table: ExportTable, rows: Sequence[Row]) -> bytes:
    """Typed columns: text, date, whole numbers, decimals."""
    try:
        import pyarrow  # noqa: PLC0415 -- an optional library, and a slow one to load
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        message = _('產生 parquet 需要 pyarrow:pip install "grantledger[parquet]"({error})')
        raise FormatError(message.format(error=error)) from error
    columns = zip(*rows, strict=True) if rows else [() for _field in table.fields]
    arrays = [_array(pyarrow, field, column) for field, column in zip(table.fields, columns, strict=True)]
    made = pyarrow.Table.from_arrays(arrays, names=[field.name for field in table.fields])
    sink = io.BytesIO()
    parquet.write_table(made, sink, compression="zstd")
    return sink.getvalue()


def _array(pyarrow: Any, field: ExportField, values: Sequence[Value]) -> Any:
    if field.kind == "text":
        return pyarrow.array(values, pyarrow.string())
    if field.kind == "date":
        return pyarrow.array(values, pyarrow.date32())
    if field.kind != "number":
        try:
            return pyarrow.array(values, pyarrow.int64())
        except pyarrow.ArrowException:
            pass  # books that are not in whole NT$: shown as they are
    numbers = [None if value is None else Decimal(str(value)) for value in values]
    return pyarrow.array(numbers, pyarrow.decimal128(38, 6))
