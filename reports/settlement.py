"""The settlement report of a case, interim or final: the one way in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from ledger.case.case import Case
from ledger.case.settlement import Stage
from reports.data.tables import FindingRow
from reports.data.tables import settlement_tables
from reports.workbook import settlement_bytes
from reports.xlsx.package import write_atomically


def write_settlement(
    case: Case,
    stage: Stage,
    path: Path,
    findings: Sequence[FindingRow],
    waived: Sequence[FindingRow] = (),
    interim: datetime.date | None = None,
) -> None:
    """Write the settlement workbook of `case` on its `as_of` to `path`, all of it or nothing.

    `findings` and `waived` are what the checks said, as plain rows; `interim` is the last day of an earlier
    report, whose figures then stand beside this period's. Raises NoAwardError where the books name no award or
    no known scheme, OSError where `path` cannot be written.
    """
    tables = settlement_tables(case, stage, findings, waived, interim)
    write_atomically(path, settlement_bytes(tables))
