"""What grant money is expected to arrive, when and how much, and the guarantee that the company owes for it.

The arithmetic takes and returns plain values; `schedules` and `guarantee_of` put a case into it. The days are
for reminding and showing, never for judging: when an audit ends is nowhere written beforehand.
"""

import datetime
from collections.abc import Sequence
from decimal import ROUND_UP
from decimal import Decimal
from typing import NamedTuple

from ledger.arithmetic.settlement import share_of
from ledger.case.case import Case
from ledger.case.dedicated_account import DedicatedAccount
from ledger.case.settlement import settle_case
from ledger.model.award import Award
from ledger.model.records import Movement
from ledger.schemes.model import Confidence
from ledger.schemes.model import Instalment
from ledger.schemes.model import Moment
from ledger.schemes.model import PayingOut
from ledger.util.dates import add_months


class Guarantee(NamedTuple):
    """The performance guarantee: at least how much, in NT$, and valid at least until when."""

    amount: int
    valid_until: datetime.date
    confidence: Confidence  # of the day it has to last to


class Expected(NamedTuple):
    """One instalment of the schedule, come or still to come; amounts in NT$."""

    number: int  # from 1
    when: Moment | None  # None: one more than the schedule has
    around: datetime.date  # from when on it may be looked for
    planned: int | None  # by the schedule; None where progress or the guarantee's amount decides
    exact: bool  # whether the planned share comes out in whole NT$
    at_most: int  # the approved grant that had not come before it
    is_last: bool
    tail: int | None = (
        None  # the last one: what is recognised less deductions and what came before, once known
    )
    deductions: int = 0
    came: Movement | None = None

    @property
    def amount(self) -> int | None:
        """What is to be looked for: the settled tail where it is known, else what is planned."""
        return self.planned if self.tail is None else max(0, self.tail)

    def fits(self, amount: int) -> bool:
        """Whether an instalment of this amount is as expected.

        The last of several may be the rest of the approved grant, or what is recognised less what came, before
        or after deductions; until that is known, anything within the rest.
        """
        if self.when is None or amount > self.at_most:
            return False
        if self.planned is None or amount == self.planned or (not self.exact and amount == self.planned + 1):
            return True
        if not self.is_last or self.number == 1:
            return False
        return self.tail is None or amount in {self.at_most, self.tail, self.tail + self.deductions}


class Settled(NamedTuple):
    """What a settlement says of one dedicated account, in NT$."""

    recognised: int
    deductions: int


class Schedule(NamedTuple):
    """The schedule of one dedicated account."""

    party: str  # whose account it is
    approved: int  # the grant in force of every party paid through it
    instalments: tuple[Expected, ...]
    source: str
    confidence: Confidence

    @property
    def next(self) -> Expected | None:
        """The first instalment that has not come; None where nothing more is expected."""
        return next(
            (e for e in self.instalments if e.came is None and (e.amount is None or e.amount > 0)), None
        )


def schedules(case: Case) -> list[Schedule]:
    """The schedule of every dedicated account of a case, the lead's first.

    Empty where the books name no award, no known scheme, or a scheme that has no schedule for the award's
    guarantee (coaching).
    """
    if case.award is None or case.scheme is None:
        return []
    way = case.scheme.paying_out.get(case.award.guarantee)
    if way is None:
        return []
    return [_schedule(case, case.award, way, account) for account in case.dedicated_accounts]


def _schedule(case: Case, award: Award, way: PayingOut, account: DedicatedAccount) -> Schedule:
    came = [move for move in account.movements if move.kind == "instalment" and move.grant > 0]
    approved = [_approved(award, account, move.date) for move in came]
    settled = _settled(case, award, account.holder)
    now = _approved(award, account, case.as_of)
    found = tuple(expected_instalments(way, now, award.start, award.end, came, approved, settled))
    last_change = max((finding.date for finding in case.findings), default=None)
    if last_change is not None:
        # what was paid before a finding was paid on another settlement than today's
        found = tuple(e._replace(tail=None) if e.came and e.came.date < last_change else e for e in found)
    return Schedule(account.holder, now, found, way.source, way.confidence)


def _approved(award: Award, account: DedicatedAccount, day: datetime.date) -> int:
    budget = award.budget_on(day)
    return sum(line.government for (party, _c), line in budget.items() if party in account.parties)


def _settled(case: Case, award: Award, holder: str) -> Settled | None:
    """What the settlement recognises for the account; None while the case still runs."""
    if case.as_of <= award.end:
        return None
    settlement = settle_case(case)
    own = settlement.of(holder)
    return Settled(own.answerable, own.flows.deductions)


def expected_instalments(
    way: PayingOut,
    approved: int,
    start: datetime.date,
    end: datetime.date,
    came: Sequence[Movement] = (),
    approved_then: Sequence[int] = (),
    settled: Settled | None = None,
) -> list[Expected]:
    """The instalments of a way of paying out: those that came, then those that have not.

    `approved` is the grant in force now, `approved_then` on the day of each that came. An instalment by
    progress may come in any number of parts; the one that comes after the end is the last.
    """
    steps = _steps(way.instalments, [move.date > end for move in came])
    found: list[Expected] = []
    before: int | None = 0
    received = 0
    for place, step in enumerate(steps):
        move = came[place] if place < len(came) else None
        grant = approved_then[place] if move else approved
        is_last = step is not None and step is way.instalments[-1]
        planned, exact = _planned(step, grant, before, is_last=is_last and place > 0)
        tail = settled.recognised - settled.deductions - received if settled and is_last and place else None
        found.append(
            Expected(
                number=place + 1,
                when=step.when if step else None,
                around=_around(step.when if step else "final", start, end),
                planned=planned,
                exact=exact,
                at_most=max(0, grant - received),
                is_last=is_last,
                tail=tail,
                deductions=settled.deductions if settled and is_last else 0,
                came=move,
            )
        )
        received += move.grant if move else 0
        before = received if move else (None if before is None or planned is None else before + planned)
    return found


def _steps(steps: Sequence[Instalment], after_end: Sequence[bool]) -> list[Instalment | None]:
    """The step of each instalment that came, then the steps still to come; None beyond the schedule."""
    found: list[Instalment | None] = []
    place = 0
    for late in after_end:
        if place >= len(steps):
            found.append(None)
            continue
        if steps[place].when == "progress" and late and place + 1 < len(steps):
            place += 1
        found.append(steps[place])
        if steps[place].when != "progress":
            place += 1
    rest = list(steps[place:])
    if rest and rest[0].when == "progress" and found and found[-1] is rest[0]:
        rest = rest[1:]  # it has come, and may come again: nothing says that it must
    return found + rest


def _planned(
    step: Instalment | None, approved: int, before: int | None, *, is_last: bool
) -> tuple[int | None, bool]:
    """The planned amount, and whether its share comes out in whole NT$; the last one is the rest."""
    if step is None:
        return None, True
    if is_last:
        return (None if before is None else max(0, approved - before)), True
    if step.share is None:
        return None, True
    planned = share_of(approved, step.share)
    return planned, planned == approved * step.share


def _around(when: Moment, start: datetime.date, end: datetime.date) -> datetime.date:
    if when == "final":
        return end + datetime.timedelta(days=1)
    return start + (end - start) / 2 if when == "interim" else start


def guarantee_of(case: Case) -> Guarantee | None:
    """The guarantee of a case: its share of the whole grant in force, rounded up; None where none is given."""
    if case.award is None or case.scheme is None:
        return None
    way = case.scheme.paying_out.get(case.award.guarantee)
    if way is None or way.guarantee == 0:
        return None
    grace = case.scheme.guarantee_grace_months
    approved = sum(line.government for line in case.award.budget_on(case.as_of).values())
    amount = int((Decimal(approved) * way.guarantee).to_integral_value(ROUND_UP))
    return Guarantee(amount, add_months(case.award.end, grace.value), grace.confidence)
