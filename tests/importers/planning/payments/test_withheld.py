"""A person's fee that is paid less tax and health premium, and what becomes of these: from either account, in any order."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from importers.questions.open_questions import open_questions
from ledger.arithmetic.withholding import Withheld
from ledger.arithmetic.withholding import premium_by
from ledger.arithmetic.withholding import tax_by
from ledger.arithmetic.withholding import withheld_of
from ledger.files.pending import read_pending
from ledger.loading.loader import load_case
from ledger.model import accounts
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import own
from tests.importers.small_case import register
from tests.replay import run

FEE = register("fee.csv", ("2023/07/05", "勞務報酬單", "LR-1", "王小明", 30_000, 0, ""))
GRANT = ("2023-07-03", 450_000, "撥款 經濟部產業發展署 補助款 第一期")
OURS = ("2023-07-04", 100_000, "轉帳存入 自籌款")
NET = ("2023-07-20", -26_367, "匯出匯款 王小明")
TAX = ("2023-08-08", -3_000, "繳款 各類所得扣繳稅款")
PREMIUM = ("2023-08-08", -633, "繳款 補充保費 健保署")
BOTH = ("2023-08-08", -3_633, "繳款 代扣所得稅及補充保費")
DUE = "withholding-unremitted"


def statements(account: str, *lines: tuple[str, int, str]) -> list[Files]:
    """The lines of each month as a statement of the account."""
    if account == "dedicated":
        lines = (GRANT, OURS, *lines)
    opening, found = (0 if account == "dedicated" else 5_000_000), []
    for _month, of_month in itertools.groupby(lines, key=lambda line: line[0][:7]):
        month = list(of_month)
        made = dedicated if account == "dedicated" else own
        found.append(made(*month, opening=opening))
        opening += sum(line[1] for line in month)
    return found


def say_paid(small: SmallCase, *numbers: str) -> None:
    """Answer the one question about a bank's line: it pays these vouchers."""
    store = read_pending(small.folder)
    (asked,) = [one for one in open_questions(small.case, store) if one.kind == "bank-line"]
    words = [word for number in numbers or ("LR-1",) for word in ("--voucher", number)]
    run("answer", small.folder, asked.id, "payment", *words)


def found(small: SmallCase, day: str) -> set[str]:
    """The names of what is found of money paid and owed on a day."""
    case = load_case(small.folder, as_of=datetime.date.fromisoformat(day)).case
    names = {DUE, "voucher-unpaid", "voucher-overpaid", "tax-paid-by-grant", "withholding-arithmetic"}
    names |= {"account-overdrawn", "withdrawal-unexplained", "deposit-not-grant"}
    return {one.check for one in run_checks(case)} & names


@pytest.mark.parametrize("account", ["dedicated", "own"])
@pytest.mark.parametrize("lines", [(TAX, PREMIUM), (BOTH,)], ids=["two lines", "one line"])
@pytest.mark.parametrize("runs", ["one", "by month", "tax first"])
def test_what_was_withheld_is_owed_on_and_paid_on(
    tmp_path: Path, account: str, lines: Sequence[tuple[str, int, str]], runs: str
) -> None:
    small = SmallCase(tmp_path / "case")
    july, august = statements(account, NET, *lines)
    if runs == "one":
        small.take(FEE, july, august)
        say_paid(small)
    elif runs == "by month":
        small.take(FEE, july)
        say_paid(small)
        assert small.balance(accounts.WITHHELD_FROM_FEES) == -3_000
        assert small.balance(accounts.WITHHELD_PREMIUM) == -633
        assert found(small, "2023-08-10") == set()
        assert found(small, "2023-08-11") == {DUE}
        small.take(august)
    else:
        small.take(august)
        small.take(FEE, july)
        say_paid(small)
    assert found(small, "2023-12-31") == set()
    for due in (*accounts.WITHHELD, accounts.PAYABLE, accounts.WITHHELD_TAX):
        assert small.balance(due) == 0, due
    assert [payment.amount for payment in small.case.payments] == [30_000]
    at_bank = small.balance(accounts.DEDICATED)
    assert at_bank == (520_000 if account == "dedicated" else 0)
    before = small.books()
    small.take()
    assert small.books() == before


def test_the_fee_from_one_account_and_its_tax_from_the_other(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    (july,) = statements("dedicated", NET)
    small.take(FEE, july, *statements("own", TAX, PREMIUM))
    say_paid(small)
    assert found(small, "2023-12-31") == set()
    assert small.balance(accounts.DEDICATED) == 550_000 - 26_367
    assert small.balance("Liabilities:4代扣款") == 0


@pytest.mark.parametrize("account", ["dedicated", "own"])
def test_what_is_never_paid_on_is_found_from_the_day_after(tmp_path: Path, account: str) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(FEE, *statements(account, NET))
    say_paid(small)
    assert found(small, "2023-08-10") == set()
    (one,) = [
        each
        for each in run_checks(load_case(small.folder, as_of=datetime.date(2024, 1, 31)).case)
        if each.check == DUE
    ]
    assert (one.amount, one.voucher) == (3_633, "LR-1")
    assert "2023-08-10" in one.message


def test_what_a_company_pays_on_of_all_its_people_is_asked(tmp_path: Path) -> None:
    """One sum for the whole company: the case's part of it is what the answer books."""
    small = SmallCase(tmp_path / "case")
    small.take(FEE, *statements("own", NET))
    say_paid(small)
    small.take(own(("2023-08-09", -84_512, "繳款 各類所得扣繳稅款"), opening=4_973_633))
    (asked,) = open_questions(small.case, read_pending(small.folder))
    assert "LR-1" in asked.text
    assert "3,000" in asked.text
    say_paid(small)
    assert found(small, "2023-08-31") == set()
    assert small.balance("Liabilities:4代扣款") == 0


def test_two_fees_of_a_month_are_paid_on_in_one_sum(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    fees = register(
        "fees.csv",
        ("2023/07/05", "勞務報酬單", "LR-1", "王小明", 30_000, 0, ""),
        ("2023/07/06", "勞務報酬單", "LR-2", "陳大文", 50_000, 0, ""),
    )
    second = ("2023-07-21", -43_945, "匯出匯款 陳大文")
    taxes = (("2023-08-08", -8_000, "繳款 各類所得扣繳稅款"), ("2023-08-09", -1_688, "繳款 補充保費"))
    small.take(fees, *statements("dedicated", NET, second, *taxes))
    for number in ("LR-1", "LR-2"):
        store = read_pending(small.folder)
        asked = next(one for one in open_questions(small.case, store) if number in one.text)
        run("answer", small.folder, asked.id, "payment", "--voucher", number)
    assert found(small, "2023-12-31") == set()
    assert small.balance("Liabilities:4代扣款") == 0


def test_tax_of_interest_stays_what_it_is(tmp_path: Path) -> None:
    """A tenth of the interest of these days is the bank's, whoever else may owe the same sum."""
    small = SmallCase(tmp_path / "case")
    interest = (("2023-08-08", 30_000, "利息存入"), ("2023-08-08", -3_000, "代扣所得稅"))
    small.take(FEE, *statements("dedicated", NET, *interest))
    say_paid(small)
    assert small.balance(accounts.WITHHELD_TAX) == 3_000
    assert small.balance(accounts.WITHHELD_FROM_FEES) == -3_000
    assert found(small, "2023-08-31") == {DUE}


@pytest.mark.parametrize(
    "line",
    [
        ("2023-08-08", -3_000, "繳款 營利事業所得稅暫繳"),
        ("2023-08-08", -3_000, "轉帳 水費代扣"),
        ("2023-08-08", -3_001, "繳款 各類所得扣繳稅款 "),
        ("2023-07-01", -3_000, "繳款 各類所得扣繳稅款"),  # before the fee
        ("2024-02-08", -3_000, "繳款 各類所得扣繳稅款"),  # long after
    ],
)
def test_other_taxes_of_the_company_are_nobodys_business(tmp_path: Path, line: tuple[str, int, str]) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(FEE, *statements("dedicated", NET))
    say_paid(small)
    small.take(own(line))
    assert small.balance(accounts.WITHHELD_FROM_FEES) == -3_000


def test_a_fee_that_came_back_owes_no_tax(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    (july,) = statements("dedicated", NET)
    small.take(FEE, july)
    say_paid(small)
    small.take(dedicated(("2023-08-01", 26_367, "匯款退回 王小明"), opening=523_633))
    assert small.balance("Liabilities:4代扣款") == 0
    assert small.case.unpaid["LR-1"] == 30_000
    assert DUE not in found(small, "2023-12-31")


def test_books_that_are_older_than_the_accounts_open_them(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    award = small.folder / "award.beancount"
    lines = award.read_text(encoding="utf-8").splitlines(keepends=True)
    award.write_text("".join(line for line in lines if "代扣款" not in line), encoding="utf-8")
    july, august = statements("dedicated", NET, TAX, PREMIUM)
    small.take(FEE, july)
    say_paid(small)
    small.take(august)
    assert small.balance("Liabilities:4代扣款") == 0  # and the case has no errors
    text = award.read_text(encoding="utf-8")
    assert [text.count(f"open {account} ") for account in accounts.WITHHELD] == [1, 1]


def test_a_month_that_is_closed_between_keeps_its_books(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    july, august = statements("dedicated", NET, TAX, PREMIUM)
    small.take(FEE, july)
    say_paid(small)
    run("close", small.folder, "2023-07")
    small.take(august)
    assert found(small, "2023-12-31") == set()
    assert small.balance("Liabilities:4代扣款") == 0


@pytest.mark.parametrize(
    ("fee", "paid", "withheld"),
    [
        (30_000, 26_367, Withheld(3_000, 633)),
        (30_000, 27_000, Withheld(3_000)),
        (19_999, 19_577, Withheld(0, 422)),
        (30_000, 28_500, Withheld(1_500)),
        (30_000, 24_000, Withheld(6_000)),
        (30_000, 30_000, Withheld()),
        (30_000, 26_000, Withheld()),
    ],
)
def test_what_is_withheld_of_a_fee(fee: int, paid: int, withheld: Withheld) -> None:
    assert withheld_of(fee, paid) == withheld


@pytest.mark.parametrize(
    ("paid", "tax", "premium"),
    [("2023-07-31", "2023-08-10", "2023-08-31"), ("2023-12-01", "2024-01-10", "2024-01-31")],
)
def test_the_last_day_to_pay_on(paid: str, tax: str, premium: str) -> None:
    day = datetime.date.fromisoformat(paid)
    assert [str(last(day)) for last in (tax_by, premium_by)] == [tax, premium]
