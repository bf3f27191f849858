"""Reading, writing and moving single files so that no link is followed and nothing of anybody else's is written over."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_MOST_BYTES = 255  # of a file's name, where the file system does not say


def read_file(path: Path) -> bytes:
    """The bytes of a regular file; no link is followed, no pipe is waited for. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        return file.read()


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
        return digest_of(read_file(path))
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
    return _MOST_BYTES
