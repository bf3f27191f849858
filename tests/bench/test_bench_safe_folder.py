"""What the safety reading costs beside the load of the same case. Run by `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.files.disk import read_file
from ledger.loading.loader import load_case
from ledger.loading.loader import prepared
from tests.bench.books import make_case
from tests.bench.timing import seconds

pytestmark = pytest.mark.bench

MOST = 0.03  # of a load


@pytest.mark.parametrize("vouchers", [1_000, 5_000])
def test_the_safety_reading_costs_three_percent_of_a_load(
    tmp_path: Path, vouchers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case"
    make_case(case, vouchers)
    main = case.resolve() / "main.beancount"
    files = list(prepared(main).files)
    read = seconds(lambda: prepared(main), 5) - seconds(lambda: [read_file(path) for path in files], 5)
    load = seconds(lambda: load_case(case), 3)
    with capsys.disabled():
        print(f"\n{vouchers:,} vouchers: safety reading {read:.4f} s = {read / load:.2%} of {load:.2f} s")  # noqa: T201
    assert read <= load * MOST
