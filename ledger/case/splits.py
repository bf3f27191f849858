"""What of each voucher the government bears: the change it makes in its category's share, in booking order.

So the postings always add up to the cumulative figure (DESIGN §5.2). Vouchers of one day go by their paper's day and
number, what takes back last, so that the order in which their files came moves no dollar between them; books that were
shared out in the order in which they are written are right too. What a close certified stays as it was booked, also where
the budget was revised for its month since: the next vouchers catch up.
"""

from __future__ import annotations

import itertools
import operator
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.arithmetic.cost_share import government_share
from ledger.model.award import Key
from ledger.model.records import Voucher
from ledger.util.dates import month_of

if TYPE_CHECKING:
    from ledger.case.case import Case

_Parts = dict[int, tuple[int, ...]]
_BOOKED = operator.attrgetter("booked")


class _Running:
    """The cost of each category so far, and the government's share of it that vouchers bear."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.cost: dict[Key, int] = {}
        self.share: dict[Key, int] = {}

    def by_rule(self, vouchers: Iterable[Voucher]) -> _Parts:
        """The parts of further vouchers by the budget in force on their days."""
        award, scheme, costs, shares = self._case.award, self._case.scheme, self.cost, self.share
        assert award is not None and scheme is not None  # noqa: S101, PT018 -- who asks has looked
        rounding = scheme.share_rounding.value
        parts: _Parts = {}
        for day, of_day in itertools.groupby(vouchers, key=_BOOKED):
            budget = award.budget_on(day)
            for voucher in of_day:
                found = []
                for line in voucher.lines:
                    key = (voucher.party, line.category)
                    cost = costs[key] = costs.get(key, 0) + line.government + line.self_funded
                    share, approved = shares.get(key, 0), budget.get(key)
                    if approved is None:
                        found.append(0)
                        continue
                    due = shares[key] = government_share(
                        cost, approved, grantable=scheme.may_carry_grant(line.category), rounding=rounding
                    )
                    found.append(due - share)
                parts[id(voucher.entry)] = tuple(found)
        return parts

    def as_booked(self, vouchers: Iterable[Voucher]) -> _Parts:
        """Further vouchers as they stand in the books."""
        parts: _Parts = {}
        for voucher in vouchers:
            for line in voucher.lines:
                key = (voucher.party, line.category)
                self.cost[key] = self.cost.get(key, 0) + line.cost
                self.share[key] = self.share.get(key, 0) + line.government
            parts[id(voucher.entry)] = tuple(line.government for line in voucher.lines)
        return parts

    def by_category(self) -> Counter[str]:
        """The shares of all parties together, those of nothing left out."""
        found: Counter[str] = Counter()
        for (_party, category), share in self.share.items():
            found[category] += share
        return Counter({category: share for category, share in found.items() if share})

    def copy(self) -> _Running:
        """The same, to try something on."""
        other = _Running(self._case)
        other.cost, other.share = dict(self.cost), dict(self.share)
        return other


class Splits(NamedTuple):
    """The government part that each line of a voucher should bear, by the entry's id().

    `expected`: a closed month's vouchers stay as booked where the rule gives what its close did not certify and the books
    do. `fitting`: the same, but an open month in the order, by papers or of the books, that fits the books better.
    """

    expected: _Parts
    fitting: _Parts


def splits_of(case: Case) -> Splits:
    """Both; what months before leave to the later ones is the same for either."""
    running = _Running(case)
    expected: _Parts = {}
    fitting: _Parts = {}
    for month, vouchers in _by_month(case.vouchers):
        close = case.closed_months.get(month)
        tried = running.copy()
        parts = fits = tried.by_rule(_by_paper(vouchers))
        if wrong := _differing(parts, vouchers):
            in_order = running.copy().by_rule(vouchers)
            left = _differing(in_order, vouchers)
            if not left and close is not None:
                parts = in_order
            if left <= wrong:  # one voucher that is wrong makes no other one so
                fits = in_order
        if close is not None and close.by_category and tried.by_category() != close.by_category:
            booked = running.copy()
            as_booked = booked.as_booked(vouchers)
            if booked.by_category() == close.by_category:
                tried, parts, fits = booked, as_booked, as_booked
        running = tried
        expected |= parts
        fitting |= fits
    return Splits(expected, fitting)


def _by_month(vouchers: Iterable[Voucher]) -> Iterator[tuple[str, list[Voucher]]]:
    """Vouchers in booking order by the month that bears their cost."""
    days = itertools.groupby(vouchers, key=_BOOKED)
    for month, of_month in itertools.groupby(days, key=lambda of_day: month_of(of_day[0])):
        yield month, [voucher for _day, of_day in of_month for voucher in of_day]


def _by_paper(vouchers: Sequence[Voucher]) -> list[Voucher]:
    """The vouchers of a month by day, those of a day by their papers."""
    return sorted(
        vouchers,
        key=lambda voucher: (
            voucher.booked,
            voucher.is_reversal,
            voucher.date,
            voucher.link,
            str(voucher.entry.meta.get("import-id") or ""),
        ),
    )


def _differing(parts: _Parts, vouchers: Sequence[Voucher]) -> int:
    """How many of the vouchers stand in the books with other parts than these."""
    return sum(
        [
            parts[id(voucher.entry)] != tuple([line.government for line in voucher.lines])
            for voucher in vouchers
        ]
    )
