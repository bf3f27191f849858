"""Many cases on all cores: the same findings in the order given, and whatever goes wrong in a worker is told."""

from __future__ import annotations

import concurrent.futures
import datetime
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any
from typing import Self

import pytest

from checks.runs import check_many
from checks.runs.check_many import CheckOptions
from checks.runs.check_many import Looked
from checks.runs.check_many import look_at_all
from ledger.operations.new_case import new_case
from tests.ledger.ledgers import award_file

CHOICE = CheckOptions(datetime.date(2025, 6, 1), horizon=30, together=True)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Five cases: two that are found alike, one with another budget, one that may not be opened, one that is none."""
    for name, granted in (("c", 400_000), ("b", 900_000), ("a", 400_000)):
        new_case(tmp_path / name, award_file({"equipment": (granted, 600_000)}))
    new_case(tmp_path / "unsafe", award_file({"equipment": (400_000, 600_000)}))
    (tmp_path / "unsafe" / "code.py").write_text("print()\n", encoding="utf-8")
    return [tmp_path / name for name in ("c", "b", "unsafe", "none", "a")]


def told(looked: list[Looked]) -> list[Any]:
    return [
        (
            each.judged and [finding.as_json() for finding in each.judged.findings],
            each.judged and each.judged.settings,
            None if each.upcoming is None else [one.message for one in each.upcoming],
            each.member and each.member.case.id,
            each.refused,
            each.failed,
        )
        for each in looked
    ]


def test_on_two_cores_as_on_one(folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_many, "_cores", lambda: 1)
    alone = told(list(look_at_all(folders, CHOICE)))
    monkeypatch.setattr(check_many, "_cores", lambda: 2)
    assert told(list(look_at_all(folders, CHOICE))) == alone
    assert [bool(each[0]) for each in alone] == [True, True, True, False, True]
    assert "code.py" in alone[2][4]
    assert "none" in alone[3][5]


def test_a_worker_that_dies_is_told(folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying:
        """A pool whose workers end before they are done."""

        def __init__(self, *_given: object, **_named: object) -> None:
            pass

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_given: object) -> None:
            pass

        def submit(self, *_given: object) -> concurrent.futures.Future[Looked]:
            future: concurrent.futures.Future[Looked] = concurrent.futures.Future()
            future.set_exception(BrokenProcessPool())
            return future

    monkeypatch.setattr(check_many, "_cores", lambda: 2)
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", Dying)
    assert all(
        str(folder) in each.failed for folder, each in zip(folders, look_at_all(folders, CHOICE), strict=True)
    )
