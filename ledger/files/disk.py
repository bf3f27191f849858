"""Reading, writing and moving single files so that no link is followed and nothing of anybody else's is written over."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

MOST_BYTES = 500_000_000  # of a file of a case: no paper and no book is larger
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_LONGEST_NAME = 255  # bytes of a file's name, where the file system does not say


def read_file(path: Path | str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file; no link is followed, no pipe is waited for. Raises OSError, also for a huge file."""
    with open_regular(path, most) as file:
        return file.read()


def open_regular(path: Path | str, most: int = MOST_BYTES) -> BufferedReader:
    """A regular file of no more than `most` bytes, open for reading. Raises OSError as `read_file`."""
    file = os.fdopen(os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT), "rb")
    at = os.fstat(file.fileno())
    wrong = errno.EINVAL if not stat.S_ISREG(at.st_mode) else errno.EFBIG if at.st_size > most else 0
    if wrong:
        file.close()
        raise OSError(wrong, os.strerror(wrong), str(path))
    return file


def write_file(path: Path, content: bytes) -> None:
    """Write a file of ours anew and flush it to the disk; what stood under its name, a link too, is taken away first."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def digest_of(content: bytes | None) -> str | None:
    """The SHA-256 of bytes; None of none."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None where there is no file. A link is none. Raises OSError."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        if error.errno in {
            errno.ENOENT,
            errno.ENOTDIR,
            errno.ELOOP,
            errno.EISDIR,
            errno.EINVAL,
            errno.ENAMETOOLONG,
        }:
            return None
        raise


def put(source: Path, target: Path) -> None:
    """Move into place; the folders are not flushed yet."""
    make_folder(target.parent)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        aside = target.with_name(f".grant-part-{digest_of(os.fsencode(target.name))[:8]}")  # type: ignore[index]
        write_file(aside, read_file(source))  # first beside it, so that the target is never half a file
        aside.replace(target)
        source.unlink()


def make_folder(path: Path) -> None:
    """Make a folder and those above it, durably."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    flush_folder(path.parent)


def flush_folder(path: Path) -> None:
    """Make renames durable where the system can (POSIX); Windows has no such call."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that knows no such call
            raise
    finally:
        os.close(handle)


def longest_name(folder: Path) -> int:
    """How many bytes a file's name may have in a folder, or in the nearest one above it that is there."""
    for place in (folder, *folder.parents):
        try:
            return os.pathconf(place, "PC_NAME_MAX")
        except (OSError, ValueError, AttributeError):
            continue
    return _LONGEST_NAME
