"""The front door of reading: any file, zip or folder to what it says, or the reason why not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from importers import bank
from importers import vouchers
from importers.records import NeedsAnswerError
from importers.records import ReadError
from importers.records import Reading
from importers.records import UnknownFileError
from importers.sources.regular_file import read_regular
from importers.sources.regular_file import refuse_irregular
from importers.sources.source import NOTHING_TOLD
from importers.sources.source import Source
from importers.sources.source import Told
from importers.sources.walk import is_litter
from importers.sources.zip_members import members_of
from importers.unknown_format import unknown_file
from ledger.util.gc_pause import collector_at_rest
from ledger.util.i18n import _
from ledger.util.text import one_line

Reader = Callable[[Source], Reading | None]
ToldOf = Callable[[str, bytes], Told]  # a file's name and bytes to what the user says of it

READERS: tuple[Reader, ...] = (*vouchers.READERS, *bank.READERS)

# To look at, not to read: filed as evidence.
EVIDENCE_SUFFIXES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".heic"})


class FileQuestion(NamedTuple):
    """What would make a file readable: the kind of question, its words and choices, and the bytes it is about."""

    error: NeedsAnswerError
    file: str  # the file or the member of a zip
    digest: str  # SHA-256 of its bytes


class Refusal(NamedTuple):
    """A file that was not read, and why, in one line; `question` where an answer would make it readable."""

    file: str
    reason: str
    question: FileQuestion | None = None


class Scan(NamedTuple):
    """A scan or a picture: to be filed and not read, unless it is a PDF that proves to be a statement."""

    name: str
    path: Path  # the file itself, or the zip that holds it
    content: bytes | None = None  # where it is in a zip
    reason: str = ""  # why it is no statement, once that was tried

    def data(self) -> bytes:
        """The bytes of the scan."""
        return read_regular(self.path) if self.content is None else self.content


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


def nothing_told(_name: str, _content: bytes) -> Told:
    """What is told of files where no case is at hand: nothing."""
    return NOTHING_TOLD


def is_evidence(path: Path) -> bool:
    """Whether a file is a scan or a picture, to be filed and not read."""
    return path.suffix.lower() in EVIDENCE_SUFFIXES


def read_file(path: Path, told_of: ToldOf = nothing_told, within: Path | None = None) -> Read:
    """Read one file; a zip gives a reading a member, and its scans. A lone scan is refused."""
    read = with_statements(first_look(path, told_of, within), told_of=told_of)
    if read.refusal is None and not read.readings and read.scans:
        return read._replace(refusal=Refusal(path.name, read.scans[0].reason or _("這是圖片,沒有文字可讀")))
    return read


def first_look(path: Path, told_of: ToldOf = nothing_told, within: Path | None = None) -> Read:
    """Read one file, scans left unopened. Where a member of a zip is known and broken, the whole zip is refused.

    A link that leads out of the folder `within` is refused. Whatever a file makes a reader meet refuses that file
    and no other.
    """
    if is_evidence(path) and not path.exists():
        return Read(path, (), Refusal(path.name, _("找不到檔案")))
    with collector_at_rest():
        return _caught(path, lambda: _read(path, told_of, within))


def _read(path: Path, told_of: ToldOf, within: Path | None) -> Read:
    if is_evidence(path):
        refuse_irregular(path, within)
        return Read(path, (), None, (Scan(path.name, path),))
    content = read_regular(path, within)
    digest, size = hashlib.sha256(content).hexdigest(), len(content)
    source = Source(path.name, content, told_of(path.name, content))
    if source.kind == "zip":
        return _read_zip(path, source, told_of)._replace(digest=digest, size=size)
    try:
        return Read(path, read_source(source).every, None, digest=digest, size=size)
    except NeedsAnswerError as error:
        raise _MemberError(path.name, content, error) from error


def with_statements(
    read: Read, is_named: Callable[[str], bool] = lambda _name: False, told_of: ToldOf = nothing_told
) -> Read:
    """The same, each PDF that is a statement read as one; a scan that `is_named` for a voucher is not opened."""
    if not read.scans:
        return read
    return _caught(read.path, lambda: _with_statements(read, is_named, told_of))


def _with_statements(read: Read, is_named: Callable[[str], bool], told_of: ToldOf) -> Read:
    readings, scans, digest, size = list(read.readings), [], read.digest, read.size
    for scan in read.scans:
        if Path(scan.name).suffix.lower() != ".pdf" or is_named(scan.name):
            scans.append(scan)
            continue
        content = scan.data()
        try:
            readings += read_source(Source(scan.name, content, told_of(scan.name, content))).every
            if scan.content is None:  # the file itself, which was not opened before
                digest, size = hashlib.sha256(content).hexdigest(), len(content)
        except UnknownFileError as error:
            scans.append(scan._replace(reason=str(error)))
        except ReadError as error:
            raise _MemberError(scan.name, content, error) from error
    return read._replace(readings=tuple(readings), scans=tuple(scans), digest=digest, size=size)


class _MemberError(Exception):
    """The refusal of one member of a file, or of the file itself."""

    def __init__(self, name: str, content: bytes, error: ReadError) -> None:
        super().__init__(str(error))
        self.name = name
        self.content = content
        self.error = error


def _caught(path: Path, read: Callable[[], Read]) -> Read:
    """What `read` gives, or the refusal of the file with the reason in one line."""
    try:
        return read()
    except _MemberError as member:
        refusal = _refusal(path, member.name, member.content, member.error)
    except ReadError as error:
        refusal = Refusal(path.name, one_line(str(error)))
    except OSError as error:
        refusal = Refusal(path.name, error.strerror or str(error))
    except MemoryError:
        refusal = Refusal(path.name, _("檔案太大,記憶體不夠,沒有讀入"))
    except Exception as error:  # noqa: BLE001 -- one file must never end an import
        refusal = Refusal(
            path.name,
            _("檔案毀損,沒有讀入({kind})").format(kind=type(error).__name__),
        )
    return Read(path, (), refusal)


def _refusal(path: Path, name: str, content: bytes, error: ReadError) -> Refusal:
    """The refusal of a file because of a member of it, with the question that would mend it."""
    reason = one_line(_of_member(path, name, error))
    if not isinstance(error, NeedsAnswerError):
        return Refusal(path.name, reason)
    question = FileQuestion(error, name, hashlib.sha256(content).hexdigest())
    return Refusal(path.name, reason, question)


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


def _read_zip(path: Path, source: Source, told_of: ToldOf) -> Read:
    readings: list[Reading] = []
    scans, unread = [], []
    for name, content in members_of(source.data):
        if is_litter(name):
            continue
        member = Source(name, content, told_of(name, content))
        if is_evidence(Path(name)) or member.kind == "image":
            scans.append(Scan(name, path, content))
            continue
        try:
            readings += read_source(member).every
        except UnknownFileError as error:
            unread.append(Refusal(name, one_line(str(error))))
        except ReadError as error:
            raise _MemberError(name, content, error) from error
    if unread and not readings and not scans:
        raise ReadError(_of_member(path, unread[0].file, ReadError(unread[0].reason)))
    return Read(path, tuple(readings), None, tuple(scans), tuple(unread))
