"""Where something stands in the books."""

from __future__ import annotations

import datetime
import sys
from typing import NamedTuple

from beancount.core import data


class Place(NamedTuple):
    """A line of a file of the books, and the day of what stands there."""

    date: datetime.date
    file: str
    line: int


def place_of(entry: data.Directive) -> Place:
    """Where an entry stands; no file and line 0 where a program made it."""
    file = sys.intern(str(entry.meta.get("filename", "")))  # one text for all the entries of a file
    return Place(entry.date, file, int(entry.meta.get("lineno", 0)))
