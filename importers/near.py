"""Approved items whose name is nearly an invoice's 品名: shown to the accountant, never booked by themselves."""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from ledger.award import Award
from ledger.text import fold

_MOST = 3
LEAST_ALIKE = 0.5  # of the characters; what is further away is another thing


class Near(NamedTuple):
    """An approved item and how many characters its name is away from the one in question."""

    name: str
    category: str
    distance: int


def near_items(name: str, award: Award, party: str) -> list[Near]:
    """The approved items of a party that are called nearly so, the nearest first."""
    asked = fold(name)
    found = {
        (Levenshtein.distance(asked, fold(item.name)), item.name, item.category)
        for item in award.items
        if item.party == party and Levenshtein.normalized_similarity(asked, fold(item.name)) >= LEAST_ALIKE
    }
    return [Near(called, category, distance) for distance, called, category in sorted(found)[:_MOST]]
