"""All checks in one place, and running them over a case."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import NamedTuple

from checks.finding import REGISTER
from checks.finding import Check
from checks.finding import Described
from checks.finding import Finding
from checks.finding import Severity
from checks.finding import finding_of
from checks.once import once
from ledger.case.case import Case
from ledger.model.directives import Waiver
from ledger.util.text import fold

if TYPE_CHECKING:
    from checks.finding_across import PortfolioCheck

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

# The modules of the checks that judge several cases together; as plugins of one ledger there are none.
_ACROSS = ("portfolio", "persons")

UNREADABLE = "books-unreadable"
# Nobody can agree to unreadable books, and a waiver of a waiver would hide itself.
NOT_WAIVABLE = frozenset({UNREADABLE, "waiver-unused"})


class Settings(NamedTuple):
    """Which checks do not run, and the severity of those whose own does not hold; see `checks.settings`."""

    off: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = MappingProxyType({})


BY_DEFAULT = Settings()


class Waived(NamedTuple):
    """A finding that the authority agreed to let pass, and the waiver that says so."""

    finding: Finding
    waiver: Waiver


def catalogue() -> dict[str, Check]:
    """Every check by name, in the order of the families."""
    for family in FAMILIES:
        importlib.import_module(f"checks.{family}")
    order = {family: place for place, family in enumerate(FAMILIES)}
    return dict(sorted(REGISTER.items(), key=lambda named: order.get(named[1].family, len(order))))


def portfolio_catalogue() -> dict[str, PortfolioCheck]:
    """Every check of several cases together by name. One may have its other side in `catalogue()`."""
    from checks.finding_across import PORTFOLIO_REGISTER  # noqa: PLC0415 -- one case alone does not need it

    for module in _ACROSS:
        importlib.import_module(f"checks.{module}")
    return PORTFOLIO_REGISTER


def families_of_checks() -> dict[str, frozenset[str]]:
    """The names of all checks, of one case and of several, each with the families that it is in."""
    families = {name: frozenset({check.family}) for name, check in catalogue().items()}
    for name, check in portfolio_catalogue().items():
        families[name] = families.get(name, frozenset()) | {check.family}
    return families


def all_checks() -> dict[str, Described]:
    """Every check by name, of one case or of several; what has both sides is explained by that of one case."""
    alone: dict[str, Described] = dict(catalogue())
    return alone | {name: check for name, check in portfolio_catalogue().items() if name not in alone}


def run_checks(
    case: Case,
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    family: str | None = None,
    settings: Settings = BY_DEFAULT,
) -> list[Finding]:
    """What the checks find in a case, errors first, then by date and place.

    `select` and `ignore` hold names of checks or of families and go on top of the settings. What a waiver covers is
    left out here; see `waived_findings`. A case without an award has nothing that could be judged but whether it
    can be read.
    """
    waivers = Waivers(case)
    checks = [check for check in _chosen(select, ignore, family) if check.name not in settings.off]
    found = (finding for finding in _findings(case, checks) if waivers.of(finding) is None)
    return sorted(map(graded(settings), found), key=order)


def waived_findings(case: Case, settings: Settings = BY_DEFAULT) -> list[Waived]:
    """What would be found if it were not waived, in the same order: a waiver is shown, never silent."""
    grade = graded(settings)
    waived = [
        Waived(grade(finding), waiver)
        for finding, waiver in _all_waived(case)
        if finding.check not in settings.off
    ]
    return sorted(waived, key=lambda each: order(each.finding))


@once
def _all_waived(case: Case) -> list[Waived]:
    waivers = Waivers(case)
    return [
        Waived(finding, waiver)
        for finding in _findings(case, waivers.checks())
        if (waiver := waivers.of(finding)) is not None
    ]


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
    used = {id(waived.waiver) for waived in _all_waived(case)}
    across = portfolio_catalogue()
    return [waiver for waiver in case.waivers if id(waiver) not in used and waiver.check not in across]


class Waivers:
    """The waivers of a case, found by what they cover."""

    def __init__(self, case: Case) -> None:
        self._case = fold(case.award.id) if case.award else ""
        self._by_subject = {
            (waiver.check, self._subject(waiver.subject)): waiver
            for waiver in case.waivers
            if waiver.check not in NOT_WAIVABLE
        }

    def _subject(self, name: str) -> str:
        """A voucher's number, or nothing where the waiver is about the case as a whole."""
        return "" if fold(name) == self._case else fold(name)

    def checks(self) -> list[Check]:
        """The checks that any waiver names."""
        named = {check for check, _subject in self._by_subject}
        return [check for check in catalogue().values() if check.name in named]

    def of(self, finding: Finding) -> Waiver | None:
        """The waiver that covers a finding: by its voucher's number, or the case where it has none."""
        return self._by_subject.get((finding.check, fold(finding.voucher)))


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


def order(finding: Finding) -> tuple[bool, str, str, int, str]:
    """Errors first, then by date and place."""
    return (
        finding.severity != "error",
        finding.date.isoformat() if finding.date else "",
        finding.file,
        finding.line,
        finding.check,
    )
