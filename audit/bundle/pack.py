"""A bundle: the books, papers, audit file and reports of a case in one zip, with a manifest of their SHA-256.

The same case gives the same bytes: members in the order of their names, stored as they are, without times. The
manifest is JSON: `files` by path, the heads of the closes and of the audit acts, the scheme's digest and the head of
the case's history, and a `digest` over all that it says.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import NamedTuple

from audit.bundle.mask import masked_files
from ledger.errors import GrantError
from ledger.files.disk import read_file
from ledger.files.disk_errors import reason_of
from ledger.files.history import History
from ledger.loading.loader import Loaded
from ledger.util.i18n import _
from reports.data.stamp import scheme_digest

FORMAT = "grantledger-bundle"
MANIFEST = "manifest.json"
CASE = "case/"
REPORTS = "reports/"

_LEFT_OUT = frozenset({"inbox"})  # waits still, and is no part of the books
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BundleError(GrantError):
    """A bundle that cannot be made or opened; the message says why."""


class Bundle(NamedTuple):
    """The bytes of a bundle, and the digest of its manifest."""

    content: bytes
    digest: str


def make_bundle(loaded: Loaded, reports: Mapping[str, bytes], *, mask: bool = False) -> Bundle:
    """The bundle of a case; `reports` are files by name. With `mask`, persons' names and pay are left out.

    Raises BundleError where a file cannot be read.
    """
    folder = loaded.case.folder
    if folder is None:
        raise BundleError(_("案件沒有資料夾"))
    files = case_files(folder)
    _refuse_twins(files)
    if mask:
        files, reports = masked_files(loaded.case, files), {}
    members = {CASE + name: content for name, content in files.items()}
    members |= {REPORTS + name: content for name, content in reports.items()}
    manifest = manifest_of(loaded, members, is_masked=mask)
    return Bundle(zipped(members, manifest), manifest["digest"])


def alike(name: str) -> str:
    """What file systems make of a name that tell no case and no form of a letter apart."""
    return unicodedata.normalize("NFC", name).casefold()


def _refuse_twins(files: Mapping[str, bytes]) -> None:
    known: dict[str, str] = {}
    for name in files:
        other = known.setdefault(alike(name), name)
        if other != name:
            raise BundleError(
                _("「{name}」與「{other}」在許多電腦上是同一個檔名,解開時會互相蓋掉;請把其中一個改名").format(
                    name=name, other=other
                )
            )


def case_files(folder: Path) -> dict[str, bytes]:
    """The files of a case that go into its bundle, by their path in it; hidden ones and the inbox stay out.

    Raises BundleError where one cannot be read.
    """
    found: dict[str, bytes] = {}
    base = folder.resolve()
    for place, folders, names in os.walk(base):
        at = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not (at == base and name in _LEFT_OUT) and name != "__pycache__"
        )
        for name in sorted(names):
            path = at / name
            if name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            try:
                found[path.relative_to(base).as_posix()] = read_file(path)
            except OSError as error:
                raise BundleError(
                    _("讀不到 {file}:{reason}").format(file=path, reason=reason_of(error))
                ) from error
    return dict(sorted(found.items()))


def manifest_of(loaded: Loaded, members: Mapping[str, bytes], *, is_masked: bool) -> dict[str, Any]:
    """What the bundle says of itself."""
    case = loaded.case
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": 1,
        "case": case.award.id if case.award else "",
        "as_of": case.as_of.isoformat(),
        "masked": is_masked,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(members.items())},
        "close_head": case.closes[-1].digest if case.closes else "",
        "audit_head": case.audit_acts.head,
        "scheme": {
            "id": case.scheme.id if case.scheme else "",
            "digest": scheme_digest(case.scheme) if case.scheme else "",
        },
        "history_head": _history_head(case.folder),
    }
    return said | {"digest": manifest_digest(said)}


def manifest_digest(said: Mapping[str, Any]) -> str:
    """The SHA-256 of a manifest without its own `digest`."""
    content = {key: value for key, value in said.items() if key != "digest"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _history_head(folder: Path | None) -> str:
    if folder is None:
        return ""
    history = History(folder)
    try:
        return history.head()
    except (GrantError, OSError):
        return ""
    finally:
        history.close()


def zipped(members: Mapping[str, bytes], manifest: Mapping[str, Any]) -> bytes:
    """The zip: the manifest first, then the members by name."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, content in [(MANIFEST, text.encode()), *sorted(members.items())]:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            file.writestr(info, content)
    return buffer.getvalue()
