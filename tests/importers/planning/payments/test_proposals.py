"""What is only proposed: customs and transfers abroad, batches, fees less what was withheld."""

from __future__ import annotations

import datetime

import pytest

from importers.planning.payments.debts import Debt
from importers.planning.payments.matching import THRESHOLD
from importers.planning.payments.matching import match_payments
from importers.planning.payments.names import names_another
from importers.planning.payments.names import said_names
from importers.records import BankLine

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
    assert proposed(30_000, "轉帳支出", *debts) == []
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
