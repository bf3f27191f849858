"""A case and a window on its desk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.desk.house import Window
from tests.desk.house import make_case
from tests.desk.house import window


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case, made once."""
    return make_case(tmp_path_factory.mktemp("desk") / "case")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(made, tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def desk(folder: Path) -> Window:
    """A window on its desk."""
    return window(folder)
