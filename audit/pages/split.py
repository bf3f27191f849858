"""A voucher's split told in numbers: how each line changed its category's cumulative share (DESIGN §5)."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from audit.case_view import View
from ledger.arithmetic.cost_share import Approved
from ledger.case.case import Voucher
from ledger.case.case import VoucherLine
from ledger.model.award import Key


class SplitLine(NamedTuple):
    """One line: the category's cost and share before and after it; amounts in NT$.

    `approved` is None where the category has no budget; nothing is expected of it then.
    """

    line: VoucherLine
    approved: Approved | None
    grantable: bool
    cost_before: int
    share_before: int
    share_after: int

    @property
    def cost_after(self) -> int:
        """The category's cost with this line."""
        return self.cost_before + self.line.cost

    @property
    def expected(self) -> int:
        """What the government should bear of the line."""
        return self.share_after - self.share_before

    @property
    def is_right(self) -> bool:
        """Whether the books say so too."""
        return self.line.government == self.expected

    @property
    def is_full(self) -> bool:
        """Whether the category's grant money is used up with this line."""
        return self.approved is not None and self.share_after >= self.approved.government > 0


def split_of(view: View, wanted: Voucher) -> list[SplitLine]:
    """How a voucher's lines should be split, in their order; empty where there is no award to split by."""
    case, award, scheme = view.case, view.case.award, view.case.scheme
    if award is None or scheme is None:
        return []
    cost: dict[Key, int] = defaultdict(int)
    given: dict[Key, int] = defaultdict(int)
    for voucher in case.vouchers:
        budget = award.budget_on(voucher.booked)
        lines = []
        for line in voucher.lines:
            key = (voucher.party, line.category)
            approved = budget.get(key)
            after = cost[key] + line.cost
            share = given[key] if approved is None else case.share(line.category, after, approved)
            grantable = scheme.may_carry_grant(line.category)
            lines.append(SplitLine(line, approved, grantable, cost[key], given[key], share))
            cost[key], given[key] = after, share
        if voucher is wanted:
            return lines
    return []
