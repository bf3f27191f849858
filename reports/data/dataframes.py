"""The case as pandas DataFrames: what `reports.data.frames` gives, and what the export writes.

Names and columns are those of `docs/data-dictionary.md`. The kind of a column tells its dtype:

    text    string          missing: pandas.NA
    date    datetime64[s]   missing: NaT
    amount  Int64           NT$, missing: pandas.NA; object with Decimals where the books are not in whole NT$
    number  object          Decimal (hours, quantities), missing: None
    whole   Int64           a count

There is no float in any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from ledger.case.case import Case
from ledger.util.gc_pause import collector_at_rest
from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.dataset import Value
from reports.export.tables import TABLES


def all_frames(case: Case) -> dict[str, pd.DataFrame]:
    """Every table of the data dictionary by name, made of `case` on its `as_of`."""
    return {table.name: frame_of(table, case) for table in TABLES}


def frame_of(table: ExportTable, case: Case) -> pd.DataFrame:
    """One table of a case."""
    with collector_at_rest():
        return frame_of_rows(table, list(table.rows(case)))


def frame_of_rows(table: ExportTable, rows: Sequence[tuple[Value, ...]]) -> pd.DataFrame:
    """The rows of a table as a DataFrame, each column in the dtype of its kind."""
    columns = zip(*rows, strict=True) if rows else [() for _field in table.fields]
    return pd.DataFrame(
        {field.name: _column(field, column) for field, column in zip(table.fields, columns, strict=True)}
    )


def _column(field: ExportField, values: Sequence[Any]) -> pd.Series:
    given = list(values)
    if field.kind == "text":
        return pd.Series(given, dtype=pd.StringDtype("python"))
    if field.kind == "date":
        return pd.Series(np.array(given, dtype="datetime64[s]"))
    if field.kind == "number" or any(isinstance(value, Decimal) for value in given):
        return pd.Series(given, dtype=object)
    return pd.Series(given, dtype="Int64")
