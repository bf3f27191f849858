"""What every step of one import is handed: the case, what the user said, and the report that is filled in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from importers.archive.index import FiledIndex
from importers.archive.shelf import Shelf
from importers.config.statement_files import Hints
from importers.config.statement_files import hints_of_answers
from importers.config.statement_files import read_hints
from importers.report import Report
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.files import INBOX
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import read_pending
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.util.i18n import _

Step = Literal["read", "plan", "write"]
Progress = Callable[[Step, int, int], None]
"""Told how far an import is: files read, what is worked out, months of the books written; done and in all.

It may raise ImportCancelledError: until the last month is told nothing is written, and the case stays as it was.
"""


class ImportCancelledError(GrantError):
    """Somebody called an import off; nothing was written."""


class UnreadableBooksError(GrantError):
    """The books have errors, so nothing may be added to them; the message names the first."""


class ImportContext:
    """One import into the case in `folder`.

    `account` is the bank account of statements that name none and `opening_balance` the balance before a statement
    that asks for it, NT$, as the user says; `progress` is told how far it is. The books are loaded when first asked
    for: where every file is known by its bytes, nobody asks.
    """

    def __init__(
        self,
        folder: Path,
        account: str = "",
        progress: Progress | None = None,
        opening_balance: int | None = None,
    ) -> None:
        self.folder = folder
        self.inbox = (folder / INBOX).resolve()
        self.account = account
        self.opening_balance = opening_balance
        self.progress = progress or (lambda _step, _done, _total: None)
        self.hints = read_hints(folder)
        self.index = FiledIndex(folder)
        self.shelf = Shelf(folder)
        self.report = Report()
        self.asked: list[Pending] = []  # about files that could not be read or linked

    @functools.cached_property
    def loaded(self) -> Loaded:
        """The case as it stands. Raises CaseNotFoundError, UnreadableBooksError."""
        loaded = load_case(self.folder, incoming=True)
        refuse_unreadable(loaded)
        return loaded

    @property
    def case(self) -> Case:
        """The books, read."""
        return self.loaded.case

    @functools.cached_property
    def pending(self) -> PendingStore:
        """What has waited; lines of its file that cannot be read are told in the report."""
        store = read_pending(self.folder)
        self.report.warnings += map(str, store.broken)
        return store

    def keep_answer(self, answer: Pending) -> None:
        """Keep an answer about a statement, which counts from now on."""
        self.pending.add(answer)
        self.hints = Hints((*hints_of_answers(self.pending), *self.hints.hints))

    def inbox_path(self, path: Path) -> str:
        """A file's place in the inbox; empty where it lies elsewhere."""
        place = path.resolve()
        return place.relative_to(self.inbox).as_posix() if place.is_relative_to(self.inbox) else ""

    @property
    def is_loaded(self) -> bool:
        """Whether any step has asked for the books."""
        return "loaded" in self.__dict__


def refuse_unreadable(loaded: Loaded) -> None:
    """Raise UnreadableBooksError where the books have errors."""
    if loaded.errors:
        first = loaded.errors[0]
        raise UnreadableBooksError(
            _("帳本有讀不懂的地方,請先改正:{file} 第 {line} 行:{message}").format(
                file=Path(first.filename).name, line=first.lineno, message=first.message
            )
        )
