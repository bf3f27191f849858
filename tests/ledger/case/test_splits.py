"""The government's part of vouchers of one day does not hang on the order in which they were written."""

from __future__ import annotations

import itertools

import pytest

from tests.ledger.ledgers import case_of_text
from tests.ledger.texts import AWARD

PAPER = """
2023-07-12 * "範例廠商" "{item}" ^{number}
  voucher: "invoice"
  number: "{number}"
  net: {net} TWD
  item: "{item}"
  Expenses:1政府補助款:03既有設備之改善費   {share} TWD
  Expenses:2業者自籌款:03既有設備之改善費   {own} TWD
  Liabilities:1應付帳款   -{net} TWD
"""


def paper(number: str, net: int, share: int = 0) -> str:
    return PAPER.format(number=number, net=net, share=share, own=net - share, item="主軸冷卻模組")


NETS = {"AB00000001": 333, "AB00000002": 777, "AB00000003": 111}


def shares(order: tuple[str, ...]) -> dict[str, int]:
    case = case_of_text(AWARD + "".join(paper(number, NETS[number]) for number in order))
    return {voucher.number: case.expected_splits[id(voucher.entry)][0] for voucher in case.vouchers}


def test_papers_of_a_day_go_by_their_numbers() -> None:
    found = [shares(order) for order in itertools.permutations(NETS)]
    assert all(each == found[0] for each in found)
    case = case_of_text(AWARD + "".join(paper(number, net) for number, net in NETS.items()))
    assert sum(found[0].values()) == sum(case.government_shares().values())


@pytest.mark.parametrize("order", list(itertools.permutations(NETS)))
def test_books_that_were_shared_out_as_they_are_written_fit_too(order: tuple[str, ...]) -> None:
    """They were written before vouchers of a day had an order of their own."""
    one_by_one, text = 0, ""
    done = 0
    for number in order:
        case = case_of_text(AWARD + text + paper(number, NETS[number]))
        whole = sum(case.government_shares().values())
        text += paper(number, NETS[number], whole - done)
        one_by_one, done = one_by_one + whole - done, whole
    case = case_of_text(AWARD + text)
    booked = {
        id(voucher.entry): tuple(line.government for line in voucher.lines) for voucher in case.vouchers
    }
    assert case.fitting_splits == booked


def test_a_share_that_fits_neither_order_is_set_right() -> None:
    text = "".join(paper(number, net, net // 2 + 40) for number, net in NETS.items())
    case = case_of_text(AWARD + text)
    assert case.fitting_splits == case.expected_splits
