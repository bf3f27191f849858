"""A bank line as entries of the books: the payment of vouchers, a line of the dedicated account, what takes back."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from beancount.core import data

from importers.planning.line_kind import Recognised
from importers.records import BankLine
from ledger.arithmetic.withholding import Withheld
from ledger.case.entry_reader import TAKES_BACK
from ledger.entries.builder import PaidFrom
from ledger.entries.builder import as_text
from ledger.entries.builder import bank_entry
from ledger.entries.builder import interest_entry
from ledger.entries.builder import payment_entry
from ledger.entries.builder import remittance_entry
from ledger.entries.builder import take_back_entry
from ledger.entries.builder import treasury_entry
from ledger.model import accounts
from ledger.model.award import BankAccount
from ledger.model.directives import whole
from ledger.util.i18n import _

MATCHED = "matched"  # metadata: what in the books an import decided the line by, so that it may decide anew


class Statement(NamedTuple):
    """A statement of one of the case's accounts."""

    file: str
    account: BankAccount
    lines: tuple[BankLine, ...]


class BookedLine(NamedTuple):
    """A line to book, or that stands in the books by a decision of an import's."""

    statement: Statement
    line: BankLine
    import_id: str
    lead: str  # the lead's company number
    booked: data.Transaction | None = None

    @property
    def party(self) -> str:
        """Whose account it is."""
        return self.statement.account.party

    @property
    def is_dedicated(self) -> bool:
        """Whether it is a line of a dedicated account."""
        return self.statement.account.dedicated

    @property
    def source(self) -> str:
        """The file that told of it, as the books name it."""
        return str(self.booked.meta.get("source", "")) if self.booked else self.statement.file


class JudgedLine(NamedTuple):
    """A line with what its words say it is."""

    item: BookedLine
    told: Recognised


def payment(
    item: BookedLine, payee: str, paid: Sequence[tuple[str, int, int]], why: str, fee: int = 0
) -> list[data.Transaction]:
    """The payment of vouchers (number, amount, of it the grant's), or a refund where the amounts are negative.

    Out of the dedicated account the bank's fee on top of it is an entry of its own: every dollar of the line.
    """
    source: PaidFrom = "dedicated" if item.is_dedicated else "company"
    day, words, meta = item.line.date, narration(item.line), meta_of(item)
    entries = [payment_entry(day, payee, words, paid, source, meta | {MATCHED: why})]
    if item.is_dedicated and fee > 0:
        entries.append(fee_on_top(item, fee))
    return entries


def remittance(item: BookedLine, remitted: Mapping[str, Withheld], why: str) -> data.Transaction:
    """What was withheld of vouchers, by their numbers, paid on to the tax bureau and the health insurance."""
    source: PaidFrom = "dedicated" if item.is_dedicated else "company"
    line, meta = item.line, meta_of(item) | {MATCHED: why}
    return remittance_entry(line.date, payee_of(line), narration(line), remitted, source, meta)


def fee_on_top(item: BookedLine, fee: int) -> data.Transaction:
    """The bank's fee in a line of the dedicated account that pays vouchers."""
    meta = meta_of(item) | {"import-id": f"fee:{item.import_id}"}
    return bank_entry("fee", item.line.date, -fee, "", _("匯費"), meta)


def of_dedicated(item: BookedLine, told: Recognised, unclear: str) -> data.Transaction:
    """A line of the dedicated account that is no payment; what is unclear is booked with `!`."""
    line = item.line
    meta = meta_of(item) | {"months": " ".join(told.months), "unclear": unclear, MATCHED: told.matched}
    if told.kind == "interest" and any(told.withheld):
        return interest_entry(line.date, line.amount, told.withheld, payee_of(line), narration(line), meta)
    kind = told.kind or "unexplained"
    return bank_entry(kind, line.date, line.amount, payee_of(line), narration(line), meta)


def of_treasury(item: BookedLine, *, surplus: bool) -> data.Transaction:
    """A remittance for the case out of the company's own account."""
    line = item.line
    return treasury_entry(surplus, line.date, -line.amount, payee_of(line), narration(line), meta_of(item))


def taking_back(
    item: BookedLine, other_id: str, others: Sequence[data.Transaction]
) -> list[data.Transaction]:
    """A line that takes back the one of `other_id`, which `others` are booked for; the fee that the bank kept of it."""
    meta = meta_of(item) | {TAKES_BACK: other_id}
    entry = take_back_entry(others, item.line.date, payee_of(item.line), narration(item.line), meta)
    came = sum(whole(posting.units) for posting in entry.postings if posting.account in accounts.AT_BANK)
    fee = came - item.line.amount
    return [entry, fee_on_top(item, fee)] if item.is_dedicated and fee > 0 else [entry]


def booked_under(entries: Iterable[data.Transaction], import_id: str) -> list[data.Transaction]:
    """The entries of a bank line: what it is, and the bank's fee in it."""
    ids = {import_id, f"fee:{import_id}"}
    return [entry for entry in entries if entry.meta.get("import-id") in ids]


def meta_of(item: BookedLine) -> dict[str, Any]:
    """What every entry of a bank line says of where it comes from."""
    line = item.line
    return {
        "import-id": item.import_id,
        "source": item.source,
        "time": line.time,
        "counterparty": line.counterparty if payee_of(line) != line.counterparty else "",
        "party": item.party if item.party != item.lead else "",
    }


def documented(entry: data.Transaction, booked: data.Transaction) -> data.Transaction:
    """An entry with the documents of the one whose place it takes."""
    documents = {key: value for key, value in booked.meta.items() if key.startswith("document")}
    return entry._replace(meta=entry.meta | documents)


def is_same(booked: Sequence[data.Transaction], entries: Sequence[data.Transaction]) -> bool:
    """Whether entries of the books say just what these entries say."""
    return rows_of(as_text(booked)) == rows_of(as_text(entries))


def rows_of(text: str) -> list[str]:
    """The lines of an entry's text, however they are set and in whatever order its metadata stands."""
    return sorted(" ".join(row.split()) for row in text.splitlines() if row.strip())


def payee_of(line: BankLine) -> str:
    """The other side's name, where the bank prints a name and no account number."""
    return "" if any(mark.isdigit() for mark in line.counterparty) else line.counterparty


def narration(line: BankLine) -> str:
    """What the bank and the payer say of a line."""
    return f"{line.text} {line.memo}".strip()
