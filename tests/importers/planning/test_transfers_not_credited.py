"""A transfer that could not be credited: by the bank's reason it came back, whatever the bank calls the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from ledger.model import accounts
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.importers.small_case import own
from tests.replay import run

SUPPLIER = "晟鑫科技企業有限公司"
MONEY = [("2023-07-03", 450_000, "匯入匯款 經濟部 補助款"), ("2023-07-04", 50_000, "存入 自籌款")]
PAID = ("2023-07-31", -10_500, f"匯出匯款 {SUPPLIER}")
AGAIN = ("2023-08-05", -10_500, f"匯出匯款 {SUPPLIER}")
WORDS = ["跨行退款 戶名不符", "跨行轉入 查無此帳號", "ACH退件 R03", "存入 受款帳戶已結清", "轉入 解匯失敗"]


@pytest.mark.parametrize("between", ["one run", "two runs", "second first", "closed"])
@pytest.mark.parametrize("account", [own, dedicated], ids=["own", "dedicated"])
@pytest.mark.parametrize("words", WORDS)
def test_it_undoes_the_payment_and_the_next_one_pays(
    tmp_path: Path, words: str, account: object, between: str
) -> None:
    small = SmallCase(tmp_path / "case")
    start = MONEY if account is dedicated else []
    opening = 0 if account is dedicated else 5_000_000
    july = [*start, PAID]
    first = account(*july, opening=opening, name="july.csv")  # type: ignore[operator]
    opening += sum(line[1] for line in july)
    second = account(("2023-08-02", 10_500, words), AGAIN, opening=opening, name="august.csv")  # type: ignore[operator]
    voucher = invoice("AB10000001", "2023-07-20", 10_000)
    if between == "one run":
        small.take(voucher, first, second)
    elif between == "second first":
        small.take(second)
        small.take(voucher, first)
    else:
        small.take(voucher, first)
        if between == "closed":
            run("close", small.folder, "2023-07")
        small.take(second)
    assert small.case.unpaid["AB10000001"] == small.balance(accounts.PAYABLE) == 0
    wrong = {
        "voucher-overpaid",
        "voucher-unpaid",
        "deposit-not-grant",
        "withdrawal-unexplained",
        "account-overdrawn",
    }
    assert not {found.check for found in run_checks(small.case)} & wrong
    assert small.balance(accounts.DEDICATED) == (489_500 if account is dedicated else 0)


def test_a_refund_of_the_supplier_is_none(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    back = ("2023-08-02", 10_500, f"跨行退款 {SUPPLIER}")
    small.take(invoice("AB10000001", "2023-07-20", 10_000), dedicated(*MONEY, PAID, back))
    assert any(entry.flag == "!" for entry in small.case.transactions)
