"""Statements that were filed before, read again: a new voucher may have been paid by a line of theirs."""

from __future__ import annotations

from pathlib import Path

from importers.archive.archive import folder_of
from importers.config.statement_files import Hints
from importers.planning.bank_lines import Statement
from importers.planning.statement_account import account_of_statement
from importers.read import read_file
from importers.records import BANK_FORMATS
from importers.records import BankLine
from importers.sources.walk import files_in
from ledger.model import accounts
from ledger.model.award import Award


def statements_of_company(folder: Path, award: Award | None, hints: Hints, told: str = "") -> list[Statement]:
    """The filed statements of the company's own accounts; `told` is the account of those that name none."""
    return _filed(folder, accounts.COMPANY, award, hints, told)


def statements_of_dedicated(
    folder: Path, award: Award | None, hints: Hints, told: str = ""
) -> list[Statement]:
    """The filed statements of dedicated accounts; where the case has one, it is that of those that name none."""
    only = award.dedicated_account if award else None
    return _filed(folder, accounts.GRANT_MONEY, award, hints, told, only.number if only else "")


def _filed(
    folder: Path, account_name: str, award: Award | None, hints: Hints, told: str, fallback: str = ""
) -> list[Statement]:
    kept = folder / folder_of(account_name)
    statements = []
    for path in files_in([kept]) if kept.is_dir() else []:
        for reading in read_file(path, hints.told).readings:
            said = told or hints.account_of([Path(reading.file).name, path.name], reading.account) or fallback
            account = account_of_statement(reading, path.name, award, said)
            if reading.format not in BANK_FORMATS or account is None:
                continue
            if account.dedicated == (account_name == accounts.GRANT_MONEY):
                lines = tuple(line for line in reading.records if isinstance(line, BankLine))
                statements.append(Statement(path.name, account, lines))
    return statements
