"""`make bench-portfolio`: the index held against loading the same ledgers with Beancount, in one run.

    python -m tests.bench.portfolio [CASES [VOUCHERS]]

Ratios of wall time on all cores; both sides run on the same number of processes. It prints a line a limit and ends
with 1 where one is not held.
"""

from __future__ import annotations

import concurrent.futures
import datetime
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from portfolio.cross_checks import cross_findings
from portfolio.index import reading
from portfolio.index import update_index
from portfolio.synthetic import make_portfolio

DAY = datetime.date(2024, 7, 1)
PEAK_MEGABYTES = 500


def load_one(path: str) -> int:
    """Load one ledger with Beancount alone, no plugin of ours; gives the number of its entries."""
    from beancount import loader  # noqa: PLC0415 -- in a process of its own

    text = Path(path).read_text(encoding="utf-8").replace('plugin "checks"', "")
    bare = Path(path).with_name("bare.beancount")
    bare.write_text(text, encoding="utf-8")
    loader.initialize(use_cache=False)
    entries, _errors, _options = loader.load_file(str(bare))
    bare.unlink()
    return len(entries)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def load_all(folder: Path, processes: int) -> None:
    """Load every ledger on so many processes."""
    paths = [str(path) for path in sorted(folder.glob("*/main.beancount"))]
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(load_one, paths, chunksize=8))


def check(folder: Path) -> None:
    """All checks across cases."""
    with reading(folder) as connection:
        cross_findings(connection, folder)


def main() -> None:
    """Make the cases, measure, print."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    vouchers = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    processes = os.cpu_count() or 1
    held = []

    def told(name: str, ratio: float, limit: float) -> None:
        held.append(ratio <= limit)
        sys.stdout.write(f"{name}: {ratio:.4f} (limit {limit:.4f})\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_portfolio(folder, cases=cases, vouchers=vouchers, seed=1)
        loading = seconds(lambda: load_all(folder, processes))
        cold = seconds(lambda: update_index(folder, day=DAY, jobs=processes))
        told(f"cold index of {cases} cases / loading them with Beancount", cold / loading, 1.2)
        told("nothing changed / cold", seconds(lambda: update_index(folder, day=DAY)) / cold, 1 / 50)
        book = next((folder / "case-00001" / "books").iterdir())
        book.write_text(book.read_text(encoding="utf-8") + "; changed\n", encoding="utf-8")
        told("one case changed / cold", seconds(lambda: update_index(folder, day=DAY, jobs=1)) / cold, 1 / 25)
        told("all checks across cases / cold", seconds(lambda: check(folder)) / cold, 1 / 10)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told("peak of the parent, MB / 1 MB", peak, PEAK_MEGABYTES)
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
