"""What is expected to arrive when, for every scheme and way of paying out, and the guarantee."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from ledger.case.case import Case
from ledger.case.instalments import Expected
from ledger.case.instalments import Part
from ledger.case.instalments import Schedule
from ledger.case.instalments import expected_instalments
from ledger.case.instalments import guarantee_of
from ledger.case.instalments import schedules
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import scheme_ids
from ledger.schemes.model import Instalment
from ledger.schemes.model import PayingOut
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
from tests.ledger.ledgers import voucher

BUDGET = {"consumables": (1_000_001, 1_100_000)}
RUNNING, ENDED = day("2024-01-15"), day("2024-06-30")


def schedule(
    *entries: data.Directive, as_of: Any = RUNNING, budget: int = 1_000_001, **award: Any
) -> Schedule:
    granted = {"consumables": (budget, budget + 100_000 - 1)}
    (found,) = schedules(case_of(*awarded(granted, **award), *entries, as_of=as_of))
    return found


def shown(found: Schedule) -> list[tuple[int, str | None, str, int | None]]:
    return [(e.number, e.when, e.around.isoformat(), e.amount) for e in found.instalments]


SINGLE = {
    "none": [(1, "interim", "2023-11-30", 500_000), (2, "final", "2024-06-01", 500_001)],
    "partial": [(1, "signing", "2023-06-01", 500_000), (2, "final", "2024-06-01", 500_001)],
    "full": [(1, "signing", "2023-06-01", 1_000_001)],
}
CHAIN: dict[str, list[tuple[int, str, str, int | None]]] = {
    "none": [(1, "progress", "2023-06-01", None), (2, "final", "2024-06-01", None)],
    "partial": [
        (1, "signing", "2023-06-01", 200_000),
        (2, "progress", "2023-06-01", None),
        (3, "final", "2024-06-01", None),
    ],
    "full": [(1, "signing", "2023-06-01", 1_000_001)],
}
EXPECTED: dict[str, Any] = {
    "small-manufacturer-112": SINGLE,
    "managed-factory-112": SINGLE,
    "managed-factory-114": SINGLE,
    "supply-chain-carbon-112": CHAIN,
    "supply-chain-smart-112": CHAIN,
    "ocean-industry-114": {
        "none": [(1, "signing", "2023-06-01", 400_000), (2, "final", "2024-06-01", 600_001)]
    },
    "sbir-phase2-115": {"none": SINGLE["partial"]},
    "siir-individual-115": {"none": SINGLE["partial"]},
    "agriculture-industry-phase2-114": {"none": SINGLE["partial"]},
}


def test_every_scheme_is_told_of_here() -> None:
    ways = {
        scheme_id: set(load_scheme(scheme_id).paying_out)
        for scheme_id in scheme_ids()
        if load_scheme(scheme_id).coaching is None
    }
    assert {scheme_id: set(ways) for scheme_id, ways in EXPECTED.items()} == ways


@pytest.mark.parametrize(("scheme", "guarantee"), [(s, g) for s, ways in EXPECTED.items() for g in ways])
def test_what_is_expected_before_anything_came(scheme: str, guarantee: str) -> None:
    found = schedule(scheme=scheme, guarantee=guarantee)
    assert shown(found) == EXPECTED[scheme][guarantee]
    assert (found.party, found.approved) == (LEAD, 1_000_001)
    assert found.source
    assert found.next == found.instalments[0]
    assert [e.at_most for e in found.instalments] == [1_000_001] * len(found.instalments)


@pytest.mark.parametrize(
    ("scheme", "guarantee", "amount"),
    [
        ("small-manufacturer-112", "partial", 200_001),
        ("supply-chain-carbon-112", "partial", 200_001),
        ("managed-factory-112", "full", 1_000_001),
    ],
)
def test_the_guarantee_is_a_share_of_the_grant_rounded_up_and_outlasts_the_case(
    scheme: str, guarantee: str, amount: int
) -> None:
    found = guarantee_of(case_of(*awarded(BUDGET, scheme=scheme, guarantee=guarantee)))
    assert found is not None
    assert (found.amount, found.valid_until, found.confidence) == (
        amount,
        day("2024-08-31"),
        "sister programme",
    )


def test_no_guarantee_and_none_of_an_unknown_case() -> None:
    assert guarantee_of(case_of(*awarded(BUDGET))) is None
    assert guarantee_of(case_of()) is None
    assert schedules(case_of()) == []


def test_a_way_that_the_scheme_does_not_know() -> None:
    assert schedules(case_of(*awarded(BUDGET, scheme="ocean-industry-114", guarantee="full"))) == []


def first(amount: int = 500_000, on: str = "2023-12-05", party: str = "") -> data.Transaction:
    return bank("instalment", on, amount, party)


def test_after_the_first_came_the_rest_is_expected() -> None:
    found = schedule(first())
    assert shown(found)[1] == (2, "final", "2024-06-01", 500_001)
    assert found.instalments[0].received == 500_000
    assert found.next == found.instalments[1]


def test_after_the_end_the_tail_is_what_is_recognised_less_deductions_and_what_came() -> None:
    books: list[data.Directive] = [
        first(),
        voucher("V1", day("2023-06-12"), ("consumables", 1_500_000)),
        custom(day("2024-06-15"), "deduction", twd(1_000), "未達成"),
    ]
    (_, last) = schedule(*books, as_of=ENDED).instalments
    recognised = 1_500_000 * 1_000_001 // 2_100_001
    assert last.amount == last.tail == recognised - 1_000 - 500_000
    fits = [amount for amount in range(213_000, 215_400) if last.fits(amount)]
    assert fits == [recognised - 501_000, recognised - 500_000]
    assert last.fits(500_001)  # the rest of the approved grant: settled later
    assert not last.fits(500_002)
    assert not last.fits(100)


def test_a_tail_that_the_company_owes_is_nothing_to_wait_for() -> None:
    found = schedule(first(), as_of=ENDED)
    assert found.instalments[1].tail == -500_000
    assert found.instalments[1].amount == 0
    assert found.next is None


def test_what_was_paid_before_a_finding_is_not_judged_by_today_s_settlement() -> None:
    books: list[data.Directive] = [
        first(),
        voucher("V1", day("2023-06-12"), ("consumables", 1_500_000)),
        bank("instalment", "2024-06-10", 214_285),
        finding("2024-06-20", "V1", "disallowed", 100_000),
    ]
    (_, last) = schedule(*books, as_of=ENDED).instalments
    assert last.tail is None
    assert last.fits(214_285)


def fits(found: Expected, *amounts: int) -> list[bool]:
    return [found.fits(amount) for amount in amounts]


def test_a_share_is_rounded_either_way_and_the_last_may_be_less_while_the_case_runs() -> None:
    one, two = schedule().instalments
    assert fits(one, 499_999, 500_000, 500_001, 500_002) == [False, True, True, False]
    assert fits(two, 1, 500_001, 1_000_001, 1_000_002) == [True, True, True, False]


def test_a_single_instalment_is_the_whole_grant() -> None:
    (only,) = schedule(guarantee="full").instalments
    assert fits(only, 1_000_000, 1_000_001, 1_000_002) == [False, True, False]


def test_one_more_than_the_schedule_has_never_fits() -> None:
    found = schedule(first(), first(400_000, "2024-01-05"), first(5, "2024-01-10"))
    assert [e.when for e in found.instalments] == ["interim", "final", None]
    assert found.instalments[2].fits(5) is False
    assert found.next is None


def test_progress_comes_in_any_number_of_parts_within_the_grant() -> None:
    parts = [
        first(200_000, "2023-06-10"),
        *(first(100_000, f"2023-{month}-05") for month in ("08", "09", "10")),
    ]
    found = schedule(*parts, scheme="supply-chain-smart-112", guarantee="partial")
    assert [e.when for e in found.instalments] == ["signing", "progress", "progress", "progress", "final"]
    assert all(e.fits(e.received) for e in found.instalments if e.came)
    assert found.instalments[-1].amount == 500_001
    assert not found.instalments[3].fits(700_000)


def test_what_comes_after_the_end_is_the_final_one() -> None:
    parts = [first(200_000, "2023-06-10"), first(100_000, "2023-08-05"), first(50_000, "2024-06-20")]
    found = schedule(*parts, scheme="supply-chain-smart-112", guarantee="partial", as_of=RUNNING)
    assert [e.when for e in found.instalments] == ["signing", "progress", "final"]
    later = schedule(*parts, scheme="supply-chain-smart-112", guarantee="partial", as_of=ENDED)
    assert [e.when for e in later.instalments] == ["signing", "progress", "final"]


def test_each_is_judged_by_the_budget_of_its_day() -> None:
    revision = custom(
        day("2024-01-01"), "budget", "consumables", twd(800_000), twd(1_300_000), approval="產授字第1號"
    )
    found = schedule(first(), revision, as_of=RUNNING)
    assert found.approved == 800_000
    assert found.instalments[0].fits(500_000)
    assert found.instalments[1].amount == 300_000
    before = case_of(*awarded(BUDGET, guarantee="full"), revision, as_of=day("2023-12-31"))
    (found,) = schedules(before)
    assert (found.approved, found.instalments[0].amount) == (1_000_001, 1_000_001)
    guarantee = guarantee_of(before)
    assert guarantee is not None
    assert guarantee.amount == 1_000_001


def test_every_dedicated_account_has_its_schedule() -> None:
    partners: Any = {PARTNER: ({"consumables": (400_000, 500_000)}, "444455556666"), OTHER: (BUDGET, "")}
    books = [
        *awarded(BUDGET, scheme="supply-chain-smart-112", partners=partners, guarantee="partial"),
        first(80_000, "2023-06-10", PARTNER),
    ]
    lead, partner = schedules(case_of(*books, as_of=RUNNING))
    assert (lead.party, lead.approved, partner.party, partner.approved) == (LEAD, 2_000_002, PARTNER, 400_000)
    assert (lead.instalments[0].came, lead.instalments[0].amount) == ((), 400_000)
    assert partner.instalments[0].received == 80_000
    assert partner.instalments[0].fits(80_000)
    ended = schedules(case_of(*books, as_of=ENDED))
    assert ended[1].instalments[-1].tail == -80_000
    guarantee = guarantee_of(case_of(*books))
    assert guarantee is not None
    assert guarantee.amount == 480_001


# --- in parts -----------------------------------------------------------------------------------------------


def parts_of(found: Schedule) -> list[tuple[int, list[int], bool]]:
    return [
        (e.number, [part.amount for part in e.came], e.is_as_expected) for e in found.instalments if e.came
    ]


def test_parts_add_up_before_the_next_is_expected() -> None:
    two = schedule(first(300_000, "2023-12-01"), first(150_000, "2023-12-05"))
    assert parts_of(two) == [(1, [300_000, 150_000], True)]
    assert two.next == two.instalments[0]
    assert two.instalments[0].rest == 50_000
    three = schedule(first(300_000), first(150_000), first(50_000), first(5, "2024-01-05"))
    assert parts_of(three) == [(1, [300_000, 150_000, 50_000], True), (2, [5], True)]
    assert three.next == three.instalments[1]


def test_what_is_more_than_the_rest_is_the_next_and_the_one_before_it_is_short() -> None:
    found = schedule(first(300_000, "2023-12-01"), first(200_002, "2023-12-05"))
    assert parts_of(found) == [(1, [300_000], False), (2, [200_002], True)]
    assert found.instalments[1].planned == 700_001


def test_a_part_that_nothing_followed_is_short_once_the_period_has_ended() -> None:
    assert parts_of(schedule(first(300_000))) == [(1, [300_000], True)]
    assert parts_of(schedule(first(300_000), as_of=ENDED)) == [(1, [300_000], False)]


def test_the_last_may_come_in_parts_once_it_is_settled() -> None:
    books: list[data.Directive] = [first(), voucher("V1", day("2023-06-12"), ("consumables", 1_500_000))]
    tail = 1_500_000 * 1_000_001 // 2_100_001 - 500_000
    for pieces in ([tail], [100_000, tail - 100_000], [1, 2, tail - 3]):
        came = [first(piece, f"2024-06-1{place}") for place, piece in enumerate(pieces)]
        assert parts_of(schedule(*books, *came, as_of=ENDED)) == [(1, [500_000], True), (2, pieces, True)]
    more = schedule(*books, first(tail, "2024-06-10"), first(1, "2024-06-11"), as_of=ENDED)
    assert parts_of(more) == [(1, [500_000], True), (2, [tail], True), (3, [1], False)]


def test_a_single_instalment_in_parts() -> None:
    found = schedule(first(1_000_000), first(1), guarantee="full")
    assert parts_of(found) == [(1, [1_000_000, 1], True)]


@given(st.lists(st.integers(1, 400_000), min_size=1, max_size=6))
def test_no_money_is_lost_whatever_its_parts(amounts: list[int]) -> None:
    way = PayingOut(
        (Instalment("interim", Decimal("0.5")), Instalment("final", Decimal("0.5"))), Decimal(0), "s", "seed"
    )
    came = [Part(START + datetime.timedelta(days=place), amount) for place, amount in enumerate(amounts)]
    found = expected_instalments(way, 1_000_000, (START, END), came, [1_000_000] * len(came))
    assert [part for each in found for part in each.came] == came
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    first_one = found[0]
    assert first_one.received <= 500_000  # no part here is more than a whole instalment
    if len(came) > len(first_one.came) and first_one.received < 500_000:
        assert not first_one.is_as_expected


# --- edges --------------------------------------------------------------------------------------------------


def test_a_scheme_nobody_knows_has_no_schedule_and_no_guarantee() -> None:
    case = Case(awarded(BUDGET, scheme="managed-factory-112", guarantee="full"), as_of=RUNNING)
    assert guarantee_of(case) is not None
    case.scheme = None
    assert (guarantee_of(case), schedules(case)) == (None, [])


def test_a_dollar_that_came_is_an_instalment_and_a_dollar_left_is_to_be_looked_for() -> None:
    found = schedule(first(1))
    assert [bool(e.came) for e in found.instalments] == [True, False]
    assert (found.instalments[0].rest, found.instalments[0].is_as_expected) == (499_999, True)
    assert (found.instalments[1].amount, found.instalments[1].at_most) == (500_001, 1_000_000)
    found = schedule(first(1_000_000))
    assert found.next == found.instalments[1]
    assert found.instalments[1].amount == 1


def test_all_of_the_grant_at_once_leaves_nothing() -> None:
    found = schedule(first(1_000_001))
    assert [(e.planned, e.at_most, e.amount) for e in found.instalments] == [
        (500_000, 1_000_001, 500_000),
        (0, 0, 0),
    ]
    assert found.next is None


def test_whether_a_share_comes_out_even() -> None:
    odd, even = schedule(), schedule(budget=2_000_000)
    assert [e.exact for e in odd.instalments] == [False, True]
    assert [e.exact for e in even.instalments] == [True, True]
    assert fits(even.instalments[0], 1_000_000, 1_000_001) == [True, False]
    chain = schedule(scheme="supply-chain-smart-112", guarantee="partial")
    assert [e.exact for e in chain.instalments] == [False, True, True]


def test_everything_beyond_the_schedule_is_shown_with_the_end() -> None:
    more = [first(amount, f"2024-0{amount}-05") for amount in (1, 2, 3)]
    found = schedule(first(), first(400_000, "2024-01-04"), *more, as_of=day("2024-05-01"))
    assert [(e.number, e.when, e.exact) for e in found.instalments][2:] == [
        (3, None, True),
        (4, None, True),
        (5, None, True),
    ]
    assert {e.around for e in found.instalments[2:]} == {day("2024-06-01")}


def test_what_comes_on_the_last_day_is_no_final_instalment() -> None:
    parts = [first(200_000, "2023-06-10"), first(100_000, "2024-05-31")]
    found = schedule(*parts, scheme="supply-chain-smart-112", guarantee="partial", as_of=ENDED)
    assert [e.when for e in found.instalments] == ["signing", "progress", "final"]
    assert [bool(e.came) for e in found.instalments] == [True, True, False]


def test_only_the_last_instalment_bears_the_deductions() -> None:
    deduction = custom(day("2024-06-15"), "deduction", twd(1_000), "未達成")
    assert [e.deductions for e in schedule(first(), deduction, as_of=ENDED).instalments] == [0, 1_000]
    assert [e.deductions for e in schedule(first()).instalments] == [0, 0]


def test_a_finding_unsettles_only_what_was_paid_before_it() -> None:
    books: list[data.Directive] = [
        first(),
        voucher("V1", day("2023-06-12"), ("consumables", 1_500_000)),
        finding("2024-06-20", "V1", "disallowed", 100_000),
    ]
    tail = 1_400_000 * 1_000_001 // 2_100_001 - 500_000
    assert schedule(*books, as_of=ENDED).instalments[1].tail == tail
    for on, known in [("2024-06-19", None), ("2024-06-20", tail), ("2024-06-21", tail)]:
        (_, last) = schedule(*books, bank("instalment", on, 200_000), as_of=ENDED).instalments
        assert last.tail == known


PROGRESS = Instalment("progress")


def test_progress_as_the_only_or_the_last_step_of_a_schedule() -> None:
    came = [Part(day("2024-06-10"), 5)]
    only = PayingOut((PROGRESS,), Decimal(0), "s", "seed")
    (one,) = expected_instalments(only, 100, (START, END))
    assert (one.when, one.planned, one.amount, one.is_last) == ("progress", None, None, True)
    (one,) = expected_instalments(only, 100, (START, END), came, [100])
    assert (one.when, one.came) == ("progress", tuple(came))
    last = PayingOut((Instalment("signing", Decimal("0.2")), PROGRESS), Decimal(0), "s", "seed")
    both = expected_instalments(last, 100, (START, END), [Part(START, 20), *came], [100, 100])
    assert [(e.when, e.planned) for e in both] == [("signing", 20), ("progress", 80)]


def test_the_tail_is_what_is_recognised_for_those_whose_money_the_account_holds() -> None:
    partners: Any = {PARTNER: (BUDGET, "444455556666"), OTHER: (BUDGET, "")}
    books = [
        *awarded(BUDGET, scheme="supply-chain-smart-112", partners=partners, guarantee="partial"),
        voucher("L", day("2023-06-12"), ("consumables", 100_000)),
        voucher("P", day("2023-06-13"), ("consumables", 400_000), buyer=PARTNER),
        voucher("O", day("2023-06-14"), ("consumables", 900_000), buyer=OTHER),
    ]
    lead, partner = schedules(case_of(*books, as_of=ENDED))
    share = [cost * 1_000_001 // 2_100_001 for cost in (100_000, 400_000, 900_000)]
    assert lead.instalments[-1].tail == share[0] + share[2]
    assert partner.instalments[-1].tail == share[1]
