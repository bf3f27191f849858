"""What is finally recognised: each limit by name, and what must hold for every project."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.settlement import CapBase
from ledger.arithmetic.settlement import CategoryCost
from ledger.arithmetic.settlement import Flows
from ledger.arithmetic.settlement import Settlement
from ledger.arithmetic.settlement import settle
from ledger.arithmetic.settlement import settle_parties
from ledger.arithmetic.settlement import share_of
from ledger.arithmetic.settlement import within_caps
from tests.ledger.ledgers import tries

HALF = Decimal("0.5")
NOTHING = Flows()


def cost(
    category: str,
    approved: tuple[int, int],
    accepted: int,
    cap: int | None = None,
    cap_base: CapBase = "subsidy",
    party: str = "",
    grantable: bool = True,
) -> CategoryCost:
    return CategoryCost(category, Approved(*approved), accepted, 0, grantable, cap, cap_base, party)


def reference(costs: list[CategoryCost], ratio: Decimal) -> int:
    """The grant by brute force: the largest whole number of NT$ that breaks none of the limits."""
    countable, capped = 0, 0
    for one in costs:
        counted = (
            min(one.accepted, one.cap) if one.cap is not None and one.cap_base == "category" else one.accepted
        )
        countable += counted
        best = 0
        for dollars in range(one.approved.government + 1):
            within = (
                one.grantable
                and counted > 0
                and dollars * one.approved.total <= counted * one.approved.government
            )
            if within and not (one.cap is not None and one.cap_base == "subsidy" and dollars > one.cap):
                best = dollars
        capped += best
    limit = sum(one.approved.government for one in costs)
    return max(d for d in range(capped + 1) if d == 0 or (d <= Fraction(ratio) * countable and d <= limit))


SMALL = st.builds(
    CategoryCost,
    category=st.sampled_from(["consumables", "equipment", "personnel"]),
    approved=st.builds(Approved, st.integers(0, 25), st.integers(0, 25)),
    accepted=st.integers(-10, 60),
    disallowed=st.just(0),
    grantable=st.booleans(),
    cap=st.none() | st.integers(0, 20),
    cap_base=st.sampled_from(["subsidy", "category"]),
    party=st.sampled_from(["a", "b", "c"]),
)
LARGE = st.builds(
    CategoryCost,
    category=st.sampled_from(["consumables", "equipment", "personnel"]),
    approved=st.builds(Approved, st.integers(0, 5_000_000), st.integers(0, 5_000_000)),
    accepted=st.integers(-100_000, 9_000_000),
    disallowed=st.just(0),
    grantable=st.booleans(),
    cap=st.none() | st.integers(0, 3_000_000),
    cap_base=st.sampled_from(["subsidy", "category"]),
    party=st.sampled_from(["a", "b", "c"]),
)
PROJECT = st.lists(LARGE, min_size=1, max_size=8)
RATIO = st.sampled_from([HALF, Decimal("0.4"), Decimal("0.8"), Decimal(1)])


@tries(150)
@given(st.lists(SMALL, min_size=1, max_size=4), RATIO)
def test_settlement_is_what_brute_force_finds(costs: list[CategoryCost], ratio: Decimal) -> None:
    assert settle(costs, NOTHING, ratio=ratio).recognised_government == reference(costs, ratio)


@tries(150)
@given(PROJECT, RATIO)
def test_parts_add_up_and_no_limit_is_broken(costs: list[CategoryCost], ratio: Decimal) -> None:
    settled = settle(costs, NOTHING, ratio=ratio)
    for line, one in zip(settled.categories, costs, strict=True):
        assert line.government + line.self_funded == line.accepted == one.accepted
        assert 0 <= line.government <= one.approved.government
        if one.cap is not None and one.cap_base == "subsidy":
            assert line.government <= one.cap
        if not one.grantable:
            assert line.government == 0
    assert settled.recognised_government + settled.recognised_self == settled.accepted
    assert 0 <= settled.recognised_government <= settled.approved_government
    assert settled.recognised_government <= max(Fraction(0), Fraction(ratio) * settled.accepted) or any(
        one.cap is not None and one.cap_base == "category" and one.accepted < 0 for one in costs
    )


@tries(100)
@given(PROJECT, RATIO, st.data())
def test_striking_out_cost_never_raises_the_grant(
    costs: list[CategoryCost], ratio: Decimal, draw: st.DataObject
) -> None:
    place = draw.draw(st.integers(0, len(costs) - 1))
    cut = draw.draw(st.integers(0, max(0, costs[place].accepted)))
    less = [*costs]
    less[place] = costs[place]._replace(accepted=costs[place].accepted - cut, disallowed=cut)
    before = settle(costs, NOTHING, ratio=ratio).recognised_government
    assert settle(less, NOTHING, ratio=ratio).recognised_government <= before


@tries(60)
@given(PROJECT, RATIO, st.randoms())
def test_the_order_of_categories_changes_no_total(
    costs: list[CategoryCost], ratio: Decimal, chance: object
) -> None:
    shuffled = [*costs]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = settle(costs, NOTHING, ratio=ratio), settle(shuffled, NOTHING, ratio=ratio)
    assert (one.recognised_government, one.accepted, one.binding) == (
        other.recognised_government,
        other.accepted,
        other.binding,
    )


@tries(200)
@given(PROJECT, RATIO)
def test_parties_add_up_to_the_whole(costs: list[CategoryCost], ratio: Decimal) -> None:
    whole = settle(costs, NOTHING, ratio=ratio)
    parties = settle_parties(costs, {"a": NOTHING, "b": NOTHING, "c": NOTHING}, whole, ratio=ratio)
    assert sum(party.recognised_government for party in parties.values()) == whole.recognised_government
    assert sum(party.accepted for party in parties.values()) == whole.accepted
    for name, settled in parties.items():
        own = [one for one in costs if one.party == name]
        assert 0 <= settled.recognised_government <= sum(line.government for line in settled.categories)
        assert settled.recognised_government <= sum(one.approved.government for one in own)
        assert [step.after for step in settled.steps][-1] == settled.recognised_government
        for earlier, later in itertools.pairwise(settled.steps):
            assert earlier.after == later.before


@tries(100)
@given(PROJECT, RATIO)
def test_a_party_that_keeps_the_ratio_bears_no_cut_of_another(
    costs: list[CategoryCost], ratio: Decimal
) -> None:
    costs = [one._replace(accepted=max(0, one.accepted)) for one in costs]
    whole = settle(costs, NOTHING, ratio=ratio)
    parties = settle_parties(costs, {"a": NOTHING, "b": NOTHING, "c": NOTHING}, whole, ratio=ratio)
    for name, settled in parties.items():
        alone = settle([one for one in costs if one.party == name], NOTHING, ratio=ratio)
        if alone.binding in {"none", "category"}:
            assert settled.recognised_government == alone.recognised_government


@tries(200)
@given(
    st.lists(LARGE.map(lambda one: one._replace(cap_base="subsidy")), min_size=1, max_size=8)
    | st.lists(LARGE.map(lambda one: one._replace(cap_base="category")), min_size=1, max_size=8),
    RATIO,
    st.integers(0, 4_000_000),
)
def test_a_cap_of_the_whole_project_is_kept_and_its_parts_add_up(
    costs: list[CategoryCost], ratio: Decimal, limit: int
) -> None:
    costs = [one._replace(cap=one.cap or 0) for one in costs]
    capped = within_caps(costs, {"equipment": limit})
    base = costs[0].cap_base
    free, held = [], []
    for before, after in zip(costs, capped, strict=True):
        if before.category != "equipment":
            assert after == before
            continue
        assert after.cap is not None
        share = settle([before._replace(cap=None)], NOTHING, ratio=Decimal(1)).categories[0].government
        amount = before.accepted if base == "category" else share
        free.append(amount)
        held.append(min(amount, after.cap))
    assert sum(held) == min(sum(free), max(limit, sum(min(0, amount) for amount in free)))
    whole = settle(capped, NOTHING, ratio=ratio)
    parties = settle_parties(capped, {"a": NOTHING, "b": NOTHING, "c": NOTHING}, whole, ratio=ratio)
    assert sum(party.recognised_government for party in parties.values()) == whole.recognised_government


def test_one_party_s_cap_is_the_project_s() -> None:
    (only,) = within_caps([cost("equipment", (100, 100), 200, cap=60)], {"equipment": 60})
    assert only.cap == 60
    (only,) = within_caps([cost("equipment", (100, 100), 50, cap=60)], {"equipment": 60})
    assert only.cap == 60


def binding(*costs: CategoryCost, ratio: Decimal = HALF) -> tuple[str, int]:
    settled = settle(costs, NOTHING, ratio=ratio)
    return settled.binding, settled.recognised_government


def test_nothing_binds_where_every_limit_is_kept() -> None:
    assert binding(cost("equipment", (100, 100), 150)) == ("none", 75)


def test_the_cap_on_the_subsidy_lowers_the_share() -> None:
    assert binding(cost("equipment", (100, 100), 200, cap=60)) == ("category", 60)


def test_the_cap_on_the_category_lowers_the_cost_that_counts() -> None:
    assert binding(cost("equipment", (100, 100), 200, cap=60, cap_base="category")) == ("category", 30)


def test_a_cap_that_is_not_reached_does_not_bind() -> None:
    assert binding(cost("equipment", (100, 100), 120, cap=60)) == ("none", 60)


def test_self_funding_that_fell_short_brings_the_ratio_to_bind() -> None:
    short = cost("personnel", (0, 100), 10, grantable=False)
    assert binding(cost("consumables", (100, 20), 120), short) == ("ratio", 65)


def test_a_ratio_reached_exactly_does_not_bind() -> None:
    assert binding(cost("consumables", (100, 100), 200)) == ("none", 100)


def test_a_capped_category_s_cost_counts_for_the_ratio_only_up_to_its_cap() -> None:
    capped = cost("equipment", (50, 50), 100, cap=40, cap_base="category")
    assert binding(capped, cost("consumables", (100, 20), 120)) == ("ratio", 80)


def test_who_owes_whom() -> None:
    flows = Flows(received=80, withdrawn=70, deductions=5, interest_gross=3, tax_withheld=0, remitted=1)
    settled = settle([cost("consumables", (100, 100), 120)], flows, ratio=HALF)
    assert (settled.recognised_government, settled.tail_payment, settled.surplus) == (60, -25, 25)
    assert settled.due_to_treasury == 25 + 3 - 1


def test_a_tail_still_to_come_is_no_surplus() -> None:
    settled = settle([cost("consumables", (100, 100), 120)], Flows(received=20, interest_gross=3), ratio=HALF)
    assert (settled.tail_payment, settled.surplus, settled.due_to_treasury) == (40, 0, 3)


@pytest.mark.parametrize(
    ("amount", "ratio", "share"), [(3_000_001, "0.5", 1_500_000), (10, "0.33", 3), (0, "0.5", 0)]
)
def test_a_share_of_an_amount_is_rounded_down(amount: int, ratio: str, share: int) -> None:
    assert share_of(amount, Decimal(ratio)) == share


def two_parties(first: int, second: int) -> tuple[Settlement, dict[str, Settlement]]:
    """A lead whose self-only cost carries the ratio, and a partner without any."""
    costs = [
        cost("consumables", (100, 20), 120, party="lead"),
        cost("personnel", (0, 100), first, party="lead", grantable=False),
        cost("consumables", (100, 20), 120, party="partner"),
        cost("personnel", (0, 100), second, party="partner", grantable=False),
    ]
    whole = settle(costs, NOTHING, ratio=HALF)
    return whole, settle_parties(costs, {"lead": NOTHING, "partner": NOTHING}, whole, ratio=HALF)


def test_a_partner_s_shortfall_may_be_made_good_by_the_lead() -> None:
    whole, parties = two_parties(160, 0)
    assert (whole.recognised_government, whole.binding) == (200, "none")
    assert {name: party.recognised_government for name, party in parties.items()} == {
        "lead": 100,
        "partner": 100,
    }


def test_what_it_cannot_make_good_falls_on_the_partner() -> None:
    whole, parties = two_parties(100, 0)
    assert (whole.recognised_government, whole.binding) == (170, "ratio")
    assert {name: party.recognised_government for name, party in parties.items()} == {
        "lead": 100,
        "partner": 70,
    }
    assert {name: party.binding for name, party in parties.items()} == {"lead": "none", "partner": "ratio"}


def over(party: str, dollars: int, self_only: int = 0) -> list[CategoryCost]:
    """A party granted all of its cost, half of which it does not carry; and cost that it bears alone."""
    return [
        cost("consumables", (dollars, 0), dollars, party=party),
        cost("personnel", (0, self_only), self_only, party=party, grantable=False),
    ]


@pytest.mark.parametrize(
    ("parties", "limit", "recognised"),
    [
        # cut 58 over 50, 25 and 13: 32, 16 and 8 by proportion, the 2 left on the largest
        ([("c", 26, 0), ("a", 100, 0), ("b", 50, 0), ("d", 0, 60)], 118, [18, 66, 34, 0]),
        # cut 5 over 2, 2 and 2: one each by proportion, the 2 left where there is room for them
        ([("a", 4, 0), ("b", 4, 0), ("c", 4, 0), ("d", 0, 2)], 7, [2, 2, 3, 0]),
    ],
)
def test_a_cut_is_shared_to_the_dollar(
    parties: list[tuple[str, int, int]], limit: int, recognised: list[int]
) -> None:
    costs = [line for party in parties for line in over(*party)]
    whole = settle(costs, NOTHING, ratio=HALF)
    assert (whole.recognised_government, whole.binding) == (limit, "ratio")
    settled = settle_parties(costs, {party[0]: NOTHING for party in parties}, whole, ratio=HALF)
    assert [party.recognised_government for party in settled.values()] == recognised
    assert all(isinstance(party.recognised_government, int) for party in settled.values())


def test_the_steps_of_a_party_show_what_the_project_s_limits_left_it() -> None:
    _whole, parties = two_parties(100, 0)
    assert parties["lead"].steps == (
        ("category", 100, 100, 100),
        ("ratio", 110, 100, 100),
        ("approved", 100, 100, 100),
    )
    assert parties["partner"].steps == (
        ("category", 100, 100, 100),
        ("ratio", 70, 100, 70),
        ("approved", 100, 70, 70),
    )
    _whole, parties = two_parties(160, 0)
    assert parties["partner"].steps == (
        ("category", 100, 100, 100),
        ("ratio", 100, 100, 100),
        ("approved", 100, 100, 100),
    )


def test_the_rounding_under_a_cap_is_that_of_the_scheme() -> None:
    costs = [
        cost("equipment", (1, 2), 5, cap=2, cap_base="category"),
        cost("personnel", (0, 9), 9, grantable=False),
    ]
    for rounding, share in (("down", 0), ("half-up", 1)):
        whole = settle(costs, NOTHING, ratio=HALF, rounding=rounding)  # type: ignore[arg-type]
        assert whole.categories[0].government == share


def test_the_rounding_of_shares_is_that_of_the_scheme() -> None:
    costs = [
        cost("consumables", (1, 2), 2, party="a"),
        cost("personnel", (0, 9), 9, party="b", grantable=False),
    ]
    for rounding, share in (("down", 0), ("half-up", 1)):
        whole = settle(costs, NOTHING, ratio=HALF, rounding=rounding)  # type: ignore[arg-type]
        flows = {"a": NOTHING, "b": NOTHING}
        parties = settle_parties(costs, flows, whole, ratio=HALF, rounding=rounding)  # type: ignore[arg-type]
        assert (whole.recognised_government, parties["a"].recognised_government) == (share, share)
