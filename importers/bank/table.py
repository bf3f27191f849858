"""The table reader: CSV, TSV and workbooks of any bank whose columns can be told by their names."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

from importers.bank import fixed_width
from importers.bank.parsing.balance_chain import first_break
from importers.bank.parsing.balance_chain import settle
from importers.bank.parsing.columns import HEADER_WITHIN
from importers.bank.parsing.columns import Header
from importers.bank.parsing.columns import find_header
from importers.bank.parsing.columns import with_date_column
from importers.bank.parsing.preamble import read_heading
from importers.bank.parsing.rows import RowReader
from importers.bank.parsing.rows import foreign_error
from importers.bank.profile import Profile
from importers.bank.profile import recognise
from importers.records import BankLine
from importers.records import Format
from importers.records import ReadError
from importers.records import Reading
from importers.sources.delimited import Row
from importers.sources.source import Source
from ledger.util.i18n import _


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """One table of a file as a statement: its lines oldest first, whose account, and what to warn of."""

    lines: tuple[BankLine, ...]
    accounts: frozenset[str]
    warnings: tuple[str, ...]


def read(source: Source) -> Reading | None:
    """The statement in a CSV, TSV, text or workbook; None where no table in it is one.

    Raises ReadError where it is a statement that is broken: a row that cannot be read, a balance that does not
    follow, a total that differs, two accounts, another currency.
    """
    if source.kind not in {"spreadsheet", "text"}:
        return None
    statements = [found for _name, rows in source.tables if (found := read_table(rows, source)) is not None]
    if not statements and source.kind == "text":
        statements = _read_text(source)
    if not statements:
        return None
    return reading_of(source, statements)


def reading_of(source: Source, statements: Sequence[Statement], *, format_: Format = "bank-table") -> Reading:
    """The reading that the statements of one file make together; they must be one account's, without a gap."""
    accounts = frozenset[str]().union(*(statement.accounts for statement in statements))
    lines = _joined([statement.lines for statement in statements if statement.lines])
    warnings = [warning for statement in statements for warning in statement.warnings]
    if not lines:
        warnings.append(_("檔案中沒有交易明細"))
    return Reading(
        file=source.name,
        format=format_,
        encoding=source.encoding,
        account=one_account(accounts),
        records=tuple(lines),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def one_account(accounts: frozenset[str]) -> str:
    """The one account number; empty where none is named. Raises ReadError where there are several.

    A bank may print its number both in full and as on the passbook: the one then ends with the other.
    """
    longest = max(sorted(accounts), key=len, default="")
    if not all(longest.endswith(account.lstrip("0")) for account in accounts):
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


def read_table(rows: Sequence[Row], source: Source) -> Statement | None:
    """The statement that the rows of one table of a file make; None where they have no statement's header."""
    profile = recognise(rows, source.name, source.bank)
    header = find_header(rows, profile.extra) or _header_by_position(rows, profile)
    return None if header is None else read_under(rows, header, profile)


def read_under(
    rows: Sequence[Row],
    header: Header,
    profile: Profile,
    *,
    around: Sequence[Row] = (),
    first_number: int = 1,
) -> Statement:
    """The statement of the rows under a header; `around` are rows outside of the table that tell of it too.

    `first_number` is the number of the table's first row in the file. Raises ReadError as `read` does.
    """
    header = with_date_column(header, rows, profile.extra)
    heading = read_heading([*around, *rows[: max(header.first, 0)]])
    if heading.foreign:
        raise foreign_error(heading.foreign)
    reader = RowReader(header.columns, profile)
    reader.read(itertools.islice(rows, header.last + 1, None), header.last + 1 + first_number)
    lines, warnings = settle(reader.body(heading))
    return Statement(tuple(lines), frozenset(heading.accounts) | reader.account_numbers(), tuple(warnings))


def _read_text(source: Source) -> list[Statement]:
    """The statement in a text without delimiters, by the first way of taking it apart that proves itself."""
    profile = recognise(
        [[line] for line in source.text.splitlines()[:HEADER_WITHIN]], source.name, source.bank
    )
    refusal: ReadError | None = None
    for rows in fixed_width.tables(source.text, words_first=profile.text_layout == "words"):
        try:
            statement = read_table(rows, source)
        except ReadError as error:
            refusal = refusal or error
            continue
        if statement is not None:
            return [statement]
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
            return Header(place - 1, place - 1, columns)
    return None
