"""Whether a bundle, or a case, still is what it said of itself: every file that changed is named.

A bundle comes from anywhere: names that lead out of it, links, members that are not what they declare, too many or
too large ones are refused before anything is read. Nothing is unpacked.
"""

from __future__ import annotations

import errno
import hashlib
import json
import stat
import zipfile
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from pathlib import PurePosixPath
from typing import Any
from typing import Literal
from typing import NamedTuple

from audit.bundle.pack import CASE
from audit.bundle.pack import FORMAT
from audit.bundle.pack import MANIFEST
from audit.bundle.pack import BundleError
from audit.bundle.pack import alike
from audit.bundle.pack import case_files
from audit.bundle.pack import manifest_digest
from audit.bundle.pack import zipped
from ledger.case.audit_acts import acts_in
from ledger.files import AUDIT_FILE
from ledger.files import DOCUMENTS
from ledger.files import SUMS
from ledger.files.writer import file_digest
from ledger.util.i18n import _
from ledger.util.zip_errors import BROKEN_ZIP

_MOST_MEMBERS = 100_000
_MOST_BYTES = 2_000_000_000
_MOST_MANIFEST = 50_000_000
_SUM_LENGTH = 64

What = Literal["changed", "missing", "added", "broken", "unknown"]


class Changed(NamedTuple):
    """A file, or a figure of the manifest, that is not what was said of it."""

    file: str
    what: What


def is_bundle(path: Path) -> bool:
    """Whether a file is a bundle, by what it holds."""
    try:
        with zipfile.ZipFile(path) as file:
            return MANIFEST in file.namelist()
    except BROKEN_ZIP:
        return path.suffix == ".zip"


def verify_bundle(members: dict[str, bytes], path: Path) -> list[Changed]:
    """What of the bundle at `path`, of which these members were read, is not what its manifest says.

    Down to the last byte of the zip. Raises BundleError.
    """
    manifest = manifest_in(members)
    found = list(_against(manifest["files"], members))
    if manifest_digest(manifest) != manifest.get("digest"):
        found.append(Changed(MANIFEST, "changed"))
    audit = members.get(CASE + AUDIT_FILE)
    if audit is not None and not manifest.get("masked"):
        head = acts_in(audit.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")).head
        if head != manifest.get("audit_head"):
            found.append(Changed("audit_head", "changed"))
    others = {name: content for name, content in members.items() if name != MANIFEST}
    if not found and zipped(others, manifest) != path.read_bytes():
        found.append(Changed(path.name, "changed"))
    return found


def verify_bundle_against(members: dict[str, bytes], folder: Path) -> list[Changed]:
    """What of a case is not what the members of its bundle are; of a masked one, but the files that masking changes."""
    manifest = manifest_in(members)
    now = {CASE + name: content for name, content in case_files(folder).items()}
    said = {name: digest for name, digest in manifest["files"].items() if name.startswith(CASE)}
    found = list(_against(said, now))
    if manifest.get("masked"):
        found = [
            each
            for each in found
            if each.what != "added" and not each.file.endswith((".beancount", "SHA256SUMS"))
        ]
    return found


def verify_case(folder: Path) -> list[Changed]:
    """The papers of a case that are not what `documents/SHA256SUMS` says of them.

    Raises BundleError where that file cannot be read.
    """
    found = []
    sums = folder / SUMS
    try:
        text = sums.read_text(encoding="utf-8", errors="replace") if sums.is_file() else ""
    except OSError as error:
        raise BundleError(_("讀不到 {file}:{reason}").format(file=sums, reason=error.strerror)) from error
    for line in text.splitlines():
        digest, name = line[:_SUM_LENGTH], line[_SUM_LENGTH:].strip().lstrip("*")
        if len(digest) < _SUM_LENGTH or not name or ".." in PurePosixPath(name).parts:
            continue
        try:
            now = file_digest(folder / DOCUMENTS / name)
        except OSError as error:
            if error.errno != errno.EFBIG:
                raise
            now = ""  # none that was filed is so large
        if now != digest:
            found.append(Changed(f"documents/{name}", "missing" if now is None else "changed"))
    return found


def _against(said: dict[str, str], members: dict[str, bytes]) -> Iterator[Changed]:
    for name in sorted(said.keys() | members.keys() - {MANIFEST}):
        if name not in members:
            yield Changed(name, "missing")
        elif name not in said:
            yield Changed(name, "added")
        elif hashlib.sha256(members[name]).hexdigest() != said[name]:
            yield Changed(name, "changed")


def manifest_in(members: Mapping[str, bytes]) -> dict[str, Any]:
    """What a bundle says of itself. Raises BundleError where that cannot be read."""
    try:
        said = json.loads(members.get(MANIFEST, b""))
        json.dumps(said, ensure_ascii=False, indent=1).encode()  # half a letter cannot be written again
    except (ValueError, RecursionError):
        said = None
    if (
        not isinstance(said, dict)
        or said.get("format") != FORMAT
        or not isinstance(files := said.get("files"), dict)
        or not all(isinstance(name, str) and isinstance(digest, str) for name, digest in files.items())
    ):
        raise BundleError(_("不是本程式產生的案件包,或其清單(manifest.json)讀不懂"))
    return said


def read_bundle(path: Path) -> dict[str, bytes]:
    """The members of a bundle by name. Raises BundleError for what is no bundle or would be unsafe to read."""
    try:
        with zipfile.ZipFile(path) as file:
            members = file.infolist()
            _refuse_unsafe(members, path.stat().st_size)
            return {member.filename: _content(file, member) for member in members}
    except BROKEN_ZIP as error:
        raise BundleError(_("{file} 打不開,或不是案件包").format(file=path)) from error


def _refuse_unsafe(members: list[zipfile.ZipInfo], size: int) -> None:
    """Raise BundleError for members that are too many, too large (stored as they are: larger than the zip), or unsafe."""
    held = sum(member.file_size for member in members)
    if held > size:
        raise BundleError(_("案件包裡的檔案比案件包還大,不是本程式產生的,沒有開啟"))
    if len(members) > _MOST_MEMBERS or held > _MOST_BYTES:
        raise BundleError(
            _("案件包太大:最多 {count} 個檔案、{size} 位元組").format(count=_MOST_MEMBERS, size=_MOST_BYTES)
        )
    known: set[str] = set()
    for member in members:
        name = member.filename
        parts = PurePosixPath(name).parts
        kind = stat.S_IFMT(member.external_attr >> 16)
        if (
            alike(name) in known  # unpacked, one would take the other's place
            or name.startswith("/")
            or not parts
            or ".." in parts
            or "\\" in name
            or ":" in parts[0]
            or any(ord(letter) < ord(" ") for letter in name)
            or name.endswith("/")
            or kind not in {0, stat.S_IFREG}
            or (name == MANIFEST and member.file_size > _MOST_MANIFEST)
        ):
            raise BundleError(_("案件包裡有不安全的檔案「{name}」,沒有開啟").format(name=name))
        known.add(alike(name))


def _content(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member, read through the size it declares and no further; what fails its own checksum as it stands."""
    if member.compress_type != zipfile.ZIP_STORED:
        raise BundleError(_("案件包裡有不安全的檔案「{name}」,沒有開啟").format(name=member.filename))
    try:
        with file.open(member) as stream:
            return stream.read(member.file_size)
    except zipfile.BadZipFile:
        return b""
