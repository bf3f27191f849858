"""The parsed entries of closed months, kept between runs: a closed month does not change, and parsing it takes longest.

What is kept is a function of the bytes of one file alone, and is found by their digest together with the versions of
Beancount, of this program and of this form. It is kept in the user's own cache folder, never in a case, as JSON: texts
and numbers, from which entries are made here; nothing in it can run. What is not exactly as this program writes it, or
does not belong to the user, is passed over, and the file is parsed as if there were none. Booking, balances, documents,
validation and checks run over everything all the same.

Only a file of plain transactions, directives of ours and balances, without errors, options or includes, is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import beancount
from beancount.parser.options import OPTIONS_DEFAULTS

if TYPE_CHECKING:
    from beancount.core import data

Parsed = tuple[list["data.Directive"], dict[str, Any]]  # the entries of a file and its options

_MOST_FILES = 500
_FORM = "1"
_APART = frozenset({"filename", "dcontext"})  # of a file's options


class MonthCache:
    """The cache in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: Path, content: bytes) -> Parsed | None:
        """What parsing `content`, which stands in the file `path`, gave; None where that is not known."""
        kept = _read_own(self._file_of(content))
        if kept is None:
            return None
        from ledger.loading import month_form  # noqa: PLC0415 -- only who has kept something pays for it

        try:
            entries, dcontext = month_form.decode(kept, str(path))
        except month_form.UNREADABLE:
            return None
        return entries, {**OPTIONS_DEFAULTS, "filename": str(path), "include": [], "dcontext": dcontext}

    def keep(self, content: bytes, entries: list[data.Directive], options: dict[str, Any]) -> None:
        """Keep what parsing `content` gave without an error, where it can be kept. Never raises for the folder."""
        if not _has_defaults(options):
            return
        from ledger.loading import month_form  # noqa: PLC0415 -- as above

        kept = month_form.encode(entries, options["dcontext"])
        if kept is not None:
            with contextlib.suppress(OSError):
                self._write(self._file_of(content), kept)

    def _file_of(self, content: bytes) -> Path:
        said = (hashlib.sha256(content).hexdigest(), _FORM, *_versions())
        return self._folder / (hashlib.sha256("\0".join(said).encode()).hexdigest() + ".json")

    def _write(self, path: Path, kept: bytes) -> None:
        import tempfile  # noqa: PLC0415 -- only who keeps something pays for it

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for old in known[: max(0, len(known) - _MOST_FILES + 1)]:
            old.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(kept).hexdigest().encode() + b"\n" + kept)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def user_cache() -> MonthCache:
    """The cache of the user who runs the program: below `XDG_CACHE_HOME` or what the system has in its place."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return MonthCache(Path(base) / "grantledger" / "months")


def _versions() -> tuple[str, str]:
    import importlib.metadata  # noqa: PLC0415 -- slow to load

    return beancount.__version__, importlib.metadata.version("grantledger")


def _has_defaults(options: dict[str, Any]) -> bool:
    """Whether a file set no option and includes nothing."""
    return all(options[key] == OPTIONS_DEFAULTS.get(key) for key in options if key not in _APART)


def _read_own(path: Path) -> bytes | None:
    """The kept bytes of a file that is the user's own, whole and as it was written; else None."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        handle = os.open(path, flags)
        with os.fdopen(handle, "rb") as file:
            if not _is_own(os.fstat(file.fileno())):
                return None
            written = file.read()
    except OSError:
        return None
    digest, _end, kept = written.partition(b"\n")
    return kept if hashlib.sha256(kept).hexdigest().encode() == digest else None


def _is_own(status: os.stat_result) -> bool:
    """Whether a file is a regular one that nobody but the user may write."""
    if not stat.S_ISREG(status.st_mode):
        return False
    return os.name == "nt" or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
