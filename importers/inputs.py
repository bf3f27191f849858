"""The first step of an import, read: files to voucher readings and statements whose account is known."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from importers.archive.document_links import ScanNames
from importers.archive.index import Filed
from importers.context import ImportContext
from importers.planning.bank_lines import Statement
from importers.planning.known_lines import KnownLines
from importers.planning.papers.told import Unmatched
from importers.planning.statement_account import account_of_statement
from importers.planning.statement_overlap import contradiction
from importers.read import Read
from importers.read import Refusal
from importers.read import first_look
from importers.read import is_evidence
from importers.read import with_statements
from importers.records import BANK_FORMATS
from importers.records import BankLine
from importers.records import ReadError
from importers.records import Reading
from importers.sources.regular_file import read_regular
from importers.sources.source import Told
from importers.statement_questions import account_by_its_end
from importers.statement_questions import account_question
from importers.statement_questions import answered
from importers.statement_questions import ask
from importers.statement_questions import no_longer_ask
from importers.statement_questions import question_of
from ledger.files.pending import Pending
from ledger.model.award import BankAccount
from ledger.util.i18n import _


class KnownFile(NamedTuple):
    """A file whose very bytes are filed and booked already; it is not read again."""

    path: Path
    filed: Filed
    digest: str
    size: int


class NotTaken(NamedTuple):
    """A file that is left where it is: why, and the id of the question whose answer would let it in."""

    read: Read
    reason: str
    question: str = ""


@dataclasses.dataclass(slots=True)
class Inputs:
    """What the files of an import say."""

    known: list[KnownFile] = dataclasses.field(default_factory=list)
    reads: list[Read] = dataclasses.field(default_factory=list)  # the files that are taken
    not_taken: list[NotTaken] = dataclasses.field(default_factory=list)
    vouchers: list[Reading] = dataclasses.field(default_factory=list)
    statements: list[Statement] = dataclasses.field(default_factory=list)
    bank_accounts: dict[Path, BankAccount] = dataclasses.field(default_factory=dict)  # of files of statements


def read_inputs(context: ImportContext, files: Sequence[Path]) -> Inputs:
    """Read `files`; what is refused, and what readers warn of, goes to the report.

    Raises CaseNotFoundError and UnreadableBooksError where anything has to be read.
    """
    context.report.files = len(files)
    inputs = Inputs()
    fresh = _put_known_aside(context, files, inputs)
    if files and not fresh:
        return inputs
    _sort(context, _told_apart(_read_all(context, fresh, inputs), context.inbox), inputs)
    return inputs


def _put_known_aside(context: ImportContext, files: Sequence[Path], inputs: Inputs) -> list[Path]:
    """The files that have to be read; those whose very bytes are booked are counted as known."""
    fresh = []
    for path in files:
        content = _content(path) if context.index and not is_evidence(path) else b""
        digest = hashlib.sha256(content).hexdigest()
        filed = context.index.known(digest) if content else None
        if filed is None:
            fresh.append(path)
            continue
        inputs.known.append(KnownFile(path, filed, digest, len(content)))
        context.report.records += filed.records
        context.report.duplicates += filed.records
    return fresh


def _content(path: Path) -> bytes:
    """The bytes of a file; none of one that cannot be read, which is told when it is read."""
    try:
        return read_regular(path)
    except (OSError, ReadError):
        return b""


def _read_all(context: ImportContext, files: Sequence[Path], inputs: Inputs) -> list[Read]:
    """Every file; a PDF that is not named for a voucher only after the vouchers, as it may be a statement."""
    case, report = context.case, context.report
    looks = []
    for number, path in enumerate(files):
        context.progress("read", number, len(files))
        looks.append(_first_look(context, path))
    names = ScanNames(case, (reading for read in looks for reading in read.readings))
    reads = []
    for read in looks:
        context.progress("read", len(files), len(files))
        reads.append(with_statements(read, names.has, context.hints.told))
    for read in reads:
        refusal = read.refusal
        if refusal is None:
            continue
        question = ""
        if refusal.question is None:
            report.rejected.append(refusal)
        else:
            asked = ask(context.pending, question_of(refusal.question))
            report.unmatched.append(asked)
            question = asked.question
        inputs.not_taken.append(NotTaken(read, refusal.reason, question))
    no_longer_ask(context.pending, [read.digest for read in reads if read.refusal is None])
    for read in reads:
        if read.unread:
            named = ";".join(f"{member.file}({member.reason})" for member in read.unread)
            report.warnings.append(
                _("{file}:其中有不認得的檔案,沒有匯入:{names}").format(file=read.path.name, names=named)
            )
    return [read for read in reads if read.refusal is None]


def _first_look(context: ImportContext, path: Path) -> Read:
    """A file as it is read; with the opening balance that the user gives, where it asks for one.

    One that is refused with the opening balance that somebody answered asks for it again.
    """
    read = first_look(path, context.hints.told, context.inbox)
    if read.refusal is not None and read.refusal.question is None:
        read = _asked_again(context, path, read)
    asked = read.refusal.question if read.refusal else None
    answers = {choice.answer for choice in asked.error.choices} if asked else set()
    if asked is None or context.opening_balance is None or "opening-balance" not in answers:
        return read
    context.keep_answer(answered(question_of(asked), "opening-balance", amount=context.opening_balance))
    return first_look(path, context.hints.told, context.inbox)


def _asked_again(context: ImportContext, path: Path, refused: Read) -> Read:
    """The file without the opening balance that was answered, where it then asks for one; else as it was refused."""

    def without_opening(name: str, content: bytes) -> Told:
        return context.hints.told(name, content)._replace(opening=None)

    read = first_look(path, without_opening, context.inbox)
    question = question_of(read.refusal.question) if read.refusal and read.refusal.question else None
    before = context.pending.get(question.id) if question is not None else None
    if before is None or before.answer != "opening-balance":
        return refused
    context.pending.drop(before.id)
    return read


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


def _sort(context: ImportContext, reads: Sequence[Read], inputs: Inputs) -> None:
    """Voucher readings, statements with their account, and the files that are taken, into `inputs`."""
    known = KnownLines.booked(context.case.transactions)
    for read in reads:
        for reading in read.readings:
            context.report.records += len(reading.records) + len(reading.timesheets)
            context.report.warnings += [f"{reading.file}: {warning}" for warning in reading.warnings]
        statements, reason, question = _statements_of(context, read, known)
        if reason and not question:
            context.report.rejected.append(Refusal(read.path.name, reason))
        if reason:
            inputs.not_taken.append(NotTaken(read, reason, question))
            continue
        inputs.reads.append(read)
        inputs.statements += statements
        if statements:
            first = next((each for each in statements if each.account.dedicated), statements[-1])
            inputs.bank_accounts[read.path] = first.account
        context.report.unmatched += [
            Unmatched(reading.file, row.record, row.reason, waits=True)
            for reading in read.readings
            for row in reading.left_out
        ]
        inputs.vouchers += [reading for reading in read.readings if reading.format not in BANK_FORMATS]


def _statements_of(context: ImportContext, read: Read, known: KnownLines) -> tuple[list[Statement], str, str]:
    """The statements of a file, or why it is not taken; the lines of a statement that is join the `known` ones.

    Where the file waits for the answer to a question, that is the reason, and its id comes with it.

    Of a file of several accounts those that are not the case's are told and left out.
    """
    found: list[Statement] = []
    strange: list[str] = []
    asked: list[Pending] = []
    of_banks = [reading for reading in read.readings if reading.format in BANK_FORMATS]
    for reading in of_banks:
        hinted = context.hints.account_of([Path(reading.file).name, read.path.name], reading.account)
        told = context.account or hinted
        account = account_of_statement(reading, read.path.name, context.case.award, told)
        is_known = account_of_statement(reading, read.path.name, context.case.award) is not None
        near = None if is_known else account_by_its_end(reading.account, context.case.award)
        if account is None and near is not None:
            asked.append(account_question(reading, near))
        elif account is not None and near is not None and context.account and not hinted:
            context.keep_answer(answered(account_question(reading, near), "account"))
        elif account is None:
            strange.append(_no_account(reading, told))
        if account is None:
            continue
        lines = tuple(line for line in reading.records if isinstance(line, BankLine))
        statement = Statement(reading.file, account, lines)
        if reason := contradiction(statement, known):
            return [], reason, ""
        found.append(statement)
    if asked:
        context.report.unmatched += [ask(context.pending, each) for each in asked]
        return [], asked[0].reason, asked[0].id
    if strange and not found:
        return [], strange[0], ""
    context.report.warnings += [f"{read.path.name}: {reason}" for reason in strange]
    for statement in found:
        known.add(statement.account.number, statement.lines)
    return found, "", ""


def _no_account(reading: Reading, told: str) -> str:
    """Why a statement is of no account of the case."""
    if number := reading.account or told:
        return _("帳號 {number} 不是本案核定的專戶或付款帳戶").format(number=number)
    return _(
        "看不出是哪個帳戶的交易明細;請用 --account 帳號 指定,或把帳號寫在檔名裡,"
        '或在案件的 import.toml 寫 [[statement]] file = "{file}" account = "帳號"'
    ).format(file=Path(reading.file).name)
