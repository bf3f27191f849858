"""The table of the slides' statements: every row is held by a test that is there, or says why it is out of scope."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.programme_coverage import PAGE
from tests.programme_coverage import ROWS
from tests.programme_coverage import Row
from tests.programme_coverage import page

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.deck}-{row.line}-{row.says}")
def test_every_statement_is_held_or_out_of_scope(row: Row) -> None:
    assert bool(row.test) != bool(row.why_not)
    if row.test:
        path, name = row.test.split("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), row.test


def test_the_page_is_up_to_date() -> None:
    """Otherwise: `python -m tests.programme_coverage`."""
    assert PAGE.read_text(encoding="utf-8") == page()
