"""A statement against what is booked of its account: overlapping, cut, re-exported, and changed."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.ingest import import_files
from importers.planning.bank_lines import Statement
from importers.planning.known_lines import KnownLines
from importers.planning.statement_overlap import contradiction
from importers.records import BankLine
from ledger.files.award_file import parse_award
from ledger.loading.loader import load_case
from ledger.model.award import BankAccount
from ledger.operations.new_case import new_case
from tests.importers.bank.statements import statements
from tests.importers.makers import DEDICATED
from tests.importers.makers import OWN
from tests.importers.makers import tables

JULY = datetime.date(2023, 7, 1)


def account(number: str = DEDICATED) -> BankAccount:
    return BankAccount(number, "", dedicated=number == DEDICATED, party="68388964")


def lines_of(*moves: tuple[int, int], start: int = 1_000_000) -> list[BankLine]:
    """Lines of (day of July, amount), oldest first."""
    lines = []
    for day, amount in moves:
        start += amount
        lines.append(BankLine(JULY.replace(day=day), amount, start))
    return lines


def known_of(number: str, lines: list[BankLine]) -> KnownLines:
    known = KnownLines()
    known.add(number, lines)
    return known


def conflict(lines: list[BankLine], known: list[BankLine], number: str = DEDICATED) -> str:
    return contradiction(Statement("a.csv", account(number), tuple(lines)), known_of(number, known))


BOOKED = [(3, 500), (3, -20), (5, -100), (9, 700), (9, -7)]


@pytest.mark.parametrize("start", range(5))
@pytest.mark.parametrize("end", range(1, 6))
def test_any_part_of_the_same_lines_is_no_conflict(start: int, end: int) -> None:
    whole = lines_of(*BOOKED)
    assert conflict(whole[start:end], whole) == ""
    assert conflict(whole, whole[start:end]) == ""
    assert conflict(whole[start:end], whole, OWN) == ""


@pytest.mark.parametrize("place", range(5))
def test_a_line_with_another_amount_is_a_conflict_wherever_it_stands(place: int) -> None:
    changed = [(day, amount + (place == at)) for at, (day, amount) in enumerate(BOOKED)]
    said = conflict(lines_of(*changed), lines_of(*BOOKED))
    assert "前後不一致" in said
    assert f"2023-07-0{BOOKED[place][0]}" in said


def test_a_line_put_in_or_left_out_is_a_conflict() -> None:
    more, less = [*BOOKED[:2], (4, -5), *BOOKED[2:]], BOOKED[:2] + BOOKED[3:]
    assert conflict(lines_of(*more), lines_of(*BOOKED))
    assert conflict(lines_of(*less), lines_of(*BOOKED))


def test_a_line_of_another_day_is_a_conflict() -> None:
    moved = [*BOOKED[:2], (6, -100), *BOOKED[3:]]
    assert conflict(lines_of(*moved), lines_of(*BOOKED))


def test_of_the_companys_account_only_some_lines_are_booked() -> None:
    whole = lines_of(*BOOKED)
    assert conflict(whole, [whole[2]], OWN) == ""
    assert conflict(lines_of((3, 500), (5, -101), (9, 7)), [whole[2]], OWN)


def test_another_account_and_lines_without_a_balance_tell_nothing() -> None:
    whole = lines_of(*BOOKED)
    assert contradiction(Statement("a", account(), tuple(whole[:3])), known_of(OWN, lines_of((3, 1)))) == ""
    bare = [line._replace(balance=None) for line in whole]
    assert conflict(bare, lines_of((5, 1))) == ""
    assert conflict([], whole) == ""


@settings(max_examples=60, deadline=None)
@given(statements(), st.data())
def test_parts_of_one_statement_never_contradict_each_other(
    lines: list[BankLine], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start + 1, len(lines)))
    assert conflict(lines[start:end], lines) == ""
    assert conflict(lines, lines[start:end]) == ""


def put(case: Path, name: str, lines: list[BankLine]) -> Any:
    rows = [f"帳號,{DEDICATED}", "日期,摘要,支出,存入,餘額,備註"] + [
        f"{line.date:%Y/%m/%d},轉帳,{max(0, -line.amount) or ''},{max(0, line.amount) or ''},{line.balance},x"
        for line in lines
    ]
    (case / "inbox" / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return import_files(case)


def test_a_changed_statement_stays_in_the_inbox_and_books_nothing(tmp_path: Path) -> None:
    case = tmp_path / "case"
    new_case(case, parse_award(tables(), "award.toml"))
    assert put(case, "七月.csv", lines_of(*BOOKED)).imported == 5
    before = (case / "books/2023-07.beancount").read_bytes()
    changed = [*BOOKED[:2], (5, -101), *BOOKED[3:]]
    report = put(case, "七月重新下載.csv", lines_of(*changed))
    assert (report.imported, [refused.file for refused in report.rejected]) == (0, ["七月重新下載.csv"])
    assert (case / "inbox/七月重新下載.csv").is_file()
    assert (case / "books/2023-07.beancount").read_bytes() == before


def test_two_files_of_one_import_that_contradict_each_other(tmp_path: Path) -> None:
    case = tmp_path / "case"
    new_case(case, parse_award(tables(), "award.toml"))
    (case / "inbox/a.csv").write_text(
        f"帳號,{DEDICATED}\n日期,支出,存入,餘額\n2023/07/03,,5,5\n2023/07/05,,6,11\n2023/07/09,,7,18\n",
        encoding="utf-8",
    )
    report = put(case, "b.csv", lines_of((3, 5), (5, 9), (9, 7), start=0))
    assert (report.imported, [refused.file for refused in report.rejected]) == (3, ["b.csv"])
    assert len(load_case(case).case.transactions) == 3
