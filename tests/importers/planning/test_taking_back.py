"""Lines that take back an earlier one: they undo what that one was booked as, whatever their words say."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.engine.runner import run_checks
from importers.planning.reversals import AccountLine
from importers.planning.reversals import taken_back
from ledger.model import accounts
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.importers.small_case import own

DAY = datetime.date(2023, 8, 1)
GRANT = ("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期")
SUPPLIER = "晟鑫科技企業有限公司"


@pytest.fixture
def small(tmp_path: Path) -> SmallCase:
    return SmallCase(tmp_path / "case")


def figures(small: SmallCase, *keys: str) -> tuple[object, ...]:
    return tuple(small.settled[key] for key in keys)


def found(small: SmallCase) -> set[str]:
    return {finding.check for finding in run_checks(small.case)}


# --- which line it takes back -------------------------------------------------------------------------------


def lines(*amounts: tuple[int, bool]) -> list[AccountLine]:
    """Lines of one account, a day each."""
    return [
        AccountLine(str(place), "1", amount, back, DAY + datetime.timedelta(place))
        for place, (amount, back) in enumerate(amounts)
    ]


def test_the_nearest_before_of_the_same_sum_the_other_way() -> None:
    assert taken_back(lines((5, False), (5, False), (7, False), (-5, True))) == {"3": "1"}
    assert taken_back(lines((5, False), (-5, True), (-5, True))) == {"1": "0"}
    assert taken_back(lines((-5, True), (5, False))) == {}  # nothing before it
    assert taken_back(lines((5, False), (-5, False))) == {}  # it does not say so
    one, other = (
        AccountLine("a", "1", 5, takes_back=False, day=DAY),
        AccountLine("b", "2", -5, takes_back=True, day=DAY),
    )
    assert taken_back([one, other]) == {}


def test_within_a_day_what_is_taken_back_may_stand_after() -> None:
    of_day = [line._replace(day=DAY) for line in lines((-5, True), (5, False), (5, False), (-5, True))]
    assert taken_back(of_day) == {"0": "1", "3": "2"}
    assert taken_back(of_day[:1]) == {}


@given(st.lists(st.tuples(st.sampled_from([-5, 5]), st.booleans()), max_size=12))
def test_no_line_is_taken_back_twice_nor_by_an_earlier_one(moves: list[tuple[int, bool]]) -> None:
    pairs = taken_back(lines(*moves))
    assert len(set(pairs.values())) == len(pairs)
    assert not set(pairs) & set(pairs.values())
    assert all(int(back) > int(other) for back, other in pairs.items())
    assert all(moves[int(back)][0] == -moves[int(other)][0] for back, other in pairs.items())


# --- what it undoes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "back"),
    [
        ((22_000, "存款息"), "更正 存款息 沖正"),
        ((-2_200, "利息所得稅"), "更正 利息所得稅"),
        ((-180, "代扣利息所得稅"), "免扣繳退稅"),
        ((450_000, "匯入匯款 經濟部 補助款第1期"), "匯入匯款沖正 經濟部"),
        ((-5_000, "提領112/07"), "提領 沖正"),
        ((-30, "手續費"), "手續費退還"),
        ((-30_000, "匯款 別家有限公司"), "匯款退回 帳號錯誤"),
        ((8_000, "現金存入"), "沖正 現金存入"),
        ((-900, "繳庫 孳息繳庫"), "退匯 繳庫"),
    ],
)
def test_it_undoes_whatever_the_other_line_did(small: SmallCase, first: tuple[int, str], back: str) -> None:
    small.take(dedicated(GRANT, name="d1.csv"))
    before = small.settled
    amount, said = first
    report = small.take(
        dedicated(("2023-12-21", amount, said), ("2023-12-22", -amount, back), opening=450_000, name="d2.csv")
    )
    assert report.unmatched == []
    assert small.settled == before
    assert not [entry for entry in small.books() if '"!"' in entry]
    assert not found(small) & {"withdrawal-unexplained", "deposit-not-grant", "instalment-unexpected"}
    assert (small.balance(accounts.GRANT_MONEY), small.balance(accounts.OWN_MONEY)) == (450_000, 0)


def test_interest_and_its_tax_posted_wrong_and_again(small: SmallCase) -> None:
    small.take(
        dedicated(
            GRANT,
            ("2023-12-21", 22_000, "存款息"),
            ("2023-12-21", -2_200, "利息所得稅"),
            ("2023-12-22", -22_000, "更正 存款息"),
            ("2023-12-22", 2_200, "更正 利息所得稅"),
            ("2023-12-22", 21_000, "存款息"),
            ("2023-12-22", -2_100, "利息所得稅"),
        )
    )
    assert figures(small, "interest_gross", "tax_withheld") == (21_000, 2_100)


CORRECTED = [
    GRANT,
    ("2023-12-21", 5_200, "存款息"),
    ("2023-12-21", -5_200, "更正 存款息"),
    ("2023-12-21", 520, "存款息"),
    ("2023-12-22", -450_000, "匯入匯款沖正 經濟部產業發展署 補助款第1期"),
    ("2023-12-22", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期"),
]


def test_newest_first_the_order_of_a_day_is_the_banks_not_the_files(small: SmallCase) -> None:
    (name, text), *_ = dedicated(*CORRECTED, name="d1.csv").items()
    head, names, *rows = text.splitlines()
    report = small.take({name: "\n".join([head, names, *reversed(rows)])})
    assert report.unmatched == []
    assert figures(small, "interest_gross", "received", "withdrawn") == (520, 450_000, 0)


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("names", [("d1.csv", "d2.csv"), ("d2.csv", "d1.csv")])
def test_a_day_that_two_files_share(small: SmallCase, names: tuple[str, str], *, apart: bool) -> None:
    first = dedicated(*CORRECTED[:2], name=names[0])
    second = dedicated(*CORRECTED[2:], opening=455_200, name=names[1])
    for files in ([second], [first]) if apart else ([first, second],):
        small.take(*files)
    assert figures(small, "interest_gross", "received", "withdrawn") == (520, 450_000, 0)
    assert not [entry for entry in small.books() if '"!"' in entry]


def test_a_line_of_an_earlier_run_even_of_a_closed_month(small: SmallCase) -> None:
    small.take(dedicated(GRANT, ("2023-07-20", 450_000, "匯入匯款 經濟部 補助款"), name="d1.csv"))
    assert figures(small, "received") == (900_000,)
    small.take(dedicated(("2023-08-02", -450_000, "匯入匯款沖正"), opening=900_000, name="d2.csv"))
    assert figures(small, "received", "withdrawn") == (450_000, 0)


def test_what_it_takes_back_may_come_later(small: SmallCase) -> None:
    report = small.take(dedicated(("2023-08-02", -450_000, "匯入匯款沖正"), opening=900_000, name="d2.csv"))
    assert "找不到" in report.unmatched[0].reason
    small.take(dedicated(GRANT, ("2023-07-20", 450_000, "匯入匯款 經濟部 補助款"), name="d1.csv"))
    assert figures(small, "received", "withdrawn") == (450_000, 0)
    assert not [entry for entry in small.books() if '"!"' in entry]


@pytest.mark.parametrize("account", [own, dedicated])
def test_a_payment_that_came_back_is_none_and_the_next_one_is(small: SmallCase, account: object) -> None:
    bank = own if account is own else dedicated
    start = [] if account is own else [GRANT, ("2023-07-04", 20_000, "存入 自籌款")]
    report = small.take(
        invoice("AB10000001", "2023-08-01", 10_000),
        bank(
            *start,
            ("2023-08-10", -10_500, f"匯出匯款 {SUPPLIER}"),
            ("2023-08-11", 10_500, f"匯款退回 {SUPPLIER} 帳號錯誤"),
            ("2023-08-20", -10_500, f"匯出匯款 {SUPPLIER}"),
        ),
    )
    assert report.unmatched == []
    (payment,) = small.case.payments
    assert (payment.date.isoformat(), payment.amount) == ("2023-08-20", 10_500)
    assert small.balance(accounts.PAYABLE) == 0
    assert len(small.case.returned_payments) == 2


@pytest.mark.parametrize(("account", "fee"), list(itertools.product([own, dedicated], [10, 30, 100])))
def test_a_payment_that_came_back_less_a_fee(small: SmallCase, account: object, fee: int) -> None:
    bank = own if account is own else dedicated
    start = [] if account is own else [GRANT, ("2023-07-04", 20_000, "存入 自籌款")]
    report = small.take(
        invoice("AB10000001", "2023-08-01", 10_000),
        bank(
            *start,
            ("2023-08-10", -10_500, f"匯出匯款 {SUPPLIER}"),
            ("2023-08-12", 10_500 - fee, f"匯款退回 {SUPPLIER}"),
            ("2023-08-20", -10_500, f"匯出匯款 {SUPPLIER}"),
        ),
    )
    assert report.unmatched == []
    (payment,) = small.case.payments
    assert payment.date.isoformat() == "2023-08-20"
    at_bank = 450_000 + 20_000 - 10_500 - fee if account is dedicated else 0
    assert small.balance("Assets:1專戶") == at_bank
    assert ("bank-fee-charged-to-grant" in found(small)) == (account is dedicated)
    books = small.books()
    assert small.take(invoice("AB10000009", "2023-12-01", 55)).rebooked == []
    assert [entry for entry in small.books() if "AB10000009" not in entry] == books


def test_what_comes_back_far_less_or_much_later_is_another_matter() -> None:
    assert taken_back(lines((-10_500, False), (10_470, True))) == {"1": "0"}
    assert taken_back(lines((-10_500, False), (10_399, True))) == {}
    assert taken_back(lines((-10_500, False), (10_470, False))) == {}
    assert taken_back(lines((-10_500, False), (-10_470, False), (10_470, True))) == {
        "2": "1"
    }  # the very sum first
    long_after = lines((-10_500, False), *[(1, False)] * 40, (10_470, True))
    assert taken_back(long_after) == {}


def test_what_came_back_and_was_never_paid_again_is_still_owed(small: SmallCase) -> None:
    small.take(
        invoice("AB10000001", "2023-08-01", 10_000),
        own(("2023-08-10", -10_500, f"匯出匯款 {SUPPLIER}"), ("2023-08-11", 10_500, "退匯")),
    )
    assert small.balance(accounts.PAYABLE) == -10_500
    assert small.case.unpaid == {"AB10000001": 10_500}


def test_a_line_that_takes_back_what_nobody_saw_is_a_question(small: SmallCase) -> None:
    report = small.take(
        dedicated(GRANT, ("2023-08-02", 4_970, "匯款退回 別家公司"), ("2023-08-03", -77, "更正 存款息"))
    )
    assert [each.record["amount"] for each in report.unmatched] == [4_970, -77]
    assert all("找不到" in each.reason for each in report.unmatched)


def test_an_overdrawn_withdrawal_put_back_is_no_reversal(small: SmallCase) -> None:
    small.take(dedicated(GRANT, ("2023-08-01", -5_000, "提領112/07"), ("2023-08-05", 2_000, "溢提退回")))
    assert figures(small, "withdrawn") == (3_000,)
