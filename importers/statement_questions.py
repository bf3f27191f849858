"""Questions about statements: what a file leaves open waits in pending.jsonl until it is answered.

    opening-balance   the balance before the first line, whose direction nothing else tells (an amount)
    bank-side, company-side   whose 借方 and 貸方 these are
    account           that a number as the bank prints it is a (shorter) one of the award

An answer given beforehand (`grant import --opening-balance`, `--account`) is kept as the answer to the question that
would have been asked, so that the file reads the same whenever it is read again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from importers.config.statement_files import QUESTION
from importers.planning.papers.told import Unmatched
from importers.read import FileQuestion
from importers.records import Choice
from importers.records import Reading
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from ledger.model.award import Award
from ledger.model.award import BankAccount
from ledger.util.i18n import _

_LEAST_DIGITS = 4  # of a number that may be the end of another


def question_of(asked: FileQuestion) -> Pending:
    """What waits for the answer that makes a file readable."""
    return _pending(asked.file, asked.error.text, asked.error.choices, {"sha256": asked.digest})


def account_question(reading: Reading, account: BankAccount) -> Pending:
    """Whether the number that a statement prints is the account of the award that is its end."""
    text = _("帳號 {printed} 的末幾碼與核定的{bank} {number} 相同;請確認是不是同一個帳戶").format(
        printed=reading.account, bank=account.bank, number=account.number
    )
    choice = Choice("account", _("是同一個帳戶,以後都這樣認"))
    data = {"number": reading.account, "account": account.number}
    return _pending(reading.file, text, (choice,), data)


def account_by_its_end(printed: str, award: Award | None) -> BankAccount | None:
    """The one account of the award whose number is the end of what a bank prints, or of which that is the end.

    None where there is none, or several.
    """
    found = [
        account
        for account in (award.accounts if award else ())
        if _is_end(*sorted((printed.lstrip("0"), account.number.lstrip("0")), key=len))
    ]
    return found[0] if len(found) == 1 else None


def _is_end(shorter: str, longer: str) -> bool:
    return len(shorter) >= _LEAST_DIGITS and longer.endswith(shorter)


def answered(asked: Pending, answer: str, **said: Any) -> Pending:
    """The question with its answer, as it is kept."""
    return dataclasses.replace(asked, answer=answer, data={**asked.data, **said})


def ask(store: PendingStore, asked: Pending) -> Unmatched:
    """Let the question wait; gives what the report says of it."""
    store.add(asked)
    return Unmatched(asked.file, {}, asked.reason, waits=True, question=asked.id)


def no_longer_ask(store: PendingStore, digests: Sequence[str]) -> None:
    """Drop the questions about files that were read after all, by the SHA-256 of their bytes."""
    for record in store.of_kind(QUESTION):
        if record.is_open and record.data.get("sha256") in digests:
            store.drop(record.id)


def _pending(file: str, text: str, choices: Sequence[Choice], data: dict[str, str]) -> Pending:
    return Pending(
        id=pending_id(QUESTION, *data.values(), *(choice.answer for choice in choices)),
        kind=QUESTION,
        file=file,
        reason=text,
        choices=tuple(choice.answer for choice in choices),
        asks=True,
        data={**data, "labels": [choice._asdict() for choice in choices]},
    )
