"""What a line of the dedicated account is, by its words."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.planning.line_kind import months_named
from importers.planning.line_kind import recognise_in
from importers.planning.line_kind import recognise_out
from importers.planning.line_kind import same_account
from importers.planning.line_kind import treasury_kind
from importers.planning.running_accounts import instalment_doubt
from importers.records import BankLine
from ledger.case.instalments import Part
from ledger.model.award import Award
from ledger.model.award import BankAccount
from ledger.schemes.loader import load_scheme
from ledger.util.dates import month_of
from tests.importers.makers import AWARD

FEBRUARY = datetime.date(2024, 2, 5)
OWN = "7739778245078"


@pytest.fixture(scope="module")
def award() -> Award:
    return AWARD


def line(amount: int, text: str = "", memo: str = "", other: str = "") -> BankLine:
    return BankLine(FEBRUARY, amount, None, text=text, memo=memo, counterparty=other)


@pytest.mark.parametrize(
    ("text", "memo", "other", "kind"),
    [
        ("利息存入", "", "", "interest"),
        ("存款息", "", "", "interest"),
        ("匯款存入", "112年度疫後升級轉型補助款", "經濟部產業發展署", "instalment"),
        ("匯款存入", "", "中國生產力中心", "instalment"),
        ("轉帳存入", "自籌款", OWN, "own-money"),
        ("轉帳存入", "溢提補助款回存", OWN, "return"),
        ("匯入款", "源鋐金屬 貨款", "", "deposit"),
        ("轉帳存入", "", OWN, "deposit"),
    ],
)
def test_money_in(text: str, memo: str, other: str, kind: str) -> None:
    payers = load_scheme("small-manufacturer-112").payers
    assert payers is not None
    assert recognise_in(line(5, text, memo, other), payers.value).kind == kind


@pytest.mark.parametrize(
    ("scheme", "other", "kind"),
    [
        ("small-manufacturer-112", "經濟部產業發展署", "instalment"),
        ("agriculture-industry-phase2-114", "經濟部產業發展署", "deposit"),
        ("agriculture-industry-phase2-114", "農業部", "instalment"),
        ("ocean-industry-114", "海洋委員會", "instalment"),
        ("small-manufacturer-112", "海洋委員會", "deposit"),
        ("ocean-industry-114", "補助款專戶", "instalment"),  # whoever it is from, it says what it is
    ],
)
def test_whose_money_a_grant_is_the_scheme_says(scheme: str, other: str, kind: str) -> None:
    payers = load_scheme(scheme).payers
    assert payers is not None
    assert recognise_in(line(5, "匯款存入", "", other), payers.value).kind == kind


@pytest.mark.parametrize(
    ("text", "memo", "other", "kind"),
    [
        ("提領", "提領112/10支用數", OWN, "withdrawal"),
        ("轉帳支出", "月結提領", OWN, "withdrawal"),
        ("轉帳支出", "", OWN, "withdrawal"),
        ("現金提款", "", "", "withdrawal"),
        ("轉帳支出", "週轉金", OWN, "unexplained"),
        ("繳交國庫", "專戶孳息繳庫", "國庫", "remit-interest"),
        ("繳交國庫", "補助款結餘款繳庫", "國庫", "remit-surplus"),
        ("代扣所得稅", "", "", "withholding"),
        ("利息扣繳", "", "", "withholding"),
        ("手續費", "跨行匯費", "", "fee"),
        ("匯款支出", "嘉聿節能企業股份有限公司", "6418023979686", None),
        ("匯款支出", "月結貨款 AB12345678", "6418023979686", None),
    ],
)
def test_money_out(award: Award, text: str, memo: str, other: str, kind: str | None) -> None:
    assert recognise_out(line(-15, text, memo, other), award).kind == kind


def test_a_big_payment_with_the_word_fee_is_no_fee(award: Award) -> None:
    assert recognise_out(line(-60_000, "匯款支出", "驗證手續費"), award).kind is None


def test_of_the_company_account_only_what_is_said_to_be_the_case_goes_to_the_treasury() -> None:
    assert treasury_kind(line(-900, "繳交國庫", "專戶孳息扣繳稅款補足")) == "remit-interest"
    assert treasury_kind(line(-900, "繳交國庫", "補助款結餘繳回")) == "remit-surplus"
    assert treasury_kind(line(-900, "國庫", "營業稅")) is None


@pytest.mark.parametrize(
    ("memo", "months"),
    [
        ("提領112/10支用數", "2023-10"),
        ("112年10月份月結提領", "2023-10"),
        ("112 年 10 月", "2023-10"),
        ("２０２３／１０", "2023-10"),
        ("提領11210支用數", "2023-10"),
        ("202310支用", "2023-10"),
        ("112年度10月支用", "2023-10"),
        ("112.09", "2023-09"),
        ("十月份", "2023-10"),
        ("1月", "2024-01"),
        ("10月份", "2023-10"),
        ("112/09~112/11", "2023-09 2023-10 2023-11"),
        ("112年9月至11月", "2023-09 2023-10 2023-11"),
        ("112/09-10", "2023-09 2023-10"),
        ("9-11月", "2023-09 2023-10 2023-11"),
        ("9、10月份", "2023-09 2023-10"),
        ("112年9月及10月", "2023-09 2023-10"),
        ("112年11月至1月", "2023-11 2023-12 2024-01"),
        ("11-1月", "2023-11 2023-12 2024-01"),
        ("112/10、112/12", "2023-10 2023-12"),
        ("第3期 112/09", "2023-09"),
        ("", ""),
        ("提領尾款核銷數", ""),
        ("112年度補助款", ""),
        ("112/10/05提領", ""),
        ("10月5日提領", ""),
        ("13月", ""),
        ("提領3筆", ""),
        ("00/00", ""),
        ("7739778245078", ""),
    ],
)
def test_months_named(memo: str, months: str) -> None:
    assert months_named(memo, FEBRUARY) == tuple(months.split())


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)), st.integers(0, 11))
def test_a_month_without_a_year_is_the_last_one(day: datetime.date, back: int) -> None:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    named = datetime.date(year, month + 1, 1)
    assert months_named(f"{named.month}月份月結提領", day) == (month_of(named),)


@given(st.text())
def test_any_text_names_months_or_none(text: str) -> None:
    for month in months_named(text, FEBRUARY):
        assert datetime.date.fromisoformat(f"{month}-01")


@pytest.mark.parametrize(
    ("written", "is_same"),
    [
        (OWN, True),
        (f"000{OWN}", True),
        ("773-977-8245078", True),
        ("＊＊＊＊＊＊＊＊＊5078", True),
        ("773977****5078", True),
        ("XXXXXXXXX5078", True),
        ("9778245078", True),
        ("5078", False),
        ("****078", False),
        ("7739778245079", False),
        ("", False),
        ("國庫", False),
    ],
)
def test_account_numbers_as_banks_print_them(written: str, is_same: bool) -> None:
    assert same_account(written, OWN) is is_same


def test_an_account_without_a_number_is_nobodys() -> None:
    assert not same_account("", "")
    assert not same_account("123", BankAccount("", "", dedicated=True, party="").number)


@pytest.mark.parametrize(
    ("amount", "before", "fits"),
    [
        (500_000, [], True),
        (600_000, [], False),
        (500_000, [500_000], True),
        (412_345, [500_000], True),  # the last is what is recognised less what was received
        (500_001, [500_000], False),
        (1, [500_000, 500_000], False),
    ],
)
def test_instalments_against_the_schedule(award: Award, amount: int, before: list[int], fits: bool) -> None:
    scheme = load_scheme("small-manufacturer-112")
    came = [Part(FEBRUARY, other) for other in before]
    doubt = instalment_doubt(Part(FEBRUARY, amount), came, award, scheme, lambda _day: 1_000_000)
    assert (doubt == "") is fits


@pytest.mark.parametrize(
    ("text", "memo", "kind"),
    [
        ("NINT", "", "interest"), ("NTRF", "CREDIT INTEREST 06", "interest"), ("INT.", "Q2", "interest"),
        ("NTRF", "PRINTER", "deposit"), ("POINT", "", "deposit"), ("NTRF", "INTERESTING LTD", "deposit"),
    ],
)  # fmt: skip
def test_interest_in_english_is_a_word_of_its_own(text: str, memo: str, kind: str) -> None:
    assert recognise_in(line(120, text, memo)).kind == kind


@pytest.mark.parametrize(
    "text", ["INTEREST TAX", "WITHHOLDING TAX", "Tax on Interest", "INCOME TAX WITHHELD"]
)
def test_tax_on_interest_in_english(text: str, award: Award) -> None:
    assert recognise_out(line(-3_000, "NMSC", text), award).kind == "withholding"


def test_interest_less_a_tax_that_is_told_in_english() -> None:
    assert recognise_in(line(27_000, "NINT", "INTEREST LESS TAX 3,000")).withheld == (3_000, 0)
