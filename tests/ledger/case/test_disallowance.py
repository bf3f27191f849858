"""What findings take out of vouchers: an invoice with its credit notes, whole or in part, and never too much."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.case.disallowance import Disallowance
from ledger.case.disallowance import accepted_lines
from ledger.case.disallowance import apply_finding
from ledger.model.records import Voucher
from ledger.model.records import VoucherLine
from tests.ledger.ledgers import START
from tests.ledger.ledgers import tries
from tests.ledger.ledgers import voucher as booked

NOTHING: dict[int, Disallowance] = {}


def paper(*costs: int, disallowed: int = 0) -> Voucher:
    """A voucher of lines of these costs; of each, `disallowed` was booked as not claimed."""
    lines = tuple(
        VoucherLine("consumables", f"品項{place}", None, 0, cost, disallowed)
        for place, cost in enumerate(costs)
    )
    entry = booked("AB12345678", START, ("consumables", 1))
    return Voucher(
        kind="invoice",
        number="AB12345678",
        date=START,
        booked=START,
        seller="",
        seller_name="",
        buyer="",
        party="",
        net=None,
        tax=None,
        lines=lines,
        cost=sum(costs),
        disallowed=disallowed * len(costs),
        input_tax=0,
        payable=0,
        reverses="",
        is_reversal=False,
        is_voided=False,
        link="",
        document="",
        entry=entry,
    )


def struck(
    vouchers: list[Voucher], *findings: tuple[str, int | None], before: dict[int, Disallowance] = NOTHING
) -> list[Disallowance | None]:
    taken = dict(before)
    for state, deducted in findings:
        apply_finding(taken, vouchers, state, deducted)
    return [taken.get(id(voucher.entry)) for voucher in vouchers]


def test_the_whole_is_an_invoice_with_its_credit_notes() -> None:
    papers = [paper(150), paper(-10), paper(-5)]
    assert struck(papers, ("disallowed", None)) == [(150, 0), (-10, 0), (-5, 0)]
    assert struck(papers, ("disallowed", 135)) == [(150, 0), (-10, 0), (-5, 0)]
    assert struck(papers, ("parked", None)) == [(0, 150), (0, -10), (0, -5)]
    assert struck(papers, ("parked", 20)) == [(0, 150), (0, -10), (0, -5)]


def test_a_part_is_taken_of_what_costs_and_not_of_what_takes_back() -> None:
    assert struck([paper(150), paper(-10)], ("disallowed", 134)) == [(134, 0), (0, 0)]
    assert struck([paper(100), paper(-30), paper(50)], ("disallowed", 110)) == [(100, 0), (0, 0), (10, 0)]
    assert struck([paper(100), paper(80), paper(50)], ("disallowed", 110)) == [(100, 0), (10, 0), (0, 0)]


@pytest.mark.parametrize("deducted", [0, -1])
def test_nothing_is_taken_where_nothing_is_deducted(deducted: int) -> None:
    assert struck([paper(150)], ("disallowed", deducted)) == [(0, 0)]


def test_what_was_taken_before_is_not_there_to_take() -> None:
    papers = [paper(150), paper(-10)]
    assert struck(papers, ("disallowed", 100), ("disallowed", 90)) == [(150, 0), (-10, 0)]
    assert struck(papers, ("disallowed", 100), ("disallowed", 39)) == [(139, 0), (0, 0)]
    assert struck(papers, ("disallowed", 100), ("parked", None)) == [(100, 50), (0, -10)]
    assert struck(papers, ("parked", None), ("disallowed", 90)) == [(0, 150), (0, -10)]


def test_what_is_parked_stays_parked_when_another_voucher_of_the_number_is_struck() -> None:
    again, note = paper(100), paper(-10)
    taken = {id(note.entry): Disallowance(0, -10)}
    assert struck([again, note], ("disallowed", None), before=taken) == [(100, 0), (0, -10)]


@pytest.mark.parametrize("costs", [(100, -100), (-10,), (100, -101)])
def test_where_nothing_is_left_nothing_is_taken(costs: tuple[int, ...]) -> None:
    assert struck([paper(cost) for cost in costs], ("disallowed", None)) == [None] * len(costs)


def test_a_dollar_is_something() -> None:
    assert struck([paper(100), paper(-99)], ("disallowed", None)) == [(100, 0), (-99, 0)]


def test_a_part_comes_off_the_lines_in_their_order() -> None:
    lines = accepted_lines(paper(60, 20, 40, disallowed=1), Disallowance(70, 0))
    assert lines == [("consumables", 0, 61), ("consumables", 10, 11), ("consumables", 40, 1)]


def test_what_is_not_disallowed_is_parked() -> None:
    assert accepted_lines(paper(60, 20, 40), Disallowance(70, 50)) == [
        ("consumables", 0, 60),
        ("consumables", 0, 10),
        ("consumables", 0, 0),
    ]
    assert accepted_lines(paper(60), Disallowance(0, 60)) == [("consumables", 0, 0)]
    assert accepted_lines(paper(-10), Disallowance(0, -10)) == [("consumables", 0, 0)]


def test_lines_that_take_from_the_others_go_with_the_whole_only() -> None:
    assert accepted_lines(paper(100, -30), Disallowance(70, 0)) == [
        ("consumables", 0, 100),
        ("consumables", 0, -30),
    ]
    assert accepted_lines(paper(-30, 100), Disallowance(50, 0)) == [
        ("consumables", -30, 0),
        ("consumables", 50, 50),
    ]


FINDINGS = st.lists(
    st.tuples(st.sampled_from(["disallowed", "parked"]), st.none() | st.integers(-5, 400)), max_size=4
)
COSTS = st.tuples(
    st.lists(st.integers(1, 200), min_size=1, max_size=3), st.lists(st.integers(-150, 0), max_size=2)
)


@tries(300)
@given(COSTS, FINDINGS)
def test_more_findings_never_leave_more_cost_and_all_that_was_booked_is_somewhere(
    costs: tuple[list[int], list[int]], findings: list[tuple[str, int | None]]
) -> None:
    invoice, notes = costs
    papers = [paper(*invoice), *map(paper, notes)]
    left = []
    for count in range(len(findings) + 1):
        taken = [one or Disallowance() for one in struck(papers, *findings[:count])]
        accepted = sum(
            kept
            for one, part in zip(papers, taken, strict=True)
            for _category, kept, _cut in accepted_lines(one, part)
        )
        booked = sum(one.cost for one in papers)
        assert accepted == booked - sum(part.disallowed + part.parked for part in taken)
        left.append(accepted)
    assert all(after <= before for before, after in pairwise(left))
    assert min(left) >= min(0, left[0])
