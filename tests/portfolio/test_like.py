"""Findings on like vouchers in the other cases of a portfolio."""

from __future__ import annotations

import datetime
from pathlib import Path

from audit.elsewhere import FindingElsewhere
from ledger.case.case import Voucher
from ledger.loading.loader import load_case
from portfolio.index import update_index
from portfolio.like import findings_like
from tests.audit.house import BOOKS
from tests.audit.house import make_case

DAY = datetime.date(2023, 11, 20)
FINDING = """
2023-11-01 custom "grant-finding" "F-001"
  voucher: "EF10000001"
  state: "disallowed"
  deducted: 7000 TWD
  clause: "契約第七條"
  comment: "單價高於市價"
"""


def portfolio(folder: Path) -> Voucher:
    """Two cases that buy of one seller, one of them judged; the other's voucher."""
    judged = make_case(folder / "甲")
    (judged / "audit.beancount").write_text(FINDING, encoding="utf-8")
    make_case(folder / "乙", BOOKS.replace("EF10000001", "EF20000002"))
    update_index(folder, day=DAY, jobs=1)
    vouchers = load_case(folder / "乙", DAY).case.vouchers
    return next(voucher for voucher in vouchers if voucher.number == "EF20000002")


def test_a_finding_on_the_same_seller_elsewhere_is_told(tmp_path: Path) -> None:
    voucher = portfolio(tmp_path)
    (told,) = findings_like(tmp_path, voucher, "乙", {"甲", "乙"})
    assert isinstance(told, FindingElsewhere)
    assert (told.case, told.voucher, told.state, told.deducted) == ("甲", "EF10000001", "disallowed", 7_000)
    assert (told.comment, told.clause) == ("單價高於市價", "契約第七條")


def test_ones_own_findings_and_those_of_cases_one_may_not_see_are_not_told(tmp_path: Path) -> None:
    voucher = portfolio(tmp_path)
    assert findings_like(tmp_path, voucher, "甲", {"甲", "乙"}) == []
    assert findings_like(tmp_path, voucher, "乙", {"乙"}) == []


def test_another_seller_and_another_item_are_not_alike(tmp_path: Path) -> None:
    portfolio(tmp_path)
    vouchers = load_case(tmp_path / "乙", DAY).case.vouchers
    pay = next(voucher for voucher in vouchers if voucher.kind == "payroll")
    assert findings_like(tmp_path, pay, "乙", {"甲", "乙"}) == []
