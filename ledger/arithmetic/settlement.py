"""What is finally recognised and who owes whom (DESIGN §5.4, §5.5): pure, with its trail of steps."""

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import ROUND_DOWN
from decimal import Decimal
from typing import Literal
from typing import NamedTuple

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.cost_share import Rounding
from ledger.arithmetic.cost_share import government_share

Binding = Literal["category", "ratio", "approved", "none"]
CapBase = Literal["subsidy", "category"]
CapTotal = Literal["approved", "actual"]  # of which total a category's cap is a share


class CategoryCost(NamedTuple):
    """One category of one party as it goes into the settlement; all amounts in NT$."""

    category: str
    approved: Approved
    accepted: int  # A_c, net cost
    disallowed: int
    grantable: bool
    cap: int | None = None  # the most this category may carry, already in NT$ (see `within_caps`)
    cap_base: CapBase = "subsidy"
    party: str = ""


class CategoryShare(NamedTuple):
    """One category as settled."""

    category: str
    approved: Approved
    accepted: int
    disallowed: int
    government: int
    self_funded: int
    capped_by: int  # how much the category's cap took from the government's share
    party: str = ""
    cap: int | None = None  # the most that it could carry, as it went in


class Flows(NamedTuple):
    """Money that moved, in NT$."""

    received: int = 0
    withdrawn: int = 0
    deductions: int = 0
    interest_gross: int = 0
    tax_withheld: int = 0
    remitted: int = 0
    recall_interest: int = 0  # on a grant that goes back, beside what the account earned
    other_income: int = 0  # that belongs to the treasury


class Step(NamedTuple):
    """One limit of the settlement: its name, what it allows, what stood before and after it."""

    name: Literal["category", "ratio", "approved"]
    limit: int
    before: int
    after: int

    @property
    def binds(self) -> bool:
        """Whether the step lowered the sum."""
        return self.after < self.before


class Settlement(NamedTuple):
    """The settlement of a case or of one party; all amounts in NT$."""

    categories: tuple[CategoryShare, ...]
    steps: tuple[Step, ...]
    recognised_government: int
    flows: Flows
    answers_for: int | None = None  # the recognised grant that the flows pay, where that is more than its own
    forfeited: bool = (
        False  # its registration is missing: nothing is paid, and all that was received is due back
    )
    ended: str = ""  # "terminated" or "rescinded" by the authority: nothing more is paid
    recalled: bool = False  # and all that was received is due back
    accounts: tuple["Settlement", ...] = ()  # of each dedicated account, where a case has several

    @property
    def approved_government(self) -> int:
        """ΣG_c."""
        return sum(line.approved.government for line in self.categories)

    @property
    def approved_self(self) -> int:
        """ΣS_c."""
        return sum(line.approved.self_funded for line in self.categories)

    @property
    def accepted(self) -> int:
        """ΣA_c, before any category's cap."""
        return sum(line.accepted for line in self.categories)

    @property
    def recognised_self(self) -> int:
        """The accepted cost that the government does not pay."""
        return self.accepted - self.recognised_government

    @property
    def binding(self) -> Binding:
        """The last step that lowered the sum."""
        names: list[Binding] = [step.name for step in self.steps if step.binds]
        return names[-1] if names else "none"

    @property
    def answerable(self) -> int:
        """The recognised grant that the flows pay: its own, or that of every party paid through the account."""
        return self.recognised_government if self.answers_for is None else self.answers_for

    @property
    def all_due_back(self) -> bool:
        """Whether nothing is paid and all that was received is due back."""
        return self.forfeited or self.recalled

    @property
    def tail_payment(self) -> int:
        """What the authority still pays; negative: the company repays. Nothing is paid once it ended the case."""
        if self.all_due_back:
            return -self.flows.received
        tail = self.answerable - self.flows.deductions - self.flows.received
        return min(0, tail) if self.ended else tail

    @property
    def surplus(self) -> int:
        """Grant money received and not recognised; of several accounts each its own, never netted."""
        return (
            sum(account.surplus for account in self.accounts) if self.accounts else max(0, -self.tail_payment)
        )

    @property
    def due_to_treasury(self) -> int:
        """Surplus, gross interest and what else belongs to the treasury, that were not yet remitted."""
        flows = self.flows
        return (
            self.surplus + flows.interest_gross + flows.recall_interest + flows.other_income - flows.remitted
        )


def share_of(amount: int, ratio: Decimal) -> int:
    """`amount x ratio`, rounded down to whole NT$."""
    return int((amount * ratio).to_integral_value(ROUND_DOWN))


def within_caps(
    costs: Sequence[CategoryCost], limits: Mapping[str, int], *, rounding: Rounding = "down"
) -> list[CategoryCost]:
    """The lines with what a category's cap leaves each party: a cap is one limit on all parties together.

    `limits` are the caps by category, in NT$ of the whole project; a line's `cap` as it comes is the same share
    of its own party's total. What is over falls on the parties that are beyond that, in proportion to how far
    they are; where nobody is cut, a line may carry what the others leave. Source: 000 補助－製造業以大帶小,
    個案計畫總經費30%為上限; who of the parties bears the cut was not found in any public text (assumed).
    """
    found = list(costs)
    for category, limit in limits.items():
        places = [place for place, cost in enumerate(costs) if cost.category == category]
        amounts = [_capped_amount(costs[place], rounding) for place in places]
        own = [costs[place].cap or 0 for place in places]
        over = [max(0, amount - part) for amount, part in zip(amounts, own, strict=True)]
        cut = max(0, sum(amounts) - max(0, limit))
        parts = _borne(cut, over, [max(0, amount) for amount in amounts])
        room = max(0, limit - sum(amounts))
        for place, amount, part in zip(places, amounts, parts, strict=True):
            found[place] = costs[place]._replace(cap=amount - part + room)
    return found


def _capped_amount(cost: CategoryCost, rounding: Rounding) -> int:
    """What a category's cap is held against: its cost, or the government's share of it."""
    if cost.cap_base == "category":
        return cost.accepted
    return government_share(cost.accepted, cost.approved, grantable=cost.grantable, rounding=rounding)


def settle(
    costs: Sequence[CategoryCost], flows: Flows, *, ratio: Decimal, rounding: Rounding = "down"
) -> Settlement:
    """Recognise the government's money on accepted cost, limit by limit.

    First each category's cap, on its government share or on its whole cost (`cap_base`); then the ratio on
    all cost that may count; then the approved grant. Source: DESIGN §5.4; 經濟部推動產業及中小企業升級轉型辦法 §5
    (補助比率不得超過總經費 50%).
    """
    shares = []
    countable = 0
    for cost in costs:
        share, counted = _category_share(cost, rounding)
        shares.append(share)
        countable += counted
    uncapped = sum(line.government + line.capped_by for line in shares)
    capped = sum(line.government for line in shares)
    approved = sum(cost.approved.government for cost in costs)
    ratio_limit = max(0, share_of(countable, ratio))
    after_ratio = min(capped, ratio_limit)
    recognised = min(after_ratio, approved)
    steps = (
        Step("category", capped, uncapped, capped),
        Step("ratio", ratio_limit, capped, after_ratio),
        Step("approved", approved, after_ratio, recognised),
    )
    return Settlement(tuple(shares), steps, recognised, flows)


def settle_parties(
    costs: Sequence[CategoryCost],
    flows: Mapping[str, Flows],
    whole: Settlement,
    *,
    ratio: Decimal,
    rounding: Rounding = "down",
) -> dict[str, Settlement]:
    """The settlement of each party of `flows`; together they are what is recognised for the `whole`.

    The ratio and the approved grant are limits of the project, so a party that falls short may be made good
    by another. What they cut from the whole falls on the parties whose own cost does not carry their share,
    in proportion to how far it does not. Source: the statute's ratio is of 計畫總經費; who of the parties bears
    the cut was not found in any public text (assumed).
    """
    alone = {
        party: settle([cost for cost in costs if cost.party == party], own, ratio=ratio, rounding=rounding)
        for party, own in flows.items()
    }
    category, *limits = whole.steps
    cut = category.after - whole.recognised_government
    earned = [settled.steps[0].after for settled in alone.values()]
    over = [settled.steps[0].after - settled.recognised_government for settled in alone.values()]
    parts = _borne(cut, over, earned)
    return {
        party: _with_cut(settled, limits, part)
        for (party, settled), part in zip(alone.items(), parts, strict=True)
    }


def _borne(cut: int, over: Sequence[int], have: Sequence[int]) -> list[int]:
    """`cut` as each bears it: by how far each is over its own limit, and what that does not cover by what is left."""
    parts = _shared_cut(min(cut, sum(over)), over)
    more = _shared_cut(cut - sum(parts), [own - part for own, part in zip(have, parts, strict=True)])
    return [part + extra for part, extra in zip(parts, more, strict=True)]


def _shared_cut(cut: int, rooms: Sequence[int]) -> list[int]:
    """`cut` in proportion to `rooms`, no part more than its room; dollars left by rounding on the largest."""
    whole = sum(rooms)
    parts = [cut * room // whole if whole else 0 for room in rooms]
    left = min(cut, whole) - sum(parts)
    for place in sorted(range(len(rooms)), key=lambda place: -rooms[place]):
        more = min(left, rooms[place] - parts[place])
        parts[place] += more
        left -= more
    return parts


def _with_cut(settled: Settlement, limits: Sequence[Step], cut: int) -> Settlement:
    """A party's settlement with its part of what the project's limits cut, shown at the limit that binds."""
    before = settled.steps[0].after
    steps = [settled.steps[0]]
    bound = next((limit.name for limit in reversed(limits) if limit.binds), None)
    for limit, own in zip(limits, settled.steps[1:], strict=True):
        after = before - cut if limit.name == bound else before
        steps.append(Step(limit.name, after if after < before else max(own.limit, before), before, after))
        before = after
    return settled._replace(steps=tuple(steps), recognised_government=before)


def _category_share(cost: CategoryCost, rounding: Rounding) -> tuple[CategoryShare, int]:
    """A category's share after its cap, and the part of its cost that counts for the ratio."""
    free = government_share(cost.accepted, cost.approved, grantable=cost.grantable, rounding=rounding)
    counted = cost.accepted
    government = free
    if cost.cap is not None and cost.cap_base == "category":
        counted = min(cost.accepted, cost.cap)
        government = government_share(counted, cost.approved, grantable=cost.grantable, rounding=rounding)
    elif cost.cap is not None:
        government = min(free, cost.cap)
    share = CategoryShare(
        category=cost.category,
        approved=cost.approved,
        accepted=cost.accepted,
        disallowed=cost.disallowed,
        government=government,
        self_funded=cost.accepted - government,
        capped_by=free - government,
        party=cost.party,
        cap=cost.cap,
    )
    return share, counted
