"""What an accountant does in a story, whatever it is done with; and the one who does it by commands.

The desk's tests have the one who does it in the browser. What a story holds its figures against is read by commands
from the case itself, so it is the same for both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import NamedTuple
from typing import Protocol

from click.testing import CliRunner

from cli.main import grant
from ledger.schemes.categories import category_name
from tests.cli.desk import Desk


class RefusedError(Exception):
    """What was asked for is not done; the words say why."""


class Imported(NamedTuple):
    """What an import told: rows booked, rows known, questions asked."""

    booked: int
    known: int
    asked: int


class Told(NamedTuple):
    """What was told of an act's effect: findings that go and come, and (month, before, after) of what is earned, NT$."""

    gone: int
    new: int
    earned: tuple[tuple[str, int, int], ...]


class Closed(NamedTuple):
    """What a close told: what may be withdrawn, each category's share by its name, NT$; and what is missing, in words."""

    withdrawable: int
    shares: dict[str, int]
    missing: tuple[str, ...]


class Accountant(Protocol):
    """Days are written as the forms take them, 2023-06-01. Raises RefusedError where the program refuses."""

    case: Path

    def put(self, name: str, content: str | bytes) -> Imported:
        """Put a file into the inbox and import it."""

    def take_out(self, name: str) -> None:
        """Take a file out of the inbox that is not wanted there."""

    def answer(
        self,
        kind: str,
        word: str,
        *,
        amount: int | None = None,
        item: str = "",
        voucher: str = "",
        remember: bool = False,
    ) -> None:
        """Answer the first question of a kind, or of a kind and an amount."""

    def correct(self, voucher: str, reason: str, **fields: object) -> Told:
        """Correct fields of a voucher."""

    def split(self, voucher: str, reason: str, parts: Mapping[str, int]) -> None:
        """Lay a voucher over items."""

    def remove(self, voucher: str, reason: str) -> str:
        """Take a voucher out; the operation's id."""

    def restore(self, operation: str) -> None:
        """Put back what an operation took out."""

    def undo(self, operation: str = "") -> str:
        """Take an operation back, the last one by default; the id of the undoing."""

    def close(self, month: str, day: str = "") -> Closed:
        """Close a month."""

    def reopen(self, month: str, reason: str, day: str) -> None:
        """Open it again."""

    def milestone(self, kind: str, day: str, number: str, amount: int | None = None, until: str = "") -> None:
        """Write a moment of the case down."""

    def revise_item(
        self, name: str, category: str, money: tuple[int, int], approval: tuple[str, str]
    ) -> Told:
        """An item's sums, the government's and the company's own; `approval` is the letter's number and its day."""

    def revise_person(self, name: str, approval: tuple[str, str], **fields: object) -> None:
        """A person's `role`, `months`, `since`, `until`, `salary`."""

    def evidence(self, kind: str, file: Path, day: str) -> None:
        """Write a paper of the checklist down."""

    def deduct(self, amount: int, reason: str, day: str) -> None:
        """A deduction that the authority decided."""

    def claim(self, check: str, voucher: str, reason: str, approval: str) -> None:
        """Claim that a finding was let pass."""

    def month_end(self, month: str, place: Path) -> None:
        """The paper of a closed month, what may be withdrawn, as a workbook."""

    def report(self, stage: str, day: str, place: Path) -> None:
        """The settlement of a stage as of a day as a workbook."""


class ByCommand:
    """The accountant who gives commands."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.case = desk, desk.case

    def give(self, *words: object) -> str:
        """Give a command; what it said. Raises RefusedError where it ends with 2."""
        result = CliRunner().invoke(grant, [str(word) for word in words])
        if result.exit_code == 2:
            raise RefusedError(result.output)
        assert result.exit_code == 0, f"{words}\n{result.output}"
        return result.output

    def tell(self, *words: object) -> Any:
        """What a command says with --json."""
        return json.loads(self.give(*words, "--json"))

    def put(self, name: str, content: str | bytes) -> Imported:
        data = content.encode() if isinstance(content, str) else content
        (self.case / "inbox" / name).write_bytes(data)
        said = self.tell("import", self.case)
        return Imported(said["imported"], said["duplicates"], len(said["unmatched"]))

    def take_out(self, name: str) -> None:
        (self.case / "inbox" / name).unlink()

    def answer(
        self,
        kind: str,
        word: str,
        *,
        amount: int | None = None,
        item: str = "",
        voucher: str = "",
        remember: bool = False,
    ) -> None:
        asked = next(each for each in self.desk.questions(kind) if amount in (None, each["amount"]))
        more = [*(("--item", item) if item else ()), *(("--voucher", voucher) if voucher else ())]
        self.tell("answer", self.case, asked["id"], word, *more, *(["--remember"] if remember else []))

    def correct(self, voucher: str, reason: str, **fields: object) -> Told:
        told = [part for name, value in fields.items() for part in ("--set", f"{name}={value}")]
        return _told(self.tell("correct", self.case, voucher, *told, "--reason", reason))

    def split(self, voucher: str, reason: str, parts: Mapping[str, int]) -> None:
        told = [f"{item}={amount}" for item, amount in parts.items()]
        self.tell("split", self.case, voucher, *told, "--reason", reason)

    def remove(self, voucher: str, reason: str) -> str:
        return str(self.tell("remove", self.case, voucher, "--reason", reason)["operation"])

    def restore(self, operation: str) -> None:
        self.tell("restore", self.case, operation)

    def undo(self, operation: str = "") -> str:
        return str(self.tell("undo", self.case, *([operation] if operation else []))["operation"])

    def close(self, month: str, day: str = "") -> Closed:
        said = self.tell("close", self.case, month, *(["--date", day] if day else []))
        shares = {category_name(key): share for key, share in said["by_category"].items() if share}
        return Closed(said["withdrawable"], shares, tuple(each["what"] for each in said["missing"]))

    def reopen(self, month: str, reason: str, day: str) -> None:
        self.give("reopen", self.case, month, "--reason", reason, "--date", day)

    def milestone(self, kind: str, day: str, number: str, amount: int | None = None, until: str = "") -> None:
        more = [*(("--amount", amount) if amount else ()), *(("--until", until) if until else ())]
        self.tell("milestone", self.case, kind, "--date", day, "--number", number, *more)

    def revise_item(
        self, name: str, category: str, money: tuple[int, int], approval: tuple[str, str]
    ) -> Told:
        sums = ("--government", money[0], "--self", money[1])
        about = ("--item", name, "--category", category, *sums)
        return _told(self.tell("revise", self.case, *about, "--approval", approval[0], "--date", approval[1]))

    def revise_person(self, name: str, approval: tuple[str, str], **fields: object) -> None:
        told = [part for field, value in fields.items() for part in (f"--{field}", value)]
        letter = ("--approval", approval[0], "--date", approval[1])
        self.tell("revise", self.case, "--person", name, *told, *letter)

    def evidence(self, kind: str, file: Path, day: str) -> None:
        self.tell("evidence", self.case, kind, file, "--date", day)

    def deduct(self, amount: int, reason: str, day: str) -> None:
        self.tell("deduct", self.case, amount, "--reason", reason, "--date", day)

    def claim(self, check: str, voucher: str, reason: str, approval: str) -> None:
        self.tell("waive", self.case, check, voucher, "--reason", reason, "--approval", approval)

    def month_end(self, month: str, place: Path) -> None:
        self.give("close", self.case, month, "-o", place)

    def report(self, stage: str, day: str, place: Path) -> None:
        self.give("settle", self.case, "--stage", stage, "--as-of", day, "-o", place)


def _told(said: Mapping[str, Any]) -> Told:
    earned = tuple((each["month"], each["before"], each["after"]) for each in said["entitlement"])
    return Told(len(said["findings"]["gone"]), len(said["findings"]["new"]), earned)
