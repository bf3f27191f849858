"""The books that the tests of the checks plant their faults in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.builder import DOCUMENTS
from tests.checks.builder import Books
from tests.checks.builder import award_only
from tests.checks.builder import clean_books
from tests.checks.builder import open_books
from tests.checks.several import LATER
from tests.checks.several import OTHER
from tests.checks.several import renamed


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


@pytest.fixture(scope="session")
def first() -> Books:
    """The case that others stand beside, with no month closed."""
    return open_books()


@pytest.fixture(scope="session")
def other() -> Books:
    """Another company's case."""
    return renamed(open_books(), OTHER)


@pytest.fixture(scope="session")
def later() -> Books:
    """The same company's case of another programme, a year later."""
    return renamed(open_books(), LATER)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A case folder with every paper of the clean case filed."""
    filed = tmp_path / "documents"
    filed.mkdir()
    for name in DOCUMENTS:
        (filed / name).write_bytes(b"%PDF-1.4\n")
    return tmp_path
