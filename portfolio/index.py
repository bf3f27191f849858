"""The index of a portfolio: one DuckDB file beside the cases, which anybody can read with DuckDB or pandas.

Facts are keyed by the content of the case's files and the program's version, findings by these and the day: a case that
did not change is not read again. Each batch is one transaction; stopped at any moment, the index is as of the last.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import time
from collections.abc import Callable
from collections.abc import Container
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

import duckdb
import filelock

from ledger.errors import GrantError
from ledger.util.i18n import _
from portfolio import FILE
from portfolio.changes import State
from portfolio.changes import changes
from portfolio.facts import CaseFacts
from portfolio.facts import Row
from portfolio.facts import packed
from portfolio.jobs import run_jobs
from portfolio.tables import PARTS
from portfolio.tables import TABLES
from portfolio.tables import create_statement

_LOCK = ".portfolio.lock"
_WAIT_SECONDS = 5
_WAIT_TO_READ = 0.5  # a page is waited for
_PAUSE = 0.05
_BATCH = 64


class PortfolioError(GrantError):
    """A portfolio that cannot be indexed or read; the message says why and what to do."""


class BusyIndexError(PortfolioError):
    """Another program writes the index just now."""


class Broken(NamedTuple):
    """A case that could not be read, and why."""

    case: str
    reason: str


class Indexed(NamedTuple):
    """What an indexing did: cases in the portfolio, those read anew, those unchanged, those that cannot be read."""

    cases: int
    read: int
    unchanged: int
    broken: list[Broken]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """As `grant portfolio index --json` shows it."""
        return {
            "cases": self.cases,
            "read": self.read,
            "unchanged": self.unchanged,
            "broken": [each._asdict() for each in self.broken],
            "seconds": round(self.seconds, 3),
        }


def update_index(
    folder: Path,
    *,
    day: datetime.date | None = None,
    jobs: int | None = None,
    scheduler: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Indexed:
    """Bring the index of the cases below `folder` up to date, with the findings of `day` (today by default).

    `jobs` is the number of processes (all cores by default), `scheduler` the address of a Dask cluster instead. Raises
    PortfolioError where another indexing runs or the file is none of ours.
    """
    began = time.monotonic()
    if not folder.is_dir():
        raise PortfolioError(_("{folder} 不是資料夾").format(folder=folder))
    day = day or datetime.date.today()
    with writing(folder) as connection:
        rows = connection.execute("SELECT path, facts_key, findings_key, stamp FROM index_state").fetchall()
        known = {path: State(*state) for path, *state in rows}
        now = changes(folder, known, day)
        _forget(connection, [path for path in known if path not in now.states])
        _restamp(connection, {path: now.states[path].stamp for path in now.restamped})
        done, total = 0, len(now.refused) + len(now.stale)
        read = run_jobs(now.stale, jobs=jobs, scheduler=scheduler)
        for batch in _batches(itertools.chain(now.refused, read)):
            _store(connection, batch, now.states, known)
            done += len(batch)
            if progress is not None:
                progress(done, total)
        broken = connection.execute(
            "SELECT path, broken FROM index_state WHERE broken <> '' ORDER BY path"
        ).fetchall()
    return Indexed(
        len(now.states),
        total,
        len(now.states) - total,
        [Broken(*row) for row in broken],
        time.monotonic() - began,
    )


def _batches(results: Iterable[CaseFacts]) -> Iterator[list[CaseFacts]]:
    iterator = iter(results)
    while batch := list(itertools.islice(iterator, _BATCH)):
        yield batch


def _store(
    connection: duckdb.DuckDBPyConnection,
    batch: Sequence[CaseFacts],
    states: Mapping[str, State],
    known: Container[str],
) -> None:
    """Put the facts of some cases in place of what was known of them, all or nothing."""
    state_rows: list[Row] = [(facts.path, *states[facts.path], facts.broken) for facts in batch]
    with _transaction(connection):
        _delete(connection, [facts.path for facts in batch if facts.path in known])
        for table in PARTS:
            _insert(connection, table, [facts.parts[table] for facts in batch if table in facts.parts])
        _insert(connection, "index_state", [packed("index_state", state_rows)])


def _insert(connection: duckdb.DuckDBPyConnection, table: str, packs: Sequence[str]) -> None:
    """Put in what `portfolio.facts.packed` made: DuckDB reads it by columns, many times faster than rows."""
    if packs:
        columns = TABLES[table]
        shape = {each.name: [[each.kind[:-2]] if each.kind.endswith("[]") else each.kind] for each in columns}
        taken = ", ".join(f'unnest(pack."{each.name}")' for each in columns)
        connection.execute(
            f'INSERT INTO "{table}" SELECT {taken} FROM '  # noqa: S608 -- our own names
            f"(SELECT from_json(text, '{json.dumps(shape)}') AS pack FROM (SELECT unnest(?) AS text))",
            [list(packs)],
        )


def _restamp(connection: duckdb.DuckDBPyConnection, stamps: Mapping[str, str]) -> None:
    if stamps:
        connection.execute(
            "UPDATE index_state SET stamp = new.stamp FROM (SELECT unnest(?) AS path, unnest(?) AS stamp) AS new "
            "WHERE index_state.path = new.path",
            [list(stamps), list(stamps.values())],
        )


def _forget(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> None:
    with _transaction(connection):
        _delete(connection, paths)


def _delete(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> None:
    for table in ("index_state", *PARTS) if paths else ():
        connection.execute(f'DELETE FROM "{table}" WHERE path IN (SELECT unnest(?))', [list(paths)])  # noqa: S608 -- our own names


@contextlib.contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


# --- the file ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    lock = filelock.FileLock(str(folder / _LOCK), timeout=_WAIT_SECONDS)
    try:
        with lock:
            yield
    except filelock.Timeout:
        raise BusyIndexError(_("另一個程式正在建立這個資料夾的索引,請稍後再試")) from None
    except OSError as error:
        raise PortfolioError(
            _("{folder} 不能寫入:{reason}").format(folder=folder, reason=error.strerror or error)
        ) from error


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with _connection(folder, read_only=False) as connection:
        if not _is_of_this_version(connection, missing=True):
            for table in TABLES:  # made by another version: everything in it is in the cases too
                connection.execute(f'DROP TABLE IF EXISTS "{table}"')
        for table in TABLES:
            connection.execute(create_statement(table))
        yield connection


def _is_of_this_version(connection: duckdb.DuckDBPyConnection, *, missing: bool) -> bool:
    """Whether the tables have the columns that this version writes; `missing` is said of a table that is not there."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = connection.execute("SELECT table_name, column_name, data_type FROM duckdb_columns()").fetchall()
    for table, *column in rows:
        found.setdefault(table, []).append((column[0], column[1]))
    return all(
        found[table] == [(column.name, column.kind) for column in columns] if table in found else missing
        for table, columns in TABLES.items()
    )


@contextlib.contextmanager
def _connection(folder: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    path = folder.resolve() / FILE  # whole: DuckDB takes one that begins with `md:` for another thing
    if "?" in str(path):  # DuckDB would put a file of its own beside the folder that the part before names
        raise PortfolioError(
            _("{folder} 的路徑裡有「?」,不能建立索引;請改資料夾的名稱").format(folder=folder)
        )
    connection = _connected(path, read_only=read_only)
    try:
        connection.execute("SET enable_external_access = false")
        yield connection
    except (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException) as error:
        raise PortfolioError(
            _("{file} 不能讀寫:{reason}").format(file=path, reason=str(error).splitlines()[0])
        ) from error
    finally:
        with contextlib.suppress(duckdb.Error):  # what could not be written is told above
            connection.close()


def _connected(file: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """The file, opened; who has it open for a moment is waited for."""
    until = time.monotonic() + (_WAIT_TO_READ if read_only else _WAIT_SECONDS)
    while True:
        try:
            return duckdb.connect(str(file), read_only=read_only)
        except duckdb.Error as error:
            is_held = "lock" in str(error)
            if is_held and time.monotonic() < until:
                time.sleep(_PAUSE)
                continue
            if is_held:
                raise BusyIndexError(_("另一個程式正在使用 {file},請稍後再試").format(file=file)) from error
            raise PortfolioError(
                _("{file} 打不開({reason});不是本程式的索引時請移走,再執行 grant portfolio index").format(
                    file=file, reason=str(error).splitlines()[0]
                )
            ) from error


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The index for reading. Raises PortfolioError where there is none."""
    if not (folder / FILE).is_file():
        raise PortfolioError(
            _("{folder} 還沒有索引;請先執行 grant portfolio index {folder}").format(folder=folder)
        )
    with _connection(folder, read_only=True) as connection:
        if not _is_of_this_version(connection, missing=False):
            raise PortfolioError(
                _("{file} 是別的版本建立的;請再執行一次 grant portfolio index {folder}").format(
                    file=folder / FILE, folder=folder
                )
            )
        yield connection


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The index to be added to. Raises PortfolioError where another program writes it, or the folder is read-only."""
    with _lock(folder), _writing(folder) as connection:
        yield connection
