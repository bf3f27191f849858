"""Month close: what a month has earned, and a digest that tells later whether the month was changed.

The digest stands on each entry's content, not on its formatting, place or order; it holds the previous
close's digest, so the closes form a chain. A bank line that arrives late for a closed month changes nothing
that was certified and is let in; every other change, loss or addition is not.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger import directives
from ledger.case import Case
from ledger.dates import month_last_day
from ledger.dates import month_of
from ledger.dates import next_month
from ledger.i18n import _
from ledger.share import withdrawable

_HASH_LENGTH = 12
_BANK_ID = "bank:"


class CloseError(Exception):
    """A month that cannot be closed; the message says why."""


class MonthFigures(NamedTuple):
    """What a month's close certifies, in NT$."""

    month: str
    date: datetime.date
    entitlement: int
    withdrawn_before: int
    withdrawable: int
    by_category: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """As `grant close --json` shows it."""
        return {
            "month": self.month,
            "entitlement": self.entitlement,
            "withdrawn_before": self.withdrawn_before,
            "withdrawable": self.withdrawable,
            "by_category": self.by_category,
        }


def month_figures(case: Case, month: str, date: datetime.date | None = None) -> MonthFigures:
    """The entitlement through `month` and what may be withdrawn on `date` (the month's last day by default).

    "Withdrawn before" left before `date`; a withdrawal on that day follows the close. The principal is the
    grant money received through `date` less those withdrawals.
    """
    last = month_last_day(month)
    day = date or last
    by_category: dict[str, int] = {}
    for (_party, category), share in case.government_shares(last).items():
        by_category[category] = by_category.get(category, 0) + share
    earned = sum(by_category.values())
    before = case.withdrawn(day - datetime.timedelta(days=1))
    return MonthFigures(
        month, day, earned, before, withdrawable(earned, before, case.received(day)), by_category
    )


def close_directive(case: Case, month: str, date: datetime.date, findings: int) -> data.Custom | None:
    """The `grant-close` of a month; None where it stands closed already with the same content.

    `findings` is how many stand that month. Raises CloseError where the month before is still open or the
    month was closed with other content.
    """
    if case.award is None:
        raise CloseError(_("案件沒有核定資料(grant-award),不能月結"))
    entries = entry_hashes(case, month)
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
    previous = case.closes[-1].digest if case.closes else ""
    return directives.custom(
        date,
        "close",
        month,
        entitlement=directives.twd(figures.entitlement),
        withdrawable=directives.twd(figures.withdrawable),
        findings=findings,
        previous=previous,
        digest=chain_digest(month, figures.entitlement, previous, entries),
        entries=" ".join(entries),
    )


def _next_to_close(case: Case) -> str:
    assert case.award is not None  # noqa: S101 -- the caller has looked
    return next_month(max(case.closed_months)) if case.closed_months else month_of(case.award.start)


def first_open_day(case: Case) -> datetime.date | None:
    """The first day of the first month that is not closed; None while none is closed."""
    if not case.closed_months:
        return None
    return month_last_day(max(case.closed_months)) + datetime.timedelta(days=1)


# --- digests -------------------------------------------------------------------------------------------


def chain_digest(month: str, entitlement: int, previous: str, entries: Iterable[str]) -> str:
    """The digest of a close: over its month, figure, entries' hashes and the previous close's digest."""
    text = "\n".join([month, str(entitlement), previous, *sorted(entries)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def entry_hashes(case: Case, month: str) -> list[str]:
    """The hashes of a month's transactions, sorted."""
    return sorted(entry_hash(entry) for entry in _entries_of(case, month))


def _entries_of(case: Case, month: str) -> list[data.Transaction]:
    return [entry for entry in case.transactions if month_of(entry.date) == month]


def entry_hash(entry: data.Transaction) -> str:
    """A transaction's content as a short hash.

    Where it stands, how it is formatted, the order of its postings, and papers filed to it later do not
    count.
    """
    postings = sorted(
        f"{posting.account} {_units_text(posting.units)} {_meta_text(posting.meta)}"
        for posting in entry.postings
    )
    parts = [
        entry.date.isoformat(),
        entry.flag or "",
        entry.payee or "",
        entry.narration or "",
        " ".join(sorted(entry.links)),
        " ".join(sorted(entry.tags)),
        _meta_text(entry.meta),
        *postings,
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:_HASH_LENGTH]


def _units_text(units: Any) -> str:
    return f"{units.number.normalize():f} {units.currency}"


def _meta_text(meta: dict[str, Any] | None) -> str:
    if not meta:
        return ""
    return "\x1e".join(
        f"{key}={value}"
        for key, value in sorted(meta.items())
        if not key.startswith(("__", "document")) and key not in {"filename", "lineno", "source"}
    )


class MonthChange(NamedTuple):
    """A difference between a month as closed and as it is: the entry now there, or None and how many are gone."""

    entry: data.Transaction | None
    gone: int = 0


def changes(case: Case, close: directives.Close) -> list[MonthChange]:
    """What changed in a closed month, by content: entries added or altered, and how many are gone.

    A late bank line is no change.
    """
    stored = Counter(close.entries)
    found: list[MonthChange] = []
    for entry in _entries_of(case, close.month):
        digest = entry_hash(entry)
        if stored[digest] > 0:
            stored[digest] -= 1
        elif not str(entry.meta.get("import-id", "")).startswith(_BANK_ID):
            found.append(MonthChange(entry))
    gone = sum(stored.values())
    if gone:
        found.append(MonthChange(None, gone))
    return found


def chain_breaks(case: Case) -> list[directives.Close]:
    """The closes whose own digest, or whose link to the close before, no longer fits."""
    broken = []
    previous = ""
    for close in case.closes:
        digest = chain_digest(close.month, close.entitlement, close.previous, close.entries)
        if digest != close.digest or close.previous != previous:
            broken.append(close)
        previous = close.digest
    return broken
