"""Books that are judged by rules of every confidence."""

from __future__ import annotations

import dataclasses
from typing import Any

from ledger.schemes.model import Confidence
from tests.checks.builder import Books


def graded(part: Any, sure: Confidence, unsure: tuple[str, ...], name: str = "") -> Any:
    """A scheme with every rule `sure`, but "assumed" those that stand under one of the names."""
    if isinstance(part, dict):
        return {key: graded(value, sure, unsure, name) for key, value in part.items()}
    if isinstance(part, tuple):
        return tuple(graded(value, sure, unsure, name) for value in part)
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    fields = dataclasses.fields(part)
    changed = {field.name: graded(getattr(part, field.name), sure, unsure, field.name) for field in fields}
    if "confidence" in changed:
        changed["confidence"] = "assumed" if name in unsure else sure
    return dataclasses.replace(part, **changed)


def short_of_own(books: Books) -> Books:
    """As in the settlement's tests: the ratio binds."""
    return (
        books.plant("net: 22000", "net: 0")
        .plant("費   22000 TWD\n", "費   0 TWD\n")
        .plant("帳款          -22000", "帳款          0")
        .plant('improvement" 200000 TWD 200000 TWD\n', 'improvement" 210000 TWD 190000 TWD\n')
    )
