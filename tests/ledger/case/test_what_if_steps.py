"""What a trial asks for, what it files and what it moves: every figure by itself."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.settlement import CategoryCost
from ledger.arithmetic.settlement import Flows
from ledger.arithmetic.settlement import settle
from ledger.case.case import Case
from ledger.case.what_if import Change
from ledger.case.what_if import TriedState
from ledger.case.what_if import TriedVoucher
from ledger.case.what_if import WhatIfError
from ledger.case.what_if import changes
from ledger.case.what_if import read_tried
from ledger.case.what_if import tried_case
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day
from tests.ledger.ledgers import voucher

BOOKS = [
    *awarded({"consumables": (100_000, 100_000)}),
    voucher("ZZ00000001", day("2023-06-11"), ("consumables", -100), reverses="AB12345678", kind="allowance"),
    voucher("AB12345678", day("2023-06-12"), ("consumables", 1_500)),
    voucher("AB12345678", day("2023-06-13"), ("consumables", 700), kind="other"),
    voucher("AB12345678", day("2023-06-14"), ("consumables", -50), reverses="AB12345678", kind="allowance"),
    voucher("CD 12345678", day("2023-06-15"), ("consumables", 900)),
]
CREDIT = "allowance:ZZ00000001"


def books() -> Case:
    return case_of(*BOOKS, as_of=day("2024-03-01"), folder=Path("/case"))


def test_a_step_as_json() -> None:
    assert Change("share", 100, 60).as_json() == {"step": "share", "before": 100, "after": 60, "change": -40}
    assert Change("ratio", 0, 60, 0, 90).as_json() == {
        "step": "ratio",
        "before": 0,
        "after": 60,
        "change": 60,
        "limit_before": 0,
        "limit_after": 90,
    }


def test_every_step_shows_what_stood_before_it_and_after() -> None:
    approved = Approved(1_000, 500)
    now, then = (
        settle(
            [CategoryCost("equipment", approved, cost, 0, True, cap), CategoryCost("personnel", Approved(0, 99), 9, 0, False)],
            Flows(received, 0, deductions, interest, 0, remitted),
            ratio=Decimal("0.5"),
        )
        for cost, cap, received, deductions, interest, remitted in [
            (1_200, 700, 900, 1, 40, 6),
            (600, 390, 800, 2, 50, 7),
        ]
    )  # fmt: skip
    assert changes(now, then) == [
        ("accepted", 1_209, 609, None, None),
        ("share", 800, 400, None, None),
        ("category", 700, 390, 700, 390),
        ("ratio", 604, 304, 604, 304),
        ("approved", 604, 304, 1_000, 1_000),
        ("deductions", 1, 2, None, None),
        ("tail_payment", 604 - 1 - 900, 304 - 2 - 800, None, None),
        ("surplus", 297, 498, None, None),
        ("due", 297 + 40 - 6, 498 + 50 - 7, None, None),
    ]


@pytest.mark.parametrize(
    ("text", "state", "trial"),
    [
        ("AB12345678", "disallowed", TriedVoucher("AB12345678", "disallowed", None, "invoice:AB12345678")),
        (" ab12345678 ", "parked", None),
        ("AB12345678=1", "disallowed", TriedVoucher("AB12345678", "disallowed", 1, "invoice:AB12345678")),
        (
            "AB12345678 = 1,500 ",
            "disallowed",
            TriedVoucher("AB12345678", "disallowed", 1_500, "invoice:AB12345678"),
        ),
        (
            "other:AB12345678=700",
            "disallowed",
            TriedVoucher("AB12345678", "disallowed", 700, "other:AB12345678"),
        ),
        ("other:AB12345678", "parked", TriedVoucher("AB12345678", "parked", None, "other:AB12345678")),
        ("CD12345678", "parked", TriedVoucher("CD 12345678", "parked", None, "invoice:CD 12345678")),
        ("ZZ00000001", "disallowed", TriedVoucher("ZZ00000001", "disallowed", None, CREDIT)),
    ],
)
def test_what_is_asked_for(text: str, state: TriedState, trial: TriedVoucher | None) -> None:
    if trial is None:
        with pytest.raises(WhatIfError, match="ab12345678"):
            read_tried(books(), text, state)
    else:
        assert read_tried(books(), text, state) == trial


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("AB12345678=1,501", "disallowed"),
        ("AB12345678=0", "disallowed"),
        ("AB12345678=-1", "disallowed"),
        ("AB12345678=٣", "disallowed"),
        ("AB12345678=²", "disallowed"),
        ("AB12345678=5", "parked"),
    ],
)
def test_an_amount_that_cannot_be_taken(text: str, state: TriedState) -> None:
    with pytest.raises(WhatIfError, match="AB12345678 只能剔除 1 到 1,500 元"):
        read_tried(books(), text, state)


@pytest.mark.parametrize(("text", "number"), [("NO", "「NO」"), ("=5", "「」"), ("", "「」")])
def test_a_voucher_that_is_not_there(text: str, number: str) -> None:
    with pytest.raises(WhatIfError, match=number):
        read_tried(books(), text, "disallowed")


def test_a_voucher_without_an_import_id() -> None:
    entry = voucher("EF12345678", day("2023-06-16"), ("consumables", 5))
    del entry.meta["import-id"]
    case = case_of(*BOOKS, entry)
    assert read_tried(case, "EF12345678", "parked") == TriedVoucher("EF12345678", "parked", None, "")
    assert read_tried(case, "EF12345678=5", "disallowed") == TriedVoucher("EF12345678", "disallowed", 5, "")


def test_what_is_tried_is_filed_as_a_finding_of_the_day() -> None:
    case = books()
    vouchers = [
        TriedVoucher("AB12345678", "disallowed", 300, "other:AB12345678"),
        TriedVoucher("CD 12345678", "parked"),
    ]
    tried = tried_case(case, BOOKS, vouchers)
    assert (tried.folder, tried.as_of) == (Path("/case"), day("2024-03-01"))
    assert [(f.id, f.voucher, f.state, f.deducted, f.date) for f in tried.findings] == [
        ("T-001", "AB12345678", "disallowed", 300, day("2024-03-01")),
        ("T-002", "CD 12345678", "parked", None, day("2024-03-01")),
    ]
    (judged,) = tried.judged(tried.findings[0])
    assert judged.meta("import-id") == "other:AB12345678"
    ((_key, (accepted, disallowed)),) = tried.cost().items()
    assert (accepted, disallowed) == (case.cost()[_key][0] - 300 - 900, 300)
