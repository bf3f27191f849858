"""What the program needs: locked for tests, with floors that have no known holes, and with its licence told."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.lock import LOCK
from tests.lock import ROOT
from tests.lock import direct
from tests.lock import plain_name

# The first versions without the holes that are published for these packages.
FLOORS = {"pdfplumber": "0.11.9", "filelock": "3.20.1", "fava": "1.30.3"}


def _locked() -> dict[str, Version]:
    lines = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {name: Version(version) for name, _equals, version in (line.partition("==") for line in lines)}


@pytest.mark.parametrize("asked", [each for place in direct().values() for each in place], ids=str)
def test_what_is_asked_for_is_locked_within_its_bounds(asked: Requirement) -> None:
    locked = _locked()
    name = plain_name(asked.name)
    assert locked[name] in asked.specifier
    assert asked.specifier, "a floor is asked for"


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_floors_have_no_known_holes(name: str, floor: str) -> None:
    asked = [each for place in direct().values() for each in place if plain_name(each.name) == name]
    assert asked
    for each in asked:
        (bound,) = [part for part in each.specifier if part.operator == ">="]
        assert Version(bound.version) >= Version(floor)


def test_the_lock_file_is_nothing_but_exact_versions() -> None:
    text = LOCK.read_text(encoding="utf-8")
    names = [line.partition("==")[0] for line in text.splitlines()[1:]]
    assert names == sorted(set(names))
    assert "://" not in text


@pytest.mark.parametrize(
    "place", ["dependencies", "parquet", "pdf", "pdf-statements", "proposals", "cluster"]
)
def test_every_direct_dependency_has_its_licence_told(place: str) -> None:
    told = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8").lower()
    for asked in direct()[place]:
        assert f"| {plain_name(asked.name)} |" in told, asked.name
