"""A clean case is clean on every day of its life, and an ordinary ledger is none of our business."""

from __future__ import annotations

import dataclasses
import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.scripts import example

from checks.engine.catalogue import FAMILIES
from checks.engine.runner import run_checks
from ledger.case.case import Case
from tests.checks.builder import Books
from tests.checks.builder import load


def test_clean_case_finds_nothing(clean: Books, papers: Path) -> None:
    assert dataclasses.replace(clean, folder=papers).findings() == []


@pytest.mark.parametrize(
    "day", [datetime.date(2023, 6, 1) + datetime.timedelta(days=n) for n in range(0, 180, 3)]
)
def test_clean_case_is_clean_as_it_grows(clean: Books, day: datetime.date) -> None:
    """Seen on any day, with the months closed on their last days, a well-kept case has nothing to answer for."""
    case = Case(load(clean.text)[0], as_of=day)
    found = [finding.check for finding in run_checks(case)]
    # the interest and the evidence wait for the end, the tail payment for its instalment
    allowed = (
        {"interest-unremitted"} if datetime.date(2023, 10, 1) <= day < datetime.date(2023, 10, 20) else set()
    )
    assert set(found) <= allowed


def test_ordinary_ledger_is_left_alone() -> None:
    text = io.StringIO()
    today = datetime.date(2023, 12, 31)
    write: Any = example.write_example_file
    write(today.replace(year=1990), today.replace(year=2022, month=1), today, True, text)
    plugins = "".join(f'plugin "checks.{family}"\n' for family in FAMILIES) + 'plugin "checks"\n'
    plain, errors, _ = loader.load_string(text.getvalue())
    entries, plugged, _ = loader.load_string(plugins + text.getvalue())
    assert plugged == errors == []
    assert [type(entry) for entry in entries] == [type(entry) for entry in plain]
    assert run_checks(Case(entries)) == []


def test_coaching_asks_nothing_of_vouchers_and_account() -> None:
    entries, errors = load("""
2023-01-01 open Assets:1專戶:1政府補助款 TWD
2023-01-01 open Liabilities:3預收補助款 TWD
2023-06-01 custom "grant-award" "112-輔導-1"
  scheme: "coaching-sme-112"
  company: "某公司"
  ubn: "11688527"
  start: 2023-06-01
  end: 2023-09-30
2023-06-01 custom "grant-budget" "research" 160000 TWD 40000 TWD
2023-06-05 * "撥款"
  Assets:1專戶:1政府補助款    999 TWD
  Liabilities:3預收補助款    -999 TWD
""")
    assert not errors
    assert run_checks(Case(entries, as_of=datetime.date(2023, 9, 30))) == []
    found = run_checks(Case(entries, as_of=datetime.date(2023, 10, 1)))
    assert {finding.check for finding in found} == {"evidence-missing"}  # its reports, once it has ended


def test_case_without_scheme_says_only_so() -> None:
    books = Books("""
2023-06-01 custom "grant-award" "1"
  scheme: "no-such-scheme"
  ubn: "11688527"
  start: 2023-06-01
  end: 2023-09-30
""")
    assert [finding.check for finding in books.findings()] == ["books-unreadable"]
