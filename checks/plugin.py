"""The bridge to Beancount: a plugin module gives its findings as errors of the usual shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from checks.catalogue import run_checks
from checks.finding import Finding
from ledger.case import Case
from ledger.loading import plugins_stand_back
from ledger.pause import collector_at_rest


class CheckError(NamedTuple):
    """A finding as Beancount and Fava show errors. `source` always names a file and a line."""

    source: dict[str, Any]
    message: str
    entry: data.Directive | None


def to_error(finding: Finding) -> CheckError:
    """A finding as an error; anything less than a file and a line blanks Fava or kills bean-check."""
    return CheckError(
        data.new_metadata(finding.file or "<case>", finding.line),
        f"[{finding.check}] {finding.message}",
        finding.entry,
    )


def run_plugin(
    entries: list[data.Directive], options: dict[str, Any], family: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """Run the checks of one family, or all, over a ledger as it is loaded. The entries are never changed."""
    if plugins_stand_back.get():
        return entries, []
    top = options.get("filename")
    with collector_at_rest():
        case = Case(entries, folder=Path(top).parent if top else None)
        if case.award is None and not case.problems:
            return entries, []
        return entries, [to_error(finding) for finding in run_checks(case, family=family)]
