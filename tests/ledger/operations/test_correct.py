"""A booked voucher put right: in its open month, in a closed one, and what that does to later shares."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ledger.files.history import History
from ledger.model.records import Voucher
from ledger.operations.correct import plan_correct
from ledger.operations.correct import plan_split
from ledger.operations.edit import OperationError
from tests.ledger.operations.cases import BEARING
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import REASON
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case
from tests.ledger.operations.cases import read
from tests.ledger.operations.cases import shares
from tests.ledger.operations.cases import tree


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path / "case")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    return make_case(tmp_path / "closed", june_closed=True)


def correct(folder: Path, which: str, /, **fields: str) -> None:
    do(folder, lambda context: plan_correct(context, which, fields, REASON))


def voucher(folder: Path, number: str) -> Voucher:
    return next(v for v in reversed(read(folder).vouchers) if v.number == number and not v.reverses)


def test_net_and_tax_change_what_is_owed_and_the_later_share(case: Path) -> None:
    """20,002 of 210,000 with 100,000 granted is 9,524; without the first 10,001 it is 4,762 for the second alone."""
    assert shares(read(case))[SEAL] == 4762
    correct(case, BEARING, net="8,000", tax="400")
    found = voucher(case, BEARING)
    assert (found.net, found.tax, found.cost, found.payable) == (8000, 400, 8000, 8400)
    assert shares(read(case)) == {BEARING: 3809, SEAL: 4762, GAUGE: 23809}  # floor(18001 x 10/21) is 8571


def test_an_item_brings_its_category(case: Path) -> None:
    correct(case, SEAL, item="試作量測機")
    found = voucher(case, SEAL)
    assert [(line.category, line.item, line.cost) for line in found.lines] == [
        ("equipment", "試作量測機", 10001)
    ]
    assert found.entry.narration == "試作量測機"


def test_what_is_claimed_leaves_the_rest_in_view(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    (line,) = voucher(case, GAUGE).lines
    assert (line.cost, line.disallowed, line.government) == (30000, 20000, 14285)


def test_a_date_of_another_month_moves_the_booking(case: Path) -> None:
    correct(case, SEAL, date="112/06/12")
    assert voucher(case, SEAL).booked == datetime.date(2023, 6, 12)
    assert SEAL not in (case / "books/2023-07.beancount").read_text(encoding="utf-8")


def test_a_number_changes_with_its_payment(case: Path) -> None:
    correct(case, GAUGE, number="AB10000009")
    books = read(case)
    assert books.unpaid[voucher(case, "AB10000009").link] == 0
    assert GAUGE not in {payment.number for payment in books.payments}


def test_a_payment_s_day(case: Path) -> None:
    correct(case, GAUGE, paid="2023-07-25", method="匯款")
    (payment,) = [p for p in read(case).payments if p.number == GAUGE]
    assert (payment.date, payment.entry.meta["method"]) == (datetime.date(2023, 7, 25), "匯款")


def test_a_payment_is_made_where_there_is_none(case: Path) -> None:
    correct(case, SEAL, paid="2023-07-25")
    books = read(case)
    assert books.unpaid[voucher(case, SEAL).link] == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"item": "試作沒有的"}, "試作量測機"),
        ({"category": "人事費"}, "全新設備之購置費"),
        ({"net": "八千"}, "整數金額"),
        ({"net": "8000.5"}, "整數金額"),
        ({"claimed": "10002"}, "10,001"),
        ({"claimed": "-1"}, "10,001"),
        ({"net": "-8000"}, "負數"),
        ({"tax": "-1"}, "負數"),
        ({"quantity": "-2"}, "負數"),
        ({"number": SEAL}, "已經入帳"),
        ({"date": "昨天"}, "113/03/05"),
        ({"number": ""}, "空白"),
        ({"colour": "red"}, "item"),
        ({"paid": "2023-07-01"}, "銀行交易明細"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(case: Path, fields: dict[str, str], says: str) -> None:
    before = (case / "books/2023-06.beancount").read_bytes()
    with pytest.raises(OperationError, match=says):
        correct(case, BEARING, **fields)
    assert (case / "books/2023-06.beancount").read_bytes() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"net": "10001"},
        {"net": "10,001", "tax": "500", "quantity": "2"},
        {"item": "試作 軸承"},
        {"number": BEARING, "date": "112/06/10"},
        {"paid": "2023-07-20"},
    ],
)
def test_what_changes_nothing_is_no_operation(case: Path, fields: dict[str, str]) -> None:
    before = tree(case)
    correct(case, GAUGE if "paid" in fields else BEARING, **fields)
    assert tree(case) == before
    assert not History(case).exists


def test_a_number_of_two_papers_is_not_guessed(case: Path) -> None:
    june = case / "books/2023-06.beancount"
    text = june.read_text(encoding="utf-8")
    again = text[: text.index("2023-06-20")].replace(f"11206:{BEARING}", f"11206:{BEARING}:2")
    june.write_text(text + again.replace('"試作軸承行"', '"另一家行"'), encoding="utf-8")
    with pytest.raises(OperationError, match=f"11206:{BEARING}:2.*另一家行"):
        correct(case, BEARING, unit="組")
    correct(case, f"invoice:11206:{BEARING}:2", unit="組")
    assert voucher(case, BEARING).entry.meta["unit"] == "組"


def test_no_such_voucher_and_no_reason(case: Path) -> None:
    with pytest.raises(OperationError, match="ZZ99999999"):
        correct(case, "ZZ99999999", net="1")
    with pytest.raises(OperationError, match="理由"):
        do(case, lambda context: plan_correct(context, SEAL, {"net": "1"}, " "))


def test_a_closed_month_stays_and_the_open_one_takes_it_back(closed: Path) -> None:
    june = (closed / "books/2023-06.beancount").read_bytes()
    correct(closed, BEARING, net="8000", tax="400")
    assert (closed / "books/2023-06.beancount").read_bytes() == june
    books = read(closed)
    assert books.cost()["12345675", "consumables"] == (18001, 0)
    assert sum(v.government for v in books.vouchers if v.lines[0].category == "consumables") == 8571
    assert books.unpaid[voucher(closed, BEARING).link] == 8400 - 10501


def test_a_correction_of_a_closed_month_is_corrected_again(closed: Path) -> None:
    correct(closed, BEARING, net="8000", tax="400")
    correct(closed, BEARING, net="9000", tax="450")
    assert read(closed).cost()["12345675", "consumables"] == (19001, 0)


def test_reopened_a_month_is_corrected_where_it_stands(closed: Path) -> None:
    fields = {"net": "8000", "tax": "400"}
    do(
        closed,
        lambda context: plan_correct(context, BEARING, fields, REASON),
        reopen=datetime.date(2023, 8, 1),
    )
    books = read(closed)
    assert not books.closed_months
    assert voucher(closed, BEARING).booked == datetime.date(2023, 6, 10)
    assert books.cost()["12345675", "consumables"] == (18001, 0)


def test_a_corrected_case_equals_one_booked_right_at_first(tmp_path: Path) -> None:
    wrong, right = make_case(tmp_path / "wrong"), make_case(tmp_path / "right")
    correct(wrong, BEARING, net="8000", tax="400")
    june = right / "books/2023-06.beancount"
    text = june.read_text(encoding="utf-8").replace("net: 10001", "net: 8000").replace("tax: 500", "tax: 400")
    text = text.replace("4762 TWD", "3809 TWD").replace("5239 TWD", "4191 TWD")
    text = text.replace("费   500", "费   400").replace(
        "                 500 TWD", "                 400 TWD"
    )
    june.write_text(text.replace("-10501 TWD\n\n2023-06-20", "-8400 TWD\n\n2023-06-20", 1), encoding="utf-8")
    one, other = read(wrong), read(right)
    assert one.cost() == other.cost()
    assert shares(one) == shares(other)
    assert one.unpaid == other.unpaid


def test_a_split_lays_the_net_over_items_and_leaves_the_rest_unclaimed(case: Path) -> None:
    do(
        case,
        lambda context: plan_split(context, GAUGE, [("試作軸承", 10000), ("試作量測機", 30000)], REASON),
    )
    found = voucher(case, GAUGE)
    assert [(line.category, line.item, line.cost, line.disallowed) for line in found.lines] == [
        ("consumables", "試作軸承", 10000, 0),
        ("equipment", "試作量測機", 30000, 0),
        ("consumables", "試作量測機", 0, 10000),
    ]
    assert (found.payable, found.net) == (52500, 50000)


@pytest.mark.parametrize("parts", [[], [("試作軸承", 50001)], [("試作軸承", 0)], [("沒有的", 10)]])
def test_a_split_that_cannot_be(case: Path, parts: list[tuple[str, int]]) -> None:
    with pytest.raises(OperationError):
        do(case, lambda context: plan_split(context, GAUGE, parts, REASON))
