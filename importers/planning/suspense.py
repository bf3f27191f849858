"""Lines of the dedicated account that were booked as questions, and are asked again when an import may answer them.

A statement often comes before the vouchers that its lines pay. What no voucher explained then was booked with `!`;
once the voucher is in the books, the line is that voucher's payment.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.planning.bank_lines import Answer
from importers.planning.bank_lines import Asked
from importers.planning.bank_lines import Statement
from importers.planning.bank_lines import as_questioned
from importers.planning.bank_lines import rows_of
from importers.planning.known_lines import KnownLines
from ledger.case.case import Case
from ledger.case.month_close import first_open_day
from ledger.entries.builder import as_text
from ledger.model import accounts
from ledger.model.award import Award
from ledger.model.directives import whole
from ledger.model.records import place_of
from ledger.operations.rebook import length_of_entry
from ledger.util.i18n import _
from ledger.util.i18n import in_source_language

_QUESTIONS = frozenset({"unexplained", "deposit"})
_ANSWERED_WITH_THEM = "fee"  # a supplier that bore the bank's fee was paid by it too


def has_questions(case: Case) -> bool:
    """Whether any line of a dedicated account stands in the books as a question."""
    return any(_is_question(entry) for entry in case.unclassified)


@in_source_language()
def questions(case: Case, statements: Sequence[Statement], text_of: Callable[[Path], str]) -> list[Asked]:
    """The questions of the books whose lines `statements` of the dedicated accounts show.

    `text_of` gives a file of the books. An entry of a closed month, and one that somebody changed since it was
    imported, is not to be changed: it is given with the reason. One that is no question any more, because
    somebody answered it, is not given at all.
    """
    assert case.award is not None  # noqa: S101 -- an import looks first
    entries = {
        str(entry.meta.get("import-id")): entry
        for entry in case.transactions
        if _is_question(entry) or entry.meta.get("kind") == _ANSWERED_WITH_THEM
    }
    known = KnownLines.booked(case.transactions)
    opened = first_open_day(case)
    found: dict[str, Asked] = {}
    for statement in statements:
        ids = known.ids_of(statement.account.number, statement.lines) if statement.account.dedicated else []
        for line, import_id in zip(statement.lines, ids, strict=False):
            if import_id in entries:
                found[import_id] = Asked(entries[import_id], statement, line, import_id)
    asked = []
    for each in found.values():
        fixed = ""
        if opened is not None and each.entry.date < opened:
            fixed = _("{month} 已月結,這筆沒有更動").format(month=f"{each.entry.date:%Y-%m}")
        elif _is_changed(each, case.award, text_of(Path(each.entry.meta["filename"]))):
            fixed = _("這筆分錄已被改過,沒有更動")
        asked.append(each._replace(fixed=fixed))
    return asked


def _is_question(entry: data.Transaction) -> bool:
    return entry.flag == "!" and entry.meta.get("kind") in _QUESTIONS


def _is_changed(asked: Asked, award: Award, text: str) -> bool:
    """Whether an entry of the books, its comments included, is another than the import wrote."""
    lineno = int(asked.entry.meta["lineno"])
    written = text.split("\n")[lineno - 1 : lineno - 1 + length_of_entry(text, lineno)]
    return rows_of("\n".join(written)) != rows_of(as_text([as_questioned(asked, award)]))


class Rebooked(NamedTuple):
    """What an import made of an entry that was a question: where it stands, and which vouchers it pays."""

    file: str  # relative to the case
    line: int
    day: datetime.date
    amount: int  # of the bank's line, NT$; money out is negative
    narration: str
    vouchers: tuple[str, ...]
    unclear: str  # what is asked about it now; empty where nothing is

    def as_json(self) -> dict[str, Any]:
        """As `grant import --json` shows it."""
        return {
            "file": self.file,
            "line": self.line,
            "date": self.day.isoformat(),
            "amount": self.amount,
            "narration": self.narration,
            "vouchers": list(self.vouchers),
            "unclear": self.unclear or None,
        }


def rebooked(answer: Answer, folder: Path) -> Rebooked:
    """What is told of an answer; `folder` is the case's."""
    entry, first = answer.entry, answer.entries[0]
    at = place_of(entry)
    at_bank = [p for p in entry.postings if p.account in {accounts.GRANT_MONEY, accounts.OWN_MONEY}]
    return Rebooked(
        file=Path(at.file).relative_to(folder.resolve()).as_posix(),
        line=at.line,
        day=at.date,
        amount=sum(whole(posting.units) for posting in at_bank),
        narration=entry.narration or "",
        vouchers=answer.vouchers,
        unclear=str(first.meta.get("unclear", "")),
    )
