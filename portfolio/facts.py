"""What the portfolio keeps of one case: plain values, read in a process of their own.

A case that cannot be opened or read is a fact too: its reason is kept, and the others are indexed.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections import defaultdict
from importlib import metadata
from pathlib import Path
from typing import Any
from typing import NamedTuple

from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import snapshot
from checks.runs.check_case import load_and_judge
from ledger.case.case import Case
from ledger.case.month_close import next_month_to_close
from ledger.case.settlement import settle_case
from ledger.errors import GrantError
from ledger.model.records import Voucher
from ledger.util.gc_pause import collector_at_rest
from ledger.util.i18n import _
from ledger.util.i18n import speaking
from portfolio.content import refuse_link
from portfolio.tables import TABLES

Row = tuple[Any, ...]


class CaseFacts(NamedTuple):
    """One case as the index keeps it: plain values, that go from process to process cheaply."""

    path: str
    broken: str  # why it could not be read; empty where it could
    parts: dict[str, str]  # by the name of the table its rows, as `packed` makes them


def packed(table: str, rows: list[Row]) -> str:
    """Rows of a table as JSON, a list a column, which the index puts in without looking at a single value."""
    columns = dict(zip((column.name for column in TABLES[table]), zip(*rows, strict=True), strict=True))
    text = json.dumps(columns, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode("utf-8")  # a name of a file may hold what is no UTF-8


def program() -> str:
    """The version of what works the facts out: a new one reads every case again."""
    return "3 " + " ".join(f"{name} {metadata.version(name)}" for name in ("grantledger", "beancount"))


def read_facts(case: str, path: str, day: str, language: str) -> CaseFacts:
    """The facts of the case in a folder on a day, told in a language; `path` is what the index calls it.

    Never raises: what went wrong is in `broken`. Takes and gives plain values, as it runs in other processes.
    """
    try:
        with (
            speaking(language),
            collector_at_rest(),
        ):  # until the case is gone, or the collector would walk all of it
            refuse_link(case, path)
            return _facts(Path(case), path, datetime.date.fromisoformat(day))
    except GrantError as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 -- one case never ends an index of thousands
        reason = f"{type(error).__name__}: {error}"
    return CaseFacts(path, reason or "?", {})


def _facts(folder: Path, path: str, day: datetime.date) -> CaseFacts:
    judged, loaded = load_and_judge(folder, as_of=day)
    findings: list[Row] = [
        (path, f.check, f.severity, f.date, _name(f.file), f.line, f.message, f.amount, f.voucher)
        for f in judged.findings
    ]
    rows: dict[str, list[Row]] = {"findings": findings}
    broken = ""
    taken = snapshot(loaded.case)
    if taken is None:
        errors = [str(row[6]) for row in findings if row[2] == "error"]
        broken = errors[0] if errors else _("帳本裡沒有核定資料(grant-award)")
    else:
        rows |= _rows_of(path, loaded.case, taken, findings)
    return CaseFacts(path, broken, {table: packed(table, each) for table, each in rows.items() if each})


def _rows_of(path: str, case: Case, taken: CaseSnapshot, findings: list[Row]) -> dict[str, list[Row]]:
    base = Path(taken.folder or ".").resolve()
    return {
        "cases": [_case_row(path, case, taken, findings)],
        "categories": _categories(path, case),
        "parties": [(path, *party) for party in taken.parties],
        "claims": [
            (path, *claim[:-1], claim.at.date, _within(claim.at.file, base), claim.at.line)
            for claim in taken.claims
        ],
        "plans": [(path, *plan[:-1], _within(plan.at.file, base), plan.at.line) for plan in taken.plans],
        "work": [
            (
                path,
                *work[:4],
                work.effort.numerator,
                work.effort.denominator,
                work.number,
                work.cost,
                work.at.date,
                _within(work.at.file, base),
                work.at.line,
            )
            for work in taken.work
        ],
        "payees": [(path, *payee) for payee in taken.payees],
        "audit_findings": _audit_findings(path, case),
    }


_DECIDED = frozenset({"accepted", "disallowed"})  # states of a finding that nothing is waited for


def _categories(path: str, case: Case) -> list[Row]:
    """What is claimed of each category, and of how much of it the auditor has decided what."""
    states: dict[int, set[str]] = defaultdict(set)
    for finding in case.findings:
        for voucher in case.judged(finding):
            states[id(voucher.entry)].add(finding.state)
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * 6)
    for voucher in case.vouchers:
        found = states.get(id(voucher.entry))
        cuts = _cuts(case, voucher) if found and found <= _DECIDED else None
        cost: dict[str, int] = defaultdict(int)
        for line in voucher.lines:
            cost[line.category] += line.cost
        for category, amount in cost.items():
            if amount <= 0:
                continue
            row = sums[category]
            row[0] += 1
            row[1] += amount
            if cuts is not None:
                row[2] += 1
                row[3] += amount
                row[4] += cuts[category] > 0
                row[5] += cuts[category]
    return [(path, category, *row) for category, row in sorted(sums.items())]


def _cuts(case: Case, voucher: Voucher) -> dict[str, int]:
    """What the auditor disallowed of a voucher, by category."""
    cuts: dict[str, int] = defaultdict(int)
    for line, (category, _accepted, out) in zip(voucher.lines, case.accepted_lines(voucher), strict=True):
        cuts[category] += out - line.disallowed
    return cuts


def _audit_findings(path: str, case: Case) -> list[Row]:
    """What the auditor said, with what the voucher was for: to be compared with like vouchers elsewhere."""
    rows: list[Row] = []
    for finding in case.findings:
        for voucher in case.judged(finding)[:1]:
            taken = case.struck.get(id(voucher.entry))
            rows.append(
                (
                    path,
                    finding.id,
                    voucher.number,
                    voucher.seller,
                    voucher.seller_name,
                    "\n".join(dict.fromkeys(line.item for line in voucher.lines if line.item)),
                    finding.state,
                    voucher.cost,
                    taken.disallowed if taken else 0,
                    finding.clause,
                    finding.comment,
                    finding.date,
                )
            )
    return rows


@functools.lru_cache(maxsize=256)  # a case's files, each named by every entry in it
def _name(file: str) -> str:
    return Path(file).name


@functools.lru_cache(maxsize=256)
def _within(file: str, base: Path) -> str:
    place = Path(file)
    return place.relative_to(base).as_posix() if place.is_relative_to(base) else place.name


def _case_row(path: str, case: Case, snapshot: CaseSnapshot, findings: list[Row]) -> Row:
    settled = settle_case(case).whole
    approved = case.award.budget_on(case.as_of).values() if case.award else ()
    errors = [row for row in findings if row[2] == "error"]
    return (
        path,
        snapshot.id,
        snapshot.scheme.id,
        snapshot.company,
        snapshot.ubn,
        case.award.title if case.award else "",
        snapshot.asked,
        snapshot.start,
        snapshot.end,
        _within(snapshot.at.file, Path(snapshot.folder or ".").resolve()),
        snapshot.at.line,
        case.as_of,
        sum(each.government for each in approved),
        sum(each.self_funded for each in approved),
        settled.accepted,
        settled.recognised_government,
        settled.flows.received,
        case.dedicated_accounts.withdrawn(),
        settled.due_to_treasury,
        sum(struck.parked for struck in case.struck.values()),
        sum(struck.disallowed for struck in case.struck.values()),
        len(snapshot.claims),
        len({id(voucher.entry) for finding in case.findings for voucher in case.judged(finding)}),
        len(case.findings),
        len(errors),
        len(findings) - len(errors),
        sum(max(0, row[7] or 0) for row in errors),
        max(case.closed_months, default=""),
        next_month_to_close(case),
    )
