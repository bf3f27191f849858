"""The one pipeline: read the files, recognise, classify, match, book, and file the originals away."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from beancount.core import data

from importers.filed import FiledIndex
from importers.filing import Shelf
from importers.filing import account_of_reading
from importers.filing import day_of_reading
from importers.filing import evidence_for
from importers.filing import evidence_name
from importers.filing import folder_of
from importers.filing import with_new_lines
from importers.gather import Unmatched
from importers.keys import bank_ids
from importers.overlap import contradiction
from importers.plan import Plan
from importers.plan import plan_import
from importers.read import Read
from importers.read import Refusal
from importers.read import files_in
from importers.read import is_evidence
from importers.read import read_file
from importers.recognise import same_account
from importers.reconcile import Difference
from importers.records import BANK_FORMATS
from importers.records import BankLine
from importers.records import Reading
from importers.statements import Statement
from ledger import accounts
from ledger.award import Award
from ledger.award import BankAccount
from ledger.booking import as_text
from ledger.booking import with_amounts
from ledger.case import Case
from ledger.files import CaseWriter
from ledger.files import Places
from ledger.i18n import _
from ledger.loading import Loaded
from ledger.loading import load_case
from ledger.pause import collector_at_rest

INBOX = "inbox"
_NUMBER_IN_NAME = re.compile(r"\d{7,}")


class UnreadableBooksError(Exception):
    """The books have errors, so nothing may be added to them; the message names the first."""


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
    reconciliation: list[Difference] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    filed: list[str] = dataclasses.field(default_factory=list)
    text: str = ""  # the new entries as ledger text
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
            "reconciliation": [difference.as_json() for difference in self.reconciliation],
            "not_of_case": self.not_of_case,
            "changed_splits": self.changed_splits,
            "filed": self.filed,
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
    name none. Raises CaseNotFoundError, UnreadableBooksError, NoAwardError, WriteRefusedError.
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
        self._progress = progress or (lambda _done, _total: None)
        self._report = Report(files=len(self._files))
        self._shelf = Shelf(folder)
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
        reads = self._read_all()
        statements, readings, bank_accounts, reads = self._sort(reads, loaded.case)
        places = {id(read): self._place(read, bank_accounts.get(read.path)) for read in reads}
        plan = plan_import(
            loaded.case,
            loaded.entries,
            readings,
            statements,
            _single_documents(reads, places),
            lambda: self._earlier_statements(award),
        )
        self._tell(plan)
        waiting = {unmatched.file for unmatched in plan.unmatched if unmatched.waits}
        reads = [read for read in reads if not _waits(read, waiting)]
        if writer is not None:
            _write_splits(writer, self._folder, plan)
        new = self._scans(loaded.case, plan.entries, writer)
        texts = [as_text([entry]) for entry in new]
        if writer is not None:
            _write_entries(writer, new, texts)
            for read in reads:
                self._file(writer, read.path, places[id(read)], is_kept=id(read) in self._kept)
                self._remember(read, waiting, bank_accounts)
        self._report.text = "".join(texts)
        return self._report

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
            if writer is not None:
                self._file(writer, path, place, is_kept=is_kept)
        self._files = fresh

    def _remember(self, read: Read, waiting: set[str], bank_accounts: Mapping[Path, BankAccount]) -> None:
        day = day_of_reading(read)
        if day is not None and waiting.isdisjoint(reading.file for reading in read.readings):
            account = account_of_reading(read, bank_accounts.get(read.path))
            self._filed.add(read, read.path.read_bytes(), account, day)

    # --- reading ---------------------------------------------------------------------------------------

    def _read_all(self) -> list[Read]:
        reads = []
        papers = [path for path in self._files if not is_evidence(path)]
        for number, path in enumerate(papers):
            self._progress(number, len(papers))
            read = read_file(path)
            if read.refusal is not None:
                self._report.rejected.append(read.refusal)
            else:
                reads.append(read)
        self._progress(len(papers), len(papers))
        return reads

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
            account = account_of_statement(reading, read.path.name, award, self._account)
            if account is None:
                return [], self._no_account(reading)
            lines = tuple(line for line in reading.records if isinstance(line, BankLine))
            statement = Statement(reading.file, account, lines)
            if reason := contradiction(statement, known):
                return [], reason
            found.append(statement)
        for statement in found:
            known.update(bank_ids(statement.account.number, statement.lines))
        return found, ""

    def _earlier_statements(self, award: Award | None) -> list[Statement]:
        """The statements of the company's own accounts that were filed before."""
        kept = self._folder / folder_of(accounts.COMPANY)
        statements = []
        for path in files_in([kept]) if kept.is_dir() else []:
            for reading in read_file(path).readings:
                account = account_of_statement(reading, path.name, award, self._account)
                if reading.format in BANK_FORMATS and account is not None and not account.dedicated:
                    lines = tuple(line for line in reading.records if isinstance(line, BankLine))
                    statements.append(Statement(path.name, account, lines))
        return statements

    def _no_account(self, reading: Reading) -> str:
        if reading.account:
            return _("帳號 {number} 不是本案核定的專戶或付款帳戶").format(number=reading.account)
        return _("看不出是哪個帳戶的交易明細;請用 --account 帳號 指定,或把帳號寫在檔名裡")

    def _tell(self, plan: Plan) -> None:
        report = self._report
        report.imported, report.matched = plan.imported, plan.matched
        report.duplicates += plan.duplicates
        report.not_of_case = plan.not_of_case
        report.unmatched += plan.unmatched
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

    def _file(self, writer: CaseWriter, path: Path, place: str | None, *, is_kept: bool = False) -> None:
        """Stage the filing of an original; `is_kept` where its bytes stand at the place already."""
        if place is None:
            return
        self._report.filed.append(place)
        in_inbox = self._resolved.resolved(path).is_relative_to(self._inbox)
        if is_kept:
            if in_inbox:
                writer.discard(path)
        elif in_inbox:
            writer.move(path, place)
        else:
            writer.copy(path, place)

    def _scans(
        self, case: Case, entries: Sequence[data.Transaction], writer: CaseWriter | None
    ) -> list[data.Transaction]:
        """Link each scan to the voucher whose number its name holds; the new entries with their documents."""
        documents: dict[int, str] = {}
        old: dict[Path, dict[int, str]] = defaultdict(dict)
        for path in filter(is_evidence, self._files):
            if not path.is_file():
                self._report.rejected.append(Refusal(path.name, _("找不到檔案")))
                continue
            found = evidence_for(path.name, case, entries)
            if not found:
                reason = _("檔名裡沒有已入帳的憑證號碼,無法連結到憑證")
                self._report.unmatched.append(Unmatched(path.name, {}, reason))
                continue
            entry = found[0]
            place, _known = self._shelf.place(
                accounts.PAYABLE,
                evidence_name(entry, path.name),
                entry.meta["voucher-date"],
                path.read_bytes(),
            )
            name = place.rpartition("/")[2]
            if any(entry is new for new in entries):
                documents[id(entry)] = name
            elif name not in {str(value) for key, value in entry.meta.items() if key.startswith("document")}:
                key = _free_key(entry)
                old[Path(entry.meta["filename"])][entry.meta["lineno"]] = f'  {key}: "{name}"'
            if writer is not None:
                self._file(writer, path, place)
        if writer is not None:
            for file, lines in old.items():
                name = str(file.relative_to(self._folder.resolve()))
                writer.write(name, with_new_lines(writer.text(name), lines))
        return [
            entry._replace(meta=entry.meta | {_free_key(entry): documents[id(entry)]})
            if id(entry) in documents
            else entry
            for entry in entries
        ]


def account_of_statement(
    reading: Reading, name: str, award: Award | None, told: str = ""
) -> BankAccount | None:
    """The account of the award that a statement is of: by the file, its name, or what the user told."""
    written = [reading.account] if reading.account else _NUMBER_IN_NAME.findall(name)
    if not written and told:
        written = [told]
    for account in award.accounts if award else ():
        if any(same_account(number, account.number) for number in written):
            return account
    return None


def _free_key(entry: data.Transaction) -> str:
    """The first of document, document-2, document-3 … that the entry does not have."""
    number = 1
    while (key := "document" if number == 1 else f"document-{number}") in entry.meta:
        number += 1
    return key


def refuse_unreadable(loaded: Loaded) -> None:
    """Raise UnreadableBooksError where the books have errors."""
    if loaded.errors:
        first = loaded.errors[0]
        raise UnreadableBooksError(
            _("帳本有讀不懂的地方,請先改正:{file} 第 {line} 行:{message}").format(
                file=Path(first.filename).name, line=first.lineno, message=first.message
            )
        )


def _waits(read: Read, waiting: set[str]) -> bool:
    """Whether a file holds one record only, and that could not be booked yet: it stays where it is."""
    records = [reading.file for reading in read.readings for _record in reading.records]
    return len(records) == 1 and records[0] in waiting


def _single_documents(reads: Sequence[Read], places: dict[int, str | None]) -> dict[str, str]:
    """The filed names of the files that are one e-invoice's own paper."""
    documents = {}
    for read in reads:
        place = places[id(read)]
        if place and len(read.readings) == 1 and read.readings[0].format == "mig-xml":
            documents[read.readings[0].file] = place.rpartition("/")[2]
    return documents


def _write_splits(writer: CaseWriter, folder: Path, plan: Plan) -> None:
    """Stage the changed splits, before any line is put in above them: they go by line number."""
    for file, amounts in plan.splits.items():
        name = str(file.relative_to(folder.resolve()))
        writer.write(name, with_amounts(writer.text(name), amounts))


def _write_entries(writer: CaseWriter, entries: Sequence[data.Transaction], texts: Sequence[str]) -> None:
    """Stage the new entries, as text, at the end of their months' files."""
    by_month: dict[str, list[str]] = defaultdict(list)
    for entry, text in zip(entries, texts, strict=True):
        by_month[f"{entry.date:%Y-%m}"].append(text)
    for month, month_texts in sorted(by_month.items()):
        writer.append(f"books/{month}.beancount", "\n" + "".join(month_texts))
