"""Which payment pays which voucher."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.planning.payments.debts import Debt
from importers.planning.payments.matching import THRESHOLD
from importers.planning.payments.matching import match_payments
from importers.records import BankLine

JULY = datetime.date(2023, 7, 1)
JIAYU, CHUANYI, QUANYI = "嘉聿節能企業股份有限公司", "川益節能股份有限公司", "全誼自動化股份有限公司"


def debt(key: int, left: int, *, name: str = JIAYU, number: str = "", day: int = 0) -> Debt:
    return Debt(key, number or f"AB1234567{key}", name, JULY + datetime.timedelta(days=day), left)


def out(amount: int, memo: str = "", *, day: int = 10, text: str = "轉帳支出") -> BankLine:
    return BankLine(
        JULY + datetime.timedelta(days=day), -amount, None, text=text, memo=memo, counterparty="6418023979686"
    )


def paid(lines: list[BankLine], debts: list[Debt]) -> dict[int, dict[int, int]]:
    """{line: {debt: amount}} of what is certain enough to book."""
    matches = match_payments(lines, debts).certain
    return {match.line: dict(match.paid) for match in matches if match.score >= THRESHOLD}


@pytest.mark.parametrize(
    "memo",
    [
        "AB12345671",
        "嘉聿節能 AB12345671",
        JIAYU,
        "嘉聿節能",
        "嘉聿節能企業",
        "嘉聿節能企業股",
        "",
        "嘉聿節能貨款",
    ],
)
def test_one_payment_of_one_voucher(memo: str) -> None:
    assert paid([out(57_510, memo)], [debt(1, 57_510)]) == {0: {1: 57_510}}


@pytest.mark.parametrize(
    "memo",
    ["嘉聿節能工業有限公司", "福泰家具有限公司", "CD99999999", "電費", "薪資", "營業稅"],
    ids=lambda memo: f"memo {memo}",
)
def test_a_line_that_is_about_something_else_pays_nothing(memo: str) -> None:
    assert paid([out(57_510, memo)], [debt(1, 57_510)]) == {}


def test_a_decoy_of_the_same_amount_does_not_weaken_the_true_line() -> None:
    lines = [out(57_510, "福泰家具有限公司", day=3), out(57_510, day=95)]
    assert paid(lines, [debt(1, 57_510)]) == {1: {1: 57_510}}


@pytest.mark.parametrize(("amount", "day", "is_paid"), [
    (57_510, 100, True),  # an odd amount that occurs once tells by itself
    (144_900, 100, True),  # so do four figures that are no noughts
    (50_000, 30, True),
    (50_000, 100, False),  # a round sum far away is only proposed
    (57_510, 200, False),
    (57_510, -7, True),
    (57_510, -8, False),
])  # fmt: skip
def test_a_line_without_a_word_by_amount_and_day(amount: int, day: int, is_paid: bool) -> None:
    assert (paid([out(amount, day=day)], [debt(1, amount)]) == {0: {1: amount}}) is is_paid


def test_twin_amounts_go_to_the_suppliers_named_and_the_nearest_days() -> None:
    debts = [
        debt(1, 20_000, name=JIAYU),
        debt(2, 20_000, name=CHUANYI),
        debt(3, 20_000, name=CHUANYI, day=40),
    ]
    lines = [out(20_000, CHUANYI, day=55), out(20_000, JIAYU), out(20_000, CHUANYI)]
    assert paid(lines, debts) == {0: {3: 20_000}, 1: {1: 20_000}, 2: {2: 20_000}}


def test_the_best_of_all_pairs_is_not_the_first_good_pair() -> None:
    # taken one by one the blank line would go to the nearer voucher, and the line that names it would have none
    debts = [debt(1, 31_000, name=JIAYU, day=30), debt(2, 31_000, name=CHUANYI, day=0)]
    lines = [out(31_000, day=28), out(31_000, JIAYU, day=60)]
    assert paid(lines, debts) == {0: {2: 31_000}, 1: {1: 31_000}}


def test_one_payment_of_several_vouchers() -> None:
    debts = [debt(1, 10_100), debt(2, 20_200), debt(3, 40_400), debt(4, 30_300, name=CHUANYI)]
    assert paid([out(50_500, JIAYU)], debts) == {0: {1: 10_100, 3: 40_400}}
    assert paid([out(30_300, "AB12345671 AB12345672")], debts[:3]) == {0: {1: 10_100, 2: 20_200}}


def test_several_sets_that_add_up_are_not_guessed_between() -> None:
    debts = [debt(key, 10_000) for key in (1, 2, 3)]
    assert paid([out(20_000, JIAYU)], debts) == {}


def test_payments_in_parts() -> None:
    lines = [out(30_000, "AB12345671 訂金"), out(27_510, "AB12345671 尾款", day=40)]
    assert paid(lines, [debt(1, 57_510)]) == {0: {1: 30_000}, 1: {1: 27_510}}
    by_name = [out(30_000, JIAYU), out(27_510, JIAYU, day=40), out(9_999, JIAYU)]
    assert paid(by_name, [debt(1, 57_510)]) == {0: {1: 30_000}, 1: {1: 27_510}}


def test_a_part_is_never_more_than_what_is_owed() -> None:
    lines = [out(30_000, "AB12345671"), out(40_000, "AB12345671", day=20)]
    assert paid(lines, [debt(1, 57_510)]) == {0: {1: 30_000}}


@pytest.mark.parametrize("fee", [10, 15, 30, 100])
def test_the_bank_fee_on_top_is_no_part_of_the_voucher(fee: int) -> None:
    assert paid([out(57_510 + fee, JIAYU)], [debt(1, 57_510)]) == {0: {1: 57_510}}


def test_another_difference_is_proposed_with_its_reason() -> None:
    matches = match_payments([out(57_000, "AB12345671 AB12345672")], [debt(1, 57_510), debt(2, 60_000)])
    assert matches.proposed
    assert "金額不同" in matches.proposed[0].reasons[0]


def test_a_cheque_that_clears_late_names_its_voucher() -> None:
    assert paid([out(57_510, "票據 AB12345671", day=170)], [debt(1, 57_510)]) == {0: {1: 57_510}}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([20_000, 31_500, 31_501, 105_000, 57_510]),
            st.sampled_from([JIAYU, CHUANYI, QUANYI]),
            st.integers(0, 60),
            st.integers(0, 40),
            st.sampled_from(["number", "both"]),
        ),
        min_size=1,
        max_size=9,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_pairs_that_name_the_number_are_all_found(
    pairs: list[tuple[int, str, int, int, str]], order: object
) -> None:
    debts = [debt(key, amount, name=name, day=day) for key, (amount, name, day, _l, _w) in enumerate(pairs)]
    lines = [
        out(amount, debts[key].number + (name if way == "both" else ""), day=day + later)
        for key, (amount, name, day, later, way) in enumerate(pairs)
    ]
    decoys = [out(amount, "福泰家具有限公司", day=day) for amount, _n, day, _l, _w in pairs]
    places = list(range(len(lines)))
    order.shuffle(places)  # type: ignore[attr-defined]
    found = paid([lines[place] for place in places] + decoys, debts)
    assert found == {index: {place: pairs[place][0]} for index, place in enumerate(places)}


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 90), st.booleans()), max_size=8),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 90)), max_size=8),
)
@settings(max_examples=40, deadline=None)
def test_no_line_and_no_debt_is_used_twice_over(
    lines: list[tuple[int, int, bool]], debts: list[tuple[int, int]]
) -> None:
    owed = [debt(key, units * 10_000, day=day) for key, (units, day) in enumerate(debts)]
    found = paid([out(units * 10_000, JIAYU if named else "", day=day) for units, day, named in lines], owed)
    for index, parts in found.items():
        assert sum(parts.values()) <= lines[index][0] * 10_000
    for key, (units, _day) in enumerate(debts):
        assert sum(parts.get(key, 0) for parts in found.values()) <= units * 10_000


def test_the_order_of_the_files_changes_nothing() -> None:
    debts = [debt(1, 20_000), debt(2, 20_000, name=CHUANYI, day=5), debt(3, 31_500, day=9)]
    lines = [out(20_000, CHUANYI), out(20_000, day=12), out(31_500, JIAYU, day=20)]
    answers = set()
    for order in itertools.permutations(range(3)):
        found = paid([lines[place] for place in order], debts)
        answers.add(tuple(sorted((order[index], tuple(parts)) for index, parts in found.items())))
    assert answers == {((0, (2,)), (1, (1,)), (2, (3,)))}


def test_a_line_with_the_fee_goes_before_a_part_payment() -> None:
    lines = [out(2_130, "AB12345671"), out(400, "AB12345671 補", day=40)]
    assert paid(lines, [debt(1, 2_100)]) == {0: {1: 2_100}}


def test_a_fee_taken_from_the_supplier_needs_a_line_of_its_own() -> None:
    lines, debts = [out(8_151, "嘉聿節能")], [debt(1, 8_166)]
    (match,) = match_payments(lines, debts, [frozenset({15})]).certain
    assert (match.paid, match.fee) == (((1, 8_151),), -15)
    assert "由廠商負擔" in match.why
    assert paid(lines, debts) == {}
    assert match_payments(lines, debts, [frozenset({30})]).certain == []


def test_a_match_tells_its_score() -> None:
    (match,) = match_payments([out(57_510, "AB12345671")], [debt(1, 57_510)]).certain
    assert match.why == f"{';'.join(match.reasons)}({match.score} 分)"


@pytest.mark.parametrize(("memo", "payee"), [("川益", 2), ("嘉聿 8月貨款", 1), ("付川益款", 2)])
def test_the_first_characters_of_a_name_never_pay_a_rival(memo: str, payee: int) -> None:
    rivals = [debt(1, 10_500), debt(2, 10_500, name=CHUANYI)]
    for debts in (rivals, rivals[::-1]):
        assert paid([out(10_500, memo)], debts) == {0: {payee: 10_500}}


def test_a_brand_alone_does_not_pay_another_supplier() -> None:
    matches = match_payments([out(10_500, "川益")], [debt(1, 10_500)], suppliers=[CHUANYI])
    assert not [match for match in matches.certain if match.score >= THRESHOLD]
    assert paid([out(10_500, "嘉聿")], [debt(1, 10_500)]) == {0: {1: 10_500}}
