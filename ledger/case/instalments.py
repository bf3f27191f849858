"""What grant money is expected to arrive, when and how much, and the guarantee that the company owes for it.

The arithmetic takes and returns plain values; `schedules` and `guarantee_of` put a case into it. The days are
for reminding and showing, never for judging: when an audit ends is nowhere written beforehand.
"""

import datetime
import functools
from collections import deque
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import ROUND_UP
from decimal import Decimal
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.settlement import share_of
from ledger.case.case import Case
from ledger.case.dedicated_account import DedicatedAccount
from ledger.case.settlement import settle_case
from ledger.model.award import Award
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


class Part(NamedTuple):
    """Grant money that came: an instalment, or a part of one, in NT$."""

    date: datetime.date
    amount: int
    entry: data.Transaction | None = None  # None where it is not booked yet


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
    came: tuple[Part, ...] = ()  # it may come in parts
    is_over: bool = False  # nothing more of it is to come: the next one came, or the period has ended

    @property
    def amount(self) -> int | None:
        """What is to be looked for: the settled tail where it is known, else what is planned."""
        return self.planned if self.tail is None else max(0, self.tail)

    @property
    def received(self) -> int:
        """What came of it."""
        return sum(part.amount for part in self.came)

    @property
    def rest(self) -> int | None:
        """What is still to be looked for; None where the schedule says no amount."""
        if self.is_over and self.came:
            return 0
        return None if self.amount is None else max(0, self.amount - self.received)

    @property
    def is_as_expected(self) -> bool:
        """Whether what came of it is what was due, or a part of it while more may come."""
        return self.fits(self.received) or (not self.is_over and self.received < (self._due or 0))

    @property
    def _due(self) -> int | None:
        """What its parts have to come to, while that is known beforehand."""
        if self.when in {None, "progress"} or (self.is_last and self.number > 1):
            return None
        return self.planned

    def fits(self, amount: int) -> bool:
        """Whether an instalment of this amount in all is as expected.

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
        """The first instalment of which something is still to come; None where nothing more is expected."""
        return next((e for e in self.instalments if e.rest or (e.rest is None and not e.came)), None)


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
    came = [
        Part(move.date, move.grant, move.entry)
        for move in account.movements
        if move.kind == "instalment" and move.grant > 0
    ]
    settled = _settled(case, award, account.holder)
    approved = functools.partial(approved_on, award, account.parties)
    found = expected_instalments(
        way,
        approved(case.as_of),
        (award.start, award.end),
        came,
        [approved(part.date) for part in came],
        settled,
        # what was paid before a finding was paid on another settlement than today's
        max((finding.date for finding in case.findings), default=None),
    )
    return Schedule(account.holder, approved(case.as_of), tuple(found), way.source, way.confidence)


def approved_on(award: Award, parties: Collection[str], day: datetime.date) -> int:
    """The grant in force on a day for these parties, in NT$."""
    return sum(line.government for (party, _c), line in award.budget_on(day).items() if party in parties)


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
    period: tuple[datetime.date, datetime.date],
    came: Sequence[Part] = (),
    approved_then: Sequence[int] = (),
    settled: Settled | None = None,
    unsettled_before: datetime.date | None = None,
) -> list[Expected]:
    """The instalments of a way of paying out: those that came, then those that have not.

    `period` is the first and the last day. `approved` is the grant in force now, `approved_then` on the day of
    each that came. An instalment may come in parts: they add up to what is due before the next one is expected,
    and what is more than the rest of one is the next. Each payment by progress is one of its own; the one that
    comes after the end is the last. `settled` is known once the period has ended; what came before
    `unsettled_before` was paid on another.
    """
    start, end = period
    waiting = deque(zip(came, approved_then, strict=True))
    steps = deque(way.instalments)
    found: list[Expected] = []
    before: int | None = 0  # what should have come so far, None where nobody can say
    received = 0
    while waiting or steps:
        step = steps[0] if steps else None
        grant = waiting[0][1] if waiting else approved
        by_progress = step is not None and step.when == "progress"
        if by_progress and waiting and waiting[0][0].date > end and len(steps) > 1:
            steps.popleft()
            continue
        is_last = step is not None and step is way.instalments[-1]
        planned, exact = _planned(step, grant, before, is_last=is_last and bool(found))
        tail = settled.recognised - settled.deductions - received if settled and is_last and found else None
        due = Expected(
            number=len(found) + 1,
            when=step.when if step else None,
            around=_around(step.when if step else "final", start, end),
            planned=planned,
            exact=exact,
            at_most=max(0, grant - received),
            is_last=is_last,
            tail=tail,
            deductions=settled.deductions if settled and is_last else 0,
        )
        parts = tuple(_parts(due, waiting))
        if parts and unsettled_before is not None and parts[0].date < unsettled_before:
            due = due._replace(tail=None)
        due = due._replace(came=parts, is_over=bool(parts) and (bool(waiting) or settled is not None))
        found.append(due)
        received += due.received
        before = _through(before, due, received)
        if steps and not (by_progress and waiting):
            steps.popleft()  # once it has come it may come again, but nothing says that it must
    return found


def _parts(due: Expected, waiting: deque[tuple[Part, int]]) -> Iterator[Part]:
    """Take what came of an instalment: one payment, and more as long as they stay within what is due."""
    if not waiting:
        return
    part, _grant = waiting.popleft()
    yield part
    if due.when in {None, "progress"} or (due.tail is None and due.is_last and due.number > 1):
        return
    most = (due.amount or 0) + due.deductions if due.tail is not None else due.amount or 0
    left = most + (0 if due.exact else 1) - part.amount
    while waiting and left > (0 if due.exact else 1) and waiting[0][0].amount <= left:
        part, _grant = waiting.popleft()
        left -= part.amount
        yield part


def _through(before: int | None, due: Expected, received: int) -> int | None:
    """What should have come once an instalment is complete."""
    if due.came and (due.is_over or not due.rest):
        return received
    return None if before is None or due.planned is None else before + due.planned


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
