"""What only the whole portfolio shows: the checks of `checks.portfolio` over the snapshots that the index keeps."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from sys import intern
from typing import Any
from typing import NamedTuple
from typing import TypeVar

import duckdb

from checks.engine.catalogue import portfolio_catalogue
from checks.engine.finding import Severity
from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import Claim
from checks.portfolio.snapshot import Party
from checks.portfolio.snapshot import Payee
from checks.portfolio.snapshot import Plan
from checks.portfolio.snapshot import Portfolio
from checks.portfolio.snapshot import Work
from checks.portfolio.snapshot import portfolio
from ledger.model.records import Place
from ledger.schemes.loader import load_scheme
from ledger.util.gc_pause import collector_at_rest

_Made = TypeVar("_Made")
_ID_LENGTH = 12
_AT_ONCE = 10_000  # rows


class CrossFinding(NamedTuple):
    """A finding across cases: in the case whose claim came later, with all the cases that it is about."""

    check: str
    severity: Severity
    case: str  # path below the portfolio
    cases: tuple[str, ...]
    date: datetime.date | None
    message: str
    amount: int | None = None
    voucher: str = ""
    subject: str = ""  # what tells findings of one check in the same cases apart

    @property
    def id(self) -> str:
        """The same finding has the same id, whenever it is found."""
        said = [self.check, *self.cases, self.voucher, self.subject]
        return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def cross_findings(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[CrossFinding]:
    """All findings across the cases of an index, errors first, then by case and voucher."""
    with collector_at_rest():  # what is read of the index all stays
        cases = portfolio(read_snapshots(connection, folder))
        found = {finding.id: finding for finding in _found(cases, folder)}
    return sorted(
        found.values(), key=lambda f: (f.severity != "error", f.case, f.check, f.voucher, f.subject)
    )


def _found(cases: Portfolio, folder: Path) -> Iterator[CrossFinding]:
    for name, check in portfolio_catalogue().items():
        for found in check.function(cases):
            own = _path(found.case, folder)
            yield CrossFinding(
                name,
                found.severity or check.severity,
                own,
                tuple(sorted({own, *(_path(other, folder) for other in found.others)})),
                found.at.date,
                found.message,
                found.amount,
                found.voucher,
                found.subject,
            )


def _path(case: CaseSnapshot, folder: Path) -> str:
    """The case's folder below the portfolio's."""
    return case.folder.relative_to(folder).as_posix() if case.folder is not None else case.id


# --- snapshots -------------------------------------------------------------------------------------------


def read_snapshots(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[CaseSnapshot]:
    """The snapshots of all cases, as the index keeps them; `folder` is the portfolio's."""
    rows = connection.execute(
        "SELECT path, case_id, scheme, company, ubn, asked, starts, ends, file, line FROM cases ORDER BY path"
    ).fetchall()
    starts = {row[0]: row[6] for row in rows}
    places = _Places(folder)
    parties = _by_path(connection, "parties", lambda row: Party(*row[1:]))
    claims = _by_path(connection, "claims", lambda row: _claim(row, places))
    plans = _by_path(connection, "plans", lambda row: _plan(row, places, starts[row[0]]))
    work = _by_path(connection, "work", lambda row: _work(row, places))
    payees = _by_path(connection, "payees", _payee)
    snapshots = []
    for path, case_id, scheme, company, ubn, asked, start, end, file, line in rows:
        snapshots.append(
            CaseSnapshot(
                folder=folder / path,
                id=case_id,
                company=company,
                ubn=ubn,
                scheme=load_scheme(scheme, folder / path),
                asked=asked,
                start=start,
                end=end,
                at=places.at(path, start, file, line),
                parties=tuple(parties.get(path, ())),
                claims=tuple(claims.get(path, ())),
                plans=tuple(plans.get(path, ())),
                work=tuple(work.get(path, ())),
                payees=tuple(payees.get(path, ())),
            )
        )
    return snapshots


class _Places:
    """Places in the books of cases; the name of a file is one string, however many entries stand in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._files: dict[tuple[str, str], str] = {}

    def at(self, path: str, day: datetime.date, file: str, line: int) -> Place:
        """The place of an entry."""
        name = self._files.get((path, file))
        if name is None:
            name = self._files[path, file] = str(Path(self._folder, path, file))
        return Place(day, name, line)


def _claim(row: tuple[Any, ...], places: _Places) -> Claim:
    path, key, label, number, dated, seller, name, net, tax, company, cost, papers, booked, file, line = row
    seller, name, company = intern(seller), intern(name), intern(company)
    at = places.at(path, booked, file, line)
    return Claim(key, label, number, dated, seller, name, net, tax, company, cost, tuple(papers or ()), at)


def _payee(row: tuple[Any, ...]) -> Payee:
    _path, account, name, number, amount, dated = row
    return Payee(intern(account), intern(name), number, amount, dated)


def _plan(row: tuple[Any, ...], places: _Places, start: datetime.date) -> Plan:
    path, person, name, company, months, other_months, file, line = row
    return Plan(person, name, company, months, other_months, places.at(path, start, file, line))


def _work(row: tuple[Any, ...], places: _Places) -> Work:
    path, person, name, company, month, part, whole, number, cost, booked, file, line = row
    at = places.at(path, booked, file, line)
    return Work(person, name, company, month, Fraction(part, whole), number, cost, at)


def _by_path(
    connection: duckdb.DuckDBPyConnection, table: str, make: Callable[[tuple[Any, ...]], _Made]
) -> dict[str, list[_Made]]:
    """What is made of the rows of a table, by the case's path; never all of the rows at once."""
    found: dict[str, list[_Made]] = defaultdict(list)
    cursor = connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid')  # noqa: S608 -- our own names
    while rows := cursor.fetchmany(_AT_ONCE):
        for row in rows:
            found[row[0]].append(make(row))
    return found
