"""What an accountant's page reads: the case as Fava loaded it, what waits beside it, and its history."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

from audit.case_view import View
from desk.inbox.previews import preview_of
from desk.waiting import inbox_files
from desk.waiting import waiting_of
from importers.preview.preview import Preview
from importers.questions.open_questions import Question
from importers.questions.open_questions import open_questions
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.files import AUDIT_FILE
from ledger.files import AWARD
from ledger.files import MAIN
from ledger.files import PENDING
from ledger.files import RULES
from ledger.files import SUMS
from ledger.files.history import History
from ledger.files.history import Operation
from ledger.files.pending import PendingStore
from ledger.files.pending import read_pending
from ledger.loading.loader import Loaded
from ledger.operations.doctor import Waiting
from ledger.operations.edit import Context
from ledger.operations.edit import OperationError
from ledger.operations.edit import voucher_named
from ledger.util.text import whole_number

_FILES = (MAIN, AWARD, RULES, PENDING, SUMS)
_PATTERNS = ("books/*.beancount", "*.beancount", "schemes/*.toml")
_NOT_OURS = frozenset({AUDIT_FILE})  # what an auditor files meanwhile changes nothing here


def state_of(folder: Path) -> str:
    """A digest of all that an operation reads and writes: a page made on another state is stale."""
    digest = hashlib.sha256()
    for path in _read_files(folder):
        digest.update(f"{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read_files(folder: Path) -> Iterator[Path]:
    found = {folder / name for name in _FILES}
    for pattern in _PATTERNS:
        found.update(folder.glob(pattern))
    for path in sorted(found):
        if path.name not in _NOT_OURS and path.is_file():
            yield path


class CaseDesk:
    """A case for one request. What only the ledger decides is kept with `view`; the rest is read on first use."""

    def __init__(self, view: View, folder: Path) -> None:
        """`view` is the case of today, `folder` where it lies."""
        self.view = view
        self.folder = folder

    @property
    def case(self) -> Case:
        """The case as of today."""
        return self.view.case

    @functools.cached_property
    def state(self) -> str:
        """See `state_of`."""
        return state_of(self.folder)

    @functools.cached_property
    def pending(self) -> PendingStore:
        """What waits beside the books."""
        return read_pending(self.folder)

    @functools.cached_property
    def questions(self) -> list[Question]:
        """Every open question, by date."""
        return open_questions(self.case, self.pending)

    @functools.cached_property
    def history(self) -> History:
        """The case's history."""
        return History(self.folder)

    @functools.cached_property
    def operations(self) -> list[Operation]:
        """What was done to the case, the first one first."""
        return self.history.operations()

    def operation(self, number: str) -> Operation | None:
        """An operation by its id."""
        wanted = whole_number(number) or 0
        return self.operations[wanted - 1] if 0 < wanted <= len(self.operations) else None

    def voucher(self, name: str) -> Voucher | None:
        """The voucher of an import-id or a number; None where there is none. See `voucher_named`."""
        try:
            return voucher_named(self.case, name)
        except OperationError:
            return None

    @functools.cached_property
    def waiting(self) -> Waiting:
        """What waits: files, questions, errors, deadlines."""
        of_books = self.view.cached("desk-waiting", _of_books)
        return of_books._replace(inbox=inbox_files(self.folder), questions=len(self.questions))

    def preview(self) -> Preview:
        """What importing the inbox would do now. Raises GrantError where the books cannot be read."""
        return preview_of(self.folder)

    def context(self) -> Context:
        """What an operation is looked at on, without writing it: nobody judges it."""
        loaded = Loaded(self.case, list(self.view.entries), [], {}, checks_listed=True)
        return Context(loaded, lambda name: _text(self.folder / name))


def _of_books(view: View) -> Waiting:
    return waiting_of(view.case, view.entries, view.settings, view.findings)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""
