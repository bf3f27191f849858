"""Bounds that a type states of its values, held against them where a user's file is read.

pydantic knows them as grouped metadata of annotated-types; nobody pays for either before such a file is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Bounds:
    """Bounds by their names in annotated-types: `Ge=0`, `Le=1`, `MinLen=1`."""

    __is_annotated_types_grouped_metadata__ = True

    def __init__(self, **bounds: int) -> None:
        self._bounds = bounds

    def __iter__(self) -> Iterator[Any]:
        """Each bound on its own, as pydantic takes it."""
        import annotated_types  # noqa: PLC0415 -- see above

        for name, limit in self._bounds.items():
            yield getattr(annotated_types, name)(limit)
