"""The floors in pyproject.toml."""

from __future__ import annotations

from packaging.version import Version

from tests.lock import LOCK
from tests.lock import plain_name
from tests.lowest import floors

# Versions below these have holes that are known: an advisory of their own projects each.
SAFE = {"pdfplumber": "0.11.9", "filelock": "3.20.1", "fava": "1.30.3"}


def test_every_package_has_one_floor_that_is_no_newer_than_what_was_tried() -> None:
    tried = dict(
        line.split("==") for line in LOCK.read_text(encoding="utf-8").splitlines() if line.count("==") == 1
    )
    for name, floor in floors().items():
        assert Version(floor) <= Version(tried[plain_name(name)]), name


def test_no_floor_has_a_known_hole() -> None:
    for name, version in SAFE.items():
        assert Version(floors()[name]) >= Version(version), name
