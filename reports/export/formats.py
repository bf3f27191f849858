"""A DataFrame as csv, json or parquet; the same rows give the same bytes.

In csv a text that a spreadsheet would take for a formula begins with an apostrophe; amounts are numbers. In json
and parquet texts stand as they are.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from typing import Literal

import pandas as pd

from ledger.errors import GrantError
from ledger.util.i18n import _

Format = Literal["csv", "json", "parquet"]

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones too


class FormatError(GrantError):
    """A format that cannot be written here; the message says what is missing."""


def encode(frame: pd.DataFrame, form: Format) -> bytes:
    """A table in a format. Raises FormatError where parquet's library is not there."""
    writers: Mapping[Format, Callable[[pd.DataFrame], bytes]] = {
        "csv": as_csv,
        "json": as_json,
        "parquet": as_parquet,
    }
    return writers[form](frame)


def as_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by."""
    texts = {
        str(name): frame[name].map(safe_text, na_action="ignore") for name in frame if _is_text(frame[name])
    }
    written = frame.assign(**texts).to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d")
    return written.encode("utf-8-sig", "replace")


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    bare = text.replace("\x00", "")
    return "'" + bare if bare.lstrip(" ").startswith(_RISKY) else bare


def as_json(frame: pd.DataFrame) -> bytes:
    """A list of objects; decimals that are not whole as text, so that none is rounded."""
    plain = frame.assign(**{str(name): _json_column(frame[name]) for name in frame})
    found = plain.to_dict(orient="records")
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _json_column(column: pd.Series) -> pd.Series:
    """A column as Python's own values, None where there is none."""
    if column.dtype.kind == "M":
        column = column.dt.strftime("%Y-%m-%d")
    plain = [None if pd.isna(value) else _json_value(value) for value in column.astype(object)]
    return pd.Series(plain, dtype=object)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value)
    return value


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Typed columns: text, date, whole numbers, decimals of six places. Raises FormatError where pyarrow is not there."""
    try:
        import pyarrow  # noqa: PLC0415 -- an optional library, and a slow one to load
    except ImportError as error:
        message = _('產生 parquet 需要 pyarrow:pip install "grantledger[parquet]"({error})')
        raise FormatError(message.format(error=error)) from error
    schema = pyarrow.schema([(str(name), _arrow_type(pyarrow, frame[name])) for name in frame])
    sink = io.BytesIO()
    _with_decimals(frame).to_parquet(sink, engine="pyarrow", index=False, compression="zstd", schema=schema)
    return sink.getvalue()


def _arrow_type(pyarrow: Any, column: pd.Series) -> Any:
    if _is_text(column):
        return pyarrow.string()
    if column.dtype.kind == "M":
        return pyarrow.date32()
    return pyarrow.decimal128(38, 6) if column.dtype == object else pyarrow.int64()


def _with_decimals(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with whole numbers among decimals as decimals, for a parquet column has one type."""
    mixed = {
        str(name): frame[name].map(lambda value: Decimal(str(value)), na_action="ignore")
        for name in frame
        if frame[name].dtype == object
    }
    return frame.assign(**mixed)


def _is_text(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.StringDtype)
