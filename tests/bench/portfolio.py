"""`make bench-portfolio`: the index held against loading the same ledgers with Beancount, in one run.

    python -m tests.bench.portfolio [CASES [VOUCHERS [ROUNDS]]]

Ratios of processor time, that of the processes waited for included; both sides run on the same number of processes, by
turns, and of each the least counts. It prints a line a limit and ends with 1 where one is not held. Nothing of ours is
loaded at the top: the processes that load with Beancount alone load this module too.
"""

from __future__ import annotations

import concurrent.futures
import datetime
import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.timing import Held

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


def load_all(folder: Path, processes: int) -> None:
    """Load every ledger on so many processes."""
    paths = [str(path) for path in sorted(folder.glob("*/main.beancount"))]
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(load_one, paths, chunksize=8))


def index_anew(folder: Path, processes: int) -> None:
    """Index every case."""
    from portfolio import FILE  # noqa: PLC0415
    from portfolio.index import update_index  # noqa: PLC0415

    (folder / FILE).unlink(missing_ok=True)
    update_index(folder, day=DAY, jobs=processes)


def change_one(folder: Path) -> None:
    """Add a comment to the books of one case."""
    book = next((folder / "case-00001" / "books").iterdir())
    book.write_text(book.read_text(encoding="utf-8") + "; changed\n", encoding="utf-8")


def check(folder: Path) -> None:
    """All checks across cases."""
    from portfolio.cross_checks import cross_findings  # noqa: PLC0415
    from portfolio.index import reading  # noqa: PLC0415

    with reading(folder) as connection:
        cross_findings(connection, folder)


def processor_seconds() -> float:
    """What this process and those it has waited for have taken of the processor."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measured(folder: Path, rounds: int) -> dict[str, float]:
    """The least that each step took in so many rounds, the steps one after the other in each."""
    from portfolio.index import update_index  # noqa: PLC0415

    processes = os.cpu_count() or 1
    steps: dict[str, Callable[[], object]] = {
        "load": lambda: load_all(folder, processes),
        "cold": lambda: index_anew(folder, processes),
        "unchanged": lambda: update_index(folder, day=DAY),
        "": lambda: change_one(folder),
        "changed": lambda: update_index(folder, day=DAY, jobs=1),
        "checks": lambda: check(folder),
    }
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _round in range(rounds):
        for name, step in steps.items():
            began = processor_seconds()
            step()
            taken[name].append(processor_seconds() - began)
    return {name: min(each) for name, each in taken.items()}


def main() -> int:
    """Make the cases, measure, print."""
    from portfolio import FILE  # noqa: PLC0415
    from portfolio.synthetic import make_portfolio  # noqa: PLC0415

    cases, vouchers, rounds = (*map(int, sys.argv[1:]), *(1000, 120, 2)[len(sys.argv) - 1 :])
    held = Held()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_portfolio(folder, cases=cases, vouchers=vouchers, seed=1)
        took = measured(folder, rounds)
        size = (folder / FILE).stat().st_size
    cold = took["cold"]
    for name, what, against, limit in (
        ("cold", f"cold index of {cases} cases / loading them with Beancount", "load", 1.2),
        ("unchanged", "nothing changed / cold", "cold", 1 / 50),
        ("changed", "one case changed / cold", "cold", 1 / 25),
        ("checks", "all checks across cases / cold", "cold", 1 / 10),
    ):
        held.told(what, took[name] / took[against], limit, f"{took[name]:.2f} s / {took[against]:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held.told("peak of the parent, MB", peak, PEAK_MEGABYTES)
    sys.stdout.write(
        f"     a case: {1000 * cold / cases:.1f} ms cold, {1000 * took['unchanged'] / cases:.2f} ms unchanged, "
        f"{1000 * took['checks'] / cases:.2f} ms of checks, {size / cases / 1024:.1f} KB of index\n"
    )
    return held.end()


if __name__ == "__main__":
    sys.exit(main())
