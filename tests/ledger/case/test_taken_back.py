"""A bank line and the one that takes it back: neither is a flow, a payment or a finding; the money did move."""

from __future__ import annotations

from typing import Any

import pytest
from beancount.core import data

from ledger.case.case import Case
from ledger.case.settlement import settle_case
from ledger.entries.builder import BankKind
from ledger.entries.builder import bank_entry
from ledger.entries.builder import interest_entry
from ledger.entries.builder import payment_entry
from ledger.entries.builder import take_back_entry
from ledger.model import accounts
from ledger.model.directives import whole
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import bank
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day
from tests.ledger.ledgers import voucher

BUDGET = {"consumables": (100_000, 100_000)}
FIRST, SECOND = "bank:1:2023-07-05:x:1", "bank:1:2023-07-06:y:2"


def back(*entries: data.Transaction, of: str = FIRST) -> data.Transaction:
    return take_back_entry(entries, day("2023-07-06"), "", "沖正", {"import-id": SECOND, "takes-back": of})


def case(*entries: data.Transaction) -> Case:
    return case_of(*awarded(BUDGET), bank("instalment", "2023-06-05", 50_000), *entries)


def at_bank(case: Case) -> int:
    return sum(move.grant + move.own for move in case.movements)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("instalment", 50_000),
        ("interest", 120),
        ("withholding", -12),
        ("withdrawal", -900),
        ("remit-interest", -120),
        ("remit-surplus", -500),
        ("fee", -30),
        ("deposit", 700),
        ("unexplained", -800),
        ("own-money", 600),
        ("premium", -4),
        ("returned", -4),
    ],
)
def test_it_undoes_whatever_the_line_was(kind: BankKind, amount: int) -> None:
    line = bank_entry(kind, day("2023-07-05"), amount, "", kind, {"import-id": FIRST})
    undone = case(line, back(line))
    assert settle_case(undone).as_json() == settle_case(case()).as_json()
    assert [move.kind for move in undone.movements] == ["instalment", "taken-back", "taken-back"]
    assert at_bank(undone) == at_bank(case())
    assert at_bank(case(line)) == at_bank(case()) + amount


def test_a_payment_that_came_back_pays_nothing_and_its_fee_is_gone_too() -> None:
    invoice = voucher("V1", day("2023-06-12"), ("consumables", 1_000))
    paid = [("V1", 600, 300), ("V2", 400, 200)]
    payment = payment_entry(day("2023-07-05"), "甲", "匯款", paid, "dedicated", {"import-id": FIRST})
    fee = bank_entry("fee", day("2023-07-05"), -30, "", "匯費", {"import-id": f"fee:{FIRST}"})
    undone = case(invoice, payment, fee, back(payment, fee))
    assert undone.payments == []
    assert [each.amount for each in undone.returned_payments] == [600, 400, -600, -400]
    assert undone.unpaid == {"V1": 1_000}
    assert undone.dedicated_accounts.withdrawn() == 0
    assert at_bank(undone) == 50_000
    assert back(payment).links == payment.links
    standing = case(invoice, payment)
    assert (standing.unpaid["V1"], standing.dedicated_accounts.withdrawn()) == (400, 500)


def test_only_the_line_that_is_named_is_undone() -> None:
    one = bank_entry("interest", day("2023-07-05"), 120, "", "息", {"import-id": FIRST})
    twin = bank_entry("interest", day("2023-07-05"), 120, "", "息", {"import-id": f"{FIRST}:2"})
    assert settle_case(case(one, twin, back(one))).whole.flows.interest_gross == 120


def test_before_the_day_it_is_taken_back_a_line_still_stands() -> None:
    line = bank_entry("instalment", day("2023-07-05"), 50_000, "", "款", {"import-id": FIRST})
    books = [*awarded(BUDGET), line, back(line)]
    assert case_of(*books, as_of=day("2023-07-05")).dedicated_accounts.received() == 50_000
    assert case_of(*books, as_of=day("2023-07-06")).dedicated_accounts.received() == 0


def amounts(entry: data.Transaction) -> dict[str, int]:
    return {posting.account: whole(posting.units) for posting in entry.postings}


@pytest.mark.parametrize(
    ("withheld", "expected"),
    [
        ((2_200, 0), {accounts.WITHHELD_TAX: 2_200, accounts.DUE_INTEREST: -22_000}),
        (
            (2_200, 464),
            {accounts.WITHHELD_TAX: 2_200, accounts.COMPANY: 464, accounts.DUE_INTEREST: -22_464},
        ),
    ],
)
def test_interest_that_came_net_is_owed_gross(withheld: tuple[int, int], expected: dict[str, Any]) -> None:
    entry = interest_entry(day("2023-12-21"), 19_800, withheld, "", "存款息", {})
    assert amounts(entry) == {accounts.GRANT_MONEY: 19_800} | expected
    (_instalment, move) = case(entry).movements
    assert (move.kind, move.interest, move.tax) == ("interest", -expected[accounts.DUE_INTEREST], withheld[0])
