"""Cases on disk and views on them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.case_view import View
from checks.engine.settings import read_settings
from ledger.case.case import Case
from tests.audit.house import BOOKS
from tests.audit.house import Window
from tests.audit.house import make_case
from tests.audit.house import window
from tests.checks.builder import AFTER
from tests.checks.builder import AWARD
from tests.checks.builder import load
from tests.checks.builder import opens

Look = Callable[..., View]


@pytest.fixture
def look() -> Look:
    """A view on the small case, with more entries or on another day."""

    def make(
        extra: str = "",
        *,
        books: str = BOOKS,
        as_of: datetime.date = AFTER,
        folder: Path | None = None,
        config: str | None = None,
    ) -> View:
        entries, errors = load(opens() + AWARD + books + extra)
        assert not errors, errors
        case = Case(entries, folder=folder, as_of=as_of)
        return View(case, entries, settings=read_settings(config))

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small case on disk."""
    return make_case(tmp_path / "case")


@pytest.fixture
def page(folder: Path) -> Window:
    """A window on it."""
    return window(folder)
