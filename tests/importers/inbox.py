"""Papers and statements put into an inbox."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.casemaker import Story
from tests.casepapers import Item
from tests.casepapers import Line
from tests.casepapers import Paper
from tests.casepapers import plus
from tests.casepapers import tax_on
from tests.replay import put
from tests.replay import run


def add(case: Path, files: dict[str, bytes], *, codes: Sequence[int] = (0,)) -> Any:
    put(files, case / "inbox")
    return run("import", case, codes=tuple(codes))


def some(story: Story, net: int = 21_001, **changes: Any) -> Paper:
    """An invoice of an approved item that the story does not have."""
    approved = story.approved_items[0]
    day = plus(story.start, 10)
    said: dict[str, Any] = {
        "number": "ZZ10000001",
        "date": day,
        "seller": "12345675",
        "seller_name": approved["supplier"],
        "buyer": story.company["ubn"],
        "items": [Item(approved["name"], 1, "台", net)],
        "category": approved["category"],
        "tax": tax_on(net),
    }
    return Paper(**(said | changes))


def xml(story: Story, paper: Paper) -> bytes:
    story = story_with(story, paper)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{story.xml(paper)}'.encode()


def story_with(story: Story, paper: Paper) -> Story:
    """The story with one more paper."""
    more = copy.copy(story)
    more.papers = [*story.papers, paper]
    return more


def statement(story: Story, number: str, lines: list[Line]) -> bytes:
    return next(iter(story._statements("專戶", number, lines, 0).values()))
