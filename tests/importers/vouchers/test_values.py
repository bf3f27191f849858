"""Names, numbers and amounts as the voucher readers take them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importers.vouchers.values import company_number
from importers.vouchers.values import money
from importers.vouchers.values import plain
from importers.vouchers.values import voucher_number
from importers.vouchers.values import whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  主軸 冷卻　", "主軸 冷卻"),
        ("甲\r\n乙\t丙", "甲  乙 丙"),
        ("甲\u2028乙", "甲 乙"),
        ("甲\x00\x1b\x85乙\ufeff\u200b\u202e", "甲乙"),
        ("\ud800甲", "甲"),
        ("堃\ue000", "堃\ue000"),
    ],
)
def test_names_are_one_line_of_what_can_be_seen(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4595257", "04595257"),
        ("04595257", "04595257"),
        ("０４５９５２５７", "04595257"),
        ("0000000000", "0000000000"),
        ("", ""),
    ],
)
def test_a_company_number_gets_its_leading_zero_back(text: str, expected: str) -> None:
    assert company_number(text) == expected


def test_a_number_that_is_no_invoices_keeps_its_hyphens() -> None:
    assert voucher_number(" 領 112-07-1 ") == "領112-07-1"


@pytest.mark.parametrize("text", ["1e13", "10000000000000", "1E+999999999", "1E-999999999", "NaN", "-inf"])
def test_an_amount_nobody_pays_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        money(text)


@pytest.mark.parametrize(
    ("amount", "rounded", "told"),
    [
        ("0.5", 1, True),
        ("-0.5", -1, True),
        ("2.4", 2, True),
        ("7.0000000", 7, False),
        ("0.999999999", 1, False),
    ],
)
def test_whole_dollars_half_up(amount: str, rounded: int, told: bool) -> None:
    warnings: list[str] = []
    assert whole(Decimal(amount), "AB12345678", warnings) == rounded
    assert bool(warnings) is told
