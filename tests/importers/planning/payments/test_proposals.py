"""What is only proposed: customs and transfers abroad, batches, fees less what was withheld."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from importers.planning.payments.debts import Debt
from importers.planning.payments.matching import THRESHOLD
from importers.planning.payments.matching import match_payments
from importers.planning.payments.names import names_another
from importers.planning.payments.names import said_names
from importers.questions.open_questions import open_questions
from importers.records import BankLine
from ledger.files.pending import read_pending
from ledger.model import accounts
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.importers.small_case import own
from tests.importers.small_case import register
from tests.replay import run

JULY = datetime.date(2023, 7, 1)


def debt(key: int, left: int, kind: str = "invoice", seller: str = "某某精密有限公司", day: int = 0) -> Debt:
    return Debt(key, f"AB1234567{key}", seller, JULY + datetime.timedelta(days=day), left, kind=kind)


def proposed(amount: int, said: str, *debts: Debt, day: int = 10) -> list[tuple[int, ...]]:
    line = BankLine(JULY + datetime.timedelta(days=day), -amount, None, text=said)
    matches = match_payments([line], debts)
    assert not [match for match in matches.certain if match.score >= THRESHOLD]
    return [tuple(key for key, _amount in match.paid) for match in matches.proposed]


@pytest.mark.parametrize("kind", ["import", "foreign-invoice", "declaration"])
@pytest.mark.parametrize("said", ["海關關稅", "國外匯款 手續", "匯出國外", "外匯結匯"])
def test_customs_and_transfers_abroad_name_the_papers_of_their_kind(kind: str, said: str) -> None:
    assert proposed(7_777, said, debt(1, 50_000, kind), debt(2, 60_000)) == [(1,)]
    assert proposed(7_777, said, debt(2, 60_000)) == []
    assert proposed(7_777, said, debt(1, 50_000, kind), day=300) == []


def test_a_batch_is_proposed_only_where_one_set_adds_up() -> None:
    debts = [debt(1, 10_000), debt(2, 20_000, seller="別家有限公司"), debt(3, 31_000, seller="三家有限公司")]
    assert proposed(30_000, "整批付款", *debts) == [(1, 2)]
    assert proposed(61_000, "整批付款", *debts) == [(1, 2, 3)]
    assert proposed(30_001, "整批付款", *debts) == []
    assert proposed(30_000, "轉帳支出", *debts) == [(1, 2)]  # no word tells, but the sum does
    assert proposed(30_000, "轉帳支出", *debts, day=100) == []  # no longer soon
    assert proposed(30_000, "整批付款", *debts, day=100) == [(1, 2)]
    assert proposed(30_060, "整批付款", *debts) == [(1, 2)]  # 30 for each
    assert proposed(30_061, "整批付款", *debts) == proposed(30_060, "轉帳支出", *debts) == []
    twin = debt(4, 10_000, seller="四家有限公司")
    assert proposed(30_000, "整批付款", *debts, twin) == []


def test_what_was_withheld_of_one_debt_only() -> None:
    assert proposed(9_000, "匯款", debt(1, 10_000)) == [(1,)]
    assert proposed(8_789, "匯款", debt(1, 10_000)) == [(1,)]
    assert proposed(9_789, "匯款", debt(1, 10_000)) == [(1,)]
    assert proposed(9_000, "匯款", debt(1, 10_000), debt(2, 10_000, seller="別家有限公司")) == []
    assert proposed(8_999, "匯款", debt(1, 10_000)) == []


def test_a_full_name_goes_before_a_shortened_one_and_before_one_it_holds() -> None:
    names = ["精密有限公司", "某某精密有限公司", "某某精密機械有限公司"]
    assert said_names("匯款某某精密有限公司", names) == ({"某某精密有限公司"}, True)
    assert said_names("匯款某某精密", names)[1] is False
    assert said_names("匯款", names) == (set(), False)


def test_a_line_about_another() -> None:
    known = {"大同某某精密機械股份有限公司", "晟鑫科技企業有限公司"}
    assert names_another("轉帳某某精密貨款", "晟鑫科技企業有限公司", known)
    assert not names_another("轉帳某某精密貨款", "大同某某精密機械股份有限公司", known)
    assert not names_another("轉帳貨款", "晟鑫科技企業有限公司", known)
    assert names_another("匯款檢測中心", "晟鑫科技企業有限公司", known)


# --- one debit for several suppliers, and what becomes of the answer -----------------------------------------

_TWO = (
    invoice("AB10000001", "2023-07-05", 10_000),
    invoice("AB10000002", "2023-07-06", 20_000, "溫度變送器(4-20mA)", "嘉聿節能企業股份有限公司"),
)
_MONEY = (
    ("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期"),
    ("2023-07-04", 50_000, "存入 自籌款"),
)


@pytest.mark.parametrize(
    ("paid", "words", "is_asked"),
    [
        (31_500, "轉帳支出", True), (31_500, "整批付款", True), (31_530, "整批付款", True), (31_560, "整批付款", True),
        (31_561, "整批付款", False), (31_530, "轉帳支出", False), (31_499, "整批付款", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("account", ["own", "dedicated"])
def test_one_debit_for_two_suppliers(
    tmp_path: Path, paid: int, words: str, is_asked: bool, account: str
) -> None:
    small = SmallCase(tmp_path / "case")
    line = ("2023-07-20", -paid, words)
    small.take(*_TWO, own(line) if account == "own" else dedicated(*_MONEY, line))
    asked = [
        one for one in open_questions(small.case, read_pending(small.folder)) if "AB10000001、" in one.text
    ]
    assert bool(asked) == is_asked
    if not asked:
        return
    assert asked[0].choices[0].answer == "payment"
    numbers = ("--voucher", "AB10000001", "--voucher", "AB10000002")
    run("answer", small.folder, asked[0].id, "payment", *numbers)
    small.take()  # nothing is decided anew by that
    assert [payment.amount for payment in small.case.payments] == [10_500, 21_000]
    assert not [
        found for found in run_checks(small.case) if found.check in {"voucher-overpaid", "voucher-unpaid"}
    ]
    at_bank = small.balance(accounts.GRANT_MONEY) + small.balance(accounts.OWN_MONEY)
    assert at_bank == (0 if account == "own" else 500_000 - paid)


def test_a_fee_of_an_expert_less_what_was_withheld_is_paid(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(
        register("a.csv", ("2023/07/05", "勞務報酬單", "LR-1", "王小明", 30_000, 0, "")),
        own(("2023-07-20", -26_367, "匯出匯款 王小明")),
    )
    asked = [one for one in open_questions(small.case, read_pending(small.folder)) if one.kind == "bank-line"]
    run("answer", small.folder, asked[0].id, "payment", "--voucher", "LR-1")
    assert [payment.amount for payment in small.case.payments] == [30_000]


def test_several_vouchers_of_a_named_supplier_with_the_fee() -> None:
    debts = [debt(1, 10_500), debt(2, 21_000), debt(3, 31_515, seller="別家有限公司")]
    named = f"匯款 {debts[0].seller_name}"
    assert proposed(31_515, named, *debts[:2]) == [(1, 2)]
    assert proposed(31_531, named, *debts[:2]) == proposed(31_509, named, *debts[:2]) == []
    assert proposed(31_515, "匯款 別處商行", *debts[:2]) == []
