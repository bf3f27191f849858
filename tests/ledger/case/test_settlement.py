"""A case settled from its books: as a whole, by party, on any day; against a brute-force reference."""

from __future__ import annotations

import dataclasses
import datetime
from fractions import Fraction
from typing import Any

import pytest
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from ledger.arithmetic.cost_share import Rounding
from ledger.arithmetic.settlement import CapTotal
from ledger.case.case import Case
from ledger.case.settlement import NoAwardError
from ledger.case.settlement import settle_case
from ledger.case.settlement import shares_through
from ledger.entries.builder import payment_entry
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.schemes.loader import load_scheme
from tests.ledger.ledgers import AFTER
from tests.ledger.ledgers import END
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import OTHER
from tests.ledger.ledgers import PARTNER
from tests.ledger.ledgers import START
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import bank
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day
from tests.ledger.ledgers import finding
from tests.ledger.ledgers import tries
from tests.ledger.ledgers import voucher

CATEGORIES = ["consumables", "equipment", "improvement", "personnel"]
BUDGET = {
    "consumables": (98_000, 164_400),
    "equipment": (120_000, 100_000),
    "improvement": (200_000, 150_000),
    "personnel": (0, 90_000),
}
TOTAL = sum(government + own for government, own in BUDGET.values())

Bill = tuple[str, int, int]  # category, net cost, day of the period
BILLS = st.lists(
    st.tuples(st.sampled_from(CATEGORIES), st.integers(1, 200_000), st.integers(0, 360)), max_size=8
)
SCHEMES = st.sampled_from(["small-manufacturer-112", "managed-factory-112"])


def vouchers(bills: list[Bill], buyer: str = LEAD, prefix: str = "V") -> list[data.Transaction]:
    return [
        voucher(f"{prefix}{place}", START + datetime.timedelta(days=later), (category, net), buyer=buyer)
        for place, (category, net, later) in enumerate(bills)
    ]


def reference(bills: list[Bill], scheme_id: str) -> int:
    """The recognised grant, worked out again with fractions and nothing of the ledger's arithmetic."""
    scheme = load_scheme(scheme_id)
    cap_of_category = scheme.cap_base.value == "category"
    countable, shares = 0, 0
    for category, (government, own) in BUDGET.items():
        accepted = sum(net for name, net, _later in bills if name == category)
        cap = scheme.cap(category)
        limit = None if cap is None else int(Fraction(cap.value) * TOTAL)
        if limit is not None and cap_of_category:
            accepted = min(accepted, limit)
        countable += accepted
        share = min(government, accepted * government // (government + own)) if government else 0
        if limit is not None and not cap_of_category:
            share = min(share, limit)
        shares += share
    return min(
        shares, int(Fraction(scheme.subsidy_ratio.value) * countable), sum(g for g, _s in BUDGET.values())
    )


@tries(60)
@given(BILLS, SCHEMES)
def test_a_case_is_settled_as_the_reference_does(bills: list[Bill], scheme: str) -> None:
    settled = settle_case(case_of(*awarded(BUDGET, scheme=scheme), *vouchers(bills))).whole
    assert settled.recognised_government == reference(bills, scheme)
    assert settled.accepted == sum(net for _c, net, _d in bills)
    assert settled.recognised_government + settled.recognised_self == settled.accepted


@tries(40)
@given(BILLS, st.permutations(range(8)))
def test_the_order_of_vouchers_changes_no_total_and_splits_add_up_to_it(
    bills: list[Bill], order: list[int]
) -> None:
    moved = [(category, net, order[place] * 40) for place, (category, net, _later) in enumerate(bills)]
    one, other = (case_of(*awarded(BUDGET), *vouchers(each)) for each in (bills, moved))
    assert settle_case(one).as_json() == settle_case(other).as_json()
    for case in (one, other):
        given_away = sum(sum(parts) for parts in case.expected_splits.values())
        assert given_away == sum(case.government_shares().values()) == case.entitlement(AFTER)


@tries(40)
@given(BILLS)
def test_cumulative_is_one_shot(bills: list[Bill]) -> None:
    """Month by month, voucher by voucher: what the vouchers of a month change is what the month earns."""
    case = case_of(*awarded(BUDGET), *vouchers(bills))
    through = {v.booked for v in case.vouchers}
    for on in sorted(through):
        parts = [sum(case.expected_splits[id(v.entry)]) for v in case.vouchers if v.booked <= on]
        assert sum(parts) == case.entitlement(on)


@tries(60)
@given(
    BILLS.filter(bool),
    st.data(),
    st.sampled_from(["disallowed", "parked"]),
    st.none() | st.integers(0, 250_000),
    SCHEMES,
)
def test_striking_out_a_voucher_never_raises_the_grant_and_parked_is_absent(
    bills: list[Bill], draw: st.DataObject, state: str, deducted: int | None, scheme: str
) -> None:
    place = draw.draw(st.integers(0, len(bills) - 1))
    credit = draw.draw(st.integers(0, bills[place][1]))
    books = [*awarded(BUDGET, scheme=scheme), *vouchers(bills)]
    if credit:
        note = voucher(
            "Z", day("2024-05-30"), (bills[place][0], -credit), kind="allowance", reverses=f"V{place}"
        )
        books.append(note)
    before = settle_case(case_of(*books)).whole
    struck = settle_case(case_of(*books, finding("2024-06-20", f"V{place}", state, deducted))).whole
    assert struck.recognised_government <= before.recognised_government
    assert struck.accepted >= 0
    if state == "parked":
        absent = [e for e in books if e.meta.get("number") not in {f"V{place}", "Z"}]
        assert settle_case(case_of(*absent)).whole == struck


# --- a supply chain ----------------------------------------------------------------------------------------

CHAIN: Any = {
    "scheme": "supply-chain-smart-112",
    "partners": {PARTNER: (BUDGET, "444455556666"), OTHER: (BUDGET, "")},
    "guarantee": "partial",
}


@tries(40)
@given(BILLS, BILLS, BILLS)
def test_parties_add_up_to_the_whole(lead: list[Bill], partner: list[Bill], other: list[Bill]) -> None:
    books = [
        *awarded(BUDGET, **CHAIN),
        *vouchers(lead, LEAD, "L"),
        *vouchers(partner, PARTNER, "P"),
        *vouchers(other, OTHER, "O"),
        bank("instalment", "2023-06-05", 200_000),
        bank("instalment", "2023-06-05", 100_000, PARTNER),
    ]
    shown = settle_case(case_of(*books)).as_json()
    parties = shown["parties"]
    assert [party["party"] for party in parties] == [LEAD, PARTNER, OTHER]
    summed = ["approved_government", "approved_self", "accepted", "recognised_government", "recognised_self"]
    for key in [*summed, "received", "withdrawn", "tail_payment", "interest_gross", "remitted"]:
        assert sum(party[key] for party in parties) == shown[key], key
    for place, line in enumerate(shown["categories"]):
        for key in ("approved_government", "approved_self", "accepted", "disallowed", "government", "self"):
            assert sum(party["categories"][place][key] for party in parties) == line[key]
    for party in parties:
        assert party["recognised_government"] <= party["approved_government"]
    assert shown["recognised_government"] * 2 <= shown["accepted"]


def chain() -> list[data.Directive]:
    """A chain in which nothing binds: every party's own cost carries its share."""
    budget = {"consumables": (100_000, 100_000), "personnel": (0, 40_000)}
    partners: Any = {PARTNER: (budget, "444455556666"), OTHER: (budget, "")}
    return [
        *awarded(budget, scheme="supply-chain-smart-112", partners=partners),
        bank("instalment", "2023-06-05", 120_000),
        bank("instalment", "2023-06-06", 70_000, PARTNER),
        voucher("L1", day("2023-06-12"), ("consumables", 80_000)),
        voucher("P1", day("2023-06-13"), ("consumables", 120_000), buyer=PARTNER),
        voucher("O1", day("2023-06-14"), ("consumables", 40_000), buyer=OTHER),
        voucher("p1", day("2023-06-30"), ("personnel", 10_000), buyer="", kind="payroll", party=PARTNER),
        bank("interest", "2023-12-20", 300, PARTNER),
        bank("remit-interest", "2024-06-25", -300, PARTNER),
        custom(day("2024-07-01"), "deduction", twd(1_000), "未達成"),
    ]


def by_party(case: Case, *keys: str) -> dict[str, tuple[Any, ...]]:
    return {
        party["party"]: tuple(party[key] for key in keys) for party in settle_case(case).as_json()["parties"]
    }


def test_each_party_has_its_own_cost_and_share() -> None:
    shown = by_party(case_of(*chain()), "accepted", "recognised_government", "binding")
    assert shown == {
        LEAD: (80_000, 40_000, "none"),
        PARTNER: (130_000, 60_000, "none"),
        OTHER: (40_000, 20_000, "none"),
    }


def test_what_the_auditor_strikes_out_of_two_parties_is_added_up() -> None:
    books = [
        *chain(),
        finding("2024-06-20", "L1", "disallowed", 20_000),
        finding("2024-06-20", "P1", "disallowed", 5_000, "F-2"),
    ]
    settled = settle_case(case_of(*books))
    (line,) = [line for line in settled.as_json()["categories"] if line["category"] == "consumables"]
    assert (line["accepted"], line["disallowed"]) == (240_000 - 25_000, 25_000)
    assert {line.party for line in settled.whole.categories} == {""}


def test_money_is_told_at_the_account_that_holds_it() -> None:
    shown = by_party(
        case_of(*chain()), "received", "tail_payment", "surplus", "interest_gross", "due_to_treasury"
    )
    assert shown == {
        LEAD: (120_000, 40_000 + 20_000 - 1_000 - 120_000, 61_000, 0, 61_000),
        PARTNER: (70_000, 60_000 - 70_000, 10_000, 300, 10_000),
        OTHER: (0, 0, 0, 0, 0),
    }


def test_a_payment_out_of_a_partner_s_account_is_that_partner_s_though_no_line_says_so() -> None:
    pays = payment_entry(day("2023-06-20"), "甲", "匯款", [("P1", 120_000, 60_000)], "dedicated", {})
    pays_other = payment_entry(day("2023-06-20"), "甲", "匯款", [("O1", 40_000, 20_000)], "dedicated", {})
    case = case_of(*chain(), pays, pays_other)
    assert by_party(case, "withdrawn") == {LEAD: (20_000,), PARTNER: (60_000,), OTHER: (0,)}


def test_an_account_that_the_award_does_not_name_is_told_apart_once_money_moves_on_it() -> None:
    case = case_of(*chain(), bank("instalment", "2023-06-07", 5_000, OTHER))
    assert case.dedicated_accounts.holders == (LEAD, PARTNER, OTHER)
    assert by_party(case, "received", "tail_payment")[OTHER] == (5_000, 15_000)


def test_a_category_cap_is_a_share_of_the_whole_project_s_total() -> None:
    lead = {"equipment": (1_500_000, 1_500_000), "improvement": (4_500_000, 5_600_000)}
    partners: Any = {PARTNER: ({"equipment": (300_000, 300_000)}, "444455556666")}
    books = [
        *awarded(lead, scheme="supply-chain-smart-112", partners=partners),
        voucher("L1", day("2023-06-12"), ("equipment", 3_000_000), ("improvement", 10_100_000)),
        voucher("P1", day("2023-06-12"), ("equipment", 600_000), buyer=PARTNER),
    ]
    assert by_party(case_of(*books), "recognised_government", "binding") == {
        LEAD: (6_000_000, "none"),
        PARTNER: (300_000, "none"),
    }
    assert settle_case(case_of(*books)).whole.recognised_government == 6_300_000


def test_what_the_project_s_cap_cuts_falls_on_the_parties_beyond_their_own_share_of_it() -> None:
    budget = {"equipment": (100_000, 50_000), "personnel": (0, 100_000)}  # its own 30 % is 75,000
    small = {"equipment": (100_000, 100_000)}  # its own 30 % is 60,000; the project's is 135,000
    partners: Any = {PARTNER: (small, "444455556666")}
    books = [
        *awarded(budget, scheme="supply-chain-smart-112", partners=partners),
        voucher("L1", day("2023-06-12"), ("equipment", 105_000), ("personnel", 100_000)),
        voucher("P1", day("2023-06-12"), ("equipment", 200_000), buyer=PARTNER),
    ]
    # the lead's 70,000 is within its own 75,000, so the partner bears all of 70,000 + 100,000 - 135,000
    assert by_party(case_of(*books), "recognised_government", "binding") == {
        LEAD: (70_000, "none"),
        PARTNER: (65_000, "category"),
    }
    assert settle_case(case_of(*books)).whole.recognised_government == 135_000


def test_a_cap_may_be_a_share_of_what_was_spent() -> None:
    budget = {"equipment": (100_000, 100_000), "consumables": (100_000, 200_000)}
    case = case_of(*awarded(budget), voucher("V1", START, ("equipment", 200_000), ("consumables", 100_000)))
    assert case.scheme is not None
    totals: list[tuple[CapTotal, int]] = [("approved", 100_000), ("actual", 90_000)]
    for total, share in totals:
        rule = dataclasses.replace(case.scheme.cap_total, value=total)
        case.scheme = dataclasses.replace(case.scheme, cap_total=rule)
        assert shares_through(case, END)[0].government == share


def test_shares_are_rounded_as_the_scheme_says() -> None:
    case = case_of(
        *awarded({"consumables": (1, 2), "personnel": (0, 9)}),
        voucher("V1", START, ("consumables", 2), ("personnel", 9)),
    )
    assert case.scheme is not None
    roundings: list[tuple[Rounding, int]] = [("down", 0), ("half-up", 1)]
    for rounding, share in roundings:
        rule = dataclasses.replace(case.scheme.share_rounding, value=rounding)
        case.scheme = dataclasses.replace(case.scheme, share_rounding=rule)
        assert shares_through(case, END)[0].government == share
        assert settle_case(case).whole.recognised_government == share


def test_the_shares_of_parties_are_rounded_as_the_scheme_says() -> None:
    partners: Any = {PARTNER: ({"consumables": (1, 2), "personnel": (0, 9)}, "")}
    books = [
        *awarded({"personnel": (0, 9)}, scheme="supply-chain-smart-112", partners=partners),
        voucher("P1", START, ("consumables", 2), ("personnel", 9), buyer=PARTNER),
    ]
    case = case_of(*books)
    assert case.scheme is not None
    rule = dataclasses.replace(case.scheme.share_rounding, value="half-up")
    case.scheme = dataclasses.replace(case.scheme, share_rounding=rule)
    assert by_party(case, "recognised_government") == {LEAD: (0,), PARTNER: (1,)}


def test_cost_without_a_budget_is_shown_and_earns_nothing() -> None:
    books = [
        *awarded({"consumables": (98_000, 164_400)}),
        voucher("V1", day("2023-06-12"), ("consumables", 10_000)),
        voucher("V2", day("2023-06-13"), ("equipment", 5_000)),
    ]
    shown = settle_case(case_of(*books)).as_json()
    assert shown["categories"][1] == {
        "category": "equipment",
        "approved_government": 0,
        "approved_self": 0,
        "accepted": 5_000,
        "disallowed": 0,
        "government": 0,
        "self": 5_000,
    }
    assert (shown["approved_government"], shown["recognised_government"]) == (98_000, 3_734)


def test_a_party_without_any_budget_earns_nothing() -> None:
    partners: Any = {PARTNER: ({}, "")}
    books = [
        *awarded({"equipment": (100_000, 200_000)}, scheme="supply-chain-smart-112", partners=partners),
        voucher("P1", day("2023-06-12"), ("equipment", 1_000), buyer=PARTNER),
    ]
    (line,) = [one for one in shares_through(case_of(*books), END) if one.party == PARTNER]
    assert (line.accepted, line.government, line.capped_by) == (1_000, 0, 0)


def test_what_the_caps_of_two_parties_take_is_added_up() -> None:
    budget = {"equipment": (100_000, 100_000)}
    partners: Any = {PARTNER: (budget, "")}
    books = [
        *awarded(budget, scheme="supply-chain-smart-112", partners=partners),
        voucher("L1", day("2023-06-12"), ("equipment", 150_000)),
        voucher("P1", day("2023-06-12"), ("equipment", 200_000), buyer=PARTNER),
    ]
    (equipment,) = settle_case(case_of(*books)).whole.categories
    assert (equipment.government, equipment.capped_by) == (2 * 60_000, 15_000 + 40_000)


def test_a_case_is_settled_finally_unless_it_is_said_otherwise() -> None:
    assert settle_case(case_of(*awarded(BUDGET))).stage == "final"


def test_a_cap_of_a_dollar_s_difference() -> None:
    budget = {"equipment": (9, 0)}
    assert [
        line.government
        for line in shares_through(case_of(*awarded(budget), voucher("V1", START, ("equipment", 9))), END)
    ] == [2]


# --- a single case -----------------------------------------------------------------------------------------


def test_the_json_of_a_case() -> None:
    books = [
        *awarded(BUDGET),
        bank("instalment", "2023-06-05", 209_000),
        voucher("V1", day("2023-06-12"), ("consumables", 150_000)),
        bank("withdrawal", "2023-07-04", -56_021),
        bank("interest", "2023-12-20", 30),
        finding("2024-06-20", "V1", "disallowed", 50_000),
        custom(day("2024-07-01"), "deduction", twd(1_000), "未達成"),
    ]
    shown = settle_case(case_of(*books), "interim").as_json()
    assert shown.pop("categories")[0] == {
        "category": "consumables",
        "approved_government": 98_000,
        "approved_self": 164_400,
        "accepted": 100_000,
        "disallowed": 50_000,
        "government": 37_347,
        "self": 62_653,
    }
    assert shown == {
        "case": "112-試-001",
        "stage": "interim",
        "as_of": AFTER.isoformat(),
        "approved_government": 418_000,
        "approved_self": 504_400,
        "accepted": 100_000,
        "recognised_government": 37_347,
        "recognised_self": 62_653,
        "binding": "none",
        "received": 209_000,
        "withdrawn": 56_021,
        "deductions": 1_000,
        "tail_payment": 37_347 - 1_000 - 209_000,
        "interest_gross": 30,
        "tax_withheld": 0,
        "surplus": 172_653,
        "remitted": 0,
        "due_to_treasury": 172_683,
        "parked": 0,
        "due_to_treasury_if_accepted": 172_683,
        "registration_missing": False,
    }


def test_what_is_parked_is_shown_apart_and_what_is_due_with_and_without_it() -> None:
    books = [
        *awarded(BUDGET),
        bank("instalment", "2023-06-05", 209_000),
        voucher("V1", day("2023-06-12"), ("consumables", 150_000)),
        voucher("V2", day("2023-06-13"), ("consumables", 50_000)),
    ]
    decided = settle_case(case_of(*books)).as_json()
    taken = [finding("2024-06-20", "V1", "parked"), finding("2024-06-20", "V2", "disallowed", 20_000)]
    shown = settle_case(case_of(*books, *taken)).as_json()
    only = settle_case(case_of(*books, taken[1])).as_json()
    assert (decided["parked"], decided["due_to_treasury_if_accepted"]) == (0, decided["due_to_treasury"])
    assert (shown["parked"], shown["accepted"]) == (150_000, 30_000)
    assert shown["categories"][0]["disallowed"] == 20_000
    assert shown["due_to_treasury"] > only["due_to_treasury"] == shown["due_to_treasury_if_accepted"]


def test_what_was_withheld_and_what_went_back_to_the_treasury() -> None:
    books = [
        *awarded(BUDGET),
        bank("instalment", "2023-06-05", 209_000),
        bank("interest", "2023-12-20", 30_000),
        bank("withholding", "2023-12-20", -3_000),
        bank("remit-interest", "2024-06-25", -30_000),
        bank("remit-surplus", "2024-06-26", -200_000),
    ]
    shown = settle_case(case_of(*books)).as_json()
    keys = ("interest_gross", "tax_withheld", "remitted", "surplus", "due_to_treasury")
    assert {key: shown[key] for key in keys} == {
        "interest_gross": 30_000,
        "tax_withheld": 3_000,
        "remitted": 230_000,
        "surplus": 209_000,
        "due_to_treasury": 9_000,
    }


def test_every_figure_as_of_a_day() -> None:
    revision = custom(
        day("2023-09-01"), "budget", "consumables", twd(131_200), twd(131_200), approval="產授字第1號"
    )
    books = [
        *awarded({"consumables": (98_000, 164_400), "personnel": (0, 9_000_000)}),
        revision,
        voucher("V1", day("2023-06-12"), ("consumables", 150_000)),
        voucher("p1", day("2023-06-30"), ("personnel", 500_000), kind="payroll"),
        finding("2024-06-20", "V1", "disallowed", 50_000),
        custom(day("2024-07-01"), "deduction", twd(1_000), "未達成"),
    ]
    recognised = {
        on: settle_case(case_of(*books, as_of=day(on))).whole.recognised_government
        for on in ("2023-06-11", "2023-06-12", "2023-08-31", "2023-09-01", "2024-06-19", "2024-06-20")
    }
    assert recognised == {
        "2023-06-11": 0,
        "2023-06-12": 56_021,
        "2023-08-31": 56_021,
        "2023-09-01": 75_000,
        "2024-06-19": 75_000,
        "2024-06-20": 50_000,
    }
    assert settle_case(case_of(*books, as_of=day("2024-06-30"))).whole.flows.deductions == 0


def test_the_shares_on_the_cost_booked_through_a_day() -> None:
    revision = custom(
        day("2023-09-01"), "budget", "consumables", twd(131_200), twd(131_200), approval="產授字第1號"
    )
    books = [
        *awarded({"consumables": (98_000, 164_400), "equipment": (100_000, 100_000)}),
        revision,
        voucher("V1", day("2023-06-12"), ("consumables", 150_000), ("equipment", 200_000)),
        voucher("V2", day("2023-09-02"), ("consumables", 10_000)),
        finding("2024-06-20", "V1", "disallowed", 50_000),
    ]
    capped = (98_000 + 164_400 + 200_000) * 3 // 10
    for on, cost, government in [("2023-06-11", 0, 0), ("2023-09-01", 100_000, 50_000)]:
        consumables, equipment = shares_through(case_of(*books), day(on))
        assert (consumables.accepted, consumables.government) == (cost, government)
        assert equipment.government == min(cost, (2 * 131_200 + 200_000) * 3 // 10)
    before, _equipment = shares_through(case_of(*books), day("2023-08-31"))
    assert (before.accepted, before.disallowed, before.government) == (100_000, 50_000, 37_347)
    _consumables, equipment = shares_through(case_of(*books), day("2023-08-31"))
    assert (equipment.government, equipment.capped_by) == (100_000, 0)
    assert capped > 100_000


@pytest.mark.parametrize("scheme", ["small-manufacturer-112", "no-such"])
def test_without_an_award_or_its_scheme_there_is_nothing_to_settle_by(scheme: str) -> None:
    books = [] if scheme == "small-manufacturer-112" else awarded(BUDGET, scheme=scheme)
    with pytest.raises(NoAwardError):
        settle_case(Case(books, as_of=AFTER))
    with pytest.raises(NoAwardError):
        shares_through(Case(books, as_of=AFTER), AFTER)


# --- what hangs on the factory's registration ---------------------------------------------------------------


def registered_factory(*more: data.Directive, as_of: str = "2024-06-01") -> Case:
    budget = {"improvement": (100_000, 100_000)}
    books = [
        *awarded(budget, scheme="managed-factory-112"),
        bank("instalment", "2023-06-06", 50_000),
        bank("interest", "2023-12-21", 30),
        voucher("V1", day("2023-06-12"), ("improvement", 200_000)),
        *more,
    ]
    return case_of(*books, as_of=day(as_of))


REGISTRATION = custom(day("2024-05-20"), "milestone", "registration")
PAPER = custom(day("2024-05-20"), "evidence", "factory-registration", "documents/登記.pdf")


def test_without_its_registration_nothing_is_paid_and_all_is_due_back() -> None:
    shown = settle_case(registered_factory()).as_json()
    assert shown["registration_missing"] is True
    assert (shown["tail_payment"], shown["surplus"], shown["due_to_treasury"]) == (-50_000, 50_000, 50_030)
    assert shown["recognised_government"] == 100_000  # what the cost alone would have earned


@pytest.mark.parametrize(
    ("more", "as_of"),
    [
        ([], "2024-05-31"),  # its last day: not yet over
        ([REGISTRATION], "2024-06-01"),
        ([PAPER], "2024-06-01"),
    ],
)
def test_registered_or_still_running_it_is_settled_by_its_cost(
    more: list[data.Directive], as_of: str
) -> None:
    shown = settle_case(registered_factory(*more, as_of=as_of)).as_json()
    assert (shown["registration_missing"], shown["tail_payment"], shown["surplus"]) == (False, 50_000, 0)


def test_a_registration_counts_by_its_day() -> None:
    late = custom(day("2024-07-01"), "milestone", "registration")
    assert settle_case(registered_factory(late, as_of="2024-06-30")).whole.forfeited
    assert not settle_case(registered_factory(late, as_of="2024-07-01")).whole.forfeited


def test_the_surplus_of_one_account_is_not_netted_with_what_another_lacks() -> None:
    budget = {"consumables": (100_000, 100_000)}
    partners: Any = {PARTNER: (budget, "444455556666")}
    books = [
        *awarded(budget, scheme="supply-chain-smart-112", partners=partners),
        bank("instalment", "2023-06-06", 80_000),
        bank("instalment", "2023-06-06", 20_000, PARTNER),
        voucher("L1", day("2023-06-12"), ("consumables", 100_000)),
        voucher("P1", day("2023-06-12"), ("consumables", 100_000), buyer=PARTNER),
    ]
    shown = settle_case(case_of(*books)).as_json()
    assert (shown["tail_payment"], shown["surplus"], shown["due_to_treasury"]) == (0, 30_000, 30_000)
    assert by_party(case_of(*books), "tail_payment", "surplus") == {
        LEAD: (-30_000, 30_000),
        PARTNER: (30_000, 0),
    }
