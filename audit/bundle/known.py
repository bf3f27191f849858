"""What somebody outside wrote down of a case or a bundle, and whether it still holds.

A chain covers every act but its last, and a manifest every file but itself: whoever holds the files can cut the end off,
or write all of it anew. What the holder cannot rewrite is a mark in somebody else's hands: the digest of the last act,
as the 查核紀錄 prints it, or that of a bundle's manifest, as `grant bundle` and `grant verify` print it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from audit.bundle.pack import CASE
from audit.bundle.pack import BundleError
from audit.bundle.verify import manifest_in
from ledger.case.audit_acts import AuditActs
from ledger.case.audit_acts import acts_in
from ledger.case.audit_acts import chain_breaks
from ledger.case.audit_acts import returned_count
from ledger.files import AUDIT_FILE
from ledger.util.i18n import _

_LEAST, _WHOLE = 16, 64  # hexadecimal figures: so few may be written down of so many


class Marks(NamedTuple):
    """What may be written down: how many acts there are, the digest of the last, and that of a bundle's manifest."""

    number: int
    head: str
    manifest: str
    acts: AuditActs | None  # None in a masked bundle, whose acts are not what was digested


def marks_of_acts(acts: AuditActs) -> Marks:
    """The marks of a case."""
    return Marks(len(acts.acts), acts.head, "", acts)


def marks_of_bundle(members: Mapping[str, bytes]) -> Marks:
    """The marks of a bundle, of its members. Raises BundleError."""
    said = manifest_in(members)
    digest = str(said.get("digest") or "")
    text = members.get(CASE + AUDIT_FILE, b"").removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    acts = acts_in(text)
    if said.get("masked"):
        return Marks(len(acts.acts), str(said.get("audit_head") or ""), digest, None)
    return Marks(len(acts.acts), acts.head, digest, acts)


def acts_after(marks: Marks, known: str) -> int | None:
    """How many acts came after what is `known`; None where it does not hold any more.

    It is the digest of an act (all acts up to it are then what they were) or of the manifest (all files are), or the
    first 16 figures of one. Raises BundleError for what is neither.
    """
    wanted = "".join(known.split()).lower()
    if re.fullmatch(rf"[0-9a-f]{{{_LEAST},{_WHOLE}}}", wanted) is None:
        raise BundleError(
            _("指紋是 {least} 到 {whole} 位的十六進位數字,不是「{known}」").format(
                least=_LEAST, whole=_WHOLE, known=known
            )
        )
    if marks.manifest.startswith(wanted):
        return 0
    if marks.acts is None:
        return 0 if marks.head.startswith(wanted) else None
    broken = {id(each.entry) for each in chain_breaks(marks.acts) if each.is_grave}
    for place, digest in enumerate(marks.acts.digests):
        if id(marks.acts.acts[place]) in broken:
            return None
        if digest.startswith(wanted):
            return marks.number - place - 1 - returned_count(marks.acts.acts[place])
    return None
