"""Planting faults: the one way in which a fault, or a near miss, is written down and found again.

A plant is a function that makes books (or a whole case that goes through the commands) with one fault in them; a near
miss makes what looks much like it and is none. Both are registered under the check that has to speak, or keep
silent. `tests/recall` plants in books, many seeds each; `tests/faults` plants in files that the commands take in.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import Generic
from typing import NamedTuple
from typing import TypeVar

Maker = TypeVar("Maker", bound=Callable[..., Any])


class Plant(NamedTuple, Generic[Maker]):
    """A fault or a near miss of one check, by the name of its function; `ground` is what it wants to stand on."""

    check: str
    name: str
    is_fault: bool
    make: Maker
    ground: dict[str, Any]


class Plants(Generic[Maker]):
    """The plants of one kind, in the order in which they are written down; none has another's check and name."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Plant[Maker]] = {}

    def __iter__(self) -> Iterator[Plant[Maker]]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def __getitem__(self, key: tuple[str, str]) -> Plant[Maker]:
        """By check and name."""
        return self._known[key]

    def plant(self, check: str, **ground: Any) -> Callable[[Maker], Maker]:
        """Register a fault that `check` has to find."""
        return self._register(check, is_fault=True, ground=ground)

    def near_miss(self, check: str, **ground: Any) -> Callable[[Maker], Maker]:
        """Register what `check` has to leave alone."""
        return self._register(check, is_fault=False, ground=ground)

    def _register(self, check: str, *, is_fault: bool, ground: dict[str, Any]) -> Callable[[Maker], Maker]:
        def register(make: Maker) -> Maker:
            key = (check, make.__name__)
            assert key not in self._known, key
            self._known[key] = Plant(check, make.__name__, is_fault, make, ground)
            return make

        return register
