"""Which e-invoices' very bytes are filed and booked already, so that they need not be read a second time.

Kept in `.grant/filed.json`, which may be deleted at any time: it only saves work. It counts only while the books,
the rules, the schemes and what waits are byte for byte those of the last import, because what is booked could have
been taken out since.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from typing import NamedTuple

from ledger.files import PENDING
from ledger.files.disk import file_digest
from ledger.files.disk import read_file
from ledger.files.disk import write_file
from ledger.files.writer import WORK_FOLDER

_NAME = "filed.json"
_VERSION = (
    f"1 {importlib.metadata.version('grantledger')}"  # another release may read the same bytes otherwise
)


class Filed(NamedTuple):
    """What is known of a file's bytes: how many records they hold, and where and under which day they are kept."""

    records: int
    account: str
    day: datetime.date


class FiledIndex:
    """The filed e-invoices of a case by the SHA-256 of their bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / WORK_FOLDER / _NAME
        kept = self._load()
        self._books: list[str] = kept.get("books", [])
        self._files: dict[str, list[Any]] = kept.get("files", {})
        self.is_unchanged = bool(self._books) and self._digest() == kept.get("digest")
        """Whether everything that an import judges by stands as the last one left it."""
        if not self.is_unchanged:
            self._files = {}

    def _load(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError, RecursionError):
            kept = json.loads(read_file(self._path).decode("utf-8"))
            if isinstance(kept, dict) and kept.get("version") == _VERSION:
                return kept
        return {}

    def _digest(self) -> str:
        """One digest of everything that decides what an import comes to."""
        paths = {Path(name) for name in self._books}
        for pattern in ("*.beancount", "books/**/*.beancount", "*.toml", "schemes/*.toml", PENDING):
            paths |= {path.resolve() for path in self._folder.glob(pattern)}
        told = "\n".join(f"{path} {file_digest(path)}" for path in sorted(paths))
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()

    def __bool__(self) -> bool:
        return bool(self._files)

    def known(self, digest: str) -> Filed | None:
        """What a file of this SHA-256 holds, where it is filed and booked; None where it has to be read."""
        kept = self._files.get(digest)
        with contextlib.suppress(TypeError, ValueError):
            if kept is not None:
                records, account, day = kept
                return Filed(int(records), str(account), datetime.date.fromisoformat(day))
        return None

    def add(self, digest: str, filed: Filed) -> None:
        """Remember a file that was taken in whole, where coming again it can be nothing but known."""
        self._files[digest] = [filed.records, filed.account, filed.day.isoformat()]

    def clear(self) -> None:
        """Forget everything: a number was set free, so that the same bytes may be another voucher's."""
        self._files = {}

    def write(self, books: Iterable[str] = ()) -> None:
        """Keep the index for the books as they stand now; `books` are the files that were loaded."""
        self._books = sorted({*books}) or self._books
        kept = {
            "version": _VERSION,
            "books": self._books,
            "digest": self._digest(),
            "files": self._files,
        }
        aside = self._path.with_suffix(".part")
        with contextlib.suppress(OSError):  # a disk that is full costs time, not truth
            write_file(aside, json.dumps(kept).encode())
            aside.replace(self._path)
