"""Where in the case an entry is written."""

from __future__ import annotations

import functools
from pathlib import Path

from beancount.core import data


def place(entry: data.Directive, folder: Path | None) -> str:
    """`books/2023-07.beancount:12`: where an entry is written, from the case's folder."""
    return f"{_file(str(entry.meta.get('filename') or ''), folder)}:{entry.meta.get('lineno', 0)}"


@functools.lru_cache(maxsize=1024)  # a case has a file a month, and each is named by every entry in it
def _file(name: str, folder: Path | None) -> str:
    path = Path(name)
    if folder is not None and path.is_relative_to(folder.absolute()):
        return path.relative_to(folder.absolute()).as_posix()
    return path.name if path.is_absolute() else path.as_posix()
