"""A small run of `make fuzz`: nothing unexpected, nothing slow, and the same files for the same seed."""

from __future__ import annotations

import random

from tests.fuzz.mutator import damaged
from tests.fuzz.originals import originals
from tests.fuzz.run import MOST_SECONDS
from tests.fuzz.run import fuzz


def test_damaged_files_are_taken_or_refused_in_words() -> None:
    for reader, tally in fuzz(12, 7).items():
        assert tally.unexpected == [], reader
        assert tally.slowest < MOST_SECONDS, reader
        assert tally.taken + tally.refused == tally.inputs == 12


def test_the_same_seed_damages_the_same_way() -> None:
    for files in originals().values():
        for content in files.values():
            one, other = (damaged(content, random.Random(3)) for _time in range(2))  # noqa: S311
            assert one == other
