"""Milestones and papers of a case written down: `grant milestone` and `grant evidence`."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from beancount.core import data

from ledger.case.papers.documents import DOCUMENTS
from ledger.entries.builder import as_text
from ledger.errors import GrantError
from ledger.files.writer import CaseWriter
from ledger.files.writer import file_digest
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.loading.loader import main_file
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.milestones import MILESTONES
from ledger.operations.commit import commit_operation
from ledger.util.i18n import _
from ledger.util.text import one_line

AWARD = "award.beancount"
SUMS = f"{DOCUMENTS}/SHA256SUMS"
REGISTRATION = "registration"
REGISTRATION_PAPER = "factory-registration"

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}\.")
_KIND = re.compile(r"[a-z][a-z0-9-]*")


class RegisterError(GrantError):
    """A milestone or a paper that cannot be written down; the message says why."""


def register_milestone(
    folder: Path,
    kind: str,
    date: datetime.date,
    *,
    number: str = "",
    amount: int | None = None,
    until: datetime.date | None = None,
) -> str:
    """Write a milestone into the case; the factory's registration as its paper too. Gives the operation's id.

    Raises CaseNotFoundError, WriteRefusedError; RegisterError for a kind that is none, a guarantee without its
    amount, or a moment that is written down already.
    """
    if kind not in MILESTONES:
        allowed = _("、").join(MILESTONES)
        raise RegisterError(
            _("沒有「{kind}」這個里程碑;可用的有:{allowed}").format(kind=kind, allowed=allowed)
        )
    if kind == "guarantee" and amount is None:
        raise RegisterError(_("履約保證要寫金額:--amount"))
    main_file(folder)
    with CaseWriter(folder) as writer:
        loaded = _readable(folder)
        known = [milestone for milestone in loaded.case.milestones if milestone.kind == kind]
        if known and kind != "guarantee":  # another letter, or an extension of one, is told again
            raise RegisterError(
                _("{kind} 已登記在 {date};要改請先以 grant undo 復原那一次登記").format(
                    kind=kind, date=known[-1].date
                )
            )
        entries: list[data.Directive] = [
            custom(
                date,
                "milestone",
                kind,
                number=number.strip(),
                amount=None if amount is None else twd(amount),
                until=until,
            )
        ]
        if kind == REGISTRATION and not _has_paper(loaded):
            entries.append(custom(date, "evidence", REGISTRATION_PAPER, "", number=number.strip()))
        writer.append(AWARD, "\n" + as_text(entries))
        return commit_operation(writer, "milestone", f"登記 {kind}({date})")


def register_evidence(
    folder: Path,
    kind: str,
    file: Path,
    date: datetime.date,
    *,
    voucher: str = "",
    name: str = "",
) -> str:
    """File a paper under documents/ and write it down; the registration's as its milestone too.

    A file that lies in the case already stays where it is, one of the inbox moves. Gives the operation's id. Raises
    CaseNotFoundError, WriteRefusedError; RegisterError where there is no such file or voucher, or it is written down.
    """
    if not _KIND.fullmatch(kind):
        raise RegisterError(_("文件種類請用小寫英文與連字號,例如 acceptance-report"))
    main_file(folder)
    if not file.is_file():
        raise RegisterError(_("找不到檔案 {file}").format(file=file))
    with CaseWriter(folder) as writer:
        loaded = _readable(folder)
        case = loaded.case
        if voucher and not any(each.number == voucher for each in case.vouchers):
            raise RegisterError(_("帳上沒有憑證「{number}」").format(number=voucher))
        place, is_new = _place(folder, file, date)
        for known in case.evidence:
            if (known.kind, known.path, known.entry.meta.get("voucher") or "") == (kind, place, voucher):
                raise RegisterError(_("這份文件已登記為 {kind}").format(kind=kind))
        if is_new:
            digest = file_digest(file)
            (writer.move if _is_in(folder / "inbox", file) else writer.copy)(file, place)
            line = f"{digest}  {place.removeprefix(DOCUMENTS + '/')}\n"
            if line not in writer.text(SUMS).splitlines(keepends=True):
                writer.append(SUMS, line)
        entries: list[data.Directive] = [
            custom(date, "evidence", kind, place, voucher=voucher, name=one_line(name))
        ]
        reached = {milestone.kind for milestone in case.milestones}
        if kind == REGISTRATION_PAPER and REGISTRATION not in reached:
            entries.append(custom(date, "milestone", REGISTRATION))
        writer.append(AWARD, "\n" + as_text(entries))
        return commit_operation(writer, "evidence", f"登記文件 {kind}:{Path(place).name}")


def register_deduction(folder: Path, amount: int, reason: str, date: datetime.date) -> str:
    """Write a performance deduction of the authority's, NT$, into the case. Gives the operation's id.

    Raises CaseNotFoundError, WriteRefusedError; RegisterError where it has no reason.
    """
    if not one_line(reason).strip():
        raise RegisterError(_("績效扣款要寫理由:--reason"))
    main_file(folder)
    with CaseWriter(folder) as writer:
        _readable(folder)
        entry = custom(date, "deduction", twd(amount), one_line(reason))
        writer.append(AWARD, "\n" + as_text([entry]))
        return commit_operation(writer, "deduct", f"登記績效扣款 {amount:,} 元")


def _readable(folder: Path) -> Loaded:
    loaded = load_case(folder, datetime.date.max)
    if loaded.errors or loaded.case.award is None:
        raise RegisterError(_("帳本讀不懂,或沒有核定資料;請先執行 grant check"))
    return loaded


def _has_paper(loaded: Loaded) -> bool:
    return any(evidence.kind == REGISTRATION_PAPER for evidence in loaded.case.evidence)


def _place(folder: Path, file: Path, date: datetime.date) -> tuple[str, bool]:
    """Where the paper is kept in the case, and whether it still has to be put there."""
    if _is_in(folder / DOCUMENTS, file):
        return file.resolve().relative_to(folder.resolve()).as_posix(), False
    bare = _DATED.sub("", _UNSAFE.sub("_", file.name).strip(". ") or "file")
    place = f"{DOCUMENTS}/{date.isoformat()}.{bare}"
    kept, digest = folder / place, file_digest(file)
    number = 1
    while kept.exists() and file_digest(kept) != digest:
        number += 1
        place = f"{DOCUMENTS}/{date.isoformat()}.{Path(bare).stem}-{number}{Path(bare).suffix}"
        kept = folder / place
    return place, not kept.exists()


def _is_in(folder: Path, file: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())
