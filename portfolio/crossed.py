"""The findings across cases as the index keeps them: worked out once for the cases as they are, then read.

They are worked out when somebody asks for them (`grant portfolio check`, `report`), which takes seconds; the pages only
read what is kept, and say so where the cases have changed since.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import NamedTuple

import duckdb

from ledger.util.i18n import current_language
from portfolio.cross_checks import CrossFinding
from portfolio.cross_checks import cross_findings
from portfolio.index import PortfolioError
from portfolio.index import reading
from portfolio.index import writing

_COLUMNS = ('"check"', "severity", "path", "cases", "dated", "message", "amount", "voucher", "subject")


class Kept(NamedTuple):
    """What the index keeps: the findings, and whether they are of the cases as they are now."""

    findings: list[CrossFinding]
    is_current: bool


def up_to_date(folder: Path) -> list[CrossFinding]:
    """All findings across the cases of the indexed portfolio, errors first, then by case and voucher.

    Where they are not kept yet they are worked out, and kept if the index can be written just now. Raises PortfolioError where
    there is no index.
    """
    with reading(folder) as connection:
        key = _cases_key(connection)
        if _state(connection) == (key, current_language()):
            return kept(connection).findings
        found = cross_findings(connection, folder)
    with contextlib.suppress(PortfolioError), writing(folder) as connection:
        if _cases_key(connection) == key:
            _keep(connection, found, key)
    return found


def kept(connection: duckdb.DuckDBPyConnection) -> Kept:
    """The findings that the index keeps, in their order."""
    rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM cross_findings ORDER BY rowid").fetchall()  # noqa: S608 -- our own names
    findings = [
        CrossFinding(check, severity, path, tuple(cases), dated, message, amount, voucher, subject)
        for check, severity, path, cases, dated, message, amount, voucher, subject in rows
    ]
    state = _state(connection)
    return Kept(findings, state is not None and state[0] == _cases_key(connection))


def _state(connection: duckdb.DuckDBPyConnection) -> tuple[str, str] | None:
    return connection.execute("SELECT cases_key, language FROM cross_state").fetchone()


def _cases_key(connection: duckdb.DuckDBPyConnection) -> str:
    """The digest of all that the checks look at: which cases there are, and what is in each."""
    rows = connection.execute("SELECT path, facts_key FROM index_state ORDER BY path").fetchall()
    return hashlib.sha256("\n".join(f"{path}\0{key}" for path, key in rows).encode()).hexdigest()


def _keep(connection: duckdb.DuckDBPyConnection, found: list[CrossFinding], key: str) -> None:
    connection.begin()
    try:
        connection.execute("DELETE FROM cross_findings")
        connection.execute("DELETE FROM cross_state")
        if found:
            connection.executemany(
                "INSERT INTO cross_findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(each.id, *each[:3], list(each.cases), *each[4:]) for each in found],
            )
        connection.execute("INSERT INTO cross_state VALUES (?, ?)", [key, current_language()])
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
