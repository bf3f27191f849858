"""Company numbers and invoice numbers."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model import identifiers
from tests.ledger.ledgers import tries

VALID_SINCE_EVER = "04595257 53212539 24549210 22099131 82469848 91044604 24634102 00501503 53538851 12345675 10458574 10458575"
VALID_SINCE_2023 = "60707504 00015555 04595252 10458570 12345670"
INVALID = (
    "04595258 12345678 11111111 99999999 00501502 00000000 1234567 123456789 1234567A １２３４５６７５ ''"
)


@pytest.mark.parametrize("number", f"{VALID_SINCE_EVER} {VALID_SINCE_2023}".split())
def test_valid_company_numbers(number: str) -> None:
    assert identifiers.ubn_valid(number)


@pytest.mark.parametrize("number", INVALID.split())
def test_invalid_company_numbers(number: str) -> None:
    assert not identifiers.ubn_valid(number)


@tries()
@given(st.text(alphabet="0123456789", min_size=8, max_size=8))
def test_the_rule_is_as_published(number: str) -> None:
    total = sum(
        sum(int(digit) for digit in str(int(own) * weight))
        for own, weight in zip(number, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)
    )
    passes = total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0)
    assert identifiers.ubn_valid(number) == (passes and number != "00000000")


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("AB12345678", True),
        ("ab12345678", False),
        ("A123456789", False),
        ("AB1234567", False),
        ("AB12345678 ", False),
    ],
)
def test_invoice_numbers(number: str, valid: bool) -> None:
    assert identifiers.invoice_number_valid(number) is valid


@pytest.mark.parametrize(
    ("day", "period"), [("2023-05-01", "11206"), ("2023-06-30", "11206"), ("2024-12-01", "11312")]
)
def test_invoice_periods_are_two_months(day: str, period: str) -> None:
    assert identifiers.invoice_period(datetime.date.fromisoformat(day)) == period


@pytest.mark.parametrize(
    ("number", "consumer"),
    [("0000000000", True), ("", True), ("00000000", True), ("12345675", False), ("X0000000", False)],
)
def test_consumers(number: str, consumer: bool) -> None:
    assert identifiers.is_consumer(number) is consumer


def test_links_keep_plain_numbers() -> None:
    assert identifiers.voucher_link("AB12345678") == "AB12345678"
    assert identifiers.voucher_link("收1120001") == "u6536.1120001"


@tries()
@given(st.text(max_size=12), st.text(max_size=12))
def test_links_are_what_beancount_takes_and_tell_numbers_apart(one: str, other: str) -> None:
    link = identifiers.voucher_link(one)
    assert re.fullmatch(r"[A-Za-z0-9\-_/.]*", link)
    plain = re.compile(r"[A-Za-z0-9\-]*")
    if one != other and plain.fullmatch(one) and plain.fullmatch(other):
        assert link != identifiers.voucher_link(other)
