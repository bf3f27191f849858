"""Recall and precision of every check: `make recall` runs all trials on many seeds and prints the table.

`python -m tests.recall.recall --write` also writes docs/recall.md. Ends with 1 where anything is below 100 %.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from checks.engine.catalogue import all_checks
from checks.presentation.explain import explanation
from ledger.util.i18n import in_source_language
from tests.recall.planting import TRIALS
from tests.recall.planting import Outcome
from tests.recall.planting import Trial
from tests.recall.planting import judge
from tests.recall.planting import trials

SEEDS = range(8)
PAGE = Path(__file__).parents[2] / "docs" / "recall.md"
IN_ENGLISH = ("planted", "found", "recall", "near miss", "wrongly", "beside", "precision")
HEADINGS = ("種入", "查到", "查全率", "近似", "誤報", "旁及", "查準率")


class Tally(NamedTuple):
    """How a check did on all seeds."""

    check: str
    planted: int
    found: int  # planted faults found at the right voucher and amount
    near_misses: int
    wrongly: int  # near misses of which it spoke
    false: int  # what it said beyond its own plants, and of others' trials without reason

    @property
    def recall(self) -> float:
        """The part of the planted faults that was found."""
        return self.found / self.planted if self.planted else 0.0

    @property
    def precision(self) -> float:
        """The part of what was said that was right."""
        said = self.found + self.wrongly + self.false
        return self.found / said if said else 0.0

    @property
    def is_perfect(self) -> bool:
        """Whether it found all and nothing else."""
        return self.recall == self.precision == 1.0

    def row(self) -> tuple[str, ...]:
        """As the table shows it."""
        ratios = f"{self.recall:.0%}", f"{self.precision:.0%}"
        numbers = (self.planted, self.found, self.near_misses, self.wrongly, self.false)
        planted, found, near, wrongly, false = map(str, numbers)
        return planted, found, ratios[0], near, wrongly, false, ratios[1]


class Result(NamedTuple):
    """What one run of a trial says of the checks."""

    check: str
    is_fault: bool
    is_found: bool
    extra: int  # findings of the trial's check that were not expected
    others: frozenset[str]


def run(key: tuple[str, str], seed: int) -> Result:
    """Run a trial, named by its check and its function, on one seed."""
    if not TRIALS:
        trials()
    with tempfile.TemporaryDirectory() as folder:
        return _result(judge(TRIALS[key], seed, Path(folder)))


def _result(outcome: Outcome) -> Result:
    expected, found = Counter(outcome.expected), Counter(outcome.found)
    trial = outcome.trial
    extra = (found - expected).total()
    return Result(trial.check, trial.is_fault, not expected - found, extra, outcome.others)


def run_all() -> Iterator[Result]:
    """Every trial on every seed, over all processors."""
    runs = [((trial.check, trial.name), seed) for trial in trials() for seed in SEEDS]
    with ProcessPoolExecutor() as pool:
        yield from pool.map(run, *zip(*runs, strict=True), chunksize=16)


def perfect() -> list[Result]:
    """The results where every check finds all that is planted and nothing else."""
    return [
        Result(trial.check, trial.is_fault, is_found=True, extra=0, others=frozenset())
        for trial in trials()
        for _seed in SEEDS
    ]


def tallies(results: Iterable[Result]) -> list[Tally]:
    """The results added up, a line a check in the order of the catalogue."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in all_checks()}
    for result in results:
        of = counts[result.check]
        if result.is_fault:
            of["planted"] += 1
            of["found"] += result.is_found
            of["false"] += result.extra
        else:
            of["near_misses"] += 1
            of["wrongly"] += result.extra > 0
        for name in result.others:
            counts[name]["false"] += 1
    return [
        Tally(name, of["planted"], of["found"], of["near_misses"], of["wrongly"], of["false"])
        for name, of in counts.items()
    ]


def whole(lines: list[Tally]) -> Tally:
    """The sum of all checks."""
    sums = [sum(column) for column in zip(*(line[1:] for line in lines), strict=True)]
    return Tally("合計", *sums)


def plain_table(lines: list[Tally]) -> str:
    """The table as `make recall` prints it."""
    rows: list[tuple[str, ...]] = [("檢查", *HEADINGS), ("check", *IN_ENGLISH)]
    rows += [(line.check, *line.row()) for line in [*lines, whole(lines)]]
    return "\n".join(_filled(row[0], 32) + "".join(_filled(cell, -11) for cell in row[1:]) for row in rows)


def _filled(text: str, width: int) -> str:
    """Text filled with blanks to a width on the screen, before it where the width is negative."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return text.ljust(width - wide) if width > 0 else text.rjust(-width - wide)


def page(lines: list[Tally]) -> str:
    """docs/recall.md, in Chinese whatever the language in use."""
    with in_source_language():
        return "\n".join(_page(lines)) + "\n"


def _page(lines: list[Tally]) -> Iterator[str]:
    of_check: dict[str, list[Trial]] = {line.check: [] for line in lines}
    for trial in trials():
        of_check[trial.check].append(trial)
    yield "# 查全與查準"
    yield ""
    yield "由程式產生(`make recall`),請勿手改。"
    yield ""
    yield (
        "Recall and precision of every check, on faults that the tests plant in made cases: "
        f"{', '.join(IN_ENGLISH)}. Run by `make recall`."
    )
    yield ""
    yield (
        f"每項檢查各有至少三種種入的錯誤與三種近似而無誤的帳,在 {len(SEEDS)} 個由種子產生的案件上各試一次。案件由種子決定:"
        "業者、預算、憑證、金額、日期都不同,未種入時沒有任何檢查發出意見。種入的錯誤必須由該項檢查在正確的憑證(沒有憑證號碼者為分錄日期)"
        "以正確的金額指出,而且不多不少;近似的帳該項檢查必須不發一言。其他檢查只有在錯誤必然牽連時才可以發出意見。"
    )
    yield ""
    yield "- 種入、查到:種入的錯誤在各案件的次數,其中在正確的憑證與金額查到的次數。查全率為兩者之比。"
    yield "- 近似、誤報:近似而無誤的帳的次數,其中該項檢查仍發出意見的次數。"
    yield "- 旁及:該項檢查在自己的錯誤上多說的,以及在別項檢查的帳上無故發出的意見。"
    yield "- 查準率:查到 ÷(查到+誤報+旁及)。"
    yield ""
    yield "產生錯誤的程式在 `tests/recall/`,一類檢查一個模組;`make test` 每種只在一個種子上試,`make recall` 試全部並改寫本頁。"
    yield ""
    yield f"| 檢查 | {' | '.join(HEADINGS)} |"
    yield "|---|" + "---:|" * len(HEADINGS)
    for line in lines:
        yield f"| [{line.check}](checks.md#{line.check}) | {' | '.join(line.row())} |"
    yield f"| {whole(lines).check} | {' | '.join(whole(lines).row())} |"
    for check, tried in of_check.items():
        said = explanation(check)
        assert said is not None
        yield ""
        yield f"## {check}"
        yield ""
        yield said.summary
        for is_fault, heading in ((True, "種入的錯誤 planted"), (False, "近似而無誤 near misses")):
            named = [trial.name.replace("_", " ") for trial in tried if trial.is_fault == is_fault]
            yield ""
            yield f"{heading} ({len(named)}):"
            yield ""
            yield from (f"- {name}" for name in named)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where anything is below 100 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/recall.md as well")
    wanted = parser.parse_args(arguments)
    lines = tallies(run_all())
    sys.stdout.write(plain_table(lines) + "\n")
    if wanted.write:
        PAGE.write_text(page(lines), encoding="utf-8")
    return 0 if all(line.is_perfect for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
