"""Which papers are in a case folder, and which of them are a voucher's."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.files import DOCUMENTS

if TYPE_CHECKING:
    from ledger.case.case import Case
    from ledger.model.records import Voucher


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


class VoucherPapers:
    """The papers of a case's vouchers: found inside the case folder and nowhere else."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._digests: dict[Path, str] = {}

    @functools.cached_property
    def filed(self) -> dict[str, list[Path]]:
        """The filed papers by name."""
        found: dict[str, list[Path]] = {}
        for document in self._case.documents:
            path = Path(document.filename)
            found.setdefault(path.name, []).append(path)
        return found

    def find(self, voucher: Voucher, name: str) -> Path | None:
        """A paper's place; None where there is no such file in the case folder.

        As Fava finds it: filed under `documents/` by its name, or relative to the entry's file, or to the case.
        """
        folder = self._case.folder
        if folder is None or "\x00" in name:
            return None
        beside = Path(str(voucher.entry.meta.get("filename") or folder / "x")).parent
        for candidate in (*self.filed.get(name, []), beside / name, folder / name):
            path = inside(folder, candidate)
            if path is not None:
                return path
        return None

    def sources(self, voucher: Voucher) -> list[str]:
        """The filed names of the file that a voucher was read from, by its own name or the one it came under."""
        sources = {name for name in str(voucher.meta("source") or "").split("; ") if name}
        return [name for name in self.filed if {name, name.partition(".")[2]} & sources] if sources else []

    def paths(self, voucher: Voucher) -> list[Path]:
        """The voucher's papers that are there; where its entry names none, the file that it was read from."""
        names = voucher.documents or self.sources(voucher)
        found = (self.find(voucher, name) for name in names)
        return [path for path in found if path is not None]

    def digest(self, voucher: Voucher) -> str:
        """The SHA-256 over a voucher's papers: over the SHA-256 of each, in hexadecimal, sorted, a line each.

        What a paper is called and where it lies does not count. Of no paper at all it is that of no bytes.
        """
        lines = sorted(f"{self._digest(path)}\n" for path in set(self.paths(voucher)))
        return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            try:
                with path.open("rb") as file:
                    self._digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                self._digests[path] = ""
        return self._digests[path]


def inside(folder: Path, path: Path) -> Path | None:
    """The real place of `path` where it is a file inside `folder`, links followed; None otherwise."""
    try:
        base, real = folder.resolve(), path.resolve()
        return real if real.is_relative_to(base) and real.is_file() else None
    except (OSError, ValueError):
        return None
