"""Files of a form: kept aside, outside of any case, until the form is confirmed; named by what they hold.

No path comes from outside: a browser's name is cleaned, and a form names a kept file by the SHA-256 of its bytes. The
place where they are kept is this process's own and goes with it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ledger.errors import GrantError
from ledger.files.disk import read_file
from ledger.util.i18n import _

MOST_BYTES = 20 * 1024 * 1024  # of one file
MOST_FILES = 200  # kept aside at once
PREFIX = "upload:"  # of the form's field that names a kept file
_SECONDS = 24 * 3600  # after which a file that nobody confirmed is removed
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_MOST_NAME_BYTES = 120
_MOST_SUFFIX = 16
_DIGEST = re.compile(r"[0-9a-f]{64}")


class UploadError(GrantError):
    """A file that is not taken; the message says why."""


class Upload(NamedTuple):
    """A kept file: its cleaned name, where it lies, and the SHA-256 of its bytes."""

    name: str
    path: Path
    digest: str


def clean_name(given: str) -> str:
    """A browser's file name without folders, control characters and what no disk takes; never empty."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = _NOT_IN_NAMES.sub("_", name).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    stem, suffix = stem.rstrip(". "), suffix[:_MOST_SUFFIX]
    while len(f"{stem}{dot}{suffix}".encode()) > _MOST_NAME_BYTES:
        stem = stem[:-1].rstrip(". ")
    return f"{stem}{dot}{suffix}" or "file"


@functools.cache
def _root() -> Path:
    """The folder of this process, which nobody else may read."""
    made = Path(tempfile.mkdtemp(prefix="grant-uploads-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def _place(folder: Path) -> Path:
    """Where the files of a case's forms are kept: a case's form names no file of another's."""
    return _root() / hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]


def keep(folder: Path, given: str, content: bytes) -> Upload:
    """Keep a file's bytes aside in the case of `folder`. Raises UploadError where it is empty or too large."""
    name = clean_name(given)
    if not content:
        raise UploadError(_("{name} 是空的檔案,沒有收下").format(name=name))
    if len(content) > MOST_BYTES:
        raise UploadError(
            _("{name} 太大,沒有收下;一個檔案最多 {most} MB").format(
                name=name, most=MOST_BYTES // 1024 // 1024
            )
        )
    root = _place(folder)
    root.mkdir(parents=True, exist_ok=True)
    _sweep(root)
    digest = hashlib.sha256(content).hexdigest()
    place = root / digest
    place.mkdir(exist_ok=True)
    path = place / name
    path.write_bytes(content)
    return Upload(name, path, digest)


def field_of(upload: Upload) -> str:
    """What a form carries of a kept file."""
    return f"{upload.digest}/{upload.name}"


def kept(folder: Path, field: str) -> Upload:
    """The kept file that a form names. Raises UploadError where it is gone."""
    digest, _slash, name = field.partition("/")
    path = _place(folder) / digest / name
    if _DIGEST.fullmatch(digest) and name == clean_name(name) and not path.is_symlink() and path.is_file():
        content = read_file(path)
        if hashlib.sha256(content).hexdigest() == digest:
            return Upload(name, path, digest)
    raise UploadError(_("上傳的檔案已經不在,請重新選擇檔案再送出"))


def _sweep(root: Path) -> None:
    """Remove what nobody confirmed for a day, and the oldest where there are too many."""
    with contextlib.suppress(OSError):
        found = sorted(_aged(root.iterdir()), reverse=True)
        for place, (changed, path) in enumerate(found):
            if place >= MOST_FILES or time.time() - changed > _SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _aged(paths: Iterable[Path]) -> Iterable[tuple[float, Path]]:
    for path in paths:
        if _DIGEST.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            yield path.stat().st_mtime, path
