"""The case that the tests of imports begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casemaker import Story
from tests.replay import begin


@pytest.fixture(scope="module")
def story() -> Story:
    """Three months of a case, with all its papers."""
    return Story(0, months=3).money()


@pytest.fixture
def case(story: Story, tmp_path: Path) -> Path:
    """A case with an empty inbox."""
    begin(story, tmp_path / "case")
    for file in (tmp_path / "case" / "inbox").iterdir():
        file.unlink()
    return tmp_path / "case"
