"""The dedicated accounts of a case: who is paid through which, and what came, was earned, went and is left."""

from __future__ import annotations

import datetime
from typing import Any

from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from ledger.case.case import Case
from ledger.case.month_close import month_figures
from ledger.case.settlement import settle_case
from ledger.entries.builder import payment_entry
from ledger.entries.builder import treasury_entry
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import OTHER
from tests.ledger.ledgers import PARTNER
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import bank
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day
from tests.ledger.ledgers import finding
from tests.ledger.ledgers import voucher

BUDGET = {"consumables": (100_000, 100_000)}
PARTNERS: Any = {
    PARTNER: (BUDGET, "444455556666"),
    OTHER: (BUDGET, ""),
}  # the award names no account of OTHER's


def chain(*more: data.Directive) -> Case:
    """A lead and two partners, each with cost of its own."""
    return case_of(
        *awarded(BUDGET, scheme="supply-chain-smart-112", partners=PARTNERS),
        bank("instalment", "2023-06-05", 120_000),
        bank("instalment", "2023-06-06", 70_000, PARTNER),
        voucher("L1", day("2023-06-12"), ("consumables", 80_000)),
        voucher("P1", day("2023-06-13"), ("consumables", 120_000), buyer=PARTNER),
        voucher("O1", day("2023-06-14"), ("consumables", 40_000), buyer=OTHER),
        *more,
    )


def paid_for(case: Case) -> dict[str, set[str]]:
    return {account.holder: set(account.parties) for account in case.dedicated_accounts}


def paying(number: str, amount: int, **meta: Any) -> data.Transaction:
    return payment_entry(day("2023-06-20"), "甲", "匯款", [(number, amount, amount // 2)], "dedicated", meta)


# --- whose account pays for a party: one rule ---------------------------------------------------------------


def test_a_party_without_an_account_is_paid_through_the_lead_s() -> None:
    assert paid_for(chain()) == {LEAD: {LEAD, OTHER}, PARTNER: {PARTNER}}


def test_money_that_the_books_move_under_a_party_s_name_makes_an_account_of_its_own() -> None:
    case = chain(bank("instalment", "2023-06-07", 5_000, OTHER))
    assert paid_for(case) == {LEAD: {LEAD}, PARTNER: {PARTNER}, OTHER: {OTHER}}
    assert [account.received() for account in case.dedicated_accounts] == [120_000, 70_000, 5_000]


def test_a_payment_of_a_party_s_voucher_that_names_nobody_makes_none() -> None:
    case = chain(paying("O1", 40_000), paying("P1", 60_000))
    assert paid_for(case) == {LEAD: {LEAD, OTHER}, PARTNER: {PARTNER}}
    assert [account.withdrawn() for account in case.dedicated_accounts] == [20_000, 30_000]
    assert {move.party for move in case.movements} == {LEAD, PARTNER}


def test_once_it_has_an_account_its_vouchers_are_paid_from_there() -> None:
    case = chain(paying("O1", 40_000), bank("instalment", "2023-06-07", 5_000, OTHER))
    assert case.dedicated_accounts.of(OTHER).withdrawn() == 20_000
    assert case.dedicated_accounts.of(LEAD).withdrawn() == 0


def test_a_remittance_from_a_party_s_own_bank_moves_no_money_on_a_dedicated_account() -> None:
    remitted = treasury_entry(
        surplus=False,
        day=day("2024-06-20"),
        amount=300,
        payee="國庫",
        narration="孳息",
        meta={"party": OTHER},
    )
    case = chain(remitted)
    assert paid_for(case) == {LEAD: {LEAD, OTHER}, PARTNER: {PARTNER}}
    assert settle_case(case).of(LEAD).flows.remitted == 300


def test_the_close_the_settlement_and_the_account_go_by_the_same_rule() -> None:
    for more in ([], [bank("instalment", "2023-06-07", 5_000, OTHER)]):
        case = chain(*more)
        figures, settled = month_figures(case, "2023-06"), settle_case(case)
        for party in (LEAD, PARTNER, OTHER):
            account = case.dedicated_accounts.of(party)
            owns = account.holder == party
            expected = min(account.earned(day("2023-06-30")), account.received()) if owns else 0
            assert figures.parties[party].withdrawable == expected
            assert settled.of(party).answerable == (account.earned(case.as_of) if owns else 0)


def test_without_an_award_one_account_holds_every_movement() -> None:
    case = case_of(bank("instalment", "2023-06-05", 120_000), bank("withdrawal", "2023-07-05", -20_000))
    (account,) = case.dedicated_accounts
    assert (account.received(), account.withdrawn(), account.earned(day("2023-12-31"))) == (
        120_000,
        20_000,
        0,
    )


# --- what came, was earned, went ----------------------------------------------------------------------------


def test_what_came_and_went_by_a_day() -> None:
    case = chain(bank("withdrawal", "2023-07-05", -20_000), bank("return", "2023-07-09", 5_000))
    account = case.dedicated_accounts.of(LEAD)
    assert (account.received(day("2023-06-04")), account.received(day("2023-06-05"))) == (0, 120_000)
    assert [account.withdrawn(day(on)) for on in ("2023-07-04", "2023-07-05", "2023-07-09")] == [
        0,
        20_000,
        15_000,
    ]
    assert case.dedicated_accounts.withdrawn() == 15_000
    assert case.dedicated_accounts.received() == 190_000


def test_a_finding_takes_from_what_was_earned_only_since_it_is_known() -> None:
    struck = finding("2023-09-01", "L1", "disallowed")
    account = chain(struck).dedicated_accounts.of(LEAD)
    through = day("2023-06-30")
    assert account.earned(through, known=day("2023-08-31")) == 60_000
    assert account.earned(through, known=day("2023-09-01")) == 20_000
    assert account.earned(through) == 20_000
    assert account.earned(None) == 0
    assert account.earned(day("2023-06-13")) == 0  # O1 is booked a day later, L1 is struck out


def test_what_is_undrawn_is_earned_and_there_to_be_drawn() -> None:
    account = chain(
        bank("withdrawal", "2023-07-05", -20_000), bank("fee", "2023-07-06", -30)
    ).dedicated_accounts.of(LEAD)
    assert account.undrawn(day("2023-06-30")) == 40_000
    assert account.undrawn(day("2023-06-30"), recognised=45_000) == 25_000
    assert account.undrawn(day("2023-06-30"), recognised=10_000) == 0
    poor = case_of(
        *awarded(BUDGET),
        bank("instalment", "2023-06-05", 30_000),
        bank("fee", "2023-06-06", -30),
        bank("remit-surplus", "2023-06-07", -970),
        voucher("L1", day("2023-06-12"), ("consumables", 80_000)),
    )
    (only,) = poor.dedicated_accounts
    assert only.undrawn(day("2023-06-30")) == 29_000


def test_each_stretch_below_zero_is_told_once_with_what_crossed() -> None:
    moves = [
        bank("withdrawal", "2023-06-04", -100),
        bank("instalment", "2023-06-05", 90),  # a day later, and not enough
        bank("instalment", "2023-06-06", 20),
        bank("withdrawal", "2023-06-07", -5),
        bank("withdrawal", "2023-06-07", -7),
        bank("own-money", "2023-06-08", -1),
    ]
    (account,) = case_of(*awarded(BUDGET), *moves).dedicated_accounts
    told = [(each.day.isoformat(), each.amount, each.movement.grant) for each in account.overdrafts("grant")]
    assert told == [("2023-06-04", 100, -100), ("2023-06-07", 2, -7)]
    assert [(each.amount, each.movement.own) for each in account.overdrafts("own")] == [(1, -1)]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(-1_000, 1_000)), max_size=12))
def test_an_account_is_overdrawn_exactly_on_the_days_that_end_below_zero(
    moves: list[tuple[int, int]],
) -> None:
    start = day("2023-06-01")
    lines = [
        bank("own-money", (start + datetime.timedelta(days=later)).isoformat(), amount)
        for later, amount in moves
        if amount
    ]
    (account,) = case_of(*awarded(BUDGET), *lines).dedicated_accounts
    ends: dict[datetime.date, int] = {}
    for move in account.movements:
        ends[move.date] = (list(ends.values())[-1] if ends else 0) + move.own
    below = [on for on, end in ends.items() if end < 0]
    days = list(ends)
    begins = [on for on in below if not days.index(on) or ends[days[days.index(on) - 1]] >= 0]
    assert [each.day for each in account.overdrafts("own")] == begins
