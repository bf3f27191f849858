"""Month close: what a month has earned, and whether a closed month was changed since.

A close keeps a token of every entry of its month and the digest of the close before, so the closes form a
chain. A bank line that arrives late for a closed month changes nothing that was certified and is let in;
every other change, loss or addition is not. It also keeps the mark of the text above it in its file: as long as
that stands byte for byte, so do the entries in it, and they need not be compared one by one.
"""

import datetime
from collections import Counter
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.cost_share import withdrawable
from ledger.case.case import Case
from ledger.entries.digest import close_hash
from ledger.entries.digest import entry_hash
from ledger.entries.digest import entry_token
from ledger.entries.digest import token_number
from ledger.errors import GrantError
from ledger.files.prefix_digest import mark_of
from ledger.files.prefix_digest import seen_of
from ledger.model import directives
from ledger.model.accounts import expense_parts
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import next_month
from ledger.util.i18n import _

__all__ = [
    "CloseError",
    "MonthChange",
    "MonthFigures",
    "PartyFigures",
    "chain_breaks",
    "changes",
    "close_directive",
    "entry_hash",
    "entry_hashes",
    "first_open_day",
    "month_figures",
    "reopen_directive",
]

_BANK_ID = "bank:"


class CloseError(GrantError):
    """A month that cannot be closed or re-opened; the message says why."""


class PartyFigures(NamedTuple):
    """What a month's close certifies for one party, in NT$.

    The money is told at the dedicated account that holds it: a partner without one draws on the lead's.
    """

    entitlement: int
    withdrawn_before: int
    withdrawable: int
    by_category: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """As `grant close --json` shows it."""
        return dict(self._asdict())


class MonthFigures(NamedTuple):
    """What a month's close certifies, in NT$; by party where the case has partners."""

    month: str
    date: datetime.date
    entitlement: int
    withdrawn_before: int
    withdrawable: int
    by_category: dict[str, int]
    parties: dict[str, PartyFigures] = {}  # noqa: RUF012 -- a tuple's default is never written to

    def as_json(self) -> dict[str, Any]:
        """As `grant close --json` shows it."""
        shown: dict[str, Any] = {
            "month": self.month,
            "entitlement": self.entitlement,
            "withdrawn_before": self.withdrawn_before,
            "withdrawable": self.withdrawable,
            "by_category": self.by_category,
        }
        if self.parties:
            shown["parties"] = [
                {"party": party} | figures.as_json() for party, figures in self.parties.items()
            ]
        return shown


def month_figures(case: Case, month: str, date: datetime.date | None = None) -> MonthFigures:
    """The entitlement through `month` and what may be withdrawn on `date` (the month's last day by default).

    "Withdrawn before" left before `date`; a withdrawal on that day follows the close. The principal is the
    grant money received through `date` less those withdrawals. Each dedicated account has its own: money of
    one party never pays what another has earned.
    """
    last = month_last_day(month)
    day = date or last
    by_party: dict[str, dict[str, int]] = {party: {} for party in (case.award.parties if case.award else ())}
    for (party, category), share in case.government_shares(last).items():
        by_party[party][category] = share
    parties = {party: _party_figures(case, party, by_party, day) for party in by_party}
    by_category: dict[str, int] = {}
    for shares in by_party.values():
        for category, share in shares.items():
            by_category[category] = by_category.get(category, 0) + share
    return MonthFigures(
        month=month,
        date=day,
        entitlement=sum(by_category.values()),
        withdrawn_before=case.dedicated_accounts.withdrawn(day - datetime.timedelta(days=1)),
        withdrawable=sum(figures.withdrawable for figures in parties.values()),
        by_category=by_category,
        parties=parties if len(parties) > 1 else {},
    )


def _party_figures(
    case: Case, party: str, by_party: dict[str, dict[str, int]], day: datetime.date
) -> PartyFigures:
    own = by_party[party]
    account = case.dedicated_accounts.of(party)
    if account.holder != party:
        return PartyFigures(sum(own.values()), 0, 0, own)
    earned = sum(sum(by_party[other].values()) for other in account.parties)
    before = account.withdrawn(day - datetime.timedelta(days=1))
    may = withdrawable(earned, before, account.received(day))
    return PartyFigures(sum(own.values()), before, may, own)


def close_directive(
    case: Case, month: str, date: datetime.date, findings: int, above: str = ""
) -> data.Custom | None:
    """The `grant-close` of a month; None where it stands closed already with the same content.

    `findings` is how many stand that month, `above` the text that the close comes to stand under. Raises
    CloseError where the month before is still open or the month was closed with other content.
    """
    if case.award is None:
        raise CloseError(_("案件沒有核定資料(grant-award),不能月結"))
    standing = case.closed_months.get(month)
    if standing is not None:
        if changes(case, standing):
            reason = _("{month} 已月結,但內容與月結時不同;請先以 grant-reopen 重開並說明理由")
            raise CloseError(reason.format(month=month))
        return None
    expected = _next_to_close(case)
    if month != expected:
        raise CloseError(
            _("月結要依序:接下來應月結的是 {expected},不是 {month}").format(expected=expected, month=month)
        )
    figures = month_figures(case, month, date)
    by_party = {
        f"withdrawable-{party}": directives.twd(own.withdrawable) for party, own in figures.parties.items()
    }
    by_category = {
        category: directives.twd(share) for category, share in figures.by_category.items() if share
    }
    close = directives.custom(
        date,
        "close",
        month,
        entitlement=directives.twd(figures.entitlement),
        withdrawable=directives.twd(figures.withdrawable),
        **by_party,
        **by_category,
        findings=findings,
        previous=case.closes[-1].digest if case.closes else "",
        above=mark_of(above.encode()) if above else "",
        entries=" ".join(entry_hashes(case, month)),
    )
    close.meta["digest"] = close_hash(close)
    return close


def _next_to_close(case: Case) -> str:
    assert case.award is not None  # noqa: S101 -- the caller has looked
    return next_month(max(case.closed_months)) if case.closed_months else month_of(case.award.start)


def reopen_directive(case: Case, month: str, reason: str, date: datetime.date) -> data.Custom:
    """The `grant-reopen` of a closed month; the months after it open with it.

    Raises CloseError where the month is not closed, there is no reason, or the day is before its close.
    """
    standing = case.closed_months.get(month)
    if standing is None:
        raise CloseError(_("{month} 沒有月結,不必重開").format(month=month))
    if not reason.strip():
        raise CloseError(_("重開月結要寫明理由"))
    if date < standing.date:
        raise CloseError(_("重開日 {date} 不得早於月結日 {closed}").format(date=date, closed=standing.date))
    return directives.custom(date, "reopen", month, reason=reason)


def first_open_day(case: Case) -> datetime.date | None:
    """The first day of the first month that is not closed; None while none is closed."""
    if not case.closed_months:
        return None
    return month_last_day(max(case.closed_months)) + datetime.timedelta(days=1)


# --- what changed since ----------------------------------------------------------------------------------


def entry_hashes(case: Case, month: str) -> list[str]:
    """The tokens of a month's transactions, sorted: each its content's hash and its voucher's number."""
    return sorted(entry_token(entry) for entry in case.transactions_of(month))


class MonthChange(NamedTuple):
    """A difference between a month as closed and as it is: the entry now there, or None and how many are gone.

    `numbers` are the vouchers' numbers of what is gone, where they bear one.
    """

    entry: data.Transaction | None
    gone: int = 0
    numbers: tuple[str, ...] = ()


def changes(case: Case, close: directives.Close) -> list[MonthChange]:
    """What changed in a closed month, by content: entries added or altered, and how many are gone.

    A late bank line is no change, as long as it brings no cost.
    """
    entries = case.transactions_of(close.month)
    apart = _outside_text(close, entries)
    if len(entries) - len(apart) == len(close.entries):
        return [MonthChange(entry) for entry in apart if not _is_late_bank_line(entry)]
    stored = Counter(close.entries)
    found: list[MonthChange] = []
    for entry in entries:
        token = entry_token(entry)
        if stored[token] > 0:
            stored[token] -= 1
        elif not _is_late_bank_line(entry):
            found.append(MonthChange(entry))
    gone = list(stored.elements())
    if gone:
        numbers = tuple(number for number in map(token_number, gone) if number)
        found.append(MonthChange(None, len(gone), numbers))
    return found


def _outside_text(close: directives.Close, entries: list[data.Transaction]) -> list[data.Transaction]:
    """The entries that do not stand in the text above the close; all of them where it is not what it was."""
    file = str(close.entry.meta.get("filename") or "")
    path = Path(file)
    text = path.read_bytes() if close.above and path.is_file() else b""
    seen = seen_of(text, close.above)
    if seen is None:
        return entries
    lines = text.count(b"\n", 0, seen)
    return [entry for entry in entries if entry.meta.get("filename") != file or entry.meta["lineno"] > lines]


def _is_late_bank_line(entry: data.Transaction) -> bool:
    from_bank = str(entry.meta.get("import-id")).startswith(_BANK_ID)
    return from_bank and all(expense_parts(posting.account) is None for posting in entry.postings)


def chain_breaks(case: Case) -> list[directives.Close]:
    """The closes whose own digest, or whose link to the close before, no longer fits."""
    broken = []
    previous = ""
    for close in case.closes:
        if close_hash(close.entry) != close.digest or close.previous != previous:
            broken.append(close)
        previous = close.digest
    return broken
