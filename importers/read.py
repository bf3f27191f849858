"""The front door of reading: any file, zip or folder to what it says, or the reason why not."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from pathlib import PureWindowsPath
from typing import NamedTuple

from importers import bank
from importers import vouchers
from importers.records import ReadError
from importers.records import Reading
from importers.records import UnknownFileError
from importers.sources.source import Source
from importers.sources.source import Told
from importers.unknown_format import unknown_file
from ledger.util.gc_pause import collector_at_rest
from ledger.util.i18n import _

Reader = Callable[[Source], Reading | None]
BankOf = Callable[[str], str]  # a file's name to the bank that the user says it is of, or nothing

READERS: tuple[Reader, ...] = (*vouchers.READERS, *bank.READERS)

_MAX_FILE = 200 * 1024 * 1024
_MAX_MEMBERS = 20_000
# To look at, not to read: filed as evidence.
EVIDENCE_SUFFIXES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".heic"})
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_JUNK_STARTS = ("~$", ".~lock", "._")  # of Office, LibreOffice, and macOS on disks of others
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep"})


class Refusal(NamedTuple):
    """A file that was not read, and why, in one line."""

    file: str
    reason: str


class Scan(NamedTuple):
    """A scan or a picture: to be filed and not read, unless it is a PDF that proves to be a statement."""

    name: str
    path: Path  # the file itself, or the zip that holds it
    content: bytes | None = None  # where it is in a zip
    reason: str = ""  # why it is no statement, once that was tried

    def data(self) -> bytes:
        """The bytes of the scan."""
        return self.path.read_bytes() if self.content is None else self.content


class Read(NamedTuple):
    """One file with what was read from it, or with the reason why nothing was.

    `scans` are the pictures in it (or itself); `unread` the members of a zip of unknown type, with the reason.
    `digest` is the SHA-256 of the bytes that were read, and `size` their number: what is filed has to be the same.
    """

    path: Path
    readings: tuple[Reading, ...]
    refusal: Refusal | None
    scans: tuple[Scan, ...] = ()
    unread: tuple[Refusal, ...] = ()
    digest: str = ""
    size: int = 0


def _no_bank(_name: str) -> str:
    return ""


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
            and not file.name.startswith(_JUNK_STARTS)
        ]
    return found


def is_evidence(path: Path) -> bool:
    """Whether a file is a scan or a picture, to be filed and not read."""
    return path.suffix.lower() in EVIDENCE_SUFFIXES


def read_file(path: Path, bank_of: BankOf = _no_bank) -> Read:
    """Read one file; a zip gives a reading a member, and its scans. A lone scan is refused."""
    read = with_statements(first_look(path, bank_of), bank_of=bank_of)
    if read.refusal is None and not read.readings and read.scans:
        return read._replace(refusal=Refusal(path.name, read.scans[0].reason or _("這是圖片,沒有文字可讀")))
    return read


def first_look(path: Path, bank_of: BankOf = _no_bank) -> Read:
    """Read one file, scans left unopened. Where a member of a zip is known and broken, the whole zip is refused."""
    if is_evidence(path):
        if not path.is_file():
            return Read(path, (), Refusal(path.name, _("找不到檔案")))
        return Read(path, (), None, (Scan(path.name, path),))
    try:
        with collector_at_rest():
            return _read(path, bank_of)
    except ReadError as error:
        return Read(path, (), Refusal(path.name, str(error)))
    except OSError as error:
        return Read(path, (), Refusal(path.name, error.strerror or str(error)))


def _read(path: Path, bank_of: BankOf) -> Read:
    if path.stat().st_size > _MAX_FILE:
        raise ReadError(_("檔案超過 200 MB"))
    source = Source.from_path(path, Told(bank_of(path.name)))
    digest, size = hashlib.sha256(source.data).hexdigest(), len(source.data)
    if source.kind == "zip":
        return _read_zip(path, source, bank_of)._replace(digest=digest, size=size)
    return Read(path, read_source(source).every, None, digest=digest, size=size)


def with_statements(
    read: Read, is_named: Callable[[str], bool] = lambda _name: False, bank_of: BankOf = _no_bank
) -> Read:
    """The same, each PDF that is a statement read as one; a scan that `is_named` for a voucher is not opened."""
    readings, scans, digest, size = list(read.readings), [], read.digest, read.size
    for scan in read.scans:
        if Path(scan.name).suffix.lower() != ".pdf" or is_named(scan.name):
            scans.append(scan)
            continue
        try:
            content = scan.data()
            readings += read_source(Source(scan.name, content, Told(bank_of(scan.name)))).every
            if scan.content is None:  # the file itself, which was not opened before
                digest, size = hashlib.sha256(content).hexdigest(), len(content)
        except UnknownFileError as error:
            scans.append(scan._replace(reason=str(error)))
        except ReadError as error:
            return Read(read.path, (), Refusal(read.path.name, _of_member(read.path, scan.name, error)))
        except OSError as error:
            return Read(read.path, (), Refusal(read.path.name, error.strerror or str(error)))
    return read._replace(readings=tuple(readings), scans=tuple(scans), digest=digest, size=size)


def _of_member(path: Path, name: str, error: ReadError) -> str:
    return str(error) if path.name == name else f"{name}: {error}"


def read_source(source: Source) -> Reading:
    """What one file says. Raises ReadError with what was tried where no reader knows it."""
    if source.kind == "empty":
        raise UnknownFileError(_("檔案是空的"))
    if source.kind == "encrypted":
        raise UnknownFileError(_("檔案有密碼保護,請先另存為沒有密碼的檔案"))
    for reader in READERS:
        reading = reader(source)
        if reading is not None:
            return reading
    raise UnknownFileError(unknown_file(source))


def _read_zip(path: Path, source: Source, bank_of: BankOf) -> Read:
    readings: list[Reading] = []
    scans, unread = [], []
    for name, content in _members(source.data):
        member = Source(name, content, Told(bank_of(name)))
        if is_evidence(Path(name)) or member.kind == "image":
            scans.append(Scan(name, path, content))
            continue
        try:
            readings += read_source(member).every
        except UnknownFileError as error:
            unread.append(Refusal(name, str(error)))
        except ReadError as error:
            raise ReadError(_of_member(path, name, error)) from error
    if unread and not readings and not scans:
        raise ReadError(_of_member(path, unread[0].file, ReadError(unread[0].reason)))
    return Read(path, tuple(readings), None, tuple(scans), tuple(unread))


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in a zip by name, without their folders: a name is never a path.

    Raises ReadError where it is broken, encrypted, or holds more than a file may; what a member is larger than
    it says is never unpacked.
    """
    try:
        archive = _opened(data)
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_FILE:
            raise ReadError(_("壓縮檔太大"))
        if any(member.compress_type not in _PLAIN for member in members):  # others have no bound in unpacking
            raise ReadError(_("壓縮檔用了少見的壓縮方式,請重新壓縮成一般的 zip"))
        for member in sorted(members, key=lambda member: member.filename):
            name = PureWindowsPath(member.filename).name  # knows both kinds of slashes
            is_junk = name.lower() in _JUNK_NAMES or name.startswith(_JUNK_STARTS)
            if name and not is_junk and "__MACOSX" not in member.filename:
                yield name, archive.read(member)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise ReadError(_("壓縮檔毀損或加密")) from error


def _opened(data: bytes) -> zipfile.ZipFile:
    """The archive; names without the mark of UTF-8 are what Windows writes in Taiwan."""
    try:
        return zipfile.ZipFile(io.BytesIO(data), metadata_encoding="cp950")
    except UnicodeDecodeError:
        return zipfile.ZipFile(io.BytesIO(data))
