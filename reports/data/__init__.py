"""The rows and tables of a report, before any sheet; `frames` gives them to notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from ledger.case.case import Case


def frames(case: Case) -> dict[str, pd.DataFrame]:
    """The case as named DataFrames, for notebooks and other analysis: the tables that `grant export` writes.

        from pathlib import Path
        from ledger.loading.loader import load_case
        from reports.data import frames

        journal = frames(load_case(Path("case")).case)["GL_Detail"]
        journal.groupby("GL_Account_Number")["Amount"].sum()

    Takes the case on its `as_of`; touches no file. Tables and columns are those of `docs/data-dictionary.md`. By kind of
    column: text `string`, date `datetime64[s]`, amount (NT$) and whole `Int64`, number `object` of Decimals; an amount
    that is not whole NT$ makes its column `object` too. No column is a float; what is missing is NA, NaT or None.
    """
    from reports.data.dataframes import all_frames  # noqa: PLC0415 -- pandas is slow to load, and sheets do without it

    return all_frames(case)
