"""The ledger that the plugin judged last, kept so that a page need not judge the same books again.

One is kept for the process: whoever shows a ledger asks right after it was loaded, with the entries that came of it.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from checks.engine.finding import Finding
from checks.engine.settings import Settings
from ledger.case.case import Case
from ledger.util.i18n import current_language


class AsLoaded(NamedTuple):
    """Books as the plugin judged them: the case on the day of the loading, what was found, in which language."""

    entries: tuple[data.Directive, ...]
    case: Case
    findings: list[Finding]
    settings: Settings
    language: str

    def case_on(self, day: datetime.date) -> Case | None:
        """The case, where that is its day."""
        return self.case if self.case.as_of == day else None

    def findings_of(self, case: Case, settings: Settings) -> list[Finding] | None:
        """What was found in the case, where it was asked by the same settings and is told in the language in use."""
        same = case is self.case and settings == self.settings and self.language == current_language()
        return self.findings if same else None


_last: list[AsLoaded] = []


def remember(
    entries: Sequence[data.Directive], case: Case, findings: list[Finding], settings: Settings
) -> None:
    """Keep what all checks found, in place of what was kept before."""
    _last[:] = [AsLoaded(tuple(entries), case, findings, settings, current_language())]


def as_loaded(entries: Sequence[data.Directive], folder: Path) -> AsLoaded | None:
    """What was kept of a ledger, where it was read from these very entries in this folder."""
    kept = next(iter(_last), None)
    if kept is None or kept.case.folder != folder or len(kept.entries) != len(entries):
        return None
    return kept if all(map(operator.is_, kept.entries, entries)) else None
