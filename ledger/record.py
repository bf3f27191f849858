"""Records: things with named fields, made by the thousand, read more often still, and never changed."""

from __future__ import annotations

import dataclasses
from typing import TypeVar
from typing import dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A dataclass that nobody writes to once it is made: the type checker holds everyone to that.

    `frozen=True` would see to it at run time as well and make each one at three times the price; a named tuple
    is read at twice the price.
    """
    return dataclasses.dataclass(slots=True)(cls)
