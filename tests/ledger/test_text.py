"""Amounts as banks and sheets print them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.text import parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.00", 1234),
        ("(1,234)", -1234),
        ("−5", -5),
        ("5-", -5),
        ("NT$1,000", 1000),
        ('="12"', 12),
        ("１２", 12),
        ("1.5", Decimal("1.5")),
        ("33.333333333333336", Decimal("33.333333333333336")),
    ],
)
def test_forms_of_an_amount(text: str, amount: Decimal | int) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", ["4.9E+11", "1e999999999", "NaN", "Infinity", "9" * 40, "1.2.3", "abc"])
def test_what_is_no_amount_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_amount(text)
