"""Judging a case folder as a command does: loaded without the cache, on a chosen day, with what cannot be read."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from checks.engine.catalogue import UNREADABLE
from checks.engine.catalogue import UNSAFE
from checks.engine.finding import Finding
from checks.engine.finding import order
from checks.engine.plugin import bad_config
from checks.engine.runner import run_checks
from checks.engine.runner import waived_findings
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from checks.engine.waivers import Waived
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.loading.safe_folder import UnsafeCaseError
from ledger.util.i18n import _

if TYPE_CHECKING:
    from checks.runs.check_portfolio import Verdict


class Judged(NamedTuple):
    """A case folder as judged: by which settings, what stands against it, and what was waived.

    It keeps no entries alive but those that something was found in.
    `notes` say what the settings and the choice of the moment keep from being seen, a line each.
    """

    folder: Path
    case_id: str  # empty where the books name no award
    settings: Settings
    findings: list[Finding]
    waived: list[Waived]
    notes: list[str]

    def beside(self, verdict: Verdict) -> Judged:
        """The case with what stands against it because of others, in one order with the rest."""
        if not (verdict.findings or verdict.waived):
            return self
        return self._replace(
            findings=sorted([*self.findings, *verdict.findings], key=order),
            waived=sorted([*self.waived, *verdict.waived], key=lambda each: order(each.finding)),
        )


def load_and_judge(
    folder: Path,
    *,
    as_of: datetime.date | None = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    cached: bool = False,
) -> tuple[Judged, Loaded]:
    """What stands against the case in `folder`, and the case. Raises CaseNotFoundError, UnsafeCaseError, UnknownCheckError.

    The checks are those that the case's main.beancount asks for, with the choice on top (`checks.engine.settings`). Where
    Beancount could not read something, entries were dropped before any check could see them, so that is an error
    of its own. With `cached` closed months may be taken from the user's cache, which changes nothing of what is found.
    """
    if select or ignore:
        from checks.engine.settings import refuse_unknown  # noqa: PLC0415 -- who chooses nothing does not pay for it

        refuse_unknown({*select, *ignore})
    loaded = load_case(folder, as_of, keep_unread=True, cached=cached)
    settings = settings_of(loaded.options)
    notes: list[str] = []
    if select or ignore or settings != BY_DEFAULT:
        from checks.engine.settings import chosen  # noqa: PLC0415 -- as above
        from checks.engine.settings import told  # noqa: PLC0415 -- as above

        notes = told(settings, select, ignore)
        settings = chosen(settings, select, ignore)
    waived = waived_findings(loaded.case, settings)
    case_id = loaded.case.award.id if loaded.case.award else ""
    return Judged(folder, case_id, settings, judge(loaded, settings), waived, notes), loaded


def refused(error: UnsafeCaseError) -> Judged:
    """A case that was not opened: what stands against it is what it may not hold."""
    found = [Finding(UNSAFE, "error", place.message, None, place.file, place.line) for place in error.places]
    return Judged(error.folder, "", BY_DEFAULT, found, [], [])


def judge(loaded: Loaded, settings: Settings | None = None) -> list[Finding]:
    """What stands against a case that is loaded already, by its own settings unless others are given."""
    by = settings_of(loaded.options) if settings is None else settings
    wanted = UNREADABLE not in by.off
    return (unreadable(loaded) if wanted else []) + run_checks(loaded.case, settings=by)


def settings_of(options: Mapping[str, Any]) -> Settings:
    """The settings that a ledger's plugin lines ask for; those that cannot be followed ask for nothing."""
    if not _has_config(options):
        return BY_DEFAULT
    from checks.engine.settings import settings_in_force  # noqa: PLC0415 -- only a ledger with a config pays for it

    return settings_in_force(options["plugin"])[0]


def notes_of(settings: Settings) -> list[str]:
    """What a case's settings keep from being seen, a line each."""
    if settings == BY_DEFAULT:
        return []
    from checks.engine.settings import told  # noqa: PLC0415 -- as above

    return told(settings)


def _has_config(options: Mapping[str, Any]) -> bool:
    return any(config is not None for _module, config in options["plugin"])


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
    if _has_config(loaded.options):
        from checks.engine.settings import settings_in_force  # noqa: PLC0415 -- as above

        _settings, wrong = settings_in_force(loaded.options["plugin"])
        found += [bad_config(loaded.options, module, reason) for module, reason in wrong]
    if not loaded.checks_listed:
        reason = _('main.beancount 裡沒有 plugin "checks" 這一行,用 bean-check 或 Fava 開啟時不會做任何檢查')
        found.append(Finding(UNREADABLE, "error", reason, None, main, 1))
    if loaded.case.award is None and not loaded.errors:
        reason = _("找不到核定資料(grant-award),無從檢查")
        found.append(Finding(UNREADABLE, "error", reason, None, main, 1))
    return found
