"""An import foreseen: `preview_import` gives every file with what it is, and every record with what becomes of it.

Nothing is written. What stands here is worked out by the very steps of the import (`importers.pipeline.foresee`), so that
the books get what the page showed as long as neither books nor files change in between: `Preview.state` tells.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from typing import NamedTuple

from importers.config.statement_files import read_hints
from importers.context import Progress
from importers.ingest import files_to_import
from importers.inputs import NotTaken
from importers.pipeline import Foreseen
from importers.pipeline import foresee
from importers.planning.papers.told import Unmatched
from importers.planning.statement_account import account_of_statement
from importers.preview import words
from importers.preview.rows import Row
from importers.preview.rows import rows_of
from importers.read import Read
from importers.read import first_look
from importers.read import is_evidence
from importers.read import with_statements
from importers.records import BANK_FORMATS
from importers.records import BankLine
from importers.records import VoucherRecord
from importers.report import Report
from ledger.files import PENDING
from ledger.files import SUMS
from ledger.files.pending import Pending
from ledger.files.writer import file_digest
from ledger.model.award import Award
from ledger.util.i18n import _

FileState = Literal["ready", "paper", "known", "waits", "asks", "refused"]
"""What becomes of a file: taken in; a picture put to its voucher; kept already; left in the inbox until its record can
be booked; left until a question about it is answered; left because it cannot be read."""


_STANDS_ON = (
    *("*.beancount", "books/**/*.beancount", "*.toml", "schemes/*.toml", PENDING),
    SUMS,
)


class PreviewFile(NamedTuple):
    """One file: where it lies below the inbox, what it is, whose, which days, how many rows, and what is wrong with it.

    `advice` says how to get a good one; `question` is the id of what was asked about it.
    """

    name: str
    path: Path
    what: str
    state: FileState
    account: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    rows: int = 0
    problem: str = ""
    advice: str = ""
    question: str = ""
    asks_account: bool = False  # a statement that does not tell whose it is
    notes: tuple[str, ...] = ()


class Preview(NamedTuple):
    """What an import would do. `state` is another as soon as a file of it, or the books, are.

    `asked` are the questions about files, by id, as they would wait in `pending.jsonl`.
    """

    files: tuple[PreviewFile, ...]
    rows: tuple[Row, ...]
    report: Report
    state: str
    asked: Mapping[str, Pending]

    def rows_of(self, *outcomes: str) -> list[Row]:
        """The rows of some outcomes."""
        return [row for row in self.rows if row.outcome in outcomes]


def preview_import(
    folder: Path, files: Sequence[Path] = (), *, account: str = "", progress: Progress | None = None
) -> Preview:
    """What importing `files` (or everything in the inbox) into the case in `folder` would do; nothing is written.

    `account` as in `import_files`. Raises what that raises but WriteRefusedError.
    """
    named = files_to_import(folder, files)
    state = state_of(folder, named)
    foreseen = foresee(folder, named, account=account, progress=progress) if named else None
    if foreseen is None:
        return Preview((), (), Report(), state, {})
    shown = [_file(foreseen, path) for path in named]
    ids = {each.question for each in shown if each.question}
    asked = {id_: each for id_ in ids if (each := _asked(foreseen, id_)) is not None}
    return Preview(tuple(shown), tuple(rows_of(foreseen)), foreseen.report, state, asked)


def _asked(foreseen: Foreseen, question: str) -> Pending | None:
    """What is asked under an id."""
    kept = foreseen.context.pending.get(question)
    return kept or next((each for each in foreseen.context.asked if each.id == question), None)


def glance(folder: Path, path: Path, award: Award | None) -> PreviewFile:
    """What one file says of itself, told as soon as it came; nothing is compared with the books."""
    hints = read_hints(folder)
    read = first_look(path, hints.told)
    read = (
        read
        if is_evidence(path) and path.suffix.lower() != ".pdf"
        else with_statements(read, told_of=hints.told)
    )
    if read.refusal is not None:
        question = "?" if read.refusal.question is not None else ""
        return _left(path.name, NotTaken(read, read.refusal.reason, question))
    shown = _told(path.name, read, "ready" if read.readings else "paper")
    accounts = {
        words.account_name(account)
        for reading in read.readings
        if reading.format in BANK_FORMATS
        and (
            account := account_of_statement(
                reading, path.name, award, hints.account_of([path.name], reading.account)
            )
        )
    }
    return shown._replace(account=_("、").join(sorted(accounts)) or shown.account)


def state_of(folder: Path, files: Sequence[Path]) -> str:
    """A digest of what an import of these files stands on: their bytes, the books, the rules and what waits."""
    told = hashlib.sha256()
    stands: list[Path] = []
    for pattern in _STANDS_ON:
        stands += sorted(folder.glob(pattern))
    for path in (*stands, *files):
        told.update(f"{path} {file_digest(path)}\n".encode("utf-8", "surrogateescape"))
    return told.hexdigest()


# --- one file ------------------------------------------------------------------------------------------


def _file(foreseen: Foreseen, path: Path) -> PreviewFile:
    name = foreseen.context.inbox_path(path) or path.name
    if any(known.path == path for known in foreseen.inputs.known):
        return PreviewFile(
            name, path, words.format_name("mig-xml"), "known", problem=_("同樣的檔案已經匯入過")
        )
    for left in foreseen.inputs.not_taken:
        if left.read.path == path:
            return _left(name, left)
    read = next(read for read in foreseen.inputs.reads if read.path == path)
    return _taken(foreseen, name, read)


def _left(name: str, left: NotTaken) -> PreviewFile:
    """A file that stays in the inbox, with what would help."""
    read = left.read
    shown = _told(name, read, "asks" if left.question else "refused")
    if left.question:
        return shown._replace(problem=left.reason, question=left.question)
    formats = frozenset(reading.format for reading in read.readings)
    if formats & BANK_FORMATS and not any(reading.account for reading in read.readings):
        return shown._replace(problem=_("看不出是哪個帳戶的交易明細"), state="asks", asks_account=True)
    return shown._replace(problem=left.reason, advice=words.advice(read.path, formats))


def _taken(foreseen: Foreseen, name: str, read: Read) -> PreviewFile:
    filed = {original.path for original in foreseen.filed.originals if not original.stays}
    kept = any(original.path == read.path and original.is_kept for original in foreseen.filed.originals)
    shown = _told(name, read, "ready")
    account = foreseen.inputs.bank_accounts.get(read.path)
    if account is not None:
        shown = shown._replace(account=words.account_name(account))
    if read.path not in filed:
        about = _questions_about(foreseen, read)
        state: FileState = "asks" if about else "waits"
        reason = about[0].reason if about else _("檔案裡的資料還不能入帳,檔案留在收件匣")
        shown = shown._replace(state=state, problem=reason, question=about[0].question if about else "")
        return shown._replace(advice=words.advice(read.path)) if is_evidence(read.path) else shown
    if is_evidence(read.path) and not read.readings:
        return shown._replace(state="paper")
    return shown._replace(state="known", problem=_("同樣的檔案已經匯入過")) if kept else shown


def _questions_about(foreseen: Foreseen, read: Read) -> list[Unmatched]:
    """What is asked about the file itself, or about the one record that it holds."""
    names = {read.path.name, *(reading.file for reading in read.readings)}
    names |= {f"{read.path.name}/{scan.name}" for scan in read.scans}
    return [each for each in foreseen.report.unmatched if each.file in names]


def _told(name: str, read: Read, state: FileState) -> PreviewFile:
    """What a file says of itself."""
    formats = list(dict.fromkeys(words.format_name(reading.format) for reading in read.readings))
    if read.path.suffix.lower() == ".zip":
        count = len(read.readings) + len(read.scans)
        formats.insert(0, _("壓縮檔(內有 {count} 個檔案)").format(count=count) if count else _("壓縮檔"))
    if not formats:
        formats = [words.paper_name(read.path) if is_evidence(read.path) else _("不認得的檔案")]
    days = sorted(_days(read))
    return PreviewFile(
        name,
        read.path,
        _("、").join(formats),
        state,
        account=_("、").join(dict.fromkeys(reading.account for reading in read.readings if reading.account)),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        rows=sum(len(reading.records) + len(reading.left_out) for reading in read.readings),
        notes=tuple(dict.fromkeys(warning for reading in read.readings for warning in reading.warnings)),
    )


def _days(read: Read) -> Iterator[datetime.date]:
    for reading in read.readings:
        for record in reading.records:
            if isinstance(record, BankLine | VoucherRecord) and record.date is not None:
                yield record.date
