"""The table reader: CSV, TSV and workbooks of any bank whose columns can be told by their names."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TypeVar

from importers.bank import fixed_width
from importers.bank.parsing.balance_chain import first_break
from importers.bank.parsing.balance_chain import settle
from importers.bank.parsing.body import Body
from importers.bank.parsing.cells import account_number
from importers.bank.parsing.cells import clean
from importers.bank.parsing.columns import HEADER_WITHIN
from importers.bank.parsing.columns import Header
from importers.bank.parsing.columns import find_header
from importers.bank.parsing.columns import with_date_column
from importers.bank.parsing.ledger_sides import turned
from importers.bank.parsing.preamble import Heading
from importers.bank.parsing.preamble import read_heading
from importers.bank.parsing.rows import RowReader
from importers.bank.parsing.rows import foreign_error
from importers.bank.parsing.totals import says_total
from importers.bank.profile import Profile
from importers.bank.profile import recognise
from importers.records import BankLine
from importers.records import Format
from importers.records import ReadError
from importers.records import Reading
from importers.sources.delimited import Row
from importers.sources.source import Source
from importers.sources.source import Told
from ledger.util.i18n import _

Part = TypeVar("Part")


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """One table of a file as a statement: its lines oldest first, whose account, and what to warn of."""

    lines: tuple[BankLine, ...]
    accounts: frozenset[str]
    warnings: tuple[str, ...]


def read(source: Source) -> Reading | None:
    """The statement in a CSV, TSV, text or workbook; None where no table in it is one.

    Raises ReadError where it is a statement that is broken: a row that cannot be read, a balance that does not
    follow, a total that differs, another currency.
    """
    if source.kind not in {"spreadsheet", "text"}:
        return None
    statements = [
        _of_sheet(name, found) for name, rows in source.tables for found in read_table(rows, source)
    ]
    if not statements and source.kind == "text":
        statements = _read_text(source)
    if not statements:
        return None
    return reading_of(source, statements)


def _of_sheet(name: str, statement: Statement) -> Statement:
    """The statement with the account that its sheet is called by, where nothing on the sheet names one."""
    if statement.accounts:
        return statement
    return dataclasses.replace(statement, accounts=frozenset(read_heading([[name]]).accounts))


def reading_of(source: Source, statements: Sequence[Statement], *, format_: Format = "bank-table") -> Reading:
    """The reading that the statements of one file make; where they are several accounts', one reading an account.

    Those of one account must meet without a gap. Raises ReadError where they do not.
    """
    readings = [
        _reading_of_account(source, account, parts, format_)
        for account, parts in by_account(statements, lambda statement: statement.accounts)
    ]
    return with_others(readings)


def with_others(readings: Sequence[Reading]) -> Reading:
    """The first of the readings, which holds the others."""
    return dataclasses.replace(readings[0], others=tuple(readings[1:]))


def by_account(
    parts: Sequence[Part], accounts_of: Callable[[Part], frozenset[str]]
) -> list[tuple[str, list[Part]]]:
    """The parts of a file by the account they are of, in the order of the file; a part that names none is the first's."""
    found: list[tuple[str, list[Part]]] = []
    for part in parts:
        number = one_account(accounts_of(part))
        place = next((at for at, (known, _parts) in enumerate(found) if is_same_number(known, number)), None)
        if place is None:
            found.append((number, [part]))
            continue
        known, same = found[place]
        found[place] = (max(known, number, key=len), [*same, part])
    return found


def _reading_of_account(
    source: Source, account: str, statements: Sequence[Statement], format_: Format
) -> Reading:
    lines = _joined([statement.lines for statement in statements if statement.lines])
    warnings = [warning for statement in statements for warning in statement.warnings]
    if not lines:
        warnings.append(_("檔案中沒有交易明細"))
    return Reading(
        file=source.name,
        format=format_,
        encoding=source.encoding,
        account=account,
        records=tuple(lines),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def is_same_number(one: str, other: str) -> bool:
    """Whether two numbers in one file are one account's: a bank prints it in full and as on the passbook.

    The one then ends with the other; a number that is not there may be any.
    """
    return one.endswith(other.lstrip("0")) or other.endswith(one.lstrip("0"))


def one_account(accounts: frozenset[str]) -> str:
    """The one account number; empty where none is named. Raises ReadError where there are several."""
    longest = max(sorted(accounts), key=len, default="")
    if not all(is_same_number(longest, account) for account in accounts):
        raise ReadError(
            _("檔案中有一個以上的帳號，請分開匯出：{accounts}").format(
                accounts=_("、").join(sorted(accounts))
            )
        )
    return longest


def _joined(parts: list[tuple[BankLine, ...]]) -> list[BankLine]:
    """The lines of several tables one after the other, a table that stands twice taken once.

    Raises ReadError where their balances do not meet.
    """
    if len(parts) < 2:
        return [line for part in parts for line in part]
    same = {tuple(line._replace(row=0) for line in lines): lines for lines in reversed(parts)}
    parts = (
        sorted(same.values(), key=lambda lines: (lines[0].date, lines[0].time)) if len(parts) > 1 else parts
    )
    lines = [line for part in parts for line in part]
    if first_break(lines) is not None:
        raise ReadError(_("檔案中有數個明細表，餘額互不相接，請分開匯出"))
    return lines


def read_table(rows: Sequence[Row], source: Source) -> list[Statement]:
    """The statements that the rows of one table of a file make, one an account; none without a statement's header."""
    profile = recognise(rows, source.name, source.told.bank)
    header = find_header(rows, profile.extra) or _header_by_position(rows, profile)
    return [] if header is None else read_under(rows, header, profile, source.told)


def read_under(
    rows: Sequence[Row],
    header: Header,
    profile: Profile,
    told: Told,
    *,
    around: Sequence[Row] = (),
    first_number: int = 1,
) -> list[Statement]:
    """The statements of the rows under a header, one an account that the 帳號 column names.

    `around` are rows outside of the table that tell of it too; `first_number` is the number of the table's first row
    in the file. Raises ReadError as `read` does.
    """
    header = with_date_column(header, rows, profile.extra)
    heading = read_heading([*around, *rows[: max(header.first, 0)]])
    if heading.foreign:
        raise foreign_error(heading.foreign)
    number = header.last + 1 + first_number
    header_width = len(rows[header.last]) if header.names_columns else None
    accounts = _accounts_in_column(rows, header)
    if len(accounts) > 1:
        heading = Heading()  # of all accounts together, if of any
    statements = []
    for account in accounts or [""]:
        reader = RowReader(header.columns, profile, header_width)
        body = itertools.islice(rows, header.last + 1, None)
        reader.read(_rows_of(account, body, header) if len(accounts) > 1 else body, number)
        lines, warnings = settle(_with_told(reader.body(heading), told))
        numbers = frozenset(heading.accounts) | reader.account_numbers()
        statements.append(Statement(tuple(lines), numbers, tuple(warnings)))
    return statements


def _with_told(body: Body, told: Told) -> Body:
    """The body with what the user said of it."""
    if told.opening is not None:
        body = dataclasses.replace(body, opening=told.opening)
    if body.sides and told.side:
        body = dataclasses.replace(turned(body) if told.side == "company" else body, sides="")
    return body


def _accounts_in_column(rows: Sequence[Row], header: Header) -> list[str]:
    """The accounts that the 帳號 column names, in the order of the file; one in full and as on the passbook is one."""
    place = header.columns.account
    if place is None:
        return []
    cells = dict.fromkeys(
        row[place] for row in itertools.islice(rows, header.last + 1, None) if place < len(row)
    )
    numbers = dict.fromkeys(number for cell in cells if (number := account_number(clean(cell))))
    accounts: list[str] = []
    for number in numbers:
        same = next((at for at, known in enumerate(accounts) if is_same_number(known, number)), None)
        if same is None:
            accounts.append(number)
        else:
            accounts[same] = max(accounts[same], number, key=len)
    return accounts


def _rows_of(account: str, rows: Iterable[Row], header: Header) -> Iterator[Row]:
    """The rows of one of several accounts; the others become empty, so that row numbers stay.

    A row that names no account (a note, a total) goes with the one before it, but for totals: those are of all.
    """
    place = header.columns.account or 0
    current = ""
    for row in rows:
        number = account_number(clean(row[place])) if place < len(row) else ""
        current = number or current
        is_ours = bool(current) and is_same_number(account, current)
        yield row if is_ours and (number or not says_total(row)) else []


def _read_text(source: Source) -> list[Statement]:
    """The statement in a text without delimiters, by the first way of taking it apart that proves itself."""
    profile = recognise(
        [[line] for line in source.text.splitlines()[:HEADER_WITHIN]], source.name, source.told.bank
    )
    refusal: ReadError | None = None
    for rows in fixed_width.tables(source.text, words_first=profile.text_layout == "words"):
        try:
            statements = read_table(rows, source)
        except ReadError as error:
            refusal = refusal or error
            continue
        if statements:
            return statements
    if refusal is not None:
        raise refusal
    return []


def _header_by_position(rows: Sequence[Row], profile: Profile) -> Header | None:
    """The place above the first dated row, for a bank whose export names no columns."""
    columns = profile.columns_by_position()
    if columns is None:
        return None
    probe = RowReader(columns, profile)
    for place, row in enumerate(rows[:20]):
        if len(row) < columns.width:
            continue
        try:
            probe.read([row], place + 1)
        except ReadError:
            continue
        if probe.lines:
            return Header(place - 1, place - 1, columns, names_columns=False)
    return None
