"""All checks in one place, and running them over a case."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from collections.abc import Iterator

from checks.finding import REGISTER
from checks.finding import Check
from checks.finding import Finding
from checks.finding import Found
from ledger.case import Case

FAMILIES = (
    "books",
    "award",
    "costing",
    "budget",
    "voucher",
    "period",
    "account",
    "interest",
    "payroll",
    "settlement",
)


def catalogue() -> dict[str, Check]:
    """Every check by name, in the order of the families."""
    for family in FAMILIES:
        importlib.import_module(f"checks.{family}")
    return REGISTER


def run_checks(
    case: Case, *, select: Collection[str] = (), ignore: Collection[str] = (), family: str | None = None
) -> list[Finding]:
    """What the checks find in a case, errors first, then by date and place.

    `select` and `ignore` hold names of checks or of families. What a waiver covers is left out here; it is
    shown by the reports. A case without an award has nothing that could be judged.
    """
    findings = [
        _finding(check, found) for check in _chosen(select, ignore, family) for found in check.function(case)
    ]
    waived = {(waiver.check, waiver.subject) for waiver in case.waivers}
    standing = [f for f in findings if (f.check, f.voucher) not in waived or not f.voucher]
    return sorted(standing, key=_order)


def _chosen(select: Collection[str], ignore: Collection[str], family: str | None) -> Iterator[Check]:
    for check in catalogue().values():
        names = {check.name, check.family}
        if family is not None and check.family != family:
            continue
        if (not select or names & set(select)) and not names & set(ignore):
            yield check


def _finding(check: Check, found: Found) -> Finding:
    entry = found.entry
    return Finding(
        check=check.name,
        severity=found.severity or check.severity,
        message=found.message,
        date=entry.date,
        file=str(entry.meta.get("filename", "")),
        line=int(entry.meta.get("lineno", 0)),
        amount=found.amount,
        voucher=found.voucher,
        entry=entry,
    )


def _order(finding: Finding) -> tuple[bool, str, str, int, str]:
    return (
        finding.severity != "error",
        finding.date.isoformat() if finding.date else "",
        finding.file,
        finding.line,
        finding.check,
    )
