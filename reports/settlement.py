"""The settlement report of a case, interim or final: the one way to write it, to explain a cell of it, to compare it.

What the checks found is handed in as plain rows; the report judges nothing itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ledger.case.case import Case
from ledger.case.settlement import Stage
from ledger.files.whole_file import write_atomically
from ledger.util.i18n import speaking
from reports.data.stamp import stamp_of
from reports.data.tables import FindingRow
from reports.data.tables import Tables
from reports.data.tables import settlement_tables
from reports.trace.build_info import BuildInfo
from reports.trace.provenance import Provenance
from reports.trace.provenance import Why
from reports.trace.verify import CellDifference
from reports.trace.verify import differences
from reports.trace.verify import stamp_differences
from reports.workbook import settlement_bytes


class CheckResults(NamedTuple):
    """What the checks said of a case: what stands, what was waived, and what they were told to leave out.

    `titles` is what each check is called in plain words, by its name.
    """

    findings: Sequence[FindingRow] = ()
    waived: Sequence[FindingRow] = ()
    notes: Sequence[str] = ()
    titles: Mapping[str, str] = MappingProxyType({})


class Comparison(NamedTuple):
    """How a report differs from what the books give now: (what, in the file, now) of its stamp, and its cells."""

    stamp: list[tuple[str, str, str]]
    cells: list[CellDifference]

    @property
    def same(self) -> bool:
        """Whether the report is what the books give."""
        return not self.stamp and not self.cells


def write_settlement(
    case: Case,
    stage: Stage,
    results: CheckResults,
    *,
    xlsx: Path | None = None,
    pdf: Path | None = None,
    interim: datetime.date | None = None,
) -> None:
    """Write the settlement of `case` on its `as_of` as a workbook, a PDF, or both; each file whole or not at all.

    `interim` is the last day of an earlier report, whose figures then stand beside this period's. Raises
    NoAwardError where the books name no award or no known scheme, PdfError where PDF's library is not there,
    OSError where a file cannot be written.
    """
    tables = _tables(case, stage, results, interim)
    if xlsx is not None:
        write_atomically(xlsx, settlement_bytes(tables))
    if pdf is not None:
        from reports.pdf import settlement_pdf  # noqa: PLC0415 -- who wants no PDF does not pay for it

        write_atomically(pdf, settlement_pdf(tables))


def compare_settlement(path: Path, made: BuildInfo, case: Case, results: CheckResults) -> Comparison:
    """Make the report at `path` again as it was made, in its own language, and compare the two.

    `made` is what `build_info(path)` says, `case` the case on `made.as_of`. Raises NoAwardError as
    `write_settlement` does.
    """
    with speaking(made.language):
        tables = _tables(case, made.stage, results, made.interim)
        content = settlement_bytes(tables)
    now = stamp_of(tables.case, tables.scheme)
    return Comparison(stamp_differences(made.stamp, now), differences(path, content, (made.stamp, now)))


def _tables(case: Case, stage: Stage, results: CheckResults, interim: datetime.date | None) -> Tables:
    return settlement_tables(
        case, stage, results.findings, results.waived, interim, results.notes, results.titles
    )


def explain_cells(path: Path, cells: Sequence[tuple[str, str]]) -> list[Why]:
    """What each cell (sheet, coordinates) of the report at `path` stands for: its formula and rule, and its entries.

    The report is read once, however many are asked about. Raises ReportUnreadableError and NoSuchCellError.
    """
    report = Provenance(path)
    return [report.why(sheet, cell) for sheet, cell in cells]
