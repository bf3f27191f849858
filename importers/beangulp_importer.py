"""The same readers as beangulp importers, for those who run `beangulp`'s own ingest (or Fava's import page).

    import beangulp
    from importers.beangulp_importer import importers_for
    beangulp.Ingest(importers_for("case"))()

`grant import` does more: it reads all files at once, so that payments compete for vouchers, writes safely,
and files the originals away.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import beangulp
from beancount.core import data

from importers.archive.archive import account_of_reading
from importers.archive.archive import day_of_reading
from importers.archive.archive import filed_name
from importers.archive.archive import folder_of
from importers.archive.archive import safe_name
from importers.archive.filing import linked
from importers.archive.filing import own_papers
from importers.config.statement_files import read_hints
from importers.planning.bank_lines import Statement
from importers.planning.plan import PlanRequest
from importers.planning.plan import plan_import
from importers.planning.statement_account import account_of_statement
from importers.read import Read
from importers.read import read_file
from importers.records import BANK_FORMATS
from importers.records import BankLine
from ledger.case.case import Case
from ledger.loading.loader import load_case
from ledger.model.award import Award
from ledger.model.award import BankAccount


class CaseImporter(beangulp.Importer):  # type: ignore[misc]
    """One kind of file of a case: `kind` is vouchers, dedicated (the grant's account) or company."""

    def __init__(self, folder: str | Path, kind: str) -> None:
        self._folder = Path(folder)
        self._kind = kind
        self._last: tuple[str, Read] | None = None

    @property
    def name(self) -> str:
        """Names are unique, or Fava refuses them."""
        return f"grantledger.{self._kind}"

    def _read(self, filepath: str) -> Read:
        if self._last is None or self._last[0] != filepath:
            self._last = (filepath, read_file(Path(filepath), read_hints(self._folder).told))
        return self._last[1]

    def _award(self) -> Award | None:
        return load_case(self._folder).case.award

    def _bank_account(self, read: Read) -> BankAccount | None:
        award = self._award()
        for reading in read.readings:
            if reading.format in BANK_FORMATS:
                names = [Path(reading.file).name, read.path.name]
                told = read_hints(self._folder).account_of(names, reading.account)
                return account_of_statement(reading, read.path.name, award, told)
        return None

    def identify(self, filepath: str) -> bool:
        """Whether the file is of this kind, and readable."""
        read = self._read(filepath)
        if read.refusal is not None or not read.readings:
            return False
        is_bank = any(reading.format in BANK_FORMATS for reading in read.readings)
        if not is_bank:
            return self._kind == "vouchers"
        account = self._bank_account(read)
        return account is not None and self._kind == ("dedicated" if account.dedicated else "company")

    def account(self, filepath: str) -> str:
        """The account under whose folder the file is kept."""
        read = self._read(filepath)
        return account_of_reading(read, self._bank_account(read), self._award())

    def date(self, filepath: str) -> datetime.date | None:
        """The last day that the file speaks of."""
        return day_of_reading(self._read(filepath))

    def filename(self, filepath: str) -> str | None:
        """The name under which the file is kept, without its date."""
        return safe_name(Path(filepath).name)

    def extract(self, filepath: str, existing: data.Directives) -> data.Directives:
        """The entries that this file adds to the case as it is."""
        loaded = load_case(self._folder)
        entries = existing or loaded.entries
        case = Case(entries, folder=self._folder) if existing else loaded.case
        read = self._read(filepath)
        account = self._bank_account(read)
        statements = [
            Statement(reading.file, account, tuple(r for r in reading.records if isinstance(r, BankLine)))
            for reading in read.readings
            if account is not None and reading.format in BANK_FORMATS
        ]
        vouchers = [reading for reading in read.readings if reading.format not in BANK_FORMATS]
        place = self._place(filepath)
        plan = plan_import(case, entries, PlanRequest(vouchers, statements))
        kept = {reading.file: place for reading in read.readings if place}
        return [
            entry._replace(meta=data.new_metadata(filepath, index) | entry.meta)
            for index, entry in enumerate(linked(plan.entries, kept, own_papers([read])))
        ]

    def _place(self, filepath: str) -> str | None:
        """Where beangulp will keep the file, relative to the case; None where it speaks of no day."""
        day = self.date(filepath)
        folder = folder_of(self.account(filepath))
        return f"{folder}/{filed_name(Path(filepath).name, day)}" if day else None

    def deduplicate(self, entries: data.Directives, existing: data.Directives) -> None:
        """Nothing to do: records are known by their keys, and what is known is not extracted."""


def importers_for(folder: str | Path) -> list[CaseImporter]:
    """The importers of the case in `folder`."""
    return [CaseImporter(folder, kind) for kind in ("vouchers", "dedicated", "company")]
