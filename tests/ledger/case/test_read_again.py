"""A case that is read beside another one takes over what was read there, and is the same as if read by itself."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from beancount.core import data
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from checks.engine.runner import run_checks
from ledger.case.case import Case
from ledger.case.entry_reader import records_of_entries
from ledger.loading.loader import load_case
from tests.bench.books import make_case

VOUCHERS = 60


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[data.Directive]]:
    """The entries of a case of a year, five of its months open."""
    folder = tmp_path_factory.mktemp("again") / "case"
    make_case(folder, VOUCHERS, closed=7)
    return folder, load_case(folder, datetime.date.max).entries


def read(case: Case) -> tuple[Any, ...]:
    """All that was read, told apart from which entry objects it stands in."""

    def plain(records: Sequence[Any]) -> list[Any]:
        return [dataclasses.replace(each, entry=each.entry.meta) for each in records]

    splits = [(case.expected_splits[id(v.entry)], case.fitting_splits[id(v.entry)]) for v in case.vouchers]
    return (
        plain(case.vouchers),
        plain(case.payments),
        plain(case.returned_payments),
        plain(case.movements),
        case.booked_cost,
        [problem.message for problem in case.problems],
        splits,
    )


def changed(entry: data.Transaction, how: str) -> tuple[data.Transaction, ...]:
    """An entry as an operation or a hand might leave it."""
    meta, twice = entry.meta, entry._replace(meta={**entry.meta, "import-id": "other"})
    match how:
        case "gone":
            return ()
        case "twice":
            return entry, twice
        case "of another's":
            return (entry._replace(meta={**meta, "buyer": "11111119"}),)
        case "unreadable":
            return (entry._replace(meta={**meta, "voucher-date": "7/1", "net": "?"}),)
        case "taking back":
            return (entry._replace(meta={**meta, "takes-back": str(meta.get("import-id"))}),)
        case "reversed":
            return entry, twice._replace(meta={**twice.meta, "reverses": str(meta.get("number") or "")})
        case _:
            return (entry._replace(date=entry.date + datetime.timedelta(days=20)),)


HOW = st.sampled_from(["gone", "twice", "of another's", "unreadable", "taking back", "reversed", "later"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.integers(0, 2 * VOUCHERS), HOW, min_size=1, max_size=4))
def test_what_changed_is_read_as_if_all_were(
    books: tuple[Path, list[data.Directive]], changes: dict[int, str]
) -> None:
    folder, entries = books
    before = Case(entries, folder=folder, as_of=datetime.date.max)
    place = 0
    after: list[data.Directive] = []
    for entry in entries:
        if isinstance(entry, data.Transaction):
            after.extend(changed(entry, changes[place]) if place in changes else (entry,))
            place += 1
        else:
            after.append(entry)
    after.sort(key=lambda entry: entry.date)
    alone = Case(after, folder=folder, as_of=datetime.date.max)
    beside = Case(after, folder=folder, as_of=datetime.date.max, like=before)
    assert read(beside) == read(alone)
    assert run_checks(beside.today()) == run_checks(alone.today())


def test_most_records_are_taken_over(books: tuple[Path, list[data.Directive]]) -> None:
    folder, entries = books
    before = Case(entries, folder=folder, as_of=datetime.date.max)
    beside = Case(entries, folder=folder, as_of=datetime.date.max, like=before)
    assert len(records_of_entries(before)) == 2 * VOUCHERS
    assert all(one is other for one, other in zip(beside.vouchers, before.vouchers, strict=True))


def test_nothing_is_taken_over_where_the_award_is_another(
    books: tuple[Path, list[data.Directive]],
) -> None:
    folder, entries = books
    before = Case(entries, folder=folder, as_of=datetime.date.max)
    award = next(e for e in entries if isinstance(e, data.Custom) and e.type == "grant-award")
    other = award._replace(meta={**award.meta, "ubn": "22099131"})
    after = [other if entry is award else entry for entry in entries]
    beside = Case(after, folder=folder, as_of=datetime.date.max, like=before)
    assert {voucher.party for voucher in beside.vouchers} == {"22099131"}
