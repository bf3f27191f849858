"""What an operation's preview says of a case is what a check says today."""

from __future__ import annotations

import dataclasses
import datetime

from checks.engine.runner import run_checks
from checks.runs.judge import judge
from tests.checks.builder import Books
from tests.checks.builder import open_books

_RESCINDED = """
2024-02-01 custom "grant-milestone" "rescinded"
  rate: 3
"""


def _told(books: Books, day: datetime.date) -> list[tuple[str, str, str]]:
    return [
        (each.check, each.voucher, each.message)
        for each in run_checks(dataclasses.replace(books, as_of=day).case())
        if each.check != "original-unbooked"
    ]


def test_days_are_counted_to_today_and_to_no_end_of_time() -> None:
    books = open_books().add(_RESCINDED)
    case = books.on(9999, 12, 31).case()
    told = judge(case)
    assert told == _told(books, datetime.date.today())
    assert told != _told(books, datetime.date.max)
    assert case.as_of == datetime.date.max


def test_books_that_go_on_after_today_are_judged_on_their_last_day() -> None:
    later = datetime.date.today() + datetime.timedelta(days=400)
    books = open_books().add(_RESCINDED).add(f'\n{later} custom "grant-milestone" "interim-passed"\n')
    told = judge(books.on(9999, 12, 31).case())
    assert told == _told(books, later)
    assert told != _told(books, datetime.date.today())
