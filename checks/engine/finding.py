"""What a check gives, and how a check is registered."""

import datetime
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from typing import Literal
from typing import NamedTuple
from typing import Protocol

from beancount.core import data

from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.model.records import place_of

Severity = Literal["error", "warning"]

PORTFOLIO = "portfolio"
"""The family of the checks that judge several cases together."""


class SettingsError(GrantError):
    """A choice of checks that cannot be followed; the message says what is wrong with it."""


class UnknownCheckError(SettingsError):
    """A name that is neither a check's nor a family's."""


class Claim(NamedTuple):
    """What the company says of a finding: that the authority agreed to let it pass. Not yet confirmed."""

    reason: str
    approval: str


class Finding(NamedTuple):
    """One doubt: which check, how bad, what it says, and the entry and place it is about.

    `amount` is the money at stake in NT$, `voucher` the number of the voucher it is about, where there is one.
    `subject` tells apart what one check finds more than once at one entry: a month, a paper. `claim` is the waiver
    that the company claims for it, while the auditor has not decided.
    """

    check: str
    severity: Severity
    message: str
    date: datetime.date | None
    file: str
    line: int
    amount: int | None = None
    voucher: str = ""
    entry: data.Directive | None = None
    subject: str = ""
    claim: Claim | None = None

    def as_json(self) -> dict[str, Any]:
        """As `grant check --json` shows it; `claim` only where the company claims a waiver."""
        shown: dict[str, Any] = {
            "check": self.check,
            "severity": self.severity,
            "date": self.date.isoformat() if self.date else None,
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "amount": self.amount,
            "voucher": self.voucher or None,
        }
        return shown | {"claim": self.claim._asdict()} if self.claim else shown


class Found(NamedTuple):
    """What a check function yields: the entry it is about, the message, the money at stake.

    `severity` only where this one differs from the check's own; `subject` as in `Finding`.
    """

    entry: data.Directive
    message: str
    amount: int | None = None
    voucher: str = ""
    severity: Severity | None = None
    subject: str = ""


class Described(Protocol):
    """What every registered check says of itself, whether it judges one case or several."""

    @property
    def name(self) -> str:
        """The name by which it is chosen, waived and explained."""

    @property
    def family(self) -> str:
        """The family that it is listed in."""

    @property
    def severity(self) -> Severity:
        """How bad it is what it finds, unless it says otherwise."""

    @property
    def documentation(self) -> str:
        """What `grant explain` prints."""


CheckFunction = Callable[[Case], Iterable[Found]]


class Check(NamedTuple):
    """A registered check: its name, family and severity, and the function that finds."""

    name: str
    family: str
    severity: Severity
    function: CheckFunction

    @property
    def documentation(self) -> str:
        """The docstring of the check: what `grant explain` prints."""
        return self.function.__doc__ or ""


def finding_of(check: Check, found: Found) -> Finding:
    """What a check found, with its name and severity and the place of the entry."""
    at = place_of(found.entry)
    return Finding(
        check=check.name,
        severity=found.severity or check.severity,
        message=found.message,
        date=at.date,
        file=at.file,
        line=at.line,
        amount=found.amount,
        voucher=found.voucher,
        entry=found.entry,
        subject=found.subject,
    )


REGISTER: dict[str, Check] = {}


def check(
    name: str, *, severity: Severity = "error", family: str = ""
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check function under its name; its family is the module it stands in, or the one that is named."""

    def register(function: CheckFunction) -> CheckFunction:
        own = family or function.__module__.rpartition(".")[2]
        REGISTER[name] = Check(name, own, severity, function)
        return function

    return register


def order(finding: Finding) -> tuple[bool, str, str, int, str]:
    """Errors first, then by date and place."""
    return (
        finding.severity != "error",
        finding.date.isoformat() if finding.date else "",
        finding.file,
        finding.line,
        finding.check,
    )
