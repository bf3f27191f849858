"""What sorting records comes to as it goes: what was answered, what is known, what waits and is asked about."""

from __future__ import annotations

from importers.planning.papers.told import Gathered
from importers.planning.papers.told import SetAside
from importers.planning.papers.told import Told
from importers.planning.papers.told import Unmatched
from importers.planning.papers.waiting import waiting_id
from importers.questions.stored_records import stored
from importers.records import BULK_FORMATS
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore


class Outcome:
    """The outcome of one sorting, and what has waited before it."""

    def __init__(self, store: PendingStore) -> None:
        self._store = store
        self.found = Gathered()

    def answer(self, told: Told, kind: str) -> str:
        """What was answered to a question about a record; empty where nothing was."""
        waited = self._store.get(waiting_id(kind, told.record))
        return waited.answer if waited is not None else ""

    def count_known(self, told: Told) -> None:
        """Count a record that is known; what waited with an answer keeps it."""
        if told.waited is None:
            self.found.duplicates += 1
        elif told.waited.answer:
            self.found.waiting.append(told.waited)  # so that it is not asked about another time

    def ask(
        self,
        told: Told,
        kind: str,
        reason: str,
        choices: tuple[str, ...],
        *,
        conflicts: bool = False,
        waits: bool = False,
    ) -> None:
        """Keep a record that somebody has to decide about."""
        is_single = told.format not in BULK_FORMATS
        self.let_wait(
            told, kind, reason, asks=True, choices=choices, waits=waits or conflicts, conflicts=conflicts and is_single
        )  # fmt: skip

    def let_wait(
        self,
        told: Told,
        kind: str,
        reason: str,
        *,
        asks: bool,
        choices: tuple[str, ...],
        waits: bool = False,
        conflicts: bool = False,
    ) -> None:
        """Keep a record that is not booked, and tell of it where a file of this import told it."""
        record = told.record
        before = self._store.get(waiting_id(kind, record))
        pending = Pending(
            id=waiting_id(kind, record),
            kind=kind,
            file=before.file if before is not None else told.file,
            reason=reason,
            record=record.as_json(),
            date=record.date,
            amount=record.gross,
            choices=choices,
            asks=asks,
            answer=before.answer if before is not None else "",
            data={"format": told.format, "voucher": stored(record)},
        )
        self.found.waiting.append(pending)
        if told.waited is not None:
            return
        if not pending.is_open:
            self.found.not_of_case += 1
            self.found.set_aside.append(SetAside(told.file, record.as_json(), reason, pending.id))
        else:
            self.found.unmatched.append(
                Unmatched(told.file, record.as_json(), reason, waits, conflicts, pending.id)
            )
