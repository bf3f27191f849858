"""Long lists, a page at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Generic
from typing import TypeVar

T = TypeVar("T")

PAGE_SIZE = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, how many pages and rows there are."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int
    first: int  # the place of the first row in the whole list, from 1; 0 where the list is empty

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def paged(rows: Sequence[T], number: int, size: int = PAGE_SIZE) -> Page[T]:
    """The page `number` of `rows`; a number out of range gives the nearest page."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(1, number), pages)
    start = (number - 1) * size
    chosen = rows[start : start + size]
    return Page(chosen, number, pages, len(rows), start + 1 if chosen else 0)
