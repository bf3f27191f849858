"""What an import did, counted and listed for the command line, the pages and `--json`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

if TYPE_CHECKING:  # an import that has nothing to do loads none of them
    from beancount.core import data

    from importers.planning.papers.told import SetAside
    from importers.planning.papers.told import Unmatched
    from importers.planning.papers.vat_reconciliation import Difference
    from importers.planning.plan import Plan
    from importers.planning.suspense import Rebooked
    from importers.read import Refusal


class Filing(NamedTuple):
    """An original and the place where it is kept, relative to the case."""

    file: str
    place: str


@dataclasses.dataclass(slots=True)
class Report:
    """What an import did, or with `dry_run` would do."""

    imported: int = 0
    duplicates: int = 0
    matched: int = 0
    not_of_case: int = 0
    changed_splits: int = 0
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)
    set_aside: list[SetAside] = dataclasses.field(default_factory=list)
    rejected: list[Refusal] = dataclasses.field(default_factory=list)
    rebooked: list[Rebooked] = dataclasses.field(default_factory=list)
    reconciliation: list[Difference] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    filed: list[Filing] = dataclasses.field(default_factory=list)
    written: dict[str, str] = dataclasses.field(default_factory=dict)  # file: the new entries as ledger text
    changed: str = ""  # lines of the books that change, as a unified diff
    of_award: list[data.Directive] = dataclasses.field(default_factory=list)  # to be written there
    files: int = 0
    records: int = 0
    operation: str = ""  # the id of the operation in the case's history; empty where nothing was written

    def add_plan(self, plan: Plan, decided_anew: Sequence[Rebooked]) -> None:
        """Count and list what was planned, with what becomes of the lines that were decided anew."""
        self.imported, self.matched = plan.imported, plan.matched
        self.duplicates += plan.duplicates
        self.not_of_case = plan.not_of_case
        self.unmatched += plan.unmatched
        self.set_aside = plan.set_aside
        self.warnings += plan.warnings
        self.of_award = [*plan.opens, *plan.timesheets]
        self.rebooked = [*decided_anew]
        self.reconciliation = plan.reconciliation
        self.changed_splits = sum(len(lines) for lines in plan.splits.values()) // 2

    def as_json(self) -> dict[str, Any]:
        """As `grant import --json` shows it."""
        return {
            "imported": self.imported,
            "duplicates": self.duplicates,
            "matched": self.matched,
            "unmatched": [unmatched.as_json() for unmatched in self.unmatched],
            "set_aside": [each.as_json() for each in self.set_aside],
            "rejected": [{"file": refusal.file, "reason": refusal.reason} for refusal in self.rejected],
            "rebooked": [each.as_json() for each in self.rebooked],
            "reconciliation": [difference.as_json() for difference in self.reconciliation],
            "not_of_case": self.not_of_case,
            "changed_splits": self.changed_splits,
            "filed": [filing.place for filing in self.filed],
            "warnings": self.warnings,
        }
