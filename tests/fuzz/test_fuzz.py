"""A small run of `make fuzz`: nothing unexpected, nothing slow, and the same files for the same seed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz import readers
from tests.fuzz import run
from tests.fuzz.mutator import damaged
from tests.fuzz.originals import originals
from tests.fuzz.readers import Tally
from tests.fuzz.readers import tally_of


def test_the_originals_are_taken(tmp_path: Path) -> None:
    for reader, files in originals().items():
        for name, content in files().items():
            tally = Tally()
            (tmp_path / name).write_bytes(content)
            readers._try(readers._OWN_READERS.get(reader, readers._front_door), tmp_path / name, tally, name)
            is_empty_form = name.endswith((".xlsx", ".ods")) and reader != "xlsx"
            assert tally.taken or is_empty_form, name
            assert not tally.unexpected


def test_damaged_files_are_taken_or_refused_in_words() -> None:
    for reader in originals():
        tally = tally_of(reader, 7, range(12))
        assert tally.unexpected == [], reader
        assert tally.slowest < run.MOST_SECONDS, reader
        assert tally.taken + tally.refused == tally.inputs == 12


def test_the_same_seed_damages_the_same_way() -> None:
    for files in originals().values():
        for content in files().values():
            one, other = (damaged(content, random.Random(3)) for _time in range(2))  # noqa: S311
            assert one == other


def test_what_ends_the_process_is_counted() -> None:
    found = run._in_a_process("no such reader", 1, 0, 5)
    assert (found.inputs, found.broken) == (5, 1)


def test_what_was_read_is_not_read_again_but_what_broke_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, int, int]] = []

    def part(*key: str | int) -> Tally:
        asked.append(key)  # type: ignore[arg-type]
        return Tally(inputs=5, broken=int(len(asked) == 1))

    monkeypatch.setattr(run, "_in_a_process", part)
    monkeypatch.setattr(run, "PART", 5)
    kept = tmp_path / "build" / "fuzz.jsonl"
    assert run.fuzz(10, 1, ["pdf"], kept)["pdf"].broken == 1
    assert run.fuzz(10, 1, ["pdf"], kept)["pdf"] == Tally(inputs=10)
    assert asked == [("pdf", 1, 0, 5), ("pdf", 1, 5, 10), ("pdf", 1, 0, 5)]
    monkeypatch.setattr(run, "PART", 3)
    assert run.fuzz(14, 1, ["pdf"], kept)["pdf"].inputs == 20  # the stand-in says 5 of each part
    assert asked[3:] == [("pdf", 1, 10, 13), ("pdf", 1, 13, 14)]
    assert run.fuzz(10, 2, ["pdf"], kept)["pdf"].inputs == 20, "another seed is another run"
