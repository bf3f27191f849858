"""Lines that an import decides anew: questions of the dedicated account, and what was decided by what the books held.

A statement often comes before the vouchers that its lines pay, or before the one with the line it takes back. What
nothing explained then was booked with `!`; what was matched bears `matched`. Both are decided again with every import
that brings something new, so that the books do not hang on the order of the files. Words decide for good, and so does
a person.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.planning import line_entries
from importers.planning import line_kind
from importers.planning.bank_lines import Replacement
from importers.planning.bank_lines import UndecidedLine
from importers.planning.bank_lines import payers_of
from importers.planning.bank_lines import recognise
from importers.planning.bank_lines import tells
from importers.planning.known_lines import KnownLines
from importers.planning.line_entries import MATCHED
from importers.planning.line_entries import BookedLine
from importers.planning.line_entries import Statement
from importers.planning.line_entries import rows_of
from importers.planning.line_kind import Recognised
from importers.planning.payments.withheld import interest_of
from importers.planning.payments.withheld import is_of_interest
from ledger.arithmetic.withholding import Withheld
from ledger.case.case import Case
from ledger.case.entry_reader import TAKES_BACK
from ledger.case.month_close import first_open_day
from ledger.entries.builder import as_text
from ledger.model import accounts
from ledger.model.directives import whole
from ledger.model.identifiers import PAID
from ledger.model.records import Payment
from ledger.model.records import place_of
from ledger.operations.rebooking.rebook import length_of_entry
from ledger.util.i18n import _
from ledger.util.i18n import in_source_language

_FEE = "fee:"  # before the id of a line: the bank's fee on top of what the line pays


def may_be_decided_anew(case: Case) -> bool:
    """Whether any line stands in the books as a question, or by what the books held when it came."""
    return any(_is_undecided(entry) for entry in case.transactions) or bool(_withheld_of_nothing(case))


@in_source_language()
def undecided(
    case: Case, statements: Sequence[Statement], text_of: Callable[[Path], str]
) -> list[UndecidedLine]:
    """What of the lines that `statements` show may be decided anew.

    `text_of` gives a file of the books. An entry of a closed month, and one that somebody changed since it was
    imported, is not to be changed: a question is given with the reason, and anything else is not given at all.
    """
    assert case.award is not None  # noqa: S101 -- an import looks first
    entries: dict[str, list[data.Transaction]] = defaultdict(list)
    by_person: set[str] = set()
    unsure = _withheld_of_nothing(case)
    for entry in case.transactions:
        import_id = str(entry.meta.get("import-id") or "")
        if import_id.startswith(_FEE) or _may_change(entry) or id(entry) in unsure:
            entries[import_id.removeprefix(_FEE)].append(entry)
        else:
            by_person.add(import_id)
    for import_id in by_person:  # the fee on top of what somebody decided is part of that
        entries.pop(import_id, None)
    known = KnownLines.booked(case.transactions)
    payments: dict[int, list[Payment]] = defaultdict(list)
    for payment in (*case.payments, *case.returned_payments):
        payments[id(payment.entry)].append(payment)
    opened = first_open_day(case)
    settled = _paid_by_a_person(case)
    found: dict[str, list[UndecidedLine]] = defaultdict(list)
    for statement in statements:
        ids = known.ids_of(statement.account.number, statement.lines)
        for line, import_id in zip(statement.lines, ids, strict=True):
            booked = entries.get(import_id, ())
            is_open = any(map(_may_change, booked)) or any(id(entry) in unsure for entry in booked)
            if is_open and settled.isdisjoint(map(id, booked)):
                found[import_id].append(UndecidedLine(tuple(booked), statement, line, import_id))
    award, payers = case.award, payers_of(case)

    def telling(one: UndecidedLine) -> tuple[bool, int]:
        return tells(BookedLine(one.statement, one.line, one.import_id, award.ubn), award, payers)

    asked = []
    for shown in found.values():
        each = max(shown, key=telling)  # of several exports that show a line, the one that tells most decides
        fixed = ""
        if opened is not None and each.entries[0].date < opened:
            fixed = _("{month} 已月結,這筆沒有更動").format(month=f"{each.entries[0].date:%Y-%m}")
        elif all(_is_changed(one, case, payments, text_of) for one in shown):
            fixed = _("這筆分錄已被改過,沒有更動")
        if not fixed or each.entries[0].flag == "!":
            asked.append(each._replace(fixed=fixed))
    return asked


def _paid_by_a_person(case: Case) -> set[int]:
    """The entries, by id(), that pay what is paid beside them by a person's word, and so too often: they stay.

    Decided anew they would pay nothing, and the second payment were lost.
    """
    said = {
        payment.link
        for payment in case.payments
        if case.unpaid.get(payment.link, 0) < 0
        and not _is_undecided(payment.entry)
        and not str(payment.entry.meta.get("import-id") or "").startswith(PAID)
    }
    return {id(payment.entry) for payment in case.payments if payment.link in said}


def _is_undecided(entry: data.Transaction) -> bool:
    """Whether an import asked about it, or decided it by what the books held; what a person decided has neither."""
    if "voucher" in entry.meta:
        return False
    is_asked = entry.flag == "!" and "unclear" in entry.meta
    is_decided = MATCHED in entry.meta or TAKES_BACK in entry.meta or entry.meta.get("kind") == "returned"
    return is_asked or is_decided


def _may_change(entry: data.Transaction) -> bool:
    """Whether an entry stands there by an import; a supplier that bore the bank's fee was paid by it too."""
    return _is_undecided(entry) or entry.meta.get("kind") == "fee"


def _withheld_of_nothing(case: Case) -> set[int]:
    """The entries, by id(), of tax or premium that no interest explains: a person's fee may come that does."""
    interest = interest_of(case)
    return {
        id(move.entry)
        for move in case.movements
        if move.kind in {"withholding", "premium"}
        and move.grant < 0
        and not is_of_interest(move.date, -move.grant, interest)
    }


def _is_changed(
    undecided_line: UndecidedLine,
    case: Case,
    payments: dict[int, list[Payment]],
    text_of: Callable[[Path], str],
) -> bool:
    """Whether entries of the books, their comments included, are others than the import wrote."""
    written = [
        _as_written(undecided_line, entry, case, payments.get(id(entry), ()))
        for entry in undecided_line.entries
    ]
    return any(
        _text_of_entry(entry, text_of) != rows_of(as_text([as_imported]))
        for entry, as_imported in zip(undecided_line.entries, written, strict=True)
    )


def _text_of_entry(entry: data.Transaction, text_of: Callable[[Path], str]) -> list[str]:
    text, lineno = text_of(Path(entry.meta["filename"])), int(entry.meta["lineno"])
    return rows_of("\n".join(text.split("\n")[lineno - 1 : lineno - 1 + length_of_entry(text, lineno)]))


def _as_written(
    undecided_line: UndecidedLine, entry: data.Transaction, case: Case, paid: Sequence[Payment]
) -> data.Transaction:
    """The entry as an import books the line by the decision that the entry tells of.

    Where it differs from the entry in the books, somebody has changed that.
    """
    assert case.award is not None  # noqa: S101 -- an import looks first
    item = BookedLine(
        undecided_line.statement, undecided_line.line, undecided_line.import_id, case.award.ubn, entry
    )
    import_id = str(entry.meta.get("import-id"))
    if TAKES_BACK in entry.meta:
        other = str(entry.meta[TAKES_BACK])
        made = line_entries.taking_back(item, other, line_entries.booked_under(case.transactions, other))[0]
    elif remitted := [move for move in case.withheld if move.entry is entry]:
        parts_ = {move.link: Withheld(-move.tax, -move.premium) for move in remitted}
        made = line_entries.remittance(item, parts_, str(entry.meta.get(MATCHED, "")))
    elif paid:
        sellers = {voucher.link: voucher.seller_name for voucher in reversed(case.vouchers)}
        numbers = {voucher.link: voucher.number for voucher in reversed(case.vouchers)}
        parts = [(numbers.get(p.link, p.number), p.amount, p.from_grant) for p in paid]
        made = line_entries.payment(
            item, sellers.get(paid[0].link, ""), parts, str(entry.meta.get(MATCHED, ""))
        )[0]
    elif import_id.startswith(_FEE):
        made = line_entries.fee_on_top(
            item, -sum(whole(p.units) for p in entry.postings if p.account == accounts.GRANT_MONEY)
        )
    else:
        made = line_entries.of_dedicated(item, *_decision(item, entry, case))
    return line_entries.documented(made, entry)


def _decision(item: BookedLine, entry: data.Transaction, case: Case) -> tuple[Recognised, str]:
    """What the entry says that the line is, and what it asks."""
    assert case.award is not None  # noqa: S101 -- an import looks first
    told, unclear = recognise(item, case.award, payers_of(case)), str(entry.meta.get("unclear", ""))
    if MATCHED in entry.meta and any(posting.account == accounts.UNEARNED for posting in entry.postings):
        return Recognised("instalment", matched=str(entry.meta[MATCHED])), unclear
    if MATCHED in entry.meta:
        kind = "own-money" if entry.meta.get("kind") is None and _own_moved(entry) else "withdrawal"
        return Recognised(kind, matched=str(entry.meta[MATCHED])), unclear  # type: ignore[arg-type]
    if entry.meta.get("kind") == "returned":
        return Recognised("returned"), unclear
    if entry.meta.get("kind") in {"unexplained", "deposit"}:
        asked = (told.unclear, line_kind.unexplained().unclear, line_kind.not_found())
        is_ours = any(text and unclear.startswith(text) for text in asked)
        return Recognised(entry.meta["kind"]), unclear if is_ours else ""
    return told, unclear


def _own_moved(entry: data.Transaction) -> bool:
    return any(posting.account == accounts.OWN_MONEY for posting in entry.postings)


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


def rebooked(replacement: Replacement, folder: Path) -> Rebooked:
    """What is told of a replacement; `folder` is the case's."""
    entry = replacement.entry
    at = place_of(entry)
    at_bank = [p for p in entry.postings if p.account in accounts.AT_BANK] or [
        p for p in entry.postings if p.account == accounts.COMPANY
    ]
    return Rebooked(
        file=Path(at.file).relative_to(folder.resolve()).as_posix(),
        line=at.line,
        day=at.date,
        amount=sum(whole(posting.units) for posting in at_bank),
        narration=entry.narration or "",
        vouchers=replacement.vouchers,
        unclear=str(replacement.entries[0].meta.get("unclear", "")) if replacement.entries else "",
    )
