"""Which papers are in a case folder."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

DOCUMENTS = "documents"


class CaseDocuments:
    """The files of a case folder; where there is no folder, every paper is taken to be there."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """The names of the files filed under documents/; none where there is no folder."""
        return frozenset(_names_under(self._folder / DOCUMENTS) if self._folder else ())

    def has(self, name: str) -> bool:
        """Whether a paper is there: filed anywhere under documents/ by its name, or at its path in the case.

        A path out of the case folder names no paper.
        """
        if self._folder is None or name in self.names:
            return True
        try:
            found = (self._folder / name).resolve()
            return found.is_relative_to(self._folder) and found.is_file()
        except (OSError, ValueError):  # a name that no file system can hold
            return False


def _names_under(folder: Path) -> Iterator[str]:
    """The names of the files in a folder and in all folders below it."""
    folders = [str(folder)] if folder.is_dir() else []
    while folders:
        with os.scandir(folders.pop()) as found:
            for entry in found:
                if entry.is_file():
                    yield entry.name
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
