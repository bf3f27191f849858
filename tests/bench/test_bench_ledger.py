"""What the case model costs beside Beancount's own load of the same books. Run by `make bench`."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ledger.case.case import Case
from ledger.case.settlement import settle_case
from ledger.loading.loader import load_case
from tests.bench.books import make_case
from tests.bench.timing import seconds

pytestmark = pytest.mark.bench

VOUCHERS = 5_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of 5,000 vouchers, each paid, over a year."""
    case = tmp_path_factory.mktemp("bench") / "case"
    make_case(case, VOUCHERS)
    return case


def test_reading_the_model_costs_a_tenth_of_the_load_and_settling_a_hundredth(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = load_case(folder, datetime.date(2024, 9, 1))
    assert loaded.errors == []
    assert len(loaded.case.vouchers) == VOUCHERS
    both = seconds(lambda: load_case(folder), 3)
    read = seconds(lambda: Case(loaded.entries, folder=folder), 10)
    load = both - read
    fresh = [Case(loaded.entries, folder=folder, as_of=datetime.date(2024, 9, 1)) for _ in range(10)]
    settle = seconds(lambda: settle_case(fresh.pop()), 10)
    with capsys.disabled():
        shown = f"load {load:.3f} s; model {read:.4f} s = {read / load:.1%}; settle {settle:.5f} s = {settle / load:.2%}"
        print(f"\n{VOUCHERS:,} vouchers: {shown}")  # noqa: T201 -- what a benchmark is for
    assert read <= load / 10
    assert settle <= load / 100
