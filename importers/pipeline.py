"""The one pipeline, in four steps: read the files, plan what is booked, file the originals away, write."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from importers.archive.filed_statements import statements_of_company
from importers.archive.filed_statements import statements_of_dedicated
from importers.archive.filing import FiledAway
from importers.archive.filing import file_away
from importers.archive.filing import stage
from importers.context import ImportContext
from importers.context import Progress
from importers.context import refuse_unreadable
from importers.inputs import Inputs
from importers.inputs import read_inputs
from importers.planning.bank_lines import UndecidedLine
from importers.planning.ledger_edits import difference
from importers.planning.line_entries import Statement
from importers.planning.plan import Plan
from importers.planning.plan import PlanRequest
from importers.planning.plan import plan_import
from importers.planning.suspense import may_be_decided_anew
from importers.planning.suspense import rebooked
from importers.planning.suspense import undecided
from importers.report import Report
from ledger.case.closes.closed_months import late_marks
from ledger.entries.builder import as_text
from ledger.files import AWARD
from ledger.files import SUMS
from ledger.files.pending import Pending
from ledger.files.writer import CaseWriter
from ledger.operations.commit import commit_operation
from ledger.util.gc_pause import collector_at_rest


class Foreseen(NamedTuple):
    """An import worked out and not written: what was read, what it comes to, and what would be filed."""

    context: ImportContext
    inputs: Inputs
    plan: Plan
    filed: FiledAway

    @property
    def report(self) -> Report:
        """What `grant import --dry-run` tells."""
        return self.context.report


def import_all(
    writer: CaseWriter,
    files: Sequence[Path],
    account: str = "",
    opening_balance: int | None = None,
    progress: Progress | None = None,
    by: str = "",
) -> Report:
    """Import these files with `writer`, whose lock is held, and commit. As `importers.ingest.import_files`."""
    context = ImportContext(writer.folder, account, progress, opening_balance)
    report = _import(context, files, writer)
    report.operation = commit_operation(writer, "import", _told(report), by=by)
    if context.is_loaded:
        context.index.write(context.loaded.options["include"])
    return report


def foresee(
    folder: Path,
    files: Sequence[Path],
    *,
    account: str = "",
    opening_balance: int | None = None,
    progress: Progress | None = None,
) -> Foreseen:
    """What importing these files would do, worked out in the same way and nothing written.

    Raises as `importers.ingest.import_files`.
    """
    with collector_at_rest():
        context = ImportContext(folder, account, progress, opening_balance)
        return _foresee(context, files, None)


def import_waiting(writer: CaseWriter, answers: Sequence[Pending], files: Sequence[Path] = ()) -> Report:
    """Judge anew what waits, with answers to some of its questions, and import `files` along with it.

    Everything is staged with `writer`, whose lock is held; the caller commits. Raises as `import_files`.
    """
    with collector_at_rest():
        context = ImportContext(writer.folder)
        for answer in answers:
            context.keep_answer(answer)
        refuse_unreadable(context.loaded)
        return _import(context, files, writer)


def _told(report: Report) -> str:
    """An import in a line of the history."""
    filed = [each.file for each in report.filed]
    asked = [each.file for each in report.unmatched] + [each.file for each in report.set_aside]
    files = list(dict.fromkeys(filed or asked or [each.file for each in report.rejected]))
    names = "、".join(files[:3])
    more = f"等 {len(files)} 個檔案" if len(files) > 3 else ""
    return f"匯入 {names or '檔案'}{more},新入帳 {report.imported} 筆"


def _import(context: ImportContext, files: Sequence[Path], writer: CaseWriter | None) -> Report:
    return _foresee(context, files, writer).report


def _foresee(context: ImportContext, files: Sequence[Path], writer: CaseWriter | None) -> Foreseen:
    """Work the import out; with a writer what it writes is staged."""
    inputs = read_inputs(context, files)
    context.progress("plan", 0, 2)
    plan = _plan(context, inputs)
    context.progress("plan", 1, 2)
    filed = file_away(context, inputs, plan)
    context.progress("plan", 2, 2)
    if plan.frees_numbers:
        context.index.clear()
    _write(context, filed, writer)
    return Foreseen(context, inputs, plan, filed)


# --- plan ----------------------------------------------------------------------------------------------


def _plan(context: ImportContext, inputs: Inputs) -> Plan:
    """What the inputs come to; nothing where every file is known by its bytes."""
    if inputs.known and not context.is_loaded:
        return Plan()
    earlier = functools.cache(functools.partial(_filed_of_company, context))
    asked = _asked(context, inputs, earlier)
    request = PlanRequest(
        inputs.vouchers, inputs.statements, earlier, asked, context.pending, functools.cache(_text_at)
    )
    plan = plan_import(context.case, context.loaded.entries, request)
    context.report.add_plan(plan, [rebooked(each, context.folder) for each in plan.replacements])
    return plan


def _asked(
    context: ImportContext, inputs: Inputs, earlier: Callable[[], Sequence[Statement]]
) -> list[UndecidedLine]:
    """The lines of the books that something new may decide anew, by all statements, those filed before included."""
    case = context.case
    if case.award is None or not may_be_decided_anew(case):
        return []
    filed = [
        *statements_of_dedicated(context.folder, case.award, context.hints, told=context.account),
        *earlier(),
    ]
    return undecided(case, [*filed, *inputs.statements], functools.cache(_text_at))


def _filed_of_company(context: ImportContext) -> list[Statement]:
    return statements_of_company(context.folder, context.case.award, context.hints, told=context.account)


# --- write ---------------------------------------------------------------------------------------------


def _write(context: ImportContext, filed: FiledAway, writer: CaseWriter | None) -> None:
    """Tell what is written, and with a writer stage it: changed lines, then new entries after all that stands."""
    report = context.report
    texts = filed.changes.texts(writer.text if writer else lambda name: _text_at(context.folder / name))
    report.changed = "".join(difference(name, old, new) for name, (old, new) in texts.items())
    by_month: dict[str, list[data.Transaction]] = defaultdict(list)
    for entry in filed.entries:
        by_month[f"books/{entry.date:%Y-%m}.beancount"].append(entry)
    report.written |= {name: as_text(entries) for name, entries in by_month.items()}
    if report.of_award:
        report.written[AWARD] = report.written.get(AWARD, "") + as_text(report.of_award)
    for mark in late_marks(context.case, filed.entries) if filed.entries else ():
        report.written[f"books/{mark.values[0].value}.beancount"] += as_text([mark])
    if writer is None:
        return
    for name, (_old, new) in texts.items():
        writer.write(name, new)
    for place, (name, text) in enumerate(sorted(report.written.items())):
        context.progress("write", place, len(report.written))
        writer.append(name, "\n" + text)
    if filed.pending is not None:
        filed.pending.stage(writer)
    sums = stage(filed.originals, context, writer)
    known = set(writer.text(SUMS).splitlines()) if sums else set()
    if new_sums := [line for line in dict.fromkeys(sums) if line not in known]:
        writer.append(SUMS, "".join(f"{line}\n" for line in new_sums))
    context.progress("write", len(report.written), len(report.written))  # the last moment to call it off


def _text_at(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")
