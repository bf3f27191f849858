"""A case that the authority ended before its time, and what goes back of it.

Terminated (終止): nothing more is paid, and what was received and not recognised goes back with the interest that the
account earned. Rescinded (解除、撤銷、廢止): all that was received goes back, with interest where the contract says so.
What a scheme says of it is data (`recovery`). The moment is a milestone of the case (`terminated`, `rescinded`), whose
day is from then on the last day of the case's period.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from ledger.model.milestones import ENDINGS
from ledger.model.milestones import Milestone
from ledger.model.milestones import percent_of
from ledger.model.records import Movement
from ledger.schemes.model import CONFIDENCES
from ledger.schemes.model import Confidence
from ledger.schemes.model import EndKind
from ledger.schemes.model import Recovery
from ledger.schemes.model import Scheme
from ledger.schemes.model import Sourced
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.case.case import Case


class Ending(NamedTuple):
    """How a case was ended, and by which terms its money goes back."""

    kind: EndKind
    date: datetime.date
    number: str  # of the authority's letter
    returns_all: bool
    bears_interest: bool
    from_the_end: bool  # interest runs from the end, not from the day on which the money came
    rate: Decimal | None  # yearly, a share; None where nobody has said it yet
    return_by: datetime.date
    terms: Recovery  # of the scheme, each with its source and how sure it is

    @property
    def confidence(self) -> Confidence:
        """How sure the least sure of the terms is."""
        return max((term.confidence for term in self.terms.terms.values()), key=CONFIDENCES.index)

    def as_json(self) -> dict[str, Any]:
        """As `grant settle --json` shows it."""
        return {
            "kind": self.kind,
            "date": self.date.isoformat(),
            "number": self.number,
            "returns": "all" if self.returns_all else "unspent",
            "interest_percent": None if self.rate is None else str((self.rate * 100).normalize()),
            "return_by": self.return_by.isoformat(),
            "terms": {
                key: {"value": _plain(term.value), "source": term.source, "confidence": term.confidence}
                for key, term in self.terms.terms.items()
            },
        }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def end_kind(kind: str) -> EndKind:
    """The kind of a milestone that ends a case, as its scheme's terms are named."""
    return "rescinded" if kind == "rescinded" else "terminated"


def ended_by(milestones: Sequence[Milestone]) -> Milestone | None:
    """The milestone that ended the case: rescinded goes before terminated, for it takes all back."""
    found = {milestone.kind: milestone for milestone in milestones if milestone.kind in ENDINGS}
    return found.get("rescinded") or found.get("terminated")


def ending_of(case: Case) -> Ending | None:
    """How the case was ended, by what its scheme says of it; None where it was not, or nothing is known of its scheme."""
    milestone = ended_by(case.milestones)
    if milestone is None or case.scheme is None:
        return None
    kind = end_kind(milestone.kind)
    terms = case.scheme.recovery[kind]
    said = percent_of(milestone.entry)
    if said is not None:
        letter = " ".join(filter(None, (_("通知函或契約"), milestone.number)))
        terms = replace(terms, rate=Sourced(said, letter, "seed"))
    return Ending(
        kind=kind,
        date=milestone.date,
        number=milestone.number,
        returns_all=terms.returns.value == "all",
        bears_interest=terms.interest.value,
        from_the_end=terms.interest_from.value == "ended",
        rate=terms.rate.value if terms.interest.value and terms.rate is not None else None,
        return_by=milestone.date + datetime.timedelta(days=terms.within_days.value),
        terms=terms,
    )


def needs_rate(scheme: Scheme, kind: EndKind) -> bool:
    """Whether the authority's letter has to tell the rate, because the scheme's interest has none."""
    terms = scheme.recovery[kind]
    return terms.interest.value and terms.rate is None


def recall_interest(ending: Ending, movements: Sequence[Movement], until: datetime.date) -> int:
    """Interest, NT$, on the grant that goes back, through the day it is paid or `until`; 0 where none is due."""
    if not (ending.returns_all and ending.bears_interest and ending.rate):
        return 0
    from ledger.arithmetic.recovery import simple_interest  # noqa: PLC0415 -- hardly a case is ever rescinded

    moves = [
        (max(move.date, ending.date) if ending.from_the_end else move.date, move.grant)
        for move in movements
        if move.kind == "instalment"
    ]
    moves += [(move.date, -move.remitted_surplus) for move in movements if move.remitted_surplus]
    return simple_interest(moves, until, ending.rate, ending.terms.year_days.value)
