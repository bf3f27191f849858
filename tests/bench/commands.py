"""`make bench`, first part: whole commands beside bean-check and each other, at 100, 1,000 and 5,000 vouchers.

    python -m tests.bench.commands [ROUNDS]

Seconds of the processor of programs that are started anew, by turns; the least of the rounds counts. It prints a line a
limit and, of what a voucher more costs, the slope; it ends with 1 where a limit is not held.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.books import END
from tests.bench.books import make_case
from tests.bench.timing import Held
from tests.bench.timing import Program
from tests.bench.timing import by_turns
from tests.bench.timing import processor_seconds

PROGRAMS = Path(sys.executable).parent
SIZES = (100, 1_000, 5_000)
MANY = 12  # cases judged at once
TODAY = f"{END:%Y-%m}-29"  # in the case's last month, which alone is open

# By the number of vouchers; small cases are mostly the start of the program.
PLUGIN = {100: 1.75, 1_000: 1.4, 5_000: 1.15}
CHECK = {100: 1.6, 1_000: 1.1, 5_000: 0.6}
NO_CACHE = {100: 1.6, 1_000: 1.2, 5_000: 0.85}
HORIZON = {100: 1.3, 1_000: 1.3, 5_000: 1.3}
WHY, VERIFY = 0.6, 1.3
TEN_CELLS = 1.5  # of one
MANY_PROCESSES = (
    1.15  # the processors' time of all processes together, beside one: two cores are then 1.7 times one
)
SLOPE = 1.5  # what a voucher costs from 1,000 to 5,000, beside what it costs from 100 to 1,000
CELLS = [f"經費支用彙總表!{column}{row}" for column in "DE" for row in range(7, 12)]


def grant(*words: object, ends_with: tuple[int, ...] = (0, 1)) -> Program:
    """A command of ours; findings are no failure."""
    return Program([str(PROGRAMS / "grant"), *map(str, words)], ends_with)


def bean_check(path: Path) -> Program:
    """Beancount's own, as it is when nothing is kept."""
    return Program([str(PROGRAMS / "bean-check"), "--no-cache", str(path)], (0, 1))


def checks(held: Held, folder: Path, vouchers: int, rounds: int) -> dict[str, float]:
    """What checking a case costs; gives the seconds."""
    took = by_turns(
        {
            "bean-check": bean_check(folder / "plain.beancount"),
            "plugin": bean_check(folder / "main.beancount"),
            "check": grant("check", folder, "--as-of", TODAY),
            "no cache": grant("check", folder, "--as-of", TODAY, "--no-cache"),
            "horizon": grant("check", folder, "--as-of", TODAY, "--horizon", 60),
        },
        rounds,
    )
    bare, size = took["bean-check"], f"{vouchers:,} vouchers"
    held.told(f"{size}: bean-check with the plugin / without", took["plugin"] / bare, PLUGIN[vouchers])
    shown = f"{took['check']:.3f} s by {bare:.3f} s"
    held.told(f"{size}: grant check / bean-check", took["check"] / bare, CHECK[vouchers], shown)
    held.told(f"{size}: grant check --no-cache / bean-check", took["no cache"] / bare, NO_CACHE[vouchers])
    ratio = took["horizon"] / took["check"]
    held.told(f"{size}: check --horizon 60 in the last month / check", ratio, HORIZON[vouchers])
    return took


def reports(held: Held, folder: Path, rounds: int) -> None:
    """What asking a report costs beside writing it."""
    path = folder.parent / "report.xlsx"
    settle = grant("settle", folder, "--as-of", TODAY, "-o", path)
    processor_seconds(settle)
    took = by_turns(
        {
            "settle": settle,
            "why": grant("why", path, CELLS[0], "--json", ends_with=(0,)),
            "ten": grant("why", path, *CELLS, "--json", ends_with=(0,)),
            "verify": grant("verify", path, folder),
        },
        rounds,
    )
    shown = f"settle -o {took['settle']:.3f} s"
    held.told("why of one cell / settle -o", took["why"] / took["settle"], WHY, shown)
    held.told("why of ten cells / of one", took["ten"] / took["why"], TEN_CELLS)
    held.told("verify / settle -o", took["verify"] / took["settle"], VERIFY)


def many(held: Held, folder: Path, rounds: int) -> None:
    """What judging many cases on all cores costs the processors, beside one core."""
    cases = [folder.parent / f"case-{number}" for number in range(MANY)]
    for case in cases:
        shutil.copytree(folder, case)
    together = grant("check", *cases, "--as-of", TODAY)
    alone = Program(["taskset", "-c", "0", *together.command], (0, 1))
    took = by_turns({"one": alone, "all": together}, rounds)
    cores = f"{os.cpu_count()} cores"
    held.told(f"{MANY} cases on {cores} / on one, processor time", took["all"] / took["one"], MANY_PROCESSES)


def main() -> None:
    """Make the cases, measure, print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    held = Held()
    seconds: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CACHE_HOME"] = str(Path(place) / "cache")
        for vouchers in SIZES:
            folder = Path(place) / str(vouchers) / "case"
            make_case(folder, vouchers, closed=11)
            seconds[vouchers] = checks(held, folder, vouchers, rounds)
        small, middle, large = SIZES
        for name in ("bean-check", "check", "no cache"):
            first, then = (
                (seconds[to][name] - seconds[from_][name]) / (to - from_)
                for from_, to in ((small, middle), (middle, large))
            )
            shown = f"{first * 1000:.3f} ms, then {then * 1000:.3f} ms a voucher"
            held.told(f"slope of {name}: 1,000 to 5,000 / 100 to 1,000", then / first, SLOPE, shown)
        reports(held, Path(place) / str(large) / "case", max(1, rounds // 2))
        if shutil.which("taskset"):
            many(held, Path(place) / str(middle) / "case", max(1, rounds // 2))
    sys.exit(held.end())


if __name__ == "__main__":
    main()
