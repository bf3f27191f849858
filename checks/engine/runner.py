"""Running the checks over a case."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator

from checks.engine.case_cache import per_case
from checks.engine.catalogue import catalogue
from checks.engine.catalogue import portfolio_catalogue
from checks.engine.finding import Check
from checks.engine.finding import Finding
from checks.engine.finding import finding_of
from checks.engine.finding import order
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from checks.engine.waivers import Waived
from checks.engine.waivers import Waivers
from ledger.case.case import Case
from ledger.model.directives import Waiver


def run_checks(
    case: Case,
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    family: str | None = None,
    settings: Settings = BY_DEFAULT,
) -> list[Finding]:
    """What the checks find in a case, errors first, then by date and place.

    `select` and `ignore` hold names of checks or of families and go on top of the settings. What the auditor let
    pass is left out here (see `waived_findings`), what the company claims is marked. A case without an award has
    nothing that could be judged but whether it can be read.
    """
    waivers = Waivers(case)
    checks = [check for check in _chosen(select, ignore, family) if check.name not in settings.off]
    found = (finding for finding in _findings(case, checks) if waivers.confirmed(finding) is None)
    return sorted(map(waivers.claimed, map(graded(settings), found)), key=order)


def waived_findings(case: Case, settings: Settings = BY_DEFAULT) -> list[Waived]:
    """What would be found if it were not waived, in the same order: a waiver is shown, never silent."""
    grade, waivers = graded(settings), Waivers(case)
    waived = [
        each._replace(finding=grade(each.finding))
        for finding in _all_covered(case)
        if finding.check not in settings.off and (each := waivers.confirmed(finding)) is not None
    ]
    return sorted(waived, key=lambda each: order(each.finding))


@per_case
def _all_covered(case: Case) -> list[Finding]:
    """The findings that a waiver is about, whatever the auditor made of it."""
    waivers = Waivers(case)
    return [finding for finding in _findings(case, waivers.checks()) if waivers.of(finding) is not None]


def graded(settings: Settings) -> Callable[[Finding], Finding]:
    """What gives a finding the severity that the settings want."""

    def grade(finding: Finding) -> Finding:
        wanted = settings.severity.get(finding.check, finding.severity)
        return finding if wanted == finding.severity else finding._replace(severity=wanted)

    return grade


def unused_waivers(case: Case) -> list[Waiver]:
    """The waivers that no finding answers to; what a check of several cases finds, one case cannot know."""
    if not case.waivers:
        return []
    waivers = Waivers(case)
    used = {id(waivers.of(finding)) for finding in _all_covered(case)}
    across = portfolio_catalogue()
    return [waiver for waiver in case.waivers if id(waiver) not in used and waiver.check not in across]


def _chosen(select: Collection[str], ignore: Collection[str], family: str | None) -> Iterator[Check]:
    for check in catalogue().values():
        names = {check.name, check.family}
        if family is not None and check.family != family:
            continue
        if (not select or names & set(select)) and not names & set(ignore):
            yield check


def _findings(case: Case, checks: Collection[Check] | Iterator[Check]) -> Iterator[Finding]:
    for check in checks:
        for found in check.function(case):
            yield finding_of(check, found)
