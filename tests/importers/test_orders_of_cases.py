"""Whole made-up cases, their files in any order and any runs: every paper and account of a lead and its partners.

The same entries, the same settlement and the same findings come of them as of one import of all.
"""

from __future__ import annotations

import itertools
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from checks.engine.runner import run_checks
from ledger.case.settlement import settle_case
from tests.importers.small_case import SmallCase
from tests.replay import begin
from tests.replay import run
from tests.stories import story

# a partner's case of forty files takes long
SEEDS = [8, pytest.param(6, marks=pytest.mark.slow)]
SEEDS += [pytest.param(seed, marks=pytest.mark.slow) for seed in range(9, 34)]
Papers = list[tuple[str, bytes]]


def _told(fresh: Path, runs: list[Papers]) -> tuple[list[str], dict[str, Any], list[tuple[str, str, int]]]:
    """The books, the settlement and the findings of a fresh case once the files of each run are imported."""
    folder = Path(tempfile.mkdtemp()) / "case"
    shutil.copytree(fresh, folder)
    for files in runs:
        for name, content in files:
            (folder / "inbox" / name).write_bytes(content)
        run("import", folder, codes=(0, 1))
    small = SmallCase.__new__(SmallCase)
    small.folder = folder
    found = [(finding.check, finding.voucher, finding.amount or 0) for finding in run_checks(small.case)]
    return small.books(), settle_case(small.case).as_json(), sorted(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_in_any_order_and_any_runs(tmp_path: Path, seed: int) -> None:
    fresh = tmp_path / "fresh"
    begin(story(seed), fresh)
    files: Papers = [(path.name, path.read_bytes()) for path in sorted((fresh / "inbox").iterdir())]
    for name, _content in files:
        (fresh / "inbox" / name).unlink()
    whole = _told(fresh, [files])
    chance = random.Random(seed)  # noqa: S311 -- an order, and no secret
    for count in (2, 5):
        chance.shuffle(files)
        edges = [0, *sorted(chance.sample(range(1, len(files)), count)), len(files)]
        assert _told(fresh, [files[start:end] for start, end in itertools.pairwise(edges)]) == whole
