"""Faults that are played through the commands: how one is written down, and what it is made of."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import NamedTuple

from tests.casemaker import Story
from tests.casepapers import Line
from tests.casepapers import Paper
from tests.casepapers import tax_on
from tests.planting import Plants
from tests.replay import Change
from tests.replay import Played

OPEN = "entry-unclassified"


class Fault(NamedTuple):
    """A case with its fault: about which voucher it is found, and what else follows from it."""

    story: Story
    voucher: str = ""
    also: tuple[str, ...] = ()
    before: Change | None = None
    books: Change | None = None
    after: Change | None = None


PLANTS: Plants[Callable[[], Fault]] = Plants()
plant = PLANTS.plant


def invoice(story: Story, *, category: str = "", lines: int = 0) -> Paper:
    """An invoice of the case that has no credit note."""
    credited = {paper.credits for paper in story.papers if paper.credits}
    return next(
        paper
        for paper in story.papers
        if paper.kind == "invoice"
        and not paper.voided
        and paper.number not in credited
        and (not category or paper.category == category)
        and (not lines or len(paper.items) == lines)
    )


def single(story: Story, **wanted: str) -> Paper:
    """An invoice that is made to arrive as one XML file and in no other way; before `money()`."""
    paper = invoice(story, **wanted)  # type: ignore[arg-type]
    paper.routes = ("xml",)
    return paper


def extra(story: Story, net: int, **changes: object) -> Paper:
    """One more invoice of an approved item, like the first."""
    model = invoice(story)
    item = dataclasses.replace(model.items[0], quantity=1, net=net)
    paper = dataclasses.replace(
        model,
        number=story.number("invoice", model.date),
        items=[item],
        tax=tax_on(net),
        routes=("xml",),
        pays=[],
    )
    paper = dataclasses.replace(paper, **changes)  # type: ignore[arg-type]
    story.papers.append(paper)
    return paper


def withdrawals(story: Story) -> list[Line]:
    return [line for line in story.grant_lines if line.text == "提領"]


def in_books(pattern: str, new: str) -> Change:
    """Change the first place of the books that fits a pattern."""

    def change(played: Played) -> None:
        for path in sorted((played.case / "books").iterdir()):
            text = path.read_text(encoding="utf-8")
            changed = re.sub(pattern, new, text, count=1, flags=re.DOTALL)
            if changed != text:
                path.write_text(changed, encoding="utf-8")
                return
        raise AssertionError(pattern)

    return change


def of_entry(paper: Paper, pattern: str, new: Callable[[re.Match[str]], str]) -> Change:
    """Change the entry that books a voucher."""

    def change(played: Played) -> None:
        for path in sorted((played.case / "books").iterdir()):
            entries = path.read_text(encoding="utf-8").split("\n\n")
            for place, entry in enumerate(entries):
                if f'number: "{paper.number}"' in entry and "voucher:" in entry:
                    assert re.search(pattern, entry), entry
                    entries[place] = re.sub(pattern, new, entry, count=1)
                    path.write_text("\n\n".join(entries), encoding="utf-8")
                    return
        raise AssertionError(paper.number)

    return change


def appended(name: str, text: str) -> Change:
    return lambda played: played.append(name, text)
