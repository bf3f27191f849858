"""A record as JSON and back."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.questions.stored_records import restored
from importers.questions.stored_records import stored
from importers.records import PayrollDetail
from importers.records import Reference
from importers.records import VoucherItem
from importers.records import VoucherRecord

DECIMALS = st.none() | st.decimals(-(10**9), 10**9, allow_nan=False, places=2)
TEXTS = st.text(max_size=5)
RECORDS = st.builds(
    VoucherRecord,
    kind=st.sampled_from(["invoice", "allowance", "void"]),
    number=TEXTS,
    date=st.none() | st.dates(),
    net=st.none() | st.integers(),
    gross=st.none() | st.integers(),
    status=st.sampled_from(["valid", "voided"]),
    frees_number=st.booleans(),
    items=st.lists(st.builds(VoucherItem, TEXTS, DECIMALS, TEXTS, DECIMALS), max_size=2).map(tuple),
    references=st.lists(
        st.builds(Reference, TEXTS, st.none() | st.dates(), st.integers(), st.integers(), TEXTS), max_size=2
    ).map(tuple),
    paid=st.none() | st.dates(),
    payroll=st.none()
    | st.builds(PayrollDetail, *[TEXTS] * 3, *[DECIMALS] * 6, *[st.none() | st.dates()] * 2),
)


@given(RECORDS)
def test_nothing_is_lost(record: VoucherRecord) -> None:
    assert restored(json.loads(json.dumps(stored(record)))) == record


def test_what_says_nothing_is_left_out() -> None:
    record = VoucherRecord(
        "invoice",
        "AB12345678",
        datetime.date(2023, 7, 1),
        net=5,
        items=(VoucherItem("x", Decimal(1), "", None),),
    )
    assert stored(record) == {
        "kind": "invoice",
        "number": "AB12345678",
        "date": "2023-07-01",
        "net": 5,
        "items": [{"name": "x", "quantity": "1"}],
    }


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"kind": "invoice", "date": "never"},
        {"kind": "x", "items": [5]},
        {"kind": "x", "colour": "red"},
        {"kind": "x", "items": [{"amount": "much"}]},
    ],
)
def test_what_no_record_can_be_is_none(said: dict[str, Any]) -> None:
    assert restored(said) is None
