"""Payments and movements of a case read from ledger text."""

from __future__ import annotations

import pytest

from ledger.case.case import Case
from tests.ledger.ledgers import case_of_text
from tests.ledger.ledgers import day
from tests.ledger.texts import AWARD
from tests.ledger.texts import CREDIT_NOTE
from tests.ledger.texts import INVOICE
from tests.ledger.texts import SECOND


def paid(text: str, before: str = INVOICE) -> Case:
    return case_of_text(AWARD + before + text)


def test_a_payment_from_the_company_s_bank() -> None:
    case = paid(
        """
2023-07-20 * "精密機械" "匯款" ^AB12345678
  Liabilities:1應付帳款   157500 TWD
  Equity:1業者投入       -157500 TWD
"""
    )
    (payment,) = case.payments
    assert (payment.number, payment.amount, payment.from_grant, payment.from_own) == (
        "AB12345678",
        157_500,
        0,
        0,
    )
    assert case.unpaid == {"AB12345678": 0}
    assert case.movements == []
    assert case.dedicated_accounts.withdrawn() == 0


@pytest.mark.parametrize("head", ["", '  number: "AB12345678"\n'])
@pytest.mark.parametrize("amounts", [("157500",), ("100000", "57500"), ("0",)])
def test_the_order_of_postings_and_into_how_many_they_are_cut_change_no_payment(
    head: str, amounts: tuple[str, ...]
) -> None:
    owed = [f"  Liabilities:1應付帳款   {amount} TWD\n" for amount in amounts]
    paid_by = [f"  Equity:1業者投入   -{amount} TWD\n" for amount in amounts]
    entry = '\n2023-07-20 * "精密機械" "匯款" ^AB12345678\n' + head
    several = [
        [(p.number, p.link, p.date, p.amount, p.from_grant, p.from_own) for p in paid(entry + text).payments]
        for text in ("".join(owed + paid_by), "".join(paid_by + owed))
    ]
    total = sum(map(int, amounts))
    one = ("AB12345678", "AB12345678", day("2023-07-20"), total, 0, 0)
    assert several == [[one] if total else []] * 2


def test_a_payment_out_of_the_dedicated_account() -> None:
    case = paid(
        """
2023-07-20 * "精密機械" "匯款" ^AB12345678
  Liabilities:1應付帳款     157500 TWD
  Assets:1專戶:1政府補助款  -56021 TWD
  Assets:1專戶:2業者自籌款 -101479 TWD
"""
    )
    (payment,) = case.payments
    assert (payment.from_grant, payment.from_own) == (56_021, 101_479)
    (movement,) = case.movements
    assert (movement.kind, movement.grant, movement.own) == ("payment", -56_021, -101_479)
    assert case.dedicated_accounts.withdrawn() == 56_021


TWO = INVOICE + SECOND
BOTH = """
2023-09-20 * "精密機械" "匯款" ^AB12345678 ^CD12345678
  Liabilities:1應付帳款     157500 TWD
    number: "AB12345678"
  Liabilities:1應付帳款      50000 TWD
    number: "CD12345678"
  Assets:1專戶:1政府補助款  -74695 TWD
  Assets:1專戶:2業者自籌款 -132805 TWD
"""


def test_several_vouchers_paid_at_once_each_bear_their_own_part() -> None:
    case = paid(BOTH, TWO)
    assert [(p.number, p.amount, p.from_grant, p.from_own) for p in case.payments] == [
        ("AB12345678", 157_500, 56_021, 101_479),
        ("CD12345678", 50_000, 18_674, 31_326),
    ]


def test_what_the_postings_say_of_the_grant_s_part_goes_before_what_is_worked_out() -> None:
    told = BOTH.replace('"AB12345678"\n', '"AB12345678"\n    government: 50000 TWD\n')
    told = told.replace('number: "CD12345678"\n', 'number: "CD12345678"\n    government: 24695 TWD\n')
    assert [(p.from_grant, p.from_own) for p in paid(told, TWO).payments] == [
        (50_000, 107_500),
        (24_695, 25_305),
    ]


def test_grant_money_beyond_the_parts_is_shown_on_the_first() -> None:
    over = BOTH.replace("-74695", "-80000").replace("-132805", "-127500")
    assert [(p.from_grant, p.from_own) for p in paid(over, TWO).payments] == [
        (61_326, 96_174),
        (18_674, 31_326),
    ]


def test_a_refund_into_the_dedicated_account_gives_back_what_was_withdrawn() -> None:
    refund = """
2023-07-20 * "精密機械" "匯款" ^AB12345678
  Liabilities:1應付帳款     157500 TWD
  Assets:1專戶:1政府補助款  -56021 TWD
  Assets:1專戶:2業者自籌款 -101479 TWD
2023-08-25 * "精密機械" "退款" ^AB12345678
  Liabilities:1應付帳款     -10500 TWD
  Assets:1專戶:1政府補助款    3735 TWD
  Assets:1專戶:2業者自籌款    6765 TWD
"""
    case = paid(refund, INVOICE + CREDIT_NOTE)
    assert [movement.kind for movement in case.movements] == ["payment", "payment"]
    assert case.dedicated_accounts.withdrawn() == 56_021 - 3_735
    assert case.unpaid == {"AB12345678": 0}


def test_cost_paid_in_one_entry_out_of_the_dedicated_account_is_no_withdrawal() -> None:
    case = case_of_text(
        AWARD
        + """
2023-07-01 * "五金行" "螺絲"
  Expenses:1政府補助款:01消耗性器材及原材料費    50 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費    50 TWD
  Assets:1專戶:1政府補助款                     -50 TWD
  Assets:1專戶:2業者自籌款                     -50 TWD
"""
    )
    assert [(m.kind, m.grant, m.own) for m in case.movements] == [("payment", -50, -50)]


@pytest.mark.parametrize(
    ("postings", "meta", "kind"),
    [
        ("Assets:1專戶:1政府補助款 9 TWD\n  Liabilities:3預收補助款 -9 TWD", "", "instalment"),
        ("Assets:1專戶:1政府補助款 9 TWD\n  Liabilities:2應繳國庫:1孳息 -9 TWD", "", "interest"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Assets:3扣繳稅款 9 TWD", "", "withholding"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Equity:1業者投入 9 TWD", "", "withdrawal"),
        ("Assets:1專戶:1政府補助款 9 TWD\n  Equity:1業者投入 -9 TWD", 'kind: "return"', "withdrawal"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Equity:1業者投入 9 TWD", 'kind: "fee"', "fee"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Equity:1業者投入 9 TWD", 'kind: "unexplained"', "unexplained"),
        ("Assets:1專戶:2業者自籌款 9 TWD\n  Equity:1業者投入 -9 TWD", "", "own-money"),
        ("Assets:1專戶:2業者自籌款 9 TWD\n  Equity:1業者投入 -9 TWD", 'kind: "deposit"', "deposit"),
        ("Assets:1專戶:1政府補助款 9 TWD\n  Equity:1業者投入 -9 TWD", "", "deposit"),
        ("Assets:1專戶:2業者自籌款 -9 TWD\n  Equity:1業者投入 9 TWD", "", "own-money"),
        ("Liabilities:2應繳國庫:1孳息 9 TWD\n  Equity:1業者投入 -9 TWD", "", "remittance"),
        ("Liabilities:2應繳國庫:2結餘款 9 TWD\n  Assets:1專戶:1政府補助款 -9 TWD", "", "remittance"),
    ],
)
def test_kinds_of_movements(postings: str, meta: str, kind: str) -> None:
    meta = f"  {meta}\n" if meta else ""
    case = case_of_text(AWARD + f'\n2023-07-01 * "" "移轉"\n{meta}  {postings}\n')
    assert [movement.kind for movement in case.movements] == [kind]


def test_interest_is_gross_however_the_tax_was_booked() -> None:
    case = case_of_text(
        AWARD
        + """
2023-12-20 * "" "利息"
  Assets:1專戶:1政府補助款        18000 TWD
  Assets:3扣繳稅款                 2001 TWD
  Liabilities:2應繳國庫:1孳息    -20001 TWD
2024-06-20 * "" "利息"
  Assets:1專戶:1政府補助款        30000 TWD
  Liabilities:2應繳國庫:1孳息    -30000 TWD
2024-06-20 * "" "代扣所得稅"
  Assets:1專戶:1政府補助款        -3000 TWD
  Assets:3扣繳稅款                 3000 TWD
2024-07-01 * "" "孳息繳庫"
  Liabilities:2應繳國庫:1孳息     50001 TWD
  Assets:1專戶:1政府補助款       -45000 TWD
  Equity:1業者投入                -5001 TWD
2024-07-01 * "" "結餘繳庫"
  Liabilities:2應繳國庫:2結餘款     100 TWD
  Equity:1業者投入                 -100 TWD
"""
    )
    assert sum(m.interest for m in case.movements) == 50_001
    assert sum(m.tax for m in case.movements) == 5_001
    assert sum(m.remitted_interest for m in case.movements) == 50_001
    assert sum(m.remitted_surplus for m in case.movements) == 100


def test_the_settlement_s_own_entry_remits_nothing() -> None:
    case = case_of_text(
        AWARD
        + """
2024-07-01 * "" "結案認列"
  Liabilities:3預收補助款        1000 TWD
  Income:1補助收入               -900 TWD
  Liabilities:2應繳國庫:2結餘款  -100 TWD
"""
    )
    assert case.movements == []


def test_months_named_and_money_received() -> None:
    case = case_of_text(
        AWARD
        + """
2023-06-05 * "產業發展署" "撥款"
  Assets:1專戶:1政府補助款  100000 TWD
  Liabilities:3預收補助款  -100000 TWD
2023-08-05 * "" "提領"
  months: "2023-06 2023-07"
  Assets:1專戶:1政府補助款  -56021 TWD
  Equity:1業者投入           56021 TWD
"""
    )
    assert case.movements[1].months == ("2023-06", "2023-07")
    assert (case.dedicated_accounts.received(), case.dedicated_accounts.received(day("2023-06-04"))) == (
        100_000,
        0,
    )
    assert (
        case.dedicated_accounts.withdrawn(day("2023-08-04")),
        case.dedicated_accounts.withdrawn(day("2023-08-05")),
    ) == (0, 56_021)
