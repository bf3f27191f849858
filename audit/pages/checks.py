"""檢查: every finding with its check's documentation beside it; the waivers with their reasons."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from audit.case_view import View
from audit.elsewhere import Across
from audit.pages.paging import Page
from audit.pages.paging import paged
from audit.web.query import Query
from checks.engine.catalogue import catalogue
from checks.engine.catalogue import portfolio_catalogue
from checks.engine.finding import Finding
from checks.engine.waivers import Waived
from checks.engine.waivers import is_never_waived
from ledger.model.directives import Waiver
from ledger.util.docstrings import in_language

_SHOWN_EACH = 5


class Group(NamedTuple):
    """What one check found: a page of it, the money at stake in NT$, and what the check says of itself."""

    check: str
    severity: str
    summary: str
    documentation: str
    found: Page[Finding]
    amount: int
    is_waivable: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ChecksPage:
    """All that the page shows; `check` and `severity` are what was asked for."""

    groups: list[Group]
    errors: int
    warnings: int
    names: list[str]
    claimed: list[Finding]  # what the company claims was let pass, not yet decided by the auditor
    waived: list[Waived]
    unused: list[Waiver]
    silent: list[tuple[str, str]]  # checks that ran and found nothing, waived or not, with their summaries
    notes: list[str]  # what the case's settings keep from being seen
    check: str
    severity: str
    across: Across = dataclasses.field(default_factory=Across)  # with other cases


def checks_page(view: View, query: Query) -> ChecksPage:
    """The findings by check, errors first; all of one check where it is asked for."""
    check, severity = query.text("check"), query.text("severity")
    by_check: dict[str, list[Finding]] = {}
    for finding in view.findings:
        by_check.setdefault(finding.check, []).append(finding)
    number = query.number("page", 1) if check else 1
    told = {*by_check, *view.settings.off, *(each.finding.check for each in view.waived)}
    groups = [
        group(name, wanted, number, alone=bool(check))
        for name, found in by_check.items()
        if not check or name == check
        if (wanted := [f for f in found if not severity or f.severity == severity])
    ]
    return ChecksPage(
        groups=groups,
        errors=sum(finding.severity == "error" for finding in view.findings),
        warnings=sum(finding.severity == "warning" for finding in view.findings),
        names=sorted(by_check),
        claimed=[finding for finding in view.findings if finding.claim is not None],
        waived=view.waived,
        unused=view.unused_waivers,
        silent=[(name, summary(name)) for name in catalogue() if name not in told],
        notes=view.notes,
        check=check,
        severity=severity,
    )


def group(name: str, found: list[Finding], number: int, *, alone: bool) -> Group:
    """One check's findings: a few, or a page of all where the check stands alone."""
    return Group(
        check=name,
        severity=found[0].severity,
        summary=summary(name),
        documentation=documentation(name),
        found=paged(found, number) if alone else paged(found, 1, _SHOWN_EACH),
        amount=sum(abs(finding.amount or 0) for finding in found),
        is_waivable=name in catalogue() and not is_never_waived(name),
    )


def documentation(name: str) -> str:
    """What a check says of itself, in the language in use; empty for a name that is no check."""
    check = catalogue().get(name) or portfolio_catalogue().get(name)
    return in_language(check.documentation) if check else ""


def summary(name: str) -> str:
    """The first line of it."""
    return next(iter(documentation(name).splitlines()), "")
