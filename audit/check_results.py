"""What the checks say of a case, handed to its reports as plain rows: reports judge nothing themselves."""

from __future__ import annotations

from checks.engine.catalogue import all_checks
from checks.engine.finding import Finding
from checks.engine.runner import waived_findings
from checks.presentation.explain import explanation
from checks.runs.check_case import judge
from checks.runs.check_case import notes_of
from checks.runs.check_case import settings_of
from ledger.loading.loader import Loaded
from reports.data.tables import FindingRow
from reports.settlement import CheckResults


def check_results(loaded: Loaded) -> CheckResults:
    """What the checks say of a loaded case: what stands, what was waived, what they were told to leave out, their titles."""
    settings = settings_of(loaded.options)
    findings = [_row(finding) for finding in judge(loaded, settings)]
    waived = [_row(waived.finding) for waived in waived_findings(loaded.case, settings)]
    titles = {name: said.summary for name in all_checks() if (said := explanation(name)) is not None}
    return CheckResults(findings, waived, notes_of(settings), titles)


def _row(finding: Finding) -> FindingRow:
    return FindingRow(
        finding.check, finding.severity, finding.date, finding.voucher, finding.amount, finding.message
    )
