"""The what-if: what would be filed is what is shown, and striking never raises the grant."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.case.case import Case
from ledger.case.settlement import settle_case
from ledger.case.what_if import TriedVoucher
from ledger.case.what_if import WhatIfError
from ledger.case.what_if import changes
from ledger.case.what_if import read_tried
from ledger.case.what_if import tried_case
from tests.reports import office


@pytest.fixture(scope="module")
def case() -> Case:
    return office.capped_case()


def _entries(case: Case) -> list[object]:
    award = case.award
    assert award is not None
    return [award.entry, *(budget.entry for budget in award.budgets), *case.transactions]


def _tried(case: Case, *tried: TriedVoucher) -> Case:
    return tried_case(case, _entries(case), tried)  # type: ignore[arg-type]


def test_no_trial_is_the_case_as_it_stands(case: Case) -> None:
    assert settle_case(_tried(case)).whole == settle_case(case).whole


def test_the_steps_are_those_of_the_settlement(case: Case) -> None:
    now, then = (
        settle_case(case).whole,
        settle_case(_tried(case, TriedVoucher("CO22334400", "disallowed"))).whole,
    )
    steps = {change.step: change for change in changes(now, then)}
    assert steps["accepted"].change == -340_001
    assert steps["ratio"].limit_after == then.steps[1].limit
    assert steps["approved"].after == then.recognised_government
    assert steps["tail_payment"].before == now.tail_payment


def test_a_voucher_is_found_by_its_number_however_it_is_written(case: Case) -> None:
    assert read_tried(case, "CO 22334400", "parked") == TriedVoucher(
        "CO22334400", "parked", None, "mig:CO22334400:invoice"
    )
    assert read_tried(case, "CO22334400=1,000", "disallowed").deducted == 1_000


@pytest.mark.parametrize("text", ["", "NO", "CO22334400=0", "CO22334400=x", "CO22334400=340002", "=5"])
def test_what_cannot_be_tried_is_refused(case: Case, text: str) -> None:
    with pytest.raises(WhatIfError):
        read_tried(case, text, "disallowed")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["EQ22334400", "CO22334400", "CN22334400"]), unique=True), st.booleans())
def test_striking_never_raises_the_grant(numbers: list[str], park: bool) -> None:
    case = office.capped_case(folder=Path("/case"))
    state = "parked" if park else "disallowed"
    now = settle_case(case).whole.recognised_government
    granted = [now]
    for count in range(1, len(numbers) + 1):
        tried = [TriedVoucher(number, state) for number in numbers[:count]]  # type: ignore[arg-type]
        granted.append(settle_case(_tried(case, *tried)).whole.recognised_government)
    assert granted == sorted(granted, reverse=True)
    assert case.as_of == datetime.date(2024, 1, 31)
