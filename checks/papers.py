"""Which papers are in a case folder."""

from __future__ import annotations

import functools
from pathlib import Path

DOCUMENTS = "documents"


class Papers:
    """The files of a case folder; where there is no folder, every paper is taken to be there."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    @functools.cached_property
    def _names(self) -> frozenset[str]:
        """The names of the files filed under documents/."""
        assert self._folder is not None  # noqa: S101 -- the caller has looked
        return frozenset(path.name for path in (self._folder / DOCUMENTS).rglob("*") if path.is_file())

    def has(self, name: str) -> bool:
        """Whether a paper is there: filed anywhere under documents/ by its name, or at its path in the case."""
        return self._folder is None or name in self._names or self.at(name)

    def at(self, path: str) -> bool:
        """Whether a file is there at its path inside the case folder; a path out of it names no paper."""
        if self._folder is None:
            return True
        try:
            found = (self._folder / path).resolve()
            return found.is_relative_to(self._folder) and found.is_file()
        except (OSError, ValueError):  # a name that no file system can hold
            return False
