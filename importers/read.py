"""The front door of reading: any file, zip or folder to what it says, or the reason why not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from importers import bank
from importers import vouchers
from importers.records import ReadError
from importers.records import Reading
from importers.records import UnknownFileError
from importers.sniff import Source
from importers.unknown import unknown_file
from ledger.i18n import _
from ledger.pause import collector_at_rest

Reader = Callable[[Source], Reading | None]

READERS: tuple[Reader, ...] = (*vouchers.READERS, *bank.READERS)

_MAX_FILE = 200 * 1024 * 1024
_MAX_MEMBERS = 20_000
# Papers to look at, not to read: they are filed as evidence.
EVIDENCE_SUFFIXES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".heic"})
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep"})


class Refusal(NamedTuple):
    """A file that was not read, and why, in one line."""

    file: str
    reason: str


class Read(NamedTuple):
    """One file with what was read from it, or with the reason why nothing was."""

    path: Path
    readings: tuple[Reading, ...]
    refusal: Refusal | None


def files_in(paths: list[Path]) -> list[Path]:
    """The files that `paths` name, folders walked, in a stable order; the system's own litter left out."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [
            file
            for file in inside
            if (file.is_file() or not path.is_dir())
            and file.name.lower() not in _JUNK_NAMES
            and not file.name.startswith(("~$", ".~lock"))
        ]
    return found


def is_evidence(path: Path) -> bool:
    """Whether a file is a scan or a picture, to be filed and not read."""
    return path.suffix.lower() in EVIDENCE_SUFFIXES


def read_file(path: Path) -> Read:
    """Read one file. A zip gives a reading a member; where one member is refused the whole zip is."""
    try:
        with collector_at_rest():
            readings = tuple(_readings(path))
    except ReadError as error:
        return Read(path, (), Refusal(path.name, str(error)))
    except OSError as error:
        return Read(path, (), Refusal(path.name, error.strerror or str(error)))
    return Read(path, readings, None)


def _readings(path: Path) -> Iterator[Reading]:
    if path.stat().st_size > _MAX_FILE:
        raise ReadError(_("檔案超過 200 MB"))
    source = Source.from_path(path)
    if source.kind == "zip":
        yield from _read_zip(source)
    else:
        yield read_source(source)


def read_source(source: Source) -> Reading:
    """What one file says. Raises ReadError with what was tried where no reader knows it."""
    if source.kind == "empty":
        raise ReadError(_("檔案是空的"))
    if source.kind == "encrypted":
        raise ReadError(_("檔案有密碼保護,請先另存為沒有密碼的檔案"))
    for reader in READERS:
        reading = reader(source)
        if reading is not None:
            return reading
    raise UnknownFileError(unknown_file(source))


def _read_zip(source: Source) -> Iterator[Reading]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_FILE:
            raise ReadError(_("壓縮檔太大"))
        for member in sorted(members, key=lambda member: member.filename):
            name = Path(member.filename).name
            if name.lower() in _JUNK_NAMES or "__MACOSX" in member.filename:
                continue
            try:
                reading = read_source(Source(name, archive.read(member)))
            except ReadError as error:
                raise ReadError(f"{name}: {error}") from error
            yield reading
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise ReadError(_("壓縮檔毀損或加密")) from error
