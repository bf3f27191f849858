"""The time that work takes."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import NamedTuple


def seconds(work: Callable[[], object], times: int) -> float:
    """The least processor time that `work` took, the collector standing still as pytest-benchmark has it."""
    found = []
    for _ in range(times):
        gc.collect()
        gc.disable()
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
        gc.enable()
    return min(found)


class Program(NamedTuple):
    """A whole program to be timed: its command, and the exit statuses with which it has done its work."""

    command: list[str]
    ends_with: tuple[int, ...] = (0,)


def processor_seconds(program: Program) -> float:
    """What a program takes of the processor, its own processes included. Raises where it fails."""
    may_compile = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(program.command, check=False, capture_output=True, env=may_compile, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode not in program.ends_with:
        raise RuntimeError(f"{program.command}: {ended.returncode}\n{ended.stderr}{ended.stdout}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def by_turns(programs: Mapping[str, Program], rounds: int) -> dict[str, float]:
    """The least that each program took in so many rounds, one after the other in each, after one that is not counted.

    What else the machine does slows a round down, never up: the least is what the work takes.
    """
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(1 + rounds):
        for name, program in programs.items():
            found = processor_seconds(program)
            if turn:
                taken[name].append(found)
    return {name: min(each) for name, each in taken.items()}


class Held:
    """Lines of a benchmark, each with its limit, printed as they come."""

    def __init__(self) -> None:
        self.over: list[str] = []

    def told(self, name: str, ratio: float, limit: float, detail: str = "") -> None:
        """Print a line, and remember it where its limit is not held."""
        is_over = ratio > limit
        if is_over:
            self.over.append(name)
        mark = "OVER " if is_over else "     "
        sys.stdout.write(f"{mark}{name}: {ratio:.3f} (limit {limit:g}){detail and '  ' + detail}\n")
        sys.stdout.flush()

    def end(self) -> int:
        """The exit status: 1 where any limit is not held."""
        sys.stdout.write(
            f"{len(self.over)} over their limit{': ' + ', '.join(self.over) if self.over else ''}\n"
        )
        return 1 if self.over else 0
