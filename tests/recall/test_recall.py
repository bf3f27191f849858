"""Each check finds every planted fault, at the right voucher and amount, and leaves every near miss alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.engine.catalogue import all_checks
from checks.engine.runner import run_checks
from tests.recall.making import make_ground
from tests.recall.planting import Trial
from tests.recall.planting import judge
from tests.recall.planting import trials
from tests.recall.recall import PAGE
from tests.recall.recall import SEEDS
from tests.recall.recall import Result
from tests.recall.recall import page
from tests.recall.recall import perfect
from tests.recall.recall import tallies

TRIALS = trials()
AT_LEAST = 3
GROUNDS: list[tuple[int, dict[str, Any]]] = [
    *((seed, {}) for seed in SEEDS),
    *((seed, {"scheme": "managed-factory-112"}) for seed in SEEDS[::3]),
    *((seed, {"scheme": "managed-factory-114"}) for seed in SEEDS[1::3]),
    *((seed, {"scheme": "supply-chain-smart-112", "partners": 2}) for seed in SEEDS[2::3]),
]


def _each() -> Iterator[Any]:
    """Every trial; what a check's first fault and first near miss leave is tried with the tests that take long."""
    tried: set[tuple[str, bool]] = set()
    for trial in TRIALS:
        kind = (trial.check, trial.is_fault)
        marks = [pytest.mark.slow] if kind in tried else []
        tried.add(kind)
        yield pytest.param(trial, id=f"{trial.check}-{trial.name}", marks=marks)


@pytest.mark.parametrize("trial", list(_each()))
def test_trial(trial: Trial, tmp_path: Path) -> None:
    seed = sum(trial.name.encode()) % len(SEEDS)  # another ground for each, the same every time
    outcome = judge(trial, seed, tmp_path)
    assert outcome.found == outcome.expected
    assert not outcome.others


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize(("seed", "made"), GROUNDS)
def test_the_ground_is_clean(seed: int, made: dict[str, Any], direct: bool) -> None:
    ground = make_ground(seed, **made)
    ground.direct = direct
    assert run_checks(ground.books().case()) == []


def test_every_check_is_tried_often_enough() -> None:
    counts = Counter((trial.check, trial.is_fault) for trial in TRIALS)
    lacking = [
        (name, fault) for name in all_checks() for fault in (True, False) if counts[name, fault] < AT_LEAST
    ]
    assert lacking == []


def test_what_is_found_is_counted() -> None:
    assert all(line.is_perfect for line in tallies(perfect()))
    results = [
        Result("tax-in-cost", is_fault=True, is_found=True, extra=0, others=frozenset()),
        Result("tax-in-cost", is_fault=True, is_found=True, extra=1, others=frozenset()),
        Result("tax-in-cost", is_fault=True, is_found=False, extra=0, others=frozenset()),
        Result("tax-in-cost", is_fault=False, is_found=True, extra=2, others=frozenset()),
        Result("tax-arithmetic", is_fault=True, is_found=True, extra=0, others=frozenset({"tax-in-cost"})),
    ]
    lines = {line.check: line for line in tallies(results)}
    assert lines["tax-in-cost"].row() == ("3", "2", "67%", "1", "1", "2", "40%")
    assert lines["tax-arithmetic"].is_perfect
    assert not lines["cost-mismatch"].is_perfect  # it was not tried


def test_the_page_lists_what_is_tried() -> None:
    """Otherwise: `make recall`. The page says what was found; here only the trials are held against it."""
    assert PAGE.read_text(encoding="utf-8") == page(tallies(perfect()))
