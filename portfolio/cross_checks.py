"""What only the whole portfolio shows: the checks of `checks.portfolio` over the snapshots that the index keeps."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from typing import NamedTuple

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

_ID_LENGTH = 12


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
    parties, claims = _by_path(connection, "parties"), _by_path(connection, "claims")
    plans, work, payees = (_by_path(connection, table) for table in ("plans", "work", "payees"))
    rows = connection.execute(
        "SELECT path, case_id, scheme, company, ubn, asked, starts, ends, file, line FROM cases ORDER BY path"
    ).fetchall()
    snapshots = []
    for path, case_id, scheme, company, ubn, asked, start, end, file, line in rows:
        case = folder / path
        snapshots.append(
            CaseSnapshot(
                folder=case,
                id=case_id,
                company=company,
                ubn=ubn,
                scheme=load_scheme(scheme, case),
                asked=asked,
                start=start,
                end=end,
                at=Place(start, str(case / file), line),
                parties=tuple(Party(*row[1:]) for row in parties.get(path, ())),
                claims=tuple(_claim(row, case) for row in claims.get(path, ())),
                plans=tuple(_plan(row, case, start) for row in plans.get(path, ())),
                work=tuple(_work(row, case) for row in work.get(path, ())),
                payees=tuple(Payee(*row[1:]) for row in payees.get(path, ())),
            )
        )
    return snapshots


def _claim(row: tuple[Any, ...], case: Path) -> Claim:
    _path, key, label, number, dated, seller, name, net, tax, company, cost, papers, booked, file, line = row
    at = Place(booked, str(case / file), line)
    return Claim(key, label, number, dated, seller, name, net, tax, company, cost, tuple(papers or ()), at)


def _plan(row: tuple[Any, ...], case: Path, start: datetime.date) -> Plan:
    _path, person, name, company, months, other_months, file, line = row
    return Plan(person, name, company, months, other_months, Place(start, str(case / file), line))


def _work(row: tuple[Any, ...], case: Path) -> Work:
    _path, person, name, company, month, part, whole, number, cost, booked, file, line = row
    at = Place(booked, str(case / file), line)
    return Work(person, name, company, month, Fraction(part, whole), number, cost, at)


def _by_path(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall():  # noqa: S608 -- our own names
        found[row[0]].append(row)
    return found
