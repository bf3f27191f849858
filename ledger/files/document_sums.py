"""documents/SHA256SUMS: the digest of every original as it was filed, in the form that `sha256sum -c` reads."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from pathlib import Path
from typing import NamedTuple

from ledger.files import SUMS
from ledger.files.disk import MOST_BYTES

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class Sum(NamedTuple):
    """A line of the file: its number, the digest, and the paper's name below documents/; both empty where it is broken."""

    line: int
    digest: str
    name: str


def read_sums(folder: Path) -> list[Sum]:
    """The lines of a case's SHA256SUMS, in order; none where there is no such file."""
    path = folder / SUMS
    if path.is_symlink() or not path.is_file():
        return []
    text = path.read_bytes().decode("utf-8", "replace")
    return [_sum(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _sum(number: int, line: str) -> Sum:
    found = _LINE.fullmatch(line.rstrip())
    if found is None or Path(found[2]).is_absolute() or ".." in Path(found[2]).parts or "\0" in found[2]:
        return Sum(number, "", "")
    return Sum(number, found[1], found[2])


def digest_on_disk(path: Path) -> str | None:
    """The SHA-256 of a paper as it is now; None where there is none. A link is no paper.

    A file beyond MOST_BYTES is none that was filed: it is not read, and its digest is that of nothing.

    A file whose size, time and place on the disk are those of the last look is not read again in this process.
    """
    try:
        at = path.lstat()
        return _digest(str(path), at.st_size, at.st_mtime_ns, at.st_ino, at.st_ctime_ns, at.st_mode)
    except OSError:
        return None


@functools.lru_cache(maxsize=100_000)
def _digest(path: str, size: int, _mtime: int, _inode: int, _ctime: int, _mode: int) -> str:
    if size > MOST_BYTES:
        return ""
    handle = os.open(
        path,
        os.O_RDONLY
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_NONBLOCK", 0)
        | getattr(os, "O_BINARY", 0),
    )
    with os.fdopen(handle, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
