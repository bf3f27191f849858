"""`make fuzz`: damaged files for every reader, and docs/reliability.md with what came of it.

python -m tests.fuzz.run [--inputs N] [--seed N] [--write]
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from importers import read as front_door
from importers.records import ReadError
from importers.sources import child
from importers.templates.award_draft import read_award_form
from tests.fuzz.mutator import damaged
from tests.fuzz.originals import originals

MOST_SECONDS, MOST_MEGABYTES = 5.0, 500
PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- made by make fuzz -->", "<!-- end of what make fuzz made -->"


@dataclasses.dataclass
class Tally:
    """What came of the inputs of one reader."""

    inputs: int = 0
    taken: int = 0
    refused: int = 0
    unexpected: list[str] = dataclasses.field(default_factory=list)  # what no reader foresaw, with the seed
    slowest: float = 0.0  # seconds of the processor, children included

    @property
    def holds(self) -> bool:
        """Whether every input was taken or refused in words, in time."""
        return not self.unexpected and self.slowest <= MOST_SECONDS


def fuzz(inputs: int, seed: int) -> dict[str, Tally]:
    """Damage and read `inputs` files for every reader."""
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        for reader, files in originals().items():
            tally = tallies[reader] = Tally()
            for number in range(inputs):
                chance = random.Random(f"{seed} {reader} {number}")  # noqa: S311 -- chance that repeats
                name = chance.choice(sorted(files))
                path = Path(folder) / name
                path.write_bytes(damaged(files[name], chance))
                _try(reader, path, tally, f"{seed} {reader} {number}")
    child.stop()
    return tallies


def _try(reader: str, path: Path, tally: Tally, label: str) -> None:
    started = _seconds()
    tally.inputs += 1
    try:
        if reader == "award.xlsx":
            read_award_form(path)
        else:
            # What the net around each file would catch is to be seen here.
            read = front_door._read(path, front_door.nothing_told, None)
            front_door._with_statements(read, lambda _name: False, front_door.nothing_told)
        tally.taken += 1
    except (ReadError, front_door._MemberError) as error:
        tally.refused += 1
        if "\n" in str(error) and reader != "award.xlsx":
            tally.unexpected.append(f"{label}: more than a line")
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is counted
        tally.unexpected.append(f"{label}: {type(error).__name__} {error}"[:120])
    tally.slowest = max(tally.slowest, _seconds() - started)


def _seconds() -> float:
    """Of the processor: this process, and children that ended (a child that hangs is ended by its limit)."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def megabytes() -> int:
    """The most memory that this process and one child took together."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return (mine.ru_maxrss + theirs.ru_maxrss) // 1024


def section(tallies: dict[str, Tally], seed: int) -> str:
    """What the page says of a run."""
    rows = [
        f"| {reader} | {each.inputs:,} | {each.taken:,} | {each.refused:,} | {len(each.unexpected)} | {each.slowest:.2f} |"
        for reader, each in tallies.items()
    ]
    total = sum(each.inputs for each in tallies.values())
    return "\n".join(
        [
            BEGIN,
            "",
            f"{total:,} damaged files, seed {seed}. Most memory, child included: {megabytes()} MB of {MOST_MEGABYTES}.",
            "The child process, which opens workbooks and PDFs, is ended after 4 s of the processor by itself.",
            "",
            "| reader | inputs | taken | refused in words | unexpected | slowest, CPU s |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
            END,
        ]
    )


def main() -> int:
    """Run, print the figures, with `--write` put them into the page; 1 where one input broke a promise."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=6000, help="files a reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    said = parser.parse_args()
    started = time.monotonic()
    tallies = fuzz(said.inputs, said.seed)
    made = section(tallies, said.seed)
    unexpected = [line for each in tallies.values() for line in each.unexpected[:5]]
    sys.stdout.write("\n".join([made, *unexpected, f"{time.monotonic() - started:.0f} s"]) + "\n")
    if said.write:
        before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + made + rest.partition(END)[2], encoding="utf-8")
    holds = all(each.holds for each in tallies.values()) and megabytes() <= MOST_MEGABYTES
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
