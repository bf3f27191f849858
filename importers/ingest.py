"""The one pipeline: read the files, recognise, classify, match, book, and file the originals away."""

from __future__ import annotations

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.archive.archive import DOCUMENTS
from importers.archive.archive import Shelf
from importers.archive.archive import account_of_reading
from importers.archive.archive import day_of_reading
from importers.archive.archive import folder_of
from importers.archive.archive import linked
from importers.archive.document_links import Linked
from importers.archive.document_links import PaperNames
from importers.archive.document_links import link_scans
from importers.archive.index import FiledIndex
from importers.config.statement_files import read_hints
from importers.planning.bank_lines import Asked
from importers.planning.bank_lines import Statement
from importers.planning.bank_lines import account_of_statement
from importers.planning.deduplicate import Unmatched
from importers.planning.import_ids import bank_ids
from importers.planning.ledger_edits import Changes
from importers.planning.ledger_edits import difference
from importers.planning.plan import Plan
from importers.planning.plan import plan_import
from importers.planning.statement_overlap import contradiction
from importers.planning.suspense import Rebooked
from importers.planning.suspense import has_questions
from importers.planning.suspense import questions
from importers.planning.suspense import rebooked
from importers.planning.vat_reconciliation import Difference
from importers.read import Read
from importers.read import Refusal
from importers.read import files_in
from importers.read import first_look
from importers.read import is_evidence
from importers.read import read_file
from importers.read import with_statements
from importers.records import BANK_FORMATS
from importers.records import BankLine
from importers.records import Reading
from ledger.case.case import Case
from ledger.entries.builder import as_text
from ledger.errors import GrantError
from ledger.files.writer import CaseWriter
from ledger.files.writer import Places
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.model import accounts
from ledger.model.award import Award
from ledger.model.award import BankAccount
from ledger.util.gc_pause import collector_at_rest
from ledger.util.i18n import _

INBOX = "inbox"
SUMS = f"{DOCUMENTS}/SHA256SUMS"  # of every original, as `sha256sum -c` reads it


class UnreadableBooksError(GrantError):
    """The books have errors, so nothing may be added to them; the message names the first."""


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
    rejected: list[Refusal] = dataclasses.field(default_factory=list)
    rebooked: list[Rebooked] = dataclasses.field(default_factory=list)
    reconciliation: list[Difference] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    filed: list[Filing] = dataclasses.field(default_factory=list)
    written: dict[str, str] = dataclasses.field(default_factory=dict)  # file: the new entries as ledger text
    changed: str = ""  # lines of the books that change, as a unified diff
    files: int = 0
    records: int = 0

    def as_json(self) -> dict[str, Any]:
        """As `grant import --json` shows it."""
        return {
            "imported": self.imported,
            "duplicates": self.duplicates,
            "matched": self.matched,
            "unmatched": [unmatched.as_json() for unmatched in self.unmatched],
            "rejected": [{"file": refusal.file, "reason": refusal.reason} for refusal in self.rejected],
            "rebooked": [each.as_json() for each in self.rebooked],
            "reconciliation": [difference.as_json() for difference in self.reconciliation],
            "not_of_case": self.not_of_case,
            "changed_splits": self.changed_splits,
            "filed": [filing.place for filing in self.filed],
            "warnings": self.warnings,
        }


def import_files(
    folder: Path,
    files: Sequence[Path] = (),
    *,
    account: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Import `files`, or everything in the inbox, into the case in `folder`.

    A file that cannot be read is refused with its reason and left where it is; the others are imported. Files
    of the inbox move to documents/, others are copied there. `account` is the bank account of statements that
    name none. Raises CaseNotFoundError, UnreadableBooksError, NoAwardError, RulesError, WriteRefusedError.
    """
    if dry_run:
        with collector_at_rest():
            return _Import(folder, files, account, progress).run(None)
    with collector_at_rest(), CaseWriter(folder) as writer:
        work = _Import(folder, files, account, progress)
        report = work.run(writer)
        writer.commit()
        work.remember()
        return report


class _Import:
    """One import: what was read, and where it goes."""

    def __init__(
        self, folder: Path, files: Sequence[Path], account: str, progress: Callable[[int, int], None] | None
    ) -> None:
        self._folder = folder
        self._inbox = (folder / INBOX).resolve()
        self._files = files_in(list(files) or [folder / INBOX]) if files or (folder / INBOX).is_dir() else []
        self._account = account
        self._hints = read_hints(folder)
        self._progress = progress or (lambda _done, _total: None)
        self._report = Report(files=len(self._files))
        self._shelf = Shelf(folder)
        self._sums: list[str] = []  # of what is filed, as sha256sum writes them
        self._kept: set[int] = set()  # of what was read: whose bytes are filed already
        self._resolved = Places(folder)
        self._filed = FiledIndex(folder)
        self._books: Sequence[str] = ()  # the files of the books that were loaded

    def remember(self) -> None:
        """After the writing: keep what is filed, so that it need not be read again."""
        if self._books:
            self._filed.write(self._books)

    def run(self, writer: CaseWriter | None) -> Report:
        """Import; with a writer, stage everything."""
        self._leave_known(writer)
        if self._report.files and not self._files:
            return self._report
        loaded = load_case(self._folder)
        self._books = loaded.options["include"]
        refuse_unreadable(loaded)
        award = loaded.case.award
        reads = _told_apart(self._read_all(loaded.case), self._inbox)
        statements, readings, bank_accounts, reads = self._sort(reads, loaded.case)
        places = {id(read): self._place(read, bank_accounts.get(read.path)) for read in reads}
        plan = plan_import(
            loaded.case,
            loaded.entries,
            readings,
            statements,
            single_documents(reads, places),
            lambda: self._earlier_statements(award),
            self._asked(loaded.case, statements),
        )
        self._tell(plan)
        waiting = {unmatched.file for unmatched in plan.unmatched if unmatched.waits}
        conflicts = {unmatched.file for unmatched in plan.unmatched if unmatched.conflicts}
        reads = [read for read in reads if not _waits(read, waiting, conflicts)]
        changes = Changes(self._folder, plan.splits)
        for answer in plan.answers:
            changes.put_instead(answer.entry, answer.entries)
        entries = linked(plan.entries, _places_by_file(reads, places))
        papers = [paper for read in reads for paper in read.papers]
        scans = link_scans(papers, loaded.case, entries, self._shelf, changes)
        self._file_scans(writer, scans)
        for read in reads:
            self._file_read(writer, read, places[id(read)], scans)
            self._remember(read, waiting, bank_accounts)
        self._write(scans.entries, changes, writer)
        return self._report

    def _write(
        self, entries: Sequence[data.Transaction], changes: Changes, writer: CaseWriter | None
    ) -> None:
        """Tell what is written, and with a writer stage it: changed lines, then new entries after all that stands."""
        texts = changes.texts(writer.text if writer else self._text_of)
        self._report.changed = "".join(difference(name, old, new) for name, (old, new) in texts.items())
        for entry in entries:
            name = f"books/{entry.date:%Y-%m}.beancount"
            self._report.written[name] = self._report.written.get(name, "") + as_text([entry])
        if writer is None:
            return
        for name, (_old, new) in texts.items():
            writer.write(name, new)
        for name, text in sorted(self._report.written.items()):
            writer.append(name, "\n" + text)
        known = set(writer.text(SUMS).splitlines())
        if sums := [line for line in dict.fromkeys(self._sums) if line not in known]:
            writer.append(SUMS, "".join(f"{line}\n" for line in sums))

    def _text_of(self, name: str) -> str:
        return self._text_at(self._folder / name)

    def _text_at(self, path: Path) -> str:
        return path.read_bytes().decode("utf-8-sig")

    # --- what is filed already -------------------------------------------------------------------------

    def _leave_known(self, writer: CaseWriter | None) -> None:
        """Count the files whose very bytes are filed and booked, and leave them out of all that follows."""
        fresh = []
        for path in self._files:
            content = path.read_bytes() if self._filed and path.is_file() and not is_evidence(path) else b""
            known = self._filed.known(content) if content else None
            if known is None:
                fresh.append(path)
                continue
            self._report.records += known.records
            self._report.duplicates += known.records
            place, is_kept = self._shelf.paper(known.account, path.name, known.day, content)
            self._file(writer, path, place, is_kept=is_kept)
        self._files = fresh

    def _remember(self, read: Read, waiting: set[str], bank_accounts: Mapping[Path, BankAccount]) -> None:
        if read.papers or read.unread:
            return  # another time a scan in it may find its voucher
        day = day_of_reading(read)
        if day is not None and waiting.isdisjoint(reading.file for reading in read.readings):
            account = account_of_reading(read, bank_accounts.get(read.path))
            self._filed.add(read, read.path.read_bytes(), account, day)

    # --- reading ---------------------------------------------------------------------------------------

    def _read_all(self, case: Case) -> list[Read]:
        """Every file; a PDF that is not named for a voucher only after the vouchers, as it may be a statement."""
        looks = []
        for number, path in enumerate(self._files):
            self._progress(number, len(self._files))
            looks.append(first_look(path, self._hints.bank_of))
        names = PaperNames(case, (reading for read in looks for reading in read.readings))
        reads = [with_statements(read, names.has, self._hints.bank_of) for read in looks]
        self._progress(len(self._files), len(self._files))
        self._report.rejected += [read.refusal for read in reads if read.refusal is not None]
        for read in reads:
            if read.unread:
                named = ";".join(f"{member.file}({member.reason})" for member in read.unread)
                self._report.warnings.append(
                    _("{file}:其中有不認得的檔案,沒有匯入:{names}").format(file=read.path.name, names=named)
                )
        return [read for read in reads if read.refusal is None]

    def _sort(
        self, reads: Sequence[Read], case: Case
    ) -> tuple[list[Statement], list[Reading], dict[Path, BankAccount], list[Read]]:
        """Statements with their account, voucher readings, and the files that were taken."""
        statements: list[Statement] = []
        readings: list[Reading] = []
        bank_accounts: dict[Path, BankAccount] = {}
        known = {str(entry.meta["import-id"]) for entry in case.transactions if "import-id" in entry.meta}
        taken = []
        for read in reads:
            for reading in read.readings:
                self._report.records += len(reading.records)
                self._report.warnings += [f"{reading.file}: {warning}" for warning in reading.warnings]
            found, reason = self._statements_of(read, case.award, known)
            if reason:
                self._report.rejected.append(Refusal(read.path.name, reason))
                continue
            taken.append(read)
            statements += found
            if found:
                bank_accounts[read.path] = found[-1].account
            readings += [reading for reading in read.readings if reading.format not in BANK_FORMATS]
        return statements, readings, bank_accounts, taken

    def _statements_of(self, read: Read, award: Award | None, known: set[str]) -> tuple[list[Statement], str]:
        """The statements of a file, or why it is not taken; the lines of a statement that is join the `known` ones."""
        found: list[Statement] = []
        for reading in read.readings:
            if reading.format not in BANK_FORMATS:
                continue
            told = self._told_account(reading, read.path)
            account = account_of_statement(reading, read.path.name, award, told)
            if account is None:
                return [], self._no_account(reading, told)
            lines = tuple(line for line in reading.records if isinstance(line, BankLine))
            statement = Statement(reading.file, account, lines)
            if reason := contradiction(statement, known):
                return [], reason
            found.append(statement)
        for statement in found:
            known.update(bank_ids(statement.account.number, statement.lines))
        return found, ""

    def _asked(self, case: Case, statements: Sequence[Statement]) -> list[Asked]:
        """The questions of the books whose lines the statements show, those that were filed before included."""
        if case.award is None or not has_questions(case):
            return []
        only = case.award.dedicated_account
        filed = self._earlier_statements(case.award, accounts.GRANT_MONEY, only.number if only else "")
        return questions(case, [*filed, *statements], functools.cache(self._text_at))

    def _earlier_statements(
        self, award: Award | None, of: str = accounts.COMPANY, told: str = ""
    ) -> list[Statement]:
        """The statements that were filed before: of the company's own accounts, or of the dedicated ones.

        `told` is the account of those that name none, where the user does not tell.
        """
        kept = self._folder / folder_of(of)
        statements = []
        for path in files_in([kept]) if kept.is_dir() else []:
            for reading in read_file(path, self._hints.bank_of).readings:
                said = self._told_account(reading, path) or told
                account = account_of_statement(reading, path.name, award, said)
                is_bank = reading.format in BANK_FORMATS
                if is_bank and account is not None and account.dedicated == (of == accounts.GRANT_MONEY):
                    lines = tuple(line for line in reading.records if isinstance(line, BankLine))
                    statements.append(Statement(path.name, account, lines))
        return statements

    def _told_account(self, reading: Reading, path: Path) -> str:
        """The account that the user says a statement is of."""
        return self._account or self._hints.account_of([Path(reading.file).name, path.name])

    def _no_account(self, reading: Reading, told: str) -> str:
        if number := reading.account or told:
            return _("帳號 {number} 不是本案核定的專戶或付款帳戶").format(number=number)
        return _(
            "看不出是哪個帳戶的交易明細;請用 --account 帳號 指定,或把帳號寫在檔名裡,"
            '或在案件的 import.toml 寫 [[statement]] file = "{file}" account = "帳號"'
        ).format(file=Path(reading.file).name)

    def _tell(self, plan: Plan) -> None:
        report = self._report
        report.imported, report.matched = plan.imported, plan.matched
        report.duplicates += plan.duplicates
        report.not_of_case = plan.not_of_case
        report.unmatched += plan.unmatched
        report.rebooked = [rebooked(answer, self._folder) for answer in plan.answers]
        report.reconciliation = plan.reconciliation
        report.changed_splits = sum(len(lines) for lines in plan.splits.values()) // 2

    # --- filing ----------------------------------------------------------------------------------------

    def _place(self, read: Read, bank_account: BankAccount | None) -> str | None:
        """Where a file will be kept; None where it speaks of no day and cannot be filed."""
        day = day_of_reading(read)
        if day is None:
            return None
        account = account_of_reading(read, bank_account)
        place, is_kept = self._shelf.paper(account, read.path.name, day, read.path.read_bytes())
        if is_kept:
            self._kept.add(id(read))
        return place

    def _file_read(self, writer: CaseWriter | None, read: Read, place: str | None, scans: Linked) -> None:
        """File what was read. A zip stays in the inbox until all scans in it have found their voucher."""
        if is_evidence(read.path) and not read.readings:
            return  # it is filed as a scan
        is_kept = id(read) in self._kept
        waits = any(paper.path == read.path for paper in scans.left)
        days = [kept.day for kept in scans.kept if kept.paper.path == read.path]
        if place is None and days and not waits:
            content = read.path.read_bytes()
            place, is_kept = self._shelf.paper(accounts.PAYABLE, read.path.name, max(days), content)
        if not waits or not is_kept:
            self._file(writer, read.path, place, is_kept=is_kept, stays=waits)

    def _file_scans(self, writer: CaseWriter | None, scans: Linked) -> None:
        for paper, place, _day in scans.kept:
            self._file(writer, paper.path, place, content=paper.content)
        for paper in scans.left:
            name = paper.name if paper.content is None else f"{paper.path.name}/{paper.name}"
            reason = _("檔名裡沒有已入帳的憑證號碼,無法連結到憑證")
            reason = f"{reason};{paper.reason}" if paper.reason else reason
            self._report.unmatched.append(Unmatched(name, {}, reason))

    def _file(
        self,
        writer: CaseWriter | None,
        path: Path,
        place: str | None,
        *,
        content: bytes | None = None,
        is_kept: bool = False,
        stays: bool = False,
    ) -> None:
        """Stage the filing of an original, or of its `content` that is a member of it.

        `is_kept` where its bytes stand at the place already, `stays` where the inbox keeps it as well.
        """
        if place is None:
            return
        self._report.filed.append(Filing(path.name, place))
        if writer is None:
            return
        in_inbox = self._resolved.resolved(path).is_relative_to(self._inbox) and not stays
        if is_kept:
            if in_inbox:
                writer.discard(path)
            return
        self._sums.append(f"{self._shelf.digest(place)}  {place.removeprefix(f'{DOCUMENTS}/')}")
        if content is not None:
            writer.add(content, place)
        elif in_inbox:
            writer.move(path, place)
        else:
            writer.copy(path, place)


def refuse_unreadable(loaded: Loaded) -> None:
    """Raise UnreadableBooksError where the books have errors."""
    if loaded.errors:
        first = loaded.errors[0]
        raise UnreadableBooksError(
            _("帳本有讀不懂的地方,請先改正:{file} 第 {line} 行:{message}").format(
                file=Path(first.filename).name, line=first.lineno, message=first.message
            )
        )


def _told_apart(reads: Sequence[Read], inbox: Path) -> list[Read]:
    """The readings of files that bear one name, named with their folders: what is said of a file is of that one."""
    paths: dict[str, set[Path]] = defaultdict(set)
    for read in reads:
        for reading in read.readings:
            paths[reading.file].add(read.path)
    return [
        read._replace(
            readings=tuple(
                dataclasses.replace(reading, file=_with_folder(read.path, reading.file, inbox))
                if len(paths[reading.file]) > 1
                else reading
                for reading in read.readings
            )
        )
        for read in reads
    ]


def _with_folder(path: Path, name: str, inbox: Path) -> str:
    place = path.resolve()
    told = place.relative_to(inbox).as_posix() if place.is_relative_to(inbox) else place.as_posix()
    return told if name == path.name else f"{told}/{name}"


def _waits(read: Read, waiting: set[str], conflicts: set[str]) -> bool:
    """Whether a file stays where it is: its one record could not be booked yet, or one of them is in conflict."""
    records = [reading.file for reading in read.readings for _record in reading.records]
    return (len(records) == 1 and records[0] in waiting) or not conflicts.isdisjoint(records)


def _places_by_file(reads: Sequence[Read], places: Mapping[int, str | None]) -> dict[str, str]:
    """Where each file that was read is kept, by the name its readings go by."""
    return {reading.file: place for read in reads if (place := places[id(read)]) for reading in read.readings}


def single_documents(reads: Sequence[Read], places: Mapping[int, str | None]) -> dict[str, str]:
    """The filed names of the files that are one e-invoice's own paper."""
    documents = {}
    for read in reads:
        place = places[id(read)]
        if place and len(read.readings) == 1 and read.readings[0].format == "mig-xml":
            documents[read.readings[0].file] = place.rpartition("/")[2]
    return documents
