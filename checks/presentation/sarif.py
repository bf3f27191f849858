"""Findings in SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for tools of code review.

One case is one run. The rules are the checks; a place is a file relative to the case folder and a line; what was
waived is a suppressed result; what only becomes a finding later is a note.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple
from urllib.parse import quote

from checks.analysis import wording
from checks.engine.catalogue import all_checks
from checks.engine.finding import Finding
from checks.engine.fingerprint import fingerprint
from checks.engine.fingerprint import identities
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from checks.engine.waivers import Waived
from checks.presentation.explain import explanation
from checks.runs.forecast import Upcoming
from ledger.model.directives import Waiver
from ledger.model.records import place_of
from ledger.util.i18n import _
from ledger.util.i18n import current_language

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "CASE"
_FINGERPRINT = "grantFinding/v1"


class Run(NamedTuple):
    """What one case gives."""

    folder: Path
    findings: Sequence[Finding]
    waived: Sequence[Waived] = ()
    upcoming: Sequence[Upcoming] = ()
    settings: Settings = BY_DEFAULT
    case_id: str = ""


def sarif(runs: Iterable[Run]) -> dict[str, Any]:
    """One SARIF document."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(run) for run in runs]}


def _run(run: Run) -> dict[str, Any]:
    folder = run.folder.resolve()
    folder = folder.parent if folder.is_file() else folder
    findings = [
        *run.findings,
        *(waived.finding for waived in run.waived),
        *(one.finding for one in run.upcoming),
    ]
    names = list(all_checks())
    results = [_result(folder, names, identity, finding) for identity, finding in identities(findings)]
    for result, waived in zip(results[len(run.findings) :], run.waived, strict=False):
        result["suppressions"] = [_suppression(folder, waived.waiver)]
    for result, upcoming in zip(results[len(run.findings) + len(run.waived) :], run.upcoming, strict=True):
        result["level"] = "note"
        result["message"]["text"] = upcoming.message
        result["properties"]["due"] = upcoming.due.isoformat() if upcoming.due else None
    return {
        "tool": {
            "driver": {
                "name": "grantledger",
                "version": importlib.metadata.version("grantledger"),
                "language": "en" if current_language() == "en" else "zh-TW",
                "rules": [_rule(name, run.settings) for name in names],
            }
        },
        "automationDetails": {"id": f"{run.case_id or folder.name}/"},
        "originalUriBaseIds": {_BASE: {"uri": folder.as_uri() + "/"}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _rule(name: str, settings: Settings) -> dict[str, Any]:
    check, said = all_checks()[name], explanation(name)
    assert said is not None  # noqa: S101 -- the name is of the catalogue
    examples = "".join(f"\n\n{example.heading}:\n\n{example.ledger}" for example in said.examples)
    return {
        "id": name,
        "shortDescription": {"text": said.summary},
        "fullDescription": {"text": f"{said.finds} {_('規定:{rule}').format(rule=said.rule)}"},
        "help": {"text": said.remedy, "markdown": said.remedy + examples},
        "defaultConfiguration": {
            "enabled": name not in settings.off,
            "level": settings.severity.get(name, check.severity),
        },
        "properties": {"family": check.family, "confidence": list(said.confidences)},
    }


def _result(folder: Path, names: list[str], identity: str, finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.check,
        "ruleIndex": names.index(finding.check),
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [_location(folder, finding.file, finding.line)],
        "partialFingerprints": {_FINGERPRINT: fingerprint(identity)},
        "properties": {
            "amount": finding.amount,
            "voucher": finding.voucher or None,
            "date": finding.date.isoformat() if finding.date else None,
        },
    }


def _location(folder: Path, file: str, line: int) -> dict[str, Any]:
    """A place in the case: relative to its folder, or where it is if that is elsewhere."""
    path = Path(file)
    artifact = {"uri": quote(file)}
    if path.is_absolute() and path.is_relative_to(folder):
        artifact = {"uri": quote(path.relative_to(folder).as_posix()), "uriBaseId": _BASE}
    elif path.is_absolute():
        artifact = {"uri": path.as_uri()}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": max(1, line)}}}


def _suppression(folder: Path, waiver: Waiver) -> dict[str, Any]:
    at = place_of(waiver.entry)
    return {
        "kind": "external",
        "status": "accepted",
        "justification": wording.waived(waiver),
        "location": _location(folder, at.file, at.line),
    }
