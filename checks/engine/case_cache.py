"""What several checks need of a case is worked out once."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import TypeVar

from ledger.case.case import Case

T = TypeVar("T")


def per_case(function: Callable[[Case], T]) -> Callable[[Case], T]:
    """Keep what a function of a case gives for as long as the case lives; a case never changes."""
    known: weakref.WeakKeyDictionary[Case, T] = weakref.WeakKeyDictionary()

    @functools.wraps(function)
    def remembered(case: Case) -> T:
        if case not in known:
            known[case] = function(case)
        return known[case]

    return remembered
