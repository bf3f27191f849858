"""The books that the tests of the checks plant their faults in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.builder import DOCUMENTS
from tests.checks.builder import Books
from tests.checks.builder import award_only
from tests.checks.builder import clean_books
from tests.checks.builder import open_books


@pytest.fixture(scope="session")
def clean() -> Books:
    """The clean case, closed and settled. Books are never changed in place, so all tests share it."""
    return clean_books()


@pytest.fixture(scope="session")
def books() -> Books:
    """The clean case with no month closed."""
    return open_books()


@pytest.fixture(scope="session")
def award() -> Books:
    """The award alone."""
    return award_only()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A case folder with every paper of the clean case filed."""
    filed = tmp_path / "documents"
    filed.mkdir()
    for name in DOCUMENTS:
        (filed / name).write_bytes(b"%PDF-1.4\n")
    return tmp_path
