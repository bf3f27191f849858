"""A paper put to its voucher: filed beside it and named in its entry."""

from __future__ import annotations

from pathlib import Path

from beancount.core import data

from importers.archive.shelf import Shelf
from ledger.case.case import Voucher
from ledger.files import SUMS
from ledger.files.writer import CaseWriter
from ledger.files.writer import file_digest
from ledger.model import accounts
from ledger.operations.edit import Context
from ledger.operations.edit import MetaChange
from ledger.operations.edit import Planned
from ledger.operations.edit import plan_edit


def attach(
    writer: CaseWriter,
    context: Context,
    source: Path,
    voucher: Voucher,
    *,
    kind: str = "attach",
    reason: str = "",
    instead_of: str = "",
) -> Planned:
    """Work out a file as the paper of a voucher; its filing is staged.

    The file, of the inbox or from outside, is moved; taken back, it lies in the inbox. `instead_of` names the paper that
    it stands for from now on: that one stays filed and is named no longer.
    """
    digest = file_digest(source) or ""
    place, is_kept = Shelf(writer.folder).place(accounts.PAYABLE, source.name, voucher.date, digest)
    name = place.rpartition("/")[2]
    said = f"({reason})" if reason else ""
    text = f"附件 {name} 歸到憑證 {voucher.number}{said}"
    if instead_of:
        text = f"憑證 {voucher.number} 的附件 {instead_of} 換成 {name}{said}"
    named = MetaChange(voucher.entry, {_key(voucher.entry, instead_of): name})
    planned = plan_edit(kind, text, context, changes=[named])
    if is_kept:
        writer.discard(source)
        return planned
    writer.move(source, place, digest)
    writer.append(SUMS, f"{digest}  {place.removeprefix('documents/')}\n")
    return planned


def _key(entry: data.Transaction, instead_of: str) -> str:
    """The metadata that names a paper: that of the one it stands for, or `document`, then `document-2` …"""
    for key, value in entry.meta.items():
        if instead_of and key.startswith("document") and value == instead_of:
            return str(key)
    if not entry.meta.get("document"):
        return "document"
    return next(f"document-{number}" for number in range(2, 1000) if f"document-{number}" not in entry.meta)
