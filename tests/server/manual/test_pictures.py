"""The pictures of the documentation: each that is shown is there, and each that is there is shown."""

from __future__ import annotations

import re
from pathlib import Path

from desk.web.registry import PAGES

ROOT = Path(__file__).parents[3]
_SHOWN = re.compile(r"\((?:docs/)?pictures/([^)]+)\)")


def test_every_picture_is_shown_and_every_page_of_the_desk_has_one() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for page in pages for name in _SHOWN.findall(page.read_text("utf-8"))}
    there = {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    assert shown == there
    assert {f"desk-{page.tab}.png" for page in PAGES} <= there
