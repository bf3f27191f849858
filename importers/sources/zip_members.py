"""The files in a zip, each read through the size it declares and no further."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import PureWindowsPath

from importers.records import ReadError
from importers.sources.limits import MEGABYTE
from importers.sources.limits import MOST_MEMBERS
from importers.sources.limits import MOST_UNPACKED
from ledger.util.i18n import _
from ledger.util.zip_errors import BROKEN_ZIP

_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def members_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files by name, without their folders: a name is never a path.

    Raises ReadError where the archive is broken, encrypted, holds more than one may, or a member that is larger than
    it says.
    """
    try:
        archive = _opened(data)
        members = [member for member in archive.infolist() if not member.is_dir()]
    except BROKEN_ZIP as error:
        raise _broken() from error
    if len(members) > MOST_MEMBERS:
        raise ReadError(_("壓縮檔裡超過 {most:,} 個檔案").format(most=MOST_MEMBERS))
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise ReadError(_("壓縮檔解開超過 {most} MB").format(most=MOST_UNPACKED // MEGABYTE))
    if any(member.compress_type not in _PLAIN for member in members):  # others have no bound in unpacking
        raise ReadError(_("壓縮檔用了少見的壓縮方式,請重新壓縮成一般的 zip"))
    for member in sorted(members, key=lambda member: member.filename):
        name = PureWindowsPath(member.filename).name  # knows both kinds of slashes
        if name and "__MACOSX" not in member.filename:
            yield name, _content(archive, member)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as file:
            content = file.read(member.file_size + 1)
    except BROKEN_ZIP as error:
        raise _broken() from error
    if len(content) != member.file_size:
        raise _broken()
    return content


def _broken() -> ReadError:
    return ReadError(_("壓縮檔毀損或加密"))


def _opened(data: bytes) -> zipfile.ZipFile:
    """The archive; names without the mark of UTF-8 are what Windows writes in Taiwan."""
    try:
        return zipfile.ZipFile(io.BytesIO(data), metadata_encoding="cp950")
    except UnicodeDecodeError:
        return zipfile.ZipFile(io.BytesIO(data))
