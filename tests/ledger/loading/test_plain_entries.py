"""Plain transactions are booked and balanced as Beancount does it, and the rest is Beancount's."""

from __future__ import annotations

import decimal
from typing import Any

import pytest
from beancount.ops import validation
from beancount.parser import booking
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from ledger.loading.plain_entries import book
from ledger.loading.plain_entries import validate

OPENS = "".join(
    f"2023-01-01 open {name}\n" for name in ("Assets:Aa", "Assets:Bb", "Equity:Cc", "Expenses:Dd")
)
ACCOUNTS = st.sampled_from(["Assets:Aa", "Assets:Bb", "Equity:Cc", "Expenses:Dd"])
AMOUNTS = st.one_of(
    st.integers(-300, 300).map(lambda number: f"{number} TWD"),
    st.sampled_from(
        [
            "",
            "12",
            "TWD",
            "100.50 TWD",
            "0.5 TWD",
            "7 USD",
            "3 STOCK {10 TWD}",
            "-3 STOCK {}",
            "-1 STOCK {10 TWD} @ 12 TWD",
            "2 USD @ 31 TWD",
            "2 USD @@ 62 TWD",
            "123456789012345678901234567890 TWD",
            "-123456789012345678901234567891 TWD",
        ]
    ),
)
POSTING = st.tuples(ACCOUNTS, AMOUNTS).map(lambda both: f"  {both[0]}  {both[1]}\n")
TRANSACTION = st.tuples(st.integers(1, 28), st.lists(POSTING, max_size=4)).map(
    lambda both: f'2023-02-{both[0]:02} * "廠商" "品名"\n' + "".join(both[1])
)
BALANCED = st.tuples(st.integers(1, 28), st.integers(-99, 99)).map(
    lambda both: f'2023-03-{both[0]:02} * "平"\n  Assets:Aa  {both[1]} TWD\n  Equity:Cc  {-both[1]} TWD\n'
)
OPTIONS = st.sampled_from(
    ["", 'option "inferred_tolerance_default" "TWD:1"\n', 'option "infer_tolerance_from_cost" "TRUE"\n']
)


def both_ways(text: str) -> tuple[Any, Any]:
    """(entries, errors of booking, errors of validation) by Beancount alone, and by ours."""
    found: list[Any] = []
    ways: list[tuple[Any, Any]] = [(booking.book, validation.validate), (book, validate)]
    for booked_by, validated_by in ways:
        entries, wrong, options = parser.parse_string(text)
        assert not wrong
        try:
            booked, errors = booked_by(entries, options)
        except decimal.InvalidOperation as error:  # numbers longer than Beancount's arithmetic
            found.append(([], [], str(error)))
        else:
            found.append((booked, errors, validated_by(booked, options)))
    return found[0], found[1]


@given(OPTIONS, st.lists(TRANSACTION | BALANCED, max_size=6))
def test_any_ledger_is_booked_and_validated_as_by_beancount(options: str, transactions: list[str]) -> None:
    theirs, ours = both_ways(options + OPENS + "".join(transactions))
    assert ours == theirs
    for own, other in zip(ours[0], theirs[0], strict=True):
        assert own.meta == other.meta


@pytest.mark.parametrize(
    "text",
    [
        '2023-02-01 * "不平"\n  Assets:Aa  5 TWD\n  Equity:Cc  -4 TWD\n',
        '2023-02-01 * "兩種幣別"\n  Assets:Aa  5 TWD\n  Equity:Cc  -5 USD\n',
        '2023-02-01 * "帳戶沒開"\n  Assets:Zz  5 TWD\n  Equity:Cc  -5 TWD\n',
        '2023-02-01 * "兩筆都省略"\n  Assets:Aa\n  Equity:Cc\n  Assets:Bb 5 TWD\n',
        '2023-02-01 * "沒有分錄"\n',
        '2023-02-01 * "在容許以內"\n  Assets:Aa  5.00 TWD\n  Equity:Cc  -4.998 TWD\n',
    ],
)
def test_what_beancount_says_of_a_transaction_is_said(text: str) -> None:
    theirs, ours = both_ways(OPENS + text)
    assert ours == theirs


def test_an_omitted_amount_leaves_the_others_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []
    beancount: Any = booking.book

    def seen(entries: list[Any], options: dict[str, Any]) -> Any:
        handed.append(len(entries))
        return beancount(entries, options)

    monkeypatch.setattr("ledger.loading.plain_entries._book", seen)
    text = OPENS + '2023-02-01 * "甲"\n  Assets:Aa  5 TWD\n  Equity:Cc  -5 TWD\n'
    entries, _errors, options = parser.parse_string(
        text + '2023-02-02 * "乙"\n  Assets:Aa  5 TWD\n  Equity:Cc\n'
    )
    booked: Any
    booked, errors = book(entries, options)
    assert (handed, errors) == ([1], [])
    assert booked[-1].postings[1].units.number == -5
