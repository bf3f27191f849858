"""The dedicated account: only grant money in, only what closed months have earned out."""

from __future__ import annotations

import datetime

import pytest

from tests.checks.builder import MONTHS
from tests.checks.builder import SETTLED
from tests.checks.builder import Books
from tests.checks.pieces.account import AUGUST_OUT
from tests.checks.pieces.account import BEFORE
from tests.checks.pieces.account import DIRECT
from tests.checks.pieces.account import EXCESS
from tests.checks.pieces.account import EXPECTED
from tests.checks.pieces.account import JULY_OUT
from tests.checks.pieces.account import PAID
from tests.checks.pieces.account import PARTNER
from tests.checks.pieces.account import PARTNERS_COST
from tests.checks.pieces.account import SIGNING
from tests.checks.pieces.account import UNNAMED
from tests.checks.pieces.account import final
from tests.checks.pieces.account import moved
from tests.checks.pieces.account import out
from tests.checks.pieces.account import signing


def test_withdrawal_of_a_month_not_closed(books: Books) -> None:
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-06-28")).close(*MONTHS)
    assert planted.days(BEFORE) == [("2023-06-28", 50_000)]
    assert planted.found(EXCESS) == []  # the month it names would cover it
    (finding,) = planted.findings(BEFORE)
    assert "2023-06" in finding.message


def test_withdrawal_on_the_day_of_the_close_follows_it(books: Books) -> None:
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-06-30")).close(*MONTHS)
    assert planted.found(BEFORE) == planted.found(EXCESS) == []


def test_withdrawal_before_a_late_close(books: Books) -> None:
    late = books.close("2023-06", date=datetime.date(2023, 7, 10)).close(*MONTHS[1:])
    assert late.days(BEFORE) == [("2023-07-04", 50_000)]
    assert late.found(EXCESS) == []


def test_withdrawal_that_only_open_months_cover(books: Books) -> None:
    # July had earned 135,000 on the 20th, but was not closed
    planted = books.plant(AUGUST_OUT, "").add(out("2023-07-20", 135_000)).close(*MONTHS)
    assert planted.days(BEFORE) == [("2023-07-20", 135_000)]
    assert planted.found(EXCESS) == []


def test_withdrawal_partly_of_an_open_month(books: Books) -> None:
    planted = books.plant(JULY_OUT, moved(UNNAMED, "2023-07-20", 60_000)).plant(
        AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 125_000)
    )
    assert planted.close(*MONTHS).days(BEFORE) == [("2023-07-20", 10_000)]
    assert planted.close(*MONTHS).found(EXCESS) == []


def test_unnamed_withdrawal_of_an_open_month_and_more(books: Books) -> None:
    # on the 12th of July 15,000 had been earned since June
    planted = books.plant(JULY_OUT, moved(UNNAMED, "2023-07-12", 70_000)).plant(
        AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 115_000)
    )
    assert planted.close(*MONTHS).days(BEFORE) == [("2023-07-12", 15_000)]
    assert planted.close(*MONTHS).days(EXCESS) == [("2023-07-12", 5000)]


def test_a_closed_month_named_covers_nothing_else(books: Books) -> None:
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-07-28", 60_000)).plant(
        AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 125_000)
    )
    assert planted.close(*MONTHS).found(BEFORE) == []
    assert planted.close(*MONTHS).days(EXCESS) == [("2023-07-28", 10_000)]


def test_withdrawal_of_an_open_month_and_more(books: Books) -> None:
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-06-28", 55_000)).plant(
        AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 130_000)
    )
    assert planted.close(*MONTHS).days(BEFORE) == [("2023-06-28", 50_000)]
    assert planted.close(*MONTHS).days(EXCESS) == [("2023-06-28", 5000)]


def test_withdrawal_while_nothing_is_closed(books: Books) -> None:
    assert [day for day, _amount in books.days(BEFORE)][:2] == ["2023-07-04", "2023-08-03"]


def test_a_month_reopened_later_was_closed_then(books: Books) -> None:
    reopened = books.close("2023-06").add("""
        2023-07-20 custom "grant-reopen" "2023-06"
          reason: "補列憑證"
    """)
    closed = reopened.close("2023-06", date=datetime.date(2023, 7, 21)).close(*MONTHS[1:])
    assert closed.found(BEFORE) == closed.found(EXCESS) == []
    early = closed.plant(JULY_OUT, moved(JULY_OUT, "2023-07-20"))
    assert early.days(BEFORE) == [("2023-07-20", 50_000)]


def test_months_after_the_end_need_no_close(books: Books) -> None:
    assert books.close(*MONTHS).found(BEFORE) == []
    named = books.plant('"提領尾款核銷數"\n', '"提領尾款核銷數"\n  months: "2023-10"\n')
    assert named.close(*MONTHS).found(BEFORE) == []


@pytest.mark.parametrize(
    ("amount", "excess"), [(50_000, None), (50_001, 1), (70_000, 20_000), (49_999, None)]
)
def test_withdrawal_exceeds_entitlement(books: Books, amount: int, excess: int | None) -> None:
    # only June is closed and nothing booked in July yet: what is beyond June is beyond everything
    planted = books.on(2023, 7, 5).plant(JULY_OUT, moved(JULY_OUT, "2023-07-04", amount)).close("2023-06")
    assert planted.days(EXCESS) == ([] if excess is None else [("2023-07-04", excess)])


def test_excess_is_counted_once(books: Books) -> None:
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-07-04", 70_000)).plant(
        AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 125_000)
    )
    # 20,000 too much in July; with July closed 185,000 had been earned: still ahead by 10,000, which was said in July
    assert planted.close(*MONTHS).days(EXCESS) == [("2023-07-04", 20_000)]
    more = planted.add(out("2023-08-04", 500))
    assert more.close(*MONTHS).days(EXCESS) == [("2023-07-04", 20_000), ("2023-08-04", 500)]


def test_one_withdrawal_too_early_is_one_finding_however_many_follow(books: Books) -> None:
    """10,000 too much once, then each month what the month gives: ahead by 10,000 to the end, and said once."""
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-07-04", 60_000)).close(*MONTHS)
    assert planted.days(EXCESS) == [("2023-07-04", 10_000)]
    assert planted.days(BEFORE) == []


def test_ahead_again_after_all_was_even_is_said_again(books: Books) -> None:
    """What was drawn too much was absorbed by the next month, of which less was drawn; the month after it is new."""
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-07-04", 60_000))
    planted = planted.plant(AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 125_000)).add(out("2023-08-04", 700))
    assert planted.close(*MONTHS).days(EXCESS) == [("2023-07-04", 10_000), ("2023-08-04", 700)]


def test_interest_is_no_principal(books: Books) -> None:
    # 25,030 in September: entitlement would allow it, the grant's principal does not
    september = books.plant(
        "-25000 TWD\n  Equity:1業者投入            25000", "-25030 TWD\n  Equity:1業者投入            25030"
    )
    assert september.close(*MONTHS).days(EXCESS)[0] == ("2023-09-05", 30)


def test_money_put_back_counts(books: Books) -> None:
    back = """
        2023-07-06 * "" "溢領退回"
          kind: "return"
          Assets:1專戶:1政府補助款   20000 TWD
          Equity:1業者投入          -20000 TWD
    """
    planted = books.plant(JULY_OUT, moved(JULY_OUT, "2023-07-04", 70_000)).add(back)
    assert planted.close(*MONTHS).days(EXCESS) == [("2023-07-04", 20_000)]


def test_a_later_finding_makes_no_withdrawal_wrong(books: Books) -> None:
    finding = """
        2023-09-01 custom "grant-finding" "F-001"
          voucher: "AB12345678"
          state: "disallowed"
    """
    planted = books.close(*MONTHS).add(finding)
    # what was withdrawn before stays right; at the end 50,000 less had been earned
    assert planted.days(EXCESS) == [("2023-10-16", 50_000)]
    earlier = books.close(*MONTHS).add(finding.replace("2023-09-01", "2023-08-02"))
    assert earlier.days(EXCESS) == [("2023-08-03", 50_000), ("2023-10-16", 50_000)]


def test_a_supplier_may_be_paid_out_of_the_account(books: Books) -> None:
    planted = (
        books.plant(PAID, DIRECT).plant(AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 15_000)).close(*MONTHS)
    )
    assert planted.found(EXCESS) == planted.found(BEFORE) == []
    assert planted.names() == set()


def test_a_direct_payment_of_an_open_month_takes_nothing_from_closed_ones(books: Books) -> None:
    # July's voucher paid directly in July, before June's cost is withdrawn
    planted = (
        books.plant(PAID, DIRECT.replace("2023-08-01", "2023-07-20").replace("2023-07-31", "2023-07-19"))
        .plant(JULY_OUT, moved(JULY_OUT, "2023-07-21"))
        .plant(AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 15_000))
    )
    assert planted.close(*MONTHS).found(EXCESS) == planted.close(*MONTHS).found(BEFORE) == []


def test_a_direct_payment_beyond_what_is_earned(books: Books) -> None:
    over = DIRECT.replace("-120000", "-152000").replace("-132000 TWD\n\n", "-100000 TWD\n\n")
    planted = books.plant(PAID, over).plant(AUGUST_OUT, "").close(*MONTHS)
    assert planted.days(EXCESS)[0] == ("2023-08-01", 17_000)  # 202,000 of 185,000


def test_withdrawal_outstanding(books: Books) -> None:
    assert books.close(*MONTHS).found("withdrawal-outstanding") == []
    planted = books.plant(AUGUST_OUT, "").close("2023-06", "2023-07")
    assert planted.on(2023, 8, 31).found("withdrawal-outstanding") == []
    assert planted.on(2023, 9, 1).days("withdrawal-outstanding") == [("2023-07-31", 135_000)]


def test_withdrawal_outstanding_is_no_more_than_the_principal(books: Books) -> None:
    planted = books.plant("2023-09-05 *", "2023-12-05 *").close("2023-06", "2023-07", "2023-08")
    assert planted.on(2023, 10, 2).days("withdrawal-outstanding") == [("2023-08-31", 25_000)]


def test_withdrawal_outstanding_while_there_is_no_principal(books: Books) -> None:
    assert books.close(*MONTHS[:3]).on(2023, 10, 14).found("withdrawal-outstanding") == []


def test_withdrawal_unexplained(books: Books) -> None:
    assert books.found("withdrawal-unexplained") == []
    planted = books.add(out("2023-08-20", 3000, kind="unexplained"))
    assert planted.days("withdrawal-unexplained") == [("2023-08-20", 3000)]


def test_deposit_not_grant(books: Books) -> None:
    text = """
        2023-08-20 ! "" "現金存入"
          kind: "deposit"
          Assets:1專戶:2業者自籌款    8000 TWD
          Equity:1業者投入           -8000 TWD
    """
    assert books.add(text).days("deposit-not-grant") == [("2023-08-20", 8000)]
    assert books.add(text.replace('          kind: "deposit"\n', "")).found("deposit-not-grant") == []
    assert books.add(text.replace("2業者自籌款", "1政府補助款")).days("deposit-not-grant") == [
        ("2023-08-20", 8000)
    ]


def test_bank_fee(books: Books) -> None:
    assert books.add(out("2023-08-03", 30, kind="fee")).days("bank-fee-charged-to-grant") == [
        ("2023-08-03", 30)
    ]
    own = out("2023-08-03", 30, kind="fee").replace("1政府補助款", "2業者自籌款")
    assert books.add(own).found("bank-fee-charged-to-grant") == []
    assert books.add(out("2023-08-03", 30)).found("bank-fee-charged-to-grant") == []


def test_account_overdrawn(books: Books) -> None:
    assert books.found("account-overdrawn") == []
    planted = books.add(out("2023-09-06", 10) + out("2023-09-06", 5) + out("2023-09-07", 7))
    # 210,000 came in and left by the 5th; interest of 30 comes on the 20th and goes in October
    assert planted.days("account-overdrawn") == [("2023-09-06", 15), ("2023-10-20", 22)]
    assert planted.findings("account-overdrawn")[0].line == books.text.count("\n") + 3


def test_account_overdrawn_within_a_day_is_not_found(books: Books) -> None:
    back = """
        2023-09-06 * "" "退回"
          kind: "return"
          Assets:1專戶:1政府補助款   10 TWD
          Equity:1業者投入          -10 TWD
    """
    assert books.add(out("2023-09-06", 10)).add(back).found("account-overdrawn") == []


def test_own_money_overdrawn(books: Books) -> None:
    planted = books.plant(PAID, DIRECT.replace("2023-07-31", "2023-08-02")).plant(
        AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 15_000)
    )
    assert planted.days("account-overdrawn") == [("2023-08-01", 132_000)]


def test_first_instalment(books: Books) -> None:
    assert books.found(EXPECTED) == []
    assert signing(books, 200_000).days(EXPECTED)[0] == ("2023-06-05", 10_000)
    assert signing(books, 430_000).days(EXPECTED)[0] == ("2023-06-05", 10_000)  # beyond what is approved


def test_an_instalment_in_parts(books: Books) -> None:
    """210,000 are due at the signing: 150,000 and 60,000 of them, three days apart."""
    part = """
        2023-06-08 * "經濟部產業發展署" "第1期撥款餘額"
          Assets:1專戶:1政府補助款    60000 TWD
          Liabilities:3預收補助款    -60000 TWD
    """
    assert signing(books, 150_000).add(part).found(EXPECTED) == []
    short, _tail = signing(books, 149_999).add(part).findings(EXPECTED)
    assert (str(short.date), short.amount) == ("2023-06-08", 1)
    assert "分 2 筆共 209,999 元" in short.message


def test_half_of_an_odd_grant_may_be_rounded_either_way(books: Books) -> None:
    odd = books.plant('"improvement" 200000 TWD 200000 TWD\n', '"improvement" 200001 TWD 200001 TWD\n')
    for amount in (210_000, 210_001):
        assert odd.on(2023, 9, 1).plant(SIGNING, SIGNING.replace("210000", str(amount))).found(EXPECTED) == []


@pytest.mark.parametrize(
    ("amount", "found"), [(100_000, None), (210_000, None), (90_000, 10_000), (210_001, 1)]
)
def test_last_instalment(books: Books, amount: int, found: int | None) -> None:
    # half of the grant, the rest of it (the same here), or the 310,000 recognised less the 210,000 received
    assert final(books, amount).days(EXPECTED) == ([] if found is None else [("2023-10-15", found)])


def test_last_instalment_is_not_judged_before_the_end(books: Books) -> None:
    early = final(books, 90_000).plant("2023-10-15 *", "2023-09-15 *").on(2023, 9, 30)
    assert early.found(EXPECTED) == []
    assert final(books, 210_001).plant("2023-10-15 *", "2023-09-15 *").on(2023, 9, 30).days(EXPECTED) == [
        ("2023-09-15", 1)
    ]


def test_last_instalment_less_a_deduction(books: Books) -> None:
    planted = final(books, 96_000).add('2023-10-10 custom "grant-deduction" 4000 TWD "逾期"')
    assert planted.found(EXPECTED) == []


def test_an_instalment_too_many(books: Books) -> None:
    third = """
        2023-11-01 * "經濟部產業發展署" "撥款"
          Assets:1專戶:1政府補助款    5000 TWD
          Liabilities:3預收補助款    -5000 TWD
    """
    assert books.add(third).days(EXPECTED) == [("2023-11-01", 5000)]


def test_what_came_into_the_company_s_own_part_is_no_instalment(books: Books) -> None:
    own = """
        2023-07-01 * "經濟部產業發展署" "撥款"
          Assets:1專戶:2業者自籌款    5000 TWD
          Liabilities:3預收補助款    -5000 TWD
    """
    assert books.add(own).found(EXPECTED) == []


def test_full_guarantee_pays_at_once(books: Books) -> None:
    full = books.plant('"partial"', '"full"').plant(SETTLED, "")
    assert signing(full, 420_000).found(EXPECTED) == []
    assert full.days(EXPECTED) == [("2023-06-05", 210_000)]


def test_instalments_by_progress_may_be_anything(books: Books) -> None:
    chain = books.plant("managed-factory-112", "supply-chain-smart-112").plant('"partial"', '"none"')
    assert chain.found(EXPECTED) == []
    assert signing(chain, 421_000).days(EXPECTED)[0] == ("2023-06-05", 1000)


def test_partners_accounts_are_told_apart(books: Books) -> None:
    partner = """
        2023-06-01 custom "grant-partner" "62494123"
          name: "昱峻氣動企業有限公司"
        2023-06-01 custom "grant-account" "123"
          role: "dedicated"
          party: "62494123"
        2023-06-01 custom "grant-budget" "improvement" 50000 TWD 50000 TWD
          party: "62494123"
        2023-06-06 * "經濟部產業發展署" "簽約撥款"
          party: "62494123"
          Assets:1專戶:1政府補助款    25000 TWD
          Liabilities:3預收補助款    -25000 TWD
        2023-07-06 * "" "提領"
          party: "62494123"
          Assets:1專戶:1政府補助款    -1000 TWD
          Equity:1業者投入             1000 TWD
    """
    planted = books.add(partner).close(*MONTHS)
    assert planted.days(EXCESS) == [("2023-07-06", 1000)]  # the partner itself has earned nothing
    assert planted.found(EXPECTED) == []


def test_months_drawn_on_early_are_named(books: Books) -> None:
    planted = books.plant(AUGUST_OUT, "").add(out("2023-07-20", 135_000)).close(*MONTHS)
    (finding,) = planted.findings(BEFORE)
    assert "2023-07;" in finding.message
    assert "2023-06" not in finding.message
    assert "2023-08" not in finding.message


def test_money_that_comes_and_goes_on_one_day(books: Books) -> None:
    planted = books.plant('2023-06-05 * "經濟部產業發展署"', '2023-07-04 * "經濟部產業發展署"').close(*MONTHS)
    assert planted.found(EXCESS) == []
    assert planted.found("account-overdrawn") == []


def test_a_finding_counts_from_its_own_day(books: Books) -> None:
    finding = """
        2023-08-03 custom "grant-finding" "F-001"
          voucher: "AB12345678"
          state: "disallowed"
    """
    assert books.close(*MONTHS).add(finding).days(EXCESS)[0] == ("2023-08-03", 50_000)


def test_money_gone_unexplained_goes_beyond_too(books: Books) -> None:
    planted = books.add(out("2023-07-06", 3000, kind="unexplained")).on(2023, 7, 7).close("2023-06")
    assert planted.days(EXCESS) == [("2023-07-06", 3000)]
    assert planted.found(BEFORE) == []  # nobody knows what it was for


def test_the_movement_that_crosses_is_named(books: Books) -> None:
    back = out("2023-09-06", -20, kind="return")
    planted = books.add(back + out("2023-09-06", 15) + out("2023-09-06", 25))
    (finding, *_later) = planted.findings("account-overdrawn")
    assert finding.amount == 20
    assert finding.line == planted.text[: planted.text.rindex("2023-09-06")].count("\n") + 1


def test_an_assumed_schedule_is_said_to_be_assumed(books: Books) -> None:
    ocean = books.plant("managed-factory-112", "ocean-industry-114").plant('"partial"', '"none"')
    (finding, *_later) = signing(ocean, 200_000).findings(EXPECTED)
    assert finding.message.endswith("(此為推定規定,請洽承辦人)")
    (known, *_later) = signing(books, 200_000).findings(EXPECTED)
    assert not known.message.endswith("(此為推定規定,請洽承辦人)")


def test_a_forgotten_month_is_told_while_later_ones_are_closed(books: Books) -> None:
    planted = books.plant(JULY_OUT, "").plant(AUGUST_OUT, "").close("2023-06", "2023-07")
    assert planted.on(2023, 7, 31).found("withdrawal-outstanding") == []
    assert planted.on(2023, 8, 1).days("withdrawal-outstanding") == [("2023-06-30", 50_000)]
    assert planted.on(2023, 9, 1).days("withdrawal-outstanding") == [("2023-07-31", 185_000)]


def test_each_account_is_overdrawn_by_itself(books: Books) -> None:
    taken = out("2023-06-08", 30_000).replace('"提領"\n', '"提領"\n  party: "62494123"\n')
    (finding,) = books.add(PARTNER + taken).findings("account-overdrawn")
    assert (str(finding.date), finding.amount) == ("2023-06-08", 5000)  # 210,000 lie in the lead's
    assert "昱峻氣動企業有限公司的政府補助款" in finding.message
    assert books.add(PARTNER).found("account-overdrawn") == []


def test_each_account_is_drawn_by_itself(books: Books) -> None:
    chain = books.add(PARTNER)
    assert chain.close(*MONTHS).found("withdrawal-outstanding") == []
    (finding,) = chain.add(PARTNERS_COST).close(*MONTHS).findings("withdrawal-outstanding")
    assert (str(finding.date), finding.amount) == ("2023-09-30", 4000)
    assert finding.message.startswith("昱峻氣動企業有限公司:")
    # the lead has earned more than came: what lies in the partner's account is none of it
    waiting = signing(chain, 160_000).plant(AUGUST_OUT, moved(AUGUST_OUT, "2023-08-03", 110_000))
    assert waiting.close(*MONTHS[:2]).on(2023, 9, 4).found("withdrawal-outstanding") == []


# --- bank-line-twice ------------------------------------------------------------------------------------

TWICE = "bank-line-twice"


def booked_line(import_id: str, narration: str = "存款息", amount: int = 120, on: str = "2023-06-21") -> str:
    return f"""
        {on} * "" "{narration}"
          import-id: "{import_id}"
          Assets:1專戶:1政府補助款     {amount} TWD
          Liabilities:2應繳國庫:1孳息 {-amount} TWD
    """


def test_one_bank_line_booked_twice(books: Books) -> None:
    same = "bank:490264681158:2023-06-21:120:500120"
    (finding,) = books.add(booked_line(same) + booked_line(same)).findings(TWICE)
    assert (finding.severity, str(finding.date), finding.amount) == ("error", "2023-06-21", 120)
    assert "重複入帳" in finding.message
    assert len(books.add(booked_line(same) * 3).findings(TWICE)) == 2


def test_one_bank_line_under_an_older_id_beside_the_one_with_its_balance(books: Books) -> None:
    old = "bank:490264681158:2023-06-21:120:存款息"
    (finding,) = books.add(
        booked_line(old) + booked_line("bank:490264681158:2023-06-21:120:500120")
    ).findings(TWICE)
    assert finding.entry is not None
    assert finding.entry.meta["import-id"] == old


def test_a_line_of_the_company_s_own_account_twice(books: Books) -> None:
    paid = """
        2023-06-28 * "某廠商" "匯款" ^PQ00000001
          import-id: "bank:155667788:2023-06-28:-5000:1000"
          Liabilities:1應付帳款   5000 TWD
          Equity:1業者投入       -5000 TWD
    """
    (finding,) = books.add(paid * 2).findings(TWICE)
    assert finding.amount == 5000
    assert "-5,000" in finding.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bank:4:2023-06-21:120:500120", "bank:4:2023-06-21:120:500240"),  # two equal sums, two balances
        ("bank:4:2023-06-21:120:500120", "bank:4:2023-06-21:120:500120:2"),
        ("bank:4:2023-06-21:120:place-1", "bank:4:2023-06-21:120:place-2"),
        ("bank:4:2023-06-21:120:500120", "bank:4:2023-06-21:120:place-2"),
        ("bank:4:2023-06-21:120:存款息", "bank:4:2023-06-21:120:存款息:2"),
        ("bank:4:2023-06-21:120:500120", "bank:5:2023-06-21:120:500120"),
        ("bank:4:2023-06-21:120:500120", "fee:bank:4:2023-06-21:120:500120"),
    ],
)
def test_lines_that_are_not_one(books: Books, one: str, other: str) -> None:
    assert books.add(booked_line(one) + booked_line(other)).found(TWICE) == []
