"""Withdrawals judged day by day: direct payments, partners' accounts, what a finding takes, who is overdrawn."""

from __future__ import annotations

import pytest

from tests.checks.builder import MONTHS
from tests.checks.builder import Books
from tests.checks.pieces.account import AUGUST_OUT
from tests.checks.pieces.account import BEFORE
from tests.checks.pieces.account import DIRECT
from tests.checks.pieces.account import EXCESS
from tests.checks.pieces.account import JULY_OUT
from tests.checks.pieces.account import PAID
from tests.checks.pieces.account import PARTNER
from tests.checks.pieces.account import PARTNERS_COST
from tests.checks.pieces.account import UNNAMED
from tests.checks.pieces.account import moved
from tests.checks.pieces.account import out
from tests.checks.pieces.confidence import short_of_own
from tests.checks.pieces.edges import FOUND

OUTSTANDING = "withdrawal-outstanding"
OVERDRAWN = "account-overdrawn"
PARTS = """
2023-07-18 * "" "自籌款存入"
  Assets:1專戶:2業者自籌款    132000 TWD
  Equity:1業者投入           -132000 TWD

2023-07-19 * "昱峻氣動企業有限公司" "付款" ^AB12345679
  Liabilities:1應付帳款       60000 TWD
  Assets:1專戶:1政府補助款   -60000 TWD

2023-07-20 * "昱峻氣動企業有限公司" "付款" ^AB12345679
  Liabilities:1應付帳款       192000 TWD
  Assets:1專戶:1政府補助款    -60000 TWD
  Assets:1專戶:2業者自籌款   -132000 TWD
"""


def of_partner(text: str) -> str:
    """A movement of the partner's account."""
    return text.replace('"提領"\n', '"提領"\n  party: "62494123"\n')


# --- direct payments ----------------------------------------------------------------------------------------


def test_direct_payments_of_an_open_month_add_up(books: Books) -> None:
    # 120,000 of July paid directly; June has earned 50,000
    planted = books.plant(PAID, PARTS).plant(AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 15_000))
    june = planted.plant(JULY_OUT, moved(JULY_OUT, "2023-07-21")).close(*MONTHS)
    assert june.found(EXCESS) == june.found(BEFORE) == []
    more = planted.plant(JULY_OUT, moved(JULY_OUT, "2023-07-21", 60_000)).close(*MONTHS)
    assert more.days(EXCESS)[0] == ("2023-07-21", 10_000)


@pytest.mark.parametrize("day", ["2023-06-12", "2023-06-30"])
def test_a_direct_payment_takes_from_the_month_of_its_voucher_to_the_last_day(books: Books, day: str) -> None:
    direct = """
        2023-07-02 * "精密機械股份有限公司" "付款" ^AB12345678
          Liabilities:1應付帳款       50000 TWD
          Assets:1專戶:1政府補助款   -50000 TWD
    """
    booked = books.plant('2023-06-12 * "精密', f'{day} * "精密')
    assert booked.add(direct).on(2023, 7, 5).close("2023-06").days(EXCESS) == [("2023-07-04", 50_000)]


def test_a_direct_payment_before_a_finding_stays_right(books: Books) -> None:
    planted = books.plant(PAID, DIRECT).plant(AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 15_000))
    assert planted.close(*MONTHS).add(FOUND).days(EXCESS) == [("2023-10-16", 10_000)]


# --- what had been earned -----------------------------------------------------------------------------------


def test_what_a_finding_takes_of_a_month_s_last_day(books: Books) -> None:
    booked = books.plant('2023-06-12 * "精密', '2023-06-30 * "精密').on(2023, 7, 5).close("2023-06")
    assert booked.add(FOUND.replace("2023-09-01", "2023-07-01")).days(EXCESS) == [("2023-07-04", 10_000)]


def test_a_budget_revised_later_earned_nothing_before(books: Books) -> None:
    revised = """
        2023-07-05 custom "grant-budget" "improvement" 250000 TWD 150000 TWD
          approval: "產授字第1號"
    """
    more = books.plant(JULY_OUT, moved(JULY_OUT, "2023-07-04", 60_000)).close("2023-06").add(revised)
    assert more.on(2023, 7, 10).days(EXCESS) == [("2023-07-04", 10_000)]


def test_money_put_back_on_the_company_s_own_side_draws_on_no_month(books: Books) -> None:
    back = out("2023-07-15", -3000, months="2023-07", kind="return").replace("1政府補助款", "2業者自籌款")
    assert books.add(back).on(2023, 7, 16).close("2023-06").found(BEFORE) == []


def test_the_limit_told_is_that_of_the_open_months_too(books: Books) -> None:
    # June is closed with 50,000; on the 12th of July 15,000 more had been earned
    planted = books.plant(JULY_OUT, moved(UNNAMED, "2023-07-12", 70_000)).on(2023, 7, 13).close("2023-06")
    (finding,) = planted.findings(EXCESS)
    assert "累計提領 70,000 元,超過當時可提領的 65,000 元,溢領 5,000 元" in finding.message


def test_each_account_may_be_drawn_on_for_what_its_own_parties_earned(books: Books) -> None:
    own = books.add(PARTNER + PARTNERS_COST)
    drawn = of_partner(out("2023-07-06", 4000))
    assert own.add(drawn).close(*MONTHS).found(EXCESS) == []
    assert own.add(drawn.replace("4000", "4001")).close(*MONTHS).days(EXCESS) == [("2023-07-06", 1)]


def test_once_the_case_has_ended_no_more_is_outstanding_than_is_recognised(books: Books) -> None:
    # July has earned 187,500, of which 185,000 are withdrawn; at the end half of 370,001 is recognised
    short = short_of_own(books).plant('2023-08-15 * "精密', '2023-09-15 * "精密').close("2023-06", "2023-07")
    planted = short.plant("end: 2023-09-30", "end: 2023-09-01")
    assert planted.on(2023, 9, 1).days(OUTSTANDING) == [("2023-07-31", 2500)]
    assert planted.on(2023, 9, 2).days(OUTSTANDING) == []


# --- money gone ---------------------------------------------------------------------------------------------


def test_money_gone_unexplained_from_both_sub_accounts(books: Books) -> None:
    both = out("2023-08-20", 3000, kind="unexplained").replace(
        "  Equity:1業者投入   3000", "  Assets:1專戶:2業者自籌款   -500 TWD\n  Equity:1業者投入   3500"
    )
    assert books.add(both).days("withdrawal-unexplained") == [("2023-08-20", 3500)]


def test_overdrawn_from_the_first_day_on(books: Books) -> None:
    early = books.add(out("2023-06-01", 10)).on(2023, 6, 4)
    assert early.days(OVERDRAWN) == [("2023-06-01", 10)]


def test_own_money_overdrawn_is_named_with_its_holder_where_there_are_several(books: Books) -> None:
    own = out("2023-06-08", 30).replace("1政府補助款", "2業者自籌款")
    (alone,) = books.add(own).findings(OVERDRAWN)
    assert "專戶的業者自籌款餘額為 -30 元" in alone.message
    (partner,) = books.add(PARTNER + of_partner(own)).findings(OVERDRAWN)
    assert "專戶的昱峻氣動企業有限公司的業者自籌款餘額為 -30 元" in partner.message
