"""What is not there yet when a month is to be closed: statements, files, pay and answers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ledger.case.case import Case
from ledger.files import DOCUMENTS
from ledger.files import INBOX
from ledger.files.pending import PendingStore
from ledger.model.accounts import DEDICATED
from ledger.model.award import BankAccount
from ledger.model.records import month_paid
from ledger.model.records import person_of
from ledger.util.dates import month_end
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.i18n import _
from ledger.util.text import fold

_FILED_ON = re.compile(r"(\d{4}-\d{2}-\d{2})\.")
_PERIOD = re.compile(r"(?<!\d)\d{6}(?:\d{2})?[-_~至](\d{4})(\d{2})(?:\d{2})?(?!\d)")


class Missing(NamedTuple):
    """One thing that is not there; `file` is empty where it is about none."""

    kind: str  # statement | inbox | payroll | question
    what: str
    file: str = ""

    def as_json(self) -> dict[str, str]:
        """As `grant close --json` shows it."""
        return dict(self._asdict())


def missing_for_close(case: Case, month: str, pending: PendingStore) -> list[Missing]:
    """All that is not there of a month: nothing of it keeps the month from being closed, all of it is told."""
    return [
        *_statements(case, month),
        *_inbox(case),
        *_pay(case, month),
        *_questions(case, month, pending),
    ]


def _statements(case: Case, month: str) -> Iterator[Missing]:
    """The dedicated accounts of which no statement reaches the month's last day, as far as the books can tell."""
    last = month_last_day(month)
    accounts = [account for account in (case.award.accounts if case.award else ()) if account.dedicated]
    for account in accounts:
        reached = max(_days(case, account, accounts), default=None)
        if reached is not None and reached >= last:
            continue
        never = _("專戶 {number} 還沒有匯入任何交易明細")
        short = _("專戶 {number} 的交易明細只到 {day},未到月底 {last}")
        what = (short if reached else never).format(number=account.number, day=reached, last=last)
        yield Missing("statement", what)


def _days(case: Case, account: BankAccount, accounts: list[BankAccount]) -> Iterator[datetime.date]:
    """Days through which an account is known: its lines, the last day of its statements, what their names say."""
    for move in case.dedicated_accounts.of(account.party).movements:
        yield move.date
    if case.folder is None:
        return
    kept = case.folder / DOCUMENTS / Path(*DEDICATED.split(":"))
    for path in sorted(kept.rglob("*")) if kept.is_dir() else ():
        digits = re.sub(r"\D", "", path.name)
        if len(accounts) > 1 and account.number not in digits:
            continue
        if filed := _FILED_ON.match(path.name):
            yield datetime.date.fromisoformat(filed[1])
        for year, number in _PERIOD.findall(path.name):
            if 1 <= int(number) <= 12:
                yield month_end(datetime.date(int(year), int(number), 1))


def _inbox(case: Case) -> Iterator[Missing]:
    inbox = case.folder / INBOX if case.folder else None
    for path in sorted(inbox.iterdir()) if inbox and inbox.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            what = _("收件匣裡還有沒匯入的檔案 {file}").format(file=path.name)
            yield Missing("inbox", what, f"{INBOX}/{path.name}")


def _pay(case: Case, month: str) -> Iterator[Missing]:
    """The planned persons whose pay of the month is not there, while person-months are left to them."""
    award = case.award
    if award is None:
        return
    paid: dict[str, set[str]] = {}
    for voucher in case.vouchers:
        if voucher.kind == "payroll" and not voucher.is_reversal and voucher.cost > 0:
            paid.setdefault(fold(person_of(voucher)), set()).add(month_paid(voucher))
    for (_party, name), person in award.staff.items():
        until = month_of(person.until or award.end)
        since = max(month_of(person.entry.date), month_of(award.start))
        if not person.months or not since <= month <= until or month in paid.get(name, ()):
            continue
        what = _("規劃人員{name}沒有 {month} 的薪資").format(name=person.name, month=month)
        yield Missing("payroll", what)


def _questions(case: Case, month: str, pending: PendingStore) -> Iterator[Missing]:
    for record in pending:
        if record.is_open and (record.date is None or month_of(record.date) <= month):
            yield Missing("question", record.reason, record.file)
    for entry in case.unclassified:
        if month_of(entry.date) <= month:
            doubt = str(entry.meta.get("unclear") or entry.narration or "")
            number = str(entry.meta.get("number") or "")
            told = _("憑證 {number} 待認定:{doubt}") if number else _("{date} 的分錄用途待認定:{doubt}")
            what = told.format(number=number, date=entry.date, doubt=doubt)
            yield Missing("question", what, f"books/{month_of(entry.date)}.beancount")
