"""What an operation's preview says of a case is what a check says today."""

from __future__ import annotations

import datetime

import pytest

from checks.engine.runner import run_checks
from checks.runs.judge import judge
from tests.checks.builder import Books
from tests.checks.builder import open_books

_TODAY = datetime.date(2024, 5, 2)


class _Day(datetime.date):
    @classmethod
    def today(cls) -> datetime.date:
        return _TODAY


@pytest.fixture
def rescinded(monkeypatch: pytest.MonkeyPatch) -> Books:
    monkeypatch.setattr(datetime, "date", _Day)
    return open_books().add(
        """
2024-02-01 custom "grant-milestone" "rescinded"
  rate: 3
"""
    )


def test_days_are_counted_to_today_and_to_no_end_of_time(rescinded: Books) -> None:
    case = rescinded.on(9999, 12, 31).case()
    told = judge(case)
    today = run_checks(rescinded.on(2024, 5, 2).case())
    assert told == [
        (each.check, each.voucher, each.message) for each in today if each.check != "original-unbooked"
    ]
    assert {message for _check, _voucher, message in told} != {each.message for each in run_checks(case)}
    assert case.as_of == datetime.date(9999, 12, 31)


def test_books_that_go_on_after_today_are_judged_on_their_last_day(rescinded: Books) -> None:
    later = rescinded.add('\n2024-08-01 custom "grant-milestone" "interim-passed"\n')
    told = judge(later.on(9999, 12, 31).case())
    assert told == [
        (each.check, each.voucher, each.message)
        for each in run_checks(later.on(2024, 8, 1).case())
        if each.check != "original-unbooked"
    ]
