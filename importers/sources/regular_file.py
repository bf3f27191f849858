"""Reading a file that somebody else put there: only a regular one, whole, and not more than a file may be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from importers.records import ReadError
from importers.sources.limits import MEGABYTE
from importers.sources.limits import MOST_BYTES
from ledger.util.i18n import _


def read_regular(path: Path, within: Path | None = None) -> bytes:
    """The bytes of the file at `path`.

    Raises ReadError as `refuse_irregular` does, OSError where it cannot be read.
    """
    refuse_irregular(path, within)
    # A pipe without a writer would never open; O_NONBLOCK does not wait, and means nothing to a file.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        _refuse(os.fstat(descriptor))  # of what was opened, which may be another file by now
        content = file.read(MOST_BYTES + 1)
    refuse_large(len(content))  # it may have grown
    return content


def refuse_irregular(path: Path, within: Path | None = None) -> None:
    """Raise ReadError for what must not be read.

    That is a pipe, a device or the like, a file larger than one may be, or in the folder `within` a link that leads
    out of it.
    """
    if within is not None and path.is_symlink():
        inside = within.resolve()
        if path.parent.resolve().is_relative_to(inside) and not path.resolve().is_relative_to(inside):
            raise ReadError(_("這是指到資料夾外面的連結,拒絕讀取;請放檔案本身"))
    _refuse(path.stat())


def _refuse(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(_("這不是一般檔案(管線、裝置或資料夾),拒絕讀取"))
    refuse_large(status.st_size)


def refuse_large(size: int) -> None:
    """Raise ReadError where a file of `size` bytes is larger than one may be."""
    if size > MOST_BYTES:
        raise ReadError(_("檔案超過 {most} MB").format(most=MOST_BYTES // MEGABYTE))
