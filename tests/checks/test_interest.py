"""Interest, and what goes back to the treasury."""

from __future__ import annotations

import pytest

from tests.checks.builder import Books
from tests.checks.pieces.interest import INTEREST
from tests.checks.pieces.interest import REMITTED
from tests.checks.pieces.interest import TAIL
from tests.checks.pieces.interest import WITHHELD
from tests.checks.pieces.interest import interest


@pytest.mark.parametrize(
    ("bank", "tax", "due", "short"),
    [
        (27_000, 3000, 30_000, None),
        (27_000, 3000, 27_000, 3000),
        (27_000, 3000, 29_999, 1),
        (30_000, 0, 30_000, None),
        (9, 1, 9, 1),
        (30_000, 0, 20_000, None),  # no tax, so nothing is net of it
    ],
)
def test_interest_booked_net(books: Books, bank: int, tax: int, due: int, short: int | None) -> None:
    planted = interest(books, bank, tax, due)
    assert planted.days("interest-booked-net") == ([] if short is None else [("2023-09-20", short)])


@pytest.mark.parametrize(("due", "short"), [(30_000, []), (27_000, [("2023-09-20", 3000)])])
def test_interest_on_the_company_s_own_money_is_gross_too(
    books: Books, due: int, short: list[tuple[str, int]]
) -> None:
    both = f"""2023-09-20 * "" "存款息"
  Assets:1專戶:1政府補助款      20000 TWD
  Assets:1專戶:2業者自籌款       7000 TWD
  Assets:3扣繳稅款               3000 TWD
  Liabilities:2應繳國庫:1孳息   -{due} TWD
  Equity:1業者投入              {due - 30_000} TWD
"""
    assert books.plant(INTEREST, both).days("interest-booked-net") == short


def test_tax_that_eats_the_interest_due(books: Books) -> None:
    gross = interest(books, 30_000, 0, 30_000)
    assert gross.add(WITHHELD).found("interest-booked-net") == []
    eaten = gross.add(WITHHELD.replace("Assets:3扣繳稅款", "Liabilities:2應繳國庫:1孳息"))
    assert eaten.days("interest-booked-net") == [("2023-09-20", 3000)]
    assert eaten.found("withholding-arithmetic") == []
    remitted = gross.add(
        WITHHELD.replace("Assets:3扣繳稅款", "Liabilities:2應繳國庫:1孳息").replace("3000", "3001")
    )
    assert remitted.found("interest-booked-net") == []  # a remittance that day, for all we know


@pytest.mark.parametrize(
    ("bank", "tax", "amount"),
    [
        (20_000, 0, None),  # tax of 2,000 is not withheld
        (18_000, 2000, 2000),
        (18_009, 2001, None),
        (20_010, 0, 2001),
        (18_014, 2001, None),  # 20,015: 2,001.5 rounded down
        (18_013, 2002, None),  # and rounded half up
        (18_012, 2003, 2),
        (25_000, 1000, 1600),
    ],
)
def test_withholding_arithmetic(books: Books, bank: int, tax: int, amount: int | None) -> None:
    planted = interest(books, bank, tax, bank + tax)
    assert planted.days("withholding-arithmetic") == ([] if amount is None else [("2023-09-20", amount)])


@pytest.mark.parametrize(
    ("day", "is_one"), [("2023-09-21", True), ("2023-09-23", True), ("2023-09-24", False)]
)
def test_tax_on_a_neighbouring_day_is_of_the_same_interest(books: Books, day: str, is_one: bool) -> None:
    """Interest of Wednesday, its tax on the next working day: one event, and one finding where they do not fit."""
    gross = interest(books, 30_000, 0, 30_000)
    later = WITHHELD.replace("2023-09-20", day)
    assert gross.add(later).days("withholding-arithmetic") == ([] if is_one else [("2023-09-20", 3000)])
    assert gross.add(later.replace("3000", "2500")).days("withholding-arithmetic")[0] == (
        "2023-09-20",
        500 if is_one else 3000,
    )


def test_withholding_on_a_line_of_its_own(books: Books) -> None:
    gross = interest(books, 30_000, 0, 30_000)
    assert gross.days("withholding-arithmetic") == [("2023-09-20", 3000)]
    assert gross.add(WITHHELD).found("withholding-arithmetic") == []
    assert gross.add(WITHHELD.replace("3000", "2500")).days("withholding-arithmetic") == [("2023-09-20", 500)]


def test_every_day_of_interest_is_judged(books: Books) -> None:
    wrong = """
        2023-09-21 * "" "存款息"
          Assets:1專戶:1政府補助款       30000 TWD
          Liabilities:2應繳國庫:1孳息   -30000 TWD
    """
    remitted = REMITTED.replace("2023-10-20", "2023-09-19").replace("30 TWD", "1 TWD")
    for books_so_far in (books, books.plant(INTEREST, ""), books.add(remitted)):
        assert books_so_far.add(wrong).days("withholding-arithmetic") == [("2023-09-21", 3000)]


def test_interest_unremitted_is_told_where_the_last_of_it_came(books: Books) -> None:
    later = INTEREST.replace("2023-09-20", "2023-10-05").replace("30 TWD", "1 TWD")
    assert books.add(later).days("interest-unremitted") == [("2023-10-05", 1)]
    alone = books.plant(INTEREST, "").plant(REMITTED, "").add(later)
    assert alone.days("interest-unremitted") == [("2023-10-05", 1)]


def test_interest_unremitted(books: Books) -> None:
    assert books.found("interest-unremitted") == []
    assert books.plant(REMITTED, "").days("interest-unremitted") == [("2023-09-20", 30)]
    assert books.plant(REMITTED, REMITTED.replace("30 TWD", "20 TWD")).days("interest-unremitted") == [
        ("2023-09-20", 10)
    ]
    assert books.plant(REMITTED, "").on(2023, 9, 30).found("interest-unremitted") == []


def test_interest_remitted_net_of_tax(books: Books) -> None:
    planted = interest(books, 27_000, 3000, 30_000).plant(REMITTED, REMITTED.replace("30 TWD", "27000 TWD"))
    assert planted.days("interest-unremitted") == [("2023-09-20", 3000)]
    topped = """
        2023-10-21 * "國庫" "補繳扣繳稅額"
          Liabilities:2應繳國庫:1孳息   3000 TWD
          Equity:1業者投入             -3000 TWD
    """
    assert planted.add(topped).found("interest-unremitted") == []


SURPLUS = """
2023-11-01 * "國庫" "結餘款繳庫"
  Liabilities:2應繳國庫:2結餘款   10000 TWD
  Assets:1專戶:1政府補助款       -10000 TWD
"""


def test_surplus_unremitted(books: Books) -> None:
    assert books.found("surplus-unremitted") == []
    more = books.plant(TAIL, TAIL.replace("100000", "110000"))
    assert more.days("surplus-unremitted") == [("2023-10-15", 10_000)]
    dollar = books.plant(TAIL, TAIL.replace("100000", "100001"))
    assert dollar.days("surplus-unremitted") == [("2023-10-15", 1)]
    assert more.add(SURPLUS).found("surplus-unremitted") == []
    assert more.add(SURPLUS.replace("10000", "9000")).days("surplus-unremitted") == [("2023-10-15", 1000)]
    assert more.on(2023, 10, 14).found("surplus-unremitted") == []


def test_a_deduction_leaves_a_surplus(books: Books) -> None:
    planted = books.add('2023-10-18 custom "grant-deduction" 4000 TWD "逾期"')
    assert planted.days("surplus-unremitted") == [("2023-10-15", 4000)]


def test_what_was_remitted_under_the_other_name_did_arrive(books: Books) -> None:
    more = books.plant(TAIL, TAIL.replace("100000", "110000")).plant(
        REMITTED, REMITTED.replace("30 TWD", "10030 TWD")
    )
    assert more.found("surplus-unremitted") == more.found("interest-unremitted") == []
    less = books.plant(TAIL, TAIL.replace("100000", "110000")).plant(REMITTED, "")
    assert less.add(SURPLUS.replace("10000", "10030")).found("interest-unremitted") == []
