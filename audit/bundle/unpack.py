"""The case of a bundle as a folder beside it, to be opened as any other; an auditor needs no other program for it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from audit.bundle.pack import CASE
from audit.bundle.pack import BundleError
from audit.bundle.verify import read_bundle
from audit.bundle.verify import verify_bundle
from audit.bundle.verify import verify_bundle_against
from ledger.files import AUDIT_FILE
from ledger.files import MAIN
from ledger.files.disk import write_file
from ledger.loading.safe_folder import refuse_unsafe
from ledger.util.i18n import _


def unpack_bundle(bundle: Path) -> Path:
    """The folder with the case of the bundle, beside it and named as it is.

    One that is there from before is given as it stands: the auditor's acts are in it. Raises BundleError where a byte of
    the bundle is not what its manifest says, or that folder holds anything else; UnsafeCaseError for a case that may not
    be opened, OSError where it cannot be written. Then nothing is left of it.
    """
    members = read_bundle(bundle)
    changed = verify_bundle(members, bundle)
    if changed:
        raise BundleError(
            _("案件包 {file} 的「{name}」與清單不符,沒有開啟;請向提供的人重新索取").format(
                file=bundle, name=changed[0].file
            )
        )
    if CASE + MAIN not in members:
        raise BundleError(_("案件包 {file} 裡沒有案件").format(file=bundle))
    folder = bundle.parent.resolve() / bundle.stem
    if os.path.lexists(folder):
        return _known(folder, members)
    made = Path(tempfile.mkdtemp(prefix=".grant-", dir=folder.parent))
    try:
        for name, content in members.items():
            if name.startswith(CASE):
                path = made / name.removeprefix(CASE)
                path.parent.mkdir(parents=True, exist_ok=True)
                write_file(path, content)
        refuse_unsafe(made / MAIN)
        made.chmod(0o755)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return folder


def _known(folder: Path, members: dict[str, bytes]) -> Path:
    """The folder, where it holds this case and at most acts that came after."""
    is_case = folder.is_dir() and not folder.is_symlink() and (folder / MAIN).is_file()
    others = (
        [each.file for each in verify_bundle_against(members, folder) if each.file != CASE + AUDIT_FILE]
        if is_case
        else [""]
    )
    if others:
        raise BundleError(
            _("{folder} 已經在了,內容與案件包不同;請把它改名或移走,再開啟案件包").format(folder=folder)
        )
    return folder
