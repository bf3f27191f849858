"""A finding as `grant check --json` shows it, and where it says that it stands."""

from __future__ import annotations

import datetime

import pytest
from beancount.core import data

from checks.engine.finding import Check
from checks.engine.finding import Finding
from checks.engine.finding import Found
from checks.engine.finding import Severity
from checks.engine.finding import finding_of
from checks.engine.portfolio_registry import PortfolioCheck
from ledger.model.records import Place
from ledger.model.records import place_of

DAY = datetime.date(2023, 6, 12)


def note(**meta: object) -> data.Note:
    return data.Note(dict(meta), DAY, "Equity:1業者投入", "一筆", None, None)


def unexplained() -> Check:
    """A check that nobody has documented."""
    return Check("no-such", "books", "warning", lambda _case: ())


def test_a_finding_in_json() -> None:
    finding = Finding(
        "tax-arithmetic", "error", "稅額不符", DAY, "books/2023-06.beancount", 7, 500, "AB12345678"
    )
    assert finding.as_json() == {
        "check": "tax-arithmetic",
        "severity": "error",
        "date": "2023-06-12",
        "file": "books/2023-06.beancount",
        "line": 7,
        "message": "稅額不符",
        "amount": 500,
        "voucher": "AB12345678",
    }


def test_what_a_finding_lacks_is_null_in_json() -> None:
    shown = Finding("books-unreadable", "error", "讀不懂", None, "main.beancount", 1).as_json()
    assert {key for key, value in shown.items() if value is None} == {"date", "amount", "voucher"}


def test_an_entry_stands_where_the_file_has_it() -> None:
    assert place_of(note(filename="books/2023-06.beancount", lineno=7)) == Place(
        DAY, "books/2023-06.beancount", 7
    )


def test_an_entry_that_a_program_made_stands_nowhere() -> None:
    assert place_of(note()) == Place(DAY, "", 0)


@pytest.mark.parametrize(("own", "severity"), [(None, "warning"), ("error", "error")])
def test_what_was_found_has_the_severity_of_its_check_unless_it_says_otherwise(
    own: Severity | None, severity: Severity
) -> None:
    entry = note(filename="a.beancount", lineno=3)
    found = finding_of(unexplained(), Found(entry, "一句話", 12, "AB12345678", own, "2023-06"))
    assert (found.check, found.severity, found.message) == ("no-such", severity, "一句話")
    assert (found.date, found.file, found.line, found.entry) == (DAY, "a.beancount", 3, entry)
    assert (found.amount, found.voucher, found.subject) == (12, "AB12345678", "2023-06")


def test_a_check_without_a_docstring_says_nothing() -> None:
    assert unexplained().documentation == ""
    assert PortfolioCheck("no-such", "error", lambda _portfolio: ()).documentation == ""
