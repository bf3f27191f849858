"""What the identity of a bank line says, whoever wrote it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model.bank_line_id import is_older
from ledger.model.bank_line_id import read_bank_line_id

ACCOUNT = "0040000000000009"


def test_the_parts_of_an_identity() -> None:
    read = read_bank_line_id(f"bank:{ACCOUNT}:2023-08-01:-500:1500:2")
    assert read is not None
    assert (read.account, read.day, read.amount, read.balance) == (
        ACCOUNT,
        datetime.date(2023, 8, 1),
        -500,
        1500,
    )


@pytest.mark.parametrize(
    "text",
    [
        f"bank:{ACCOUNT}:2023-13-41:-500:1500",
        f"bank:{ACCOUNT}:٢٠٢٣-08-01:-500:1500",
        f"bank:{ACCOUNT}:2023-08-01:{'9' * 5000}:1500",
        "bank:",
    ],
)
def test_what_nobody_of_ours_wrote_is_none(text: str) -> None:
    assert read_bank_line_id(text) is None


def test_a_balance_beyond_all_size_is_none() -> None:
    read = read_bank_line_id(f"bank:{ACCOUNT}:2023-08-01:-500:{'9' * 5000}")
    assert read is not None
    assert read.balance is None


MARKS = st.sampled_from(
    [
        "",
        "0",
        "007",
        "-5",
        "1500",
        "1500:2",
        "place-3",
        "place-3:2",
        "網銀",
        "網銀:2",
        ":3",
        "12:5:6",
        "٣",
        "9" * 15,
        "9" * 16,
    ]
)
HEADS = st.sampled_from(
    [
        "bank",
        "bank:1",
        f"bank:{ACCOUNT}:2023-08-01:-500",
        f"bank:{ACCOUNT}:2023-13-01:-500",
        f"bank:{ACCOUNT}:2023-08-01:x",
    ]
)
WORDS = st.sampled_from(["", "1500", "\uff11500", "1 500", "0", "007", "網銀轉帳", "9" * 15])


@given(HEADS, MARKS, WORDS)
def test_an_id_that_is_older_is_told_without_reading_those_that_are_not(
    head: str, mark: str, words: str
) -> None:
    read = read_bank_line_id(f"{head}:{mark}", words)
    assert is_older(f"{head}:{mark}", words) == (read is not None and read.is_older)
