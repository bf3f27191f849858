"""`make fuzz`: damaged files for every reader, and docs/reliability.md with what came of it.

python -m tests.fuzz.run [--inputs N] [--seed N] [--reader NAME]… [--resume] [--write]

Files are read in parts, each in a process of its own: what ends the process is counted, and the next part goes on. What
came of every part is kept in build/fuzz.jsonl, so that `--resume` reads only what is not there yet, and again the parts
in which something was unexpected.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import multiprocessing
import multiprocessing.connection
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.originals import originals
from tests.fuzz.readers import Tally
from tests.fuzz.readers import tally_of

MOST_SECONDS, MOST_MEGABYTES = 5.0, 500
INPUTS, PART = 100_000, 20_000
_ROOT = Path(__file__).parent.parent.parent
PAGE, KEPT = _ROOT / "docs" / "reliability.md", _ROOT / "build" / "fuzz.jsonl"
BEGIN, END = "<!-- made by make fuzz -->", "<!-- end of what make fuzz made -->"


def holds(tally: Tally) -> bool:
    """Whether every input was taken or refused in words, in time and in the memory that there is."""
    return not tally.broken and tally.slowest <= MOST_SECONDS and tally.megabytes <= MOST_MEGABYTES


def fuzz(inputs: int, seed: int, readers: list[str], kept: Path) -> dict[str, Tally]:
    """Damage and read `inputs` files for each reader, but what `kept` has already; add to it part by part."""
    known = _known(kept, seed)
    tallies = {reader: Tally() for reader in readers}
    kept.parent.mkdir(exist_ok=True)
    parts = [[(reader, *part) for part in _parts(inputs, known.get(reader, {}))] for reader in readers]
    # Every reader a little before any the whole: a run that is stopped has seen them all.
    for reader, start, end, tally in filter(None, itertools.chain(*itertools.zip_longest(*parts))):
        found = tally
        if found is None:
            found = _in_a_process(reader, seed, start, end)
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps([[reader, seed, start, end], dataclasses.asdict(found)]) + "\n")
        tallies[reader].add(found)
    return tallies


def _parts(inputs: int, known: dict[int, tuple[int, Tally]]) -> Iterator[tuple[int, int, Tally | None]]:
    """The parts of a reader's files, one after another: those that are known, and what is between them.

    What was read beyond `inputs` is told too: with `--inputs 0 --resume --write` the page tells of a run that was stopped.
    """
    at = 0
    while at < inputs or at in known:
        end, tally = known.get(at, (0, None))
        if tally is None:
            end = min(at + PART, inputs, *(start for start in known if start > at))
        yield at, end, tally
        at = end


def _known(kept: Path, seed: int) -> dict[str, dict[int, tuple[int, Tally]]]:
    """The parts that were read before and held, by reader and first number."""
    found: dict[str, dict[int, tuple[int, Tally]]] = {}
    for line in kept.read_text(encoding="utf-8").splitlines() if kept.exists() else ():
        (reader, seeded, start, end), told = json.loads(line)
        tally = Tally(**told)
        if seeded == seed and holds(tally):
            found.setdefault(reader, {})[start] = end, tally
    return found


def _in_a_process(reader: str, seed: int, start: int, end: int) -> Tally:
    """What came of the files of these numbers; where the process ended by itself, the file in hand is to blame."""
    starting = multiprocessing.get_context("forkserver")
    starting.set_forkserver_preload(["tests.fuzz.readers"])
    receiver, sender = starting.Pipe(duplex=False)
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as label:
        process = starting.Process(target=_part, args=(reader, seed, range(start, end), label.name, sender))
        process.start()
        sender.close()
        try:
            found: Tally = receiver.recv()
        except EOFError:
            process.join()
            what = f"{label.read()}: the process ended with {process.exitcode}"
            return Tally(inputs=end - start, broken=1, unexpected=[what])
        process.join()
        return found


def _part(
    reader: str, seed: int, numbers: range, label: str, sender: multiprocessing.connection.Connection
) -> None:
    with Path(label).open("w", encoding="utf-8") as file:

        def note(text: str) -> None:
            file.seek(0)
            file.write(text.ljust(60))
            file.flush()

        sender.send(tally_of(reader, seed, numbers, note))


def section(tallies: dict[str, Tally], seed: int) -> str:
    """What the page says of a run."""
    rows = [
        f"| {reader} | {each.inputs:,} | {each.taken:,} | {each.refused:,} | {each.broken} | {each.slowest:.2f} "
        f"| {each.megabytes} |"
        for reader, each in tallies.items()
    ]
    total = sum(each.inputs for each in tallies.values())
    most = max(each.megabytes for each in tallies.values())
    return "\n".join(
        [
            BEGIN,
            "",
            f"{total:,} damaged files, seed {seed}. Most memory, child included: {most} MB of {MOST_MEGABYTES}.",
            "The child process, which opens workbooks and PDFs, is ended after 4 s of the processor by itself.",
            "",
            "| reader | inputs | taken | refused in words | unexpected | slowest, CPU s | memory, MB |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
            END,
        ]
    )


def main() -> int:
    """Run, print the figures, with `--write` put them into the page; 1 where one input broke a promise."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=INPUTS, help="files a reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--reader", action="append", choices=[*originals()], help="only this one; may be repeated"
    )
    parser.add_argument("--resume", action="store_true", help="keep what an earlier run found")
    parser.add_argument("--write", action="store_true")
    said = parser.parse_args()
    started = time.monotonic()
    if not said.resume:
        KEPT.unlink(missing_ok=True)
    tallies = fuzz(said.inputs, said.seed, said.reader or [*originals()], KEPT)
    made = section(tallies, said.seed)
    unexpected = [line for each in tallies.values() for line in each.unexpected[:5]]
    sys.stdout.write("\n".join([made, *unexpected, f"{time.monotonic() - started:.0f} s"]) + "\n")
    if said.write:
        before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + made + rest.partition(END)[2], encoding="utf-8")
    return 0 if all(map(holds, tallies.values())) else 1


if __name__ == "__main__":
    sys.exit(main())
