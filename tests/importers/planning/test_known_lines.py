"""One bank line through several exports, with balances and without, in any order and under any older id."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.planning.known_lines import KnownLines
from importers.records import BankLine
from ledger.model.bank_line_id import read_bank_line_id
from tests.importers.makers import DEDICATED
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated

JULY = datetime.date(2023, 7, 1)
PLACE_1, PLACE_2 = "bank:123:2023-07-01:-5:place-1", "bank:123:2023-07-01:-5:place-2"


def line(amount: int, balance: int | None, day: int = 1, text: str = "轉帳", memo: str = "") -> BankLine:
    return BankLine(JULY.replace(day=day), amount, balance, time="10:00:00", text=text, memo=memo)


def known(*ids: str, words: str = "") -> KnownLines:
    return KnownLines(found for import_id in ids if (found := read_bank_line_id(import_id, words)))


def ids(before: KnownLines, *lines: BankLine) -> list[str]:
    return before.ids_of("123", lines)


def test_a_line_is_named_by_its_balance_or_else_by_its_place() -> None:
    assert ids(known(), line(-5, 100), line(-5, 100)) == [
        "bank:123:2023-07-01:-5:100",
        "bank:123:2023-07-01:-5:100:2",
    ]
    assert ids(known(), line(-5, None), line(-5, None)) == [PLACE_1, PLACE_2]
    assert ids(known(), line(-5, None), line(-5, 100)) == [PLACE_1, "bank:123:2023-07-01:-5:100"]


@pytest.mark.parametrize(
    "booked",
    ["bank:123:2023-07-01:-5:100", "bank:123:2023-07-01:-5:轉帳", "bank:123:2023-07-01:-5:", PLACE_1],
)
@pytest.mark.parametrize("balance", [100, None])
def test_a_line_keeps_the_id_that_it_was_booked_under(booked: str, balance: int | None) -> None:
    assert ids(known(booked), line(-5, balance, text="轉 帳")) == [booked]


def test_balances_tell_equal_lines_apart() -> None:
    """The first export ends, and the second begins, between two equal lines of one day."""
    assert ids(known("bank:123:2023-07-01:-5:100"), line(-5, 95)) == ["bank:123:2023-07-01:-5:95"]
    both = ["bank:123:2023-07-01:-5:105", "bank:123:2023-07-01:-5:100"]
    assert ids(known("bank:123:2023-07-01:-5:100"), line(-5, 105), line(-5, 100)) == both


def test_a_line_more_than_is_known_is_another() -> None:
    old = ["bank:123:2023-07-01:-5:貨款", "bank:123:2023-07-01:-5:租金"]
    assert ids(known(*old), line(-5, None), line(-5, None), line(-5, None)) == [
        *old,
        "bank:123:2023-07-01:-5:place-3",
    ]
    assert ids(known(PLACE_1), line(-5, None), line(-5, None)) == [PLACE_1, PLACE_2]
    assert ids(known(PLACE_2), line(-5, None)) == [PLACE_2]


def test_another_account_day_or_amount_is_another_line() -> None:
    booked = known(PLACE_1)
    assert booked.ids_of("124", [line(-5, None)]) == ["bank:124:2023-07-01:-5:place-1"]
    assert ids(booked, line(-5, None, day=2)) == ["bank:123:2023-07-02:-5:place-1"]
    assert ids(booked, line(5, None)) == ["bank:123:2023-07-01:5:place-1"]


def test_a_memo_of_nothing_but_figures_is_no_balance() -> None:
    old = "bank:123:2023-07-01:-5:532940012876"
    assert ids(known(old, words="532940012876"), line(-5, 100, text="", memo="532940012876")) == [old]
    assert ids(known(old), line(-5, 100)) == ["bank:123:2023-07-01:-5:100"]


def test_the_same_day_in_another_order_is_the_same_day() -> None:
    """One bank sorts a day's lines by their time, its other export by their sum: the balances between differ."""
    booked = ["bank:123:2023-07-01:-5:95", "bank:123:2023-07-01:700:795"]
    assert ids(known(*booked), line(700, 800), line(-5, 795)) == booked[::-1]
    assert (
        ids(known(*booked), line(700, 801), line(-6, 795), line(-5, 790))[2] == "bank:123:2023-07-01:-5:790"
    )


def test_what_is_no_bank_line_s_id() -> None:
    assert read_bank_line_id("invoice:11208:AB12345678") is None
    assert read_bank_line_id("fee:bank:123:2023-07-01:-5:100") is None
    assert read_bank_line_id("bank:1") is None
    assert PLACE_1 in known(PLACE_1)
    assert PLACE_1 not in known()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from([-5, 5, 10])), min_size=1, max_size=10),
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.booleans()), min_size=1, max_size=4),
)
def test_every_line_has_one_id_whatever_exports_show_it(
    moves: list[tuple[int, int]], exports: list[tuple[int, int, bool]]
) -> None:
    """Exports of whole days, each with balances or without: they show a line once, in whatever order they come."""
    whole, balance = [], 1_000
    for day, amount in sorted(moves, key=lambda move: move[0]):
        balance += amount
        whole.append(line(amount, balance, day))
    taken = KnownLines()
    names: dict[int, set[str]] = {}
    for start, end, has_balances in exports:
        shown = [
            place for place, each in enumerate(whole) if min(start, end) <= each.date.day <= max(start, end)
        ]
        lines = [whole[place] if has_balances else whole[place]._replace(balance=None) for place in shown]
        for place, import_id in zip(shown, taken.add("123", lines), strict=True):
            names.setdefault(place, set()).add(import_id)
    assert all(len(each) == 1 for each in names.values())
    told = [import_id for each in names.values() for import_id in each]
    assert len(set(told)) == len(told)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([-5, 5, 7]), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=5),
)
def test_exports_with_balances_may_be_cut_anywhere(amounts: list[int], cuts: list[tuple[int, int]]) -> None:
    """All of one day, where a balance may come again: what a cut shows is never more lines than there are."""
    balances = list(itertools.accumulate(amounts, initial=1_000))[1:]
    whole = [line(amount, balance) for amount, balance in zip(amounts, balances, strict=True)]
    taken = KnownLines()
    for start, end in cuts:
        taken.add("123", whole[min(start, end) : max(start, end)])
    taken.add("123", whole)
    assert len(list(taken.of_account("123"))) == len(whole)
    assert all(import_id in taken for import_id in taken.ids_of("123", whole))


# --- books that an older program wrote ----------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["匯入匯款經濟部產業發展署補助款第1期", "450000", "place-1"])
@pytest.mark.parametrize("balances", [True, False])
def test_an_old_statement_into_an_old_case_imports_nothing(tmp_path: Path, mark: str, balances: bool) -> None:
    line = ("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期")
    small = SmallCase(tmp_path / "case")
    small.take(dedicated(line, name="d1.csv"))
    (path,) = (small.folder / "books").glob("2023-07*")
    text = path.read_text(encoding="utf-8")
    old = f"bank:{DEDICATED}:2023-07-03:450000:{mark}"
    path.write_text(text.replace(f"bank:{DEDICATED}:2023-07-03:450000:450000", old), encoding="utf-8")
    before = path.read_bytes()
    report = small.take(dedicated(line, name="d1_again.csv", balances=balances))
    assert (report.imported, report.duplicates, report.rejected) == (0, 1, [])
    assert path.read_bytes() == before


def test_a_line_through_two_exports_in_one_run_bears_its_balance(tmp_path: Path) -> None:
    line = ("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期")
    for number, names in enumerate([("a.csv", "b.csv"), ("b.csv", "a.csv")]):
        small = SmallCase(tmp_path / f"case{number}")
        small.take(dedicated(line, name=names[0]), dedicated(line, name=names[1], balances=False))
        (entry,) = small.case.transactions
        assert entry.meta["import-id"] == f"bank:{DEDICATED}:2023-07-03:450000:450000"


def test_an_export_that_says_more_answers_what_the_first_one_left_open(tmp_path: Path) -> None:
    """A page copied by hand, without a word of what for; then the csv with the payer's words."""
    page = {f"{DEDICATED}_page.txt": "日期\t提\t存\n2023/07/03\t\t450,000\n"}
    line = ("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期")
    for number, files in enumerate([(page, dedicated(line)), (dedicated(line), page)]):
        small = SmallCase(tmp_path / f"case{number}")
        for each in files:
            small.take(each)
        assert small.settled["received"] == 450_000
        assert not [entry for entry in small.books() if '"!"' in entry]
