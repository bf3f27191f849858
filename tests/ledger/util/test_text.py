"""Amounts as banks and sheets print them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.util.text import fold
from ledger.util.text import head_office
from ledger.util.text import is_code
from ledger.util.text import item_key
from ledger.util.text import one_line
from ledger.util.text import parse_amount
from ledger.util.text import whole_number
from tests.ledger.ledgers import tries


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
        ("8,054.-", 8054),
        ("8,054.−", 8054),
        ("8,054.－", 8054),
        ("8,054.—", 8054),
        ("8,054.=", 8054),
        ("$8,054.-", 8054),
        ("NT$8,054.-元整", 8054),
        ("8,054/-", 8054),
        ("-8,054.-", -8054),
        ("(8,054.-)", -8054),
        ("8054元整", 8054),
        ("新臺幣8,054元整", 8054),
        ("新台幣 8,054 圓正", 8054),
        ("NT$ 8,054", 8054),
        ("NT 8,054", 8054),
        ("8,054 TWD", 8054),
        ("TWD8,054.00", 8054),
        ("８，０５４．－", 8054),
        ("ＮＴ＄８，０５４", 8054),
        ("1 234 567", 1234567),
    ],
)
def test_forms_of_an_amount(text: str, amount: Decimal | int) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "4.9E+11",
        "1e999999999",
        "NaN",
        "Infinity",
        "9" * 40,
        "1.2.3",
        "abc",
        "--5",
        "-5-",
        "(-5)",
        "12,34",
        "1,2345",
        "12 34",
        "5元5",
        "8,054.--",
        "捌仟元整",
        "NT$",
        "元",
    ],
)
def test_what_is_no_amount_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["", "-", "--", "—", "−", "－", " ", "=", "''"])
def test_a_cell_that_holds_no_amount(text: str) -> None:
    assert parse_amount(text) is None


@tries()
@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_in_any_dress(amount: Decimal) -> None:
    bare = f"{abs(amount):,.2f}"
    dresses = (
        [f"-{bare}", f"{bare}-", f"({bare})", f"−{bare}", f"NT$-{bare}"]
        if amount < 0
        else [bare, f"NT${bare}", f'="{bare}"', f"{bare}元"]
    )
    assert {parse_amount(dress) for dress in dresses} == {amount}


@tries()
@given(st.text(max_size=20))
def test_reading_an_amount_never_breaks(text: str) -> None:
    try:
        amount = parse_amount(text)
    except ValueError:
        return
    assert amount is None or amount.is_finite()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("五軸加工機 主軸冷卻模組", "五軸加工機主軸冷卻模組"),
        ("ＳＭＤ－２００Ａ", "SMD-200A"),
        ("感測器\u3000模組\n", "感測器模組"),
        ("㈱", "(株)"),
    ],
)
def test_names_match_after_folding(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("川益電機 股份有限公司彰濱分公司", "川益電機股份有限公司"),
        ("川益電機股份有限公司", "川益電機股份有限公司"),
        ("分公司", "分公司"),
    ],
)
def test_the_company_of_a_branch(name: str, office: str) -> None:
    assert head_office(name) == office


@tries()
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "code"),
    [("SMD-200A", True), ("ＳＭＤ200", True), ("冷卻模組", False), ("A 型感測器", False), ("", False)],
)
def test_a_code_is_no_name(name: str, code: bool) -> None:
    assert is_code(name) is code


@tries()
@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == one_line(line)
    line.encode("utf-8")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Spindle Cooler (主軸冷卻模組)", "主軸冷卻模組"),
        ("SMD-200A（伺服馬達 驅動器）", "伺服馬達驅動器"),
        ("主軸冷卻模組", "主軸冷卻模組"),
        ("溫度變送器(4-20mA)", "溫度變送器(4-20mA)"),
        ("主軸(冷卻)", "主軸(冷卻)"),
        ("Cooler (spindle)", "Cooler(spindle)"),
        ("", ""),
    ],
)
def test_a_name_with_its_chinese_in_brackets_is_the_chinese(name: str, key: str) -> None:
    assert item_key(name) == key


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("-12", -12), ("007", 7), ("9" * 15, 999_999_999_999_999)]
)
def test_whole_numbers(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "-", "--5", "+5", "5-", " 5", "5\n", "1,000", "1.0", "²", "１", "٣", "9" * 16, "9" * 5000]
)
def test_what_is_no_whole_number(text: str) -> None:
    assert whole_number(text) is None
