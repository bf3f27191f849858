"""What the checks cost beside bean-check on the same books. Run by `make bench`.

Whole programs are timed, started anew each time and by turns, in time of the processor: what else the machine does
would otherwise be most of the difference.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.books import make_case

pytestmark = pytest.mark.bench

PROGRAMS = Path(sys.executable).parent
BEAN_CHECK = [str(PROGRAMS / "bean-check"), "--no-cache"]
GRANT_CHECK = [str(PROGRAMS / "grant"), "check"]
ROUNDS = 31


def processor_seconds(command: list[str]) -> float:
    """What a program takes that has to end well and to say nothing of errors."""
    may_compile = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=may_compile)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def ratio(capsys: pytest.CaptureFixture[str], name: str, own: list[str], peer: list[str]) -> float:
    """The median of our time by the peer's in each of the rounds, after one round that is not counted."""
    times = [(processor_seconds(own), processor_seconds(peer)) for _round in range(1 + ROUNDS)][1:]
    found = statistics.median(ours / theirs for ours, theirs in times)
    ours, theirs = (statistics.median(both[place] for both in times) for place in (0, 1))
    with capsys.disabled():
        print(f"\n{name}: {ours:.3f} s, bean-check {theirs:.3f} s, {found:.3f} times")  # noqa: T201 -- a benchmark
    return found


def test_the_plugin_adds_little_to_bean_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_case(tmp_path / "case", 5_000)
    own = [*BEAN_CHECK, str(tmp_path / "case" / "main.beancount")]
    peer = [*BEAN_CHECK, str(tmp_path / "case" / "plain.beancount")]
    assert ratio(capsys, "5,000 vouchers, bean-check with the plugin", own, peer) <= 1.15


def test_checking_a_case_is_not_much_dearer_than_bean_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_case(tmp_path / "case", 120)
    own = [*GRANT_CHECK, str(tmp_path / "case")]
    peer = [*BEAN_CHECK, str(tmp_path / "case" / "plain.beancount")]
    assert ratio(capsys, "120 vouchers, grant check", own, peer) <= 1.6
