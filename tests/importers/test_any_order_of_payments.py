"""Payments out of the dedicated account that bounce, come before their vouchers or pay tax on: any order, the same books."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ledger.model import accounts
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.importers.small_case import own
from tests.importers.small_case import register

SUPPLIER = "晟鑫科技企業有限公司"
GRANT = ("2023-07-03", 450_000, "匯入匯款 經濟部 補助款")
OURS = ("2023-07-04", 50_000, "存入 自籌款")
VOUCHER = invoice("AB10000001", "2023-07-20", 10_000)
JULY = dedicated(GRANT, OURS, ("2023-07-25", -10_500, f"匯出匯款 {SUPPLIER}"), name="d1.csv")
STORIES: dict[str, tuple[list[Files], int, int]] = {  # files, on the account, of it the grant's
    "it bounces after a withdrawal for its month": (
        [
            VOUCHER,
            JULY,
            dedicated(
                ("2023-08-05", -4_615, "轉帳支出 提領7月"),
                ("2023-08-10", 10_500, "跨行退款 帳號錯誤"),
                ("2023-08-12", -10_500, f"匯出匯款 {SUPPLIER}"),
                opening=489_500,
                name="d2.csv",
            ),
        ],
        484_885,
        440_770,
    ),
    "an earlier voucher comes later": (
        [
            VOUCHER,
            JULY,
            invoice("AB10000002", "2023-07-05", 30_000),
            dedicated(("2023-08-05", -31_500, f"匯出匯款 {SUPPLIER}"), opening=489_500, name="d3.csv"),
        ],
        458_000,
        431_539,
    ),
    "a withdrawal without a word": (
        [
            VOUCHER,
            dedicated(GRANT, ("2023-08-31", -4_615, "轉帳 9012"), name="d4.csv"),
            own(("2023-09-01", 4_615, "轉入"), name="o1.csv"),
        ],
        445_385,
        445_385,
    ),
    "a person's tax paid on, the premium in a second try": (
        [
            register("fee.csv", ("2023/07/05", "勞務報酬單", "LR-1", "王小明", 30_000, 0, "")),
            dedicated(
                GRANT,
                OURS,
                ("2023-07-20", -26_367, "匯出匯款 王小明"),
                ("2023-08-08", -3_000, "繳款 各類所得扣繳稅款"),
                name="d5.csv",
            ),
            dedicated(
                ("2023-08-09", -633, "繳款 補充保費"),
                ("2023-08-15", 633, "匯款退回 繳款錯誤"),
                ("2023-08-16", -633, "繳款 補充保費"),
                opening=470_633,
                name="d6.csv",
            ),
        ],
        470_000,
        423_633,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_any_order_gives_the_same_books(tmp_path: Path, story: str) -> None:
    files, bank, grant = STORIES[story]
    found = set()
    for number, order in enumerate(itertools.permutations(files)):
        small = SmallCase(tmp_path / str(number))
        for some in order:
            small.take(some)
        assert (small.balance(accounts.DEDICATED), small.balance(accounts.GRANT_MONEY)) == (bank, grant)
        found.add(tuple(small.books()))
    assert len(found) == 1
