"""The free places in documents/, and which files are kept there already."""

from __future__ import annotations

import contextlib
import datetime
import os
import unicodedata
from collections import defaultdict
from pathlib import Path

from importers.archive.archive import filed_name
from importers.archive.archive import folder_of
from ledger.files.writer import file_digest


class Shelf:
    """Places in documents/ for new files: no place is given twice, and a file kept already is known again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given: dict[str, str] = {}  # place: SHA-256
        self._sizes: dict[str, dict[int, list[str]]] = {}  # folder: {size of a file: names}
        self._names: dict[str, dict[str, str]] = {}  # folder: {what a name is alike: the name}
        self._digests: dict[str, str | None] = {}  # place: SHA-256 of what stands there
        self._alike: dict[tuple[str, int], dict[str | None, str]] = {}  # (folder, size): {SHA-256: place}

    def place(self, account: str, name: str, day: datetime.date, digest: str) -> tuple[str, bool]:
        """(the place relative to the case, whether the very same file is kept there already).

        `digest` is the SHA-256 of the file's bytes.

        Raises FileExistsError where every name is taken.
        """
        dated = filed_name(name, day)
        stem, dot, suffix = dated.rpartition(".")
        names = self._names_in(folder_of(account))
        for number in range(1, 10_000):
            bare = dated if number == 1 else f"{stem}-{number}{dot}{suffix}"
            place = f"{folder_of(account)}/{names.get(_alike(bare), bare)}"
            current = self.digest(place)
            if current is None:
                self._given[place] = digest
                names[_alike(bare)] = bare
                return place, False
            if current == digest:
                return place, True
        raise FileExistsError(dated)

    def place_once(
        self, account: str, name: str, day: datetime.date, digest: str, size: int
    ) -> tuple[str, bool]:
        """As `place`; but a file whose bytes, `size` of them, are kept under another name keeps that place."""
        folder = folder_of(account)
        alike = (folder, size)
        if alike not in self._alike:
            places = [f"{folder}/{kept}" for kept in reversed(self._of_size(*alike))]
            self._alike[alike] = {self._kept(place): place for place in places}
        current = self._alike[alike].get(digest)
        return self.place(account, name, day, digest) if current is None else (current, True)

    def digest(self, place: str) -> str | None:
        """The SHA-256 of what stands at a place, or will stand there."""
        return self._given.get(place) or self._kept(place)

    def _names_in(self, folder: str) -> dict[str, str]:
        """The names in a folder, by what file systems that tell no case and no form of a letter apart make of them."""
        if folder not in self._names:
            self._names[folder] = {}
            with contextlib.suppress(OSError), os.scandir(self._folder / folder) as found:
                self._names[folder] = {_alike(entry.name): entry.name for entry in found}
        return self._names[folder]

    def _of_size(self, folder: str, size: int) -> list[str]:
        """The files of a folder that have a size, in the order of their names."""
        if folder not in self._sizes:
            sizes: dict[int, list[str]] = defaultdict(list)
            with contextlib.suppress(OSError), os.scandir(self._folder / folder) as found:
                for entry in sorted(found, key=lambda entry: entry.name):
                    if entry.is_file(follow_symlinks=False):
                        sizes[entry.stat(follow_symlinks=False).st_size].append(entry.name)
            self._sizes[folder] = sizes
        return self._sizes[folder].get(size, [])

    def _kept(self, place: str) -> str | None:
        if place not in self._digests:
            self._digests[place] = file_digest(self._folder / place)
        return self._digests[place]


def _alike(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
