"""What sorting voucher records comes to: what is new, asked about, set aside, or waits."""

from __future__ import annotations

import dataclasses
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.planning.papers.take_backs import Target
from importers.records import VoucherRecord
from ledger.files.pending import Pending
from ledger.util.text import fold


class Unmatched(NamedTuple):
    """A record that somebody has to decide about, and why.

    `waits` where it was not booked and its file stays in the inbox, `conflicts` where that is because it is booked
    with another amount. `question` is the id under which it is asked; `import_id` is that of a bank's line.
    """

    file: str
    record: dict[str, Any]
    reason: str
    waits: bool = False
    conflicts: bool = False
    question: str = ""
    import_id: str = ""
    choices: tuple[str, ...] = ("payment", "own-money")  # of a line of the company's own account

    def as_json(self) -> dict[str, Any]:
        """As `grant import --json` shows it."""
        said = {"file": self.file, "record": self.record, "reason": self.reason}
        return said | {"question": self.question} if self.question else said


class SetAside(NamedTuple):
    """A record that was not booked and needs no answer, and why; `id` is what `grant answer` may still take it in by."""

    file: str
    record: dict[str, Any]
    reason: str
    id: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `grant import --json` shows it."""
        told = {"file": self.file, "record": self.record, "reason": self.reason}
        return told | ({"id": self.id} if self.id else {})


class Told(NamedTuple):
    """A record and where it was told; `waited` where it has waited in `pending.jsonl`."""

    record: VoucherRecord
    file: str
    format: str
    waited: Pending | None = None


@dataclasses.dataclass(slots=True)
class NewVoucher:
    """A voucher to book: its id, the record it is booked from, and every file that told of it."""

    import_id: str
    record: VoucherRecord
    files: list[str]
    format: str
    done: frozenset[int] = frozenset()  # of a credit note's references: those booked before
    replaces: str = ""  # the import-id of the entry whose place it takes
    waited: Pending | None = None  # where no file of this import tells of it

    @property
    def target(self) -> Target:
        """The voucher as something that may be taken back."""
        gross = abs(self.record.gross or 0)
        return Target(
            self.import_id,
            fold(self.record.number),
            self.record.kind,
            self.record.date,
            gross,
            is_booked=False,
            place=0,
            files=tuple(self.files),
        )


class Completed(NamedTuple):
    """What a record tells of a booked voucher that the route it was booked by did not, and the file that does."""

    entry: data.Transaction
    told: tuple[tuple[str, str], ...]  # metadata
    file: str


class Reversal(NamedTuple):
    """Something that takes back, and the import-id of what it takes back."""

    event: NewVoucher
    target: str


@dataclasses.dataclass(slots=True)
class Gathered:
    """What the voucher readings come to."""

    new: list[NewVoucher] = dataclasses.field(default_factory=list)
    allowances: list[NewVoucher] = dataclasses.field(default_factory=list)
    reversals: list[Reversal] = dataclasses.field(default_factory=list)
    paid: list[NewVoucher] = dataclasses.field(default_factory=list)  # booked before; the sheet now says paid
    completed: list[Completed] = dataclasses.field(default_factory=list)
    duplicates: int = 0
    not_of_case: int = 0
    unmatched: list[Unmatched] = dataclasses.field(default_factory=list)
    set_aside: list[SetAside] = dataclasses.field(default_factory=list)
    waiting: list[Pending] = dataclasses.field(default_factory=list)
