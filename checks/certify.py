"""Judging a case folder as a command does: loaded without the cache, on a chosen day, with what cannot be read."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from pathlib import Path

from checks.catalogue import FAMILIES
from checks.catalogue import catalogue
from checks.catalogue import run_checks
from checks.finding import Finding
from ledger.i18n import _
from ledger.loading import Loaded
from ledger.loading import load_case

UNREADABLE = "books-unreadable"


class UnknownCheckError(Exception):
    """`--select` or `--ignore` names no check."""


def certify(
    folder: Path,
    *,
    as_of: datetime.date | None = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> list[Finding]:
    """What stands against the case in `folder`. Raises CaseNotFoundError and UnknownCheckError.

    Where Beancount could not read something, entries were dropped before any check could see them, so that
    is an error of its own.
    """
    _refuse_unknown({*select, *ignore})
    return judge(load_case(folder, as_of), select=select, ignore=ignore)


def judge(loaded: Loaded, *, select: Collection[str] = (), ignore: Collection[str] = ()) -> list[Finding]:
    """What stands against a case that is loaded already."""
    findings = run_checks(loaded.case, select=select, ignore=ignore)
    wanted = (not select or {UNREADABLE, "books"} & set(select)) and not {UNREADABLE, "books"} & set(ignore)
    return (unreadable(loaded) if wanted else []) + findings


def unreadable(loaded: Loaded) -> list[Finding]:
    """A finding for each thing that Beancount could not read, and for checks that are not switched on."""
    found = [
        Finding(
            UNREADABLE,
            "error",
            _("帳本讀不懂:{message}。在改正以前,其他檢查的結果都不能作準。").format(message=error.message),
            None,
            error.filename,
            error.lineno,
        )
        for error in loaded.errors
    ]
    main = str(loaded.options["filename"])
    if not loaded.checks_listed:
        reason = _('main.beancount 裡沒有 plugin "checks" 這一行,用 bean-check 或 Fava 開啟時不會做任何檢查')
        found.append(Finding(UNREADABLE, "error", reason, None, main, 1))
    if loaded.case.award is None and not loaded.errors:
        reason = _("找不到核定資料(grant-award),無從檢查")
        found.append(Finding(UNREADABLE, "error", reason, None, main, 1))
    return found


def _refuse_unknown(names: Collection[str]) -> None:
    unknown = sorted(set(names) - set(catalogue()) - set(FAMILIES))
    if unknown:
        raise UnknownCheckError(_("沒有這項檢查:{names}").format(names=_("、").join(unknown)))
