"""Month close: what a month has earned and what may be withdrawn for it, its seal, and its re-opening.

What was certified stays certified: the figures of a closed month are those of its close.
"""

import datetime
from typing import Any
from typing import NamedTuple

from beancount.core import data
from beancount.core.amount import Amount

from ledger.arithmetic.cost_share import withdrawable
from ledger.case.case import Case
from ledger.case.closes.closed_months import changes
from ledger.case.closes.closed_months import entry_hashes
from ledger.case.closes.closed_months import late_tokens
from ledger.entries.digest import close_hash
from ledger.errors import GrantError
from ledger.files.prefix_digest import mark_of
from ledger.model import directives
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import next_month
from ledger.util.i18n import _


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


def next_month_to_close(case: Case) -> str:
    """The month that is closed next; empty where all are, or the case has none."""
    award = case.award
    if award is None or case.scheme is None or case.scheme.coaching is not None:
        return ""
    month = next_month(max(case.closed_months)) if case.closed_months else month_of(award.start)
    return month if month <= month_of(award.end) else ""


def month_figures(case: Case, month: str, date: datetime.date | None = None) -> MonthFigures:
    """The entitlement through `month` and what may be withdrawn on `date` (the month's last day by default).

    "Withdrawn before" left before `date`; a withdrawal on that day follows the close. The principal is the
    grant money received through `date` less those withdrawals. Each dedicated account has its own: money of
    one party never pays what another has earned. A closed month's figures are those that its close certified.
    """
    current = case.closed_months.get(month)
    if current is not None:
        return _certified(case, current)
    return worked_out(case, month, date)


def worked_out(case: Case, month: str, date: datetime.date | None = None) -> MonthFigures:
    """The figures of a month by the books as they stand now, whatever was certified."""
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


def _certified(case: Case, close: directives.Close) -> MonthFigures:
    """The figures of a close; what closes of old books do not say is worked out anew."""
    now = worked_out(case, close.month, close.date)

    def said(key: str, otherwise: int) -> int:
        value = close.entry.meta.get(key)
        return otherwise if value is None else directives.whole(value)

    categories = close.by_category or {}
    parties = {}
    for party, own in now.parties.items():
        categories = {key: share for key, share in categories.items() if not key.endswith(party)}
        parties[party] = PartyFigures(
            entitlement=said(f"entitlement-{party}", own.entitlement),
            withdrawn_before=said(f"withdrawn-{party}", own.withdrawn_before),
            withdrawable=said(f"withdrawable-{party}", own.withdrawable),
            by_category={c: said(f"{c}-{party}", share) for c, share in own.by_category.items()},
        )
    return MonthFigures(
        month=close.month,
        date=close.date,
        entitlement=close.entitlement,
        withdrawn_before=said("withdrawn", now.withdrawn_before),
        withdrawable=close.withdrawable,
        by_category=dict.fromkeys(now.by_category, 0) | categories,
        parties=parties,
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
    case: Case, month: str, date: datetime.date, findings: int, above: str = "", early: str = ""
) -> data.Custom | None:
    """The `grant-close` of a month; None where it stands closed already with the same content.

    `findings` is how many stand that month, `above` the text that the close comes to stand under, `early` why it
    is closed before it is over. Raises
    CloseError where the month before is still open or the month was closed with other content.
    """
    if case.award is None:
        raise CloseError(_("案件沒有核定資料(grant-award),不能月結"))
    current = case.closed_months.get(month)
    if current is not None:
        if changes(case, current):
            reason = _("{month} 已月結,但內容與月結時不同;請先以 grant-reopen 重開並說明理由")
            raise CloseError(reason.format(month=month))
        return None
    expected = _next_to_close(case)
    if month != expected:
        raise CloseError(
            _("月結要依序:接下來應月結的是 {expected},不是 {month}").format(expected=expected, month=month)
        )
    figures = month_figures(case, month, date)
    by_party: dict[str, Amount] = {}
    for party, own in figures.parties.items():
        by_party |= {
            f"entitlement-{party}": directives.twd(own.entitlement),
            f"withdrawn-{party}": directives.twd(own.withdrawn_before),
            f"withdrawable-{party}": directives.twd(own.withdrawable),
        }
        by_party |= {f"{c}-{party}": directives.twd(share) for c, share in own.by_category.items()}
    by_category = {
        category: directives.twd(share) for category, share in figures.by_category.items() if share
    }
    close = directives.custom(
        date,
        "close",
        month,
        entitlement=directives.twd(figures.entitlement),
        withdrawable=directives.twd(figures.withdrawable),
        withdrawn=directives.twd(figures.withdrawn_before),
        **by_party,
        **by_category,
        early=early,
        findings=findings,
        previous=case.closes[-1].digest if case.closes else "",
        above=mark_of(above.encode()) if above else "",
        entries=" ".join(entry_hashes(case, month)),
        late=0,
        **{f"late-{closed}": " ".join(tokens) for closed, tokens in late_tokens(case).items()},
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
    current = case.closed_months.get(month)
    if current is None:
        raise CloseError(_("{month} 沒有月結,不必重開").format(month=month))
    if not reason.strip():
        raise CloseError(_("重開月結要寫明理由"))
    if date < current.date:
        raise CloseError(_("重開日 {date} 不得早於月結日 {closed}").format(date=date, closed=current.date))
    return directives.custom(date, "reopen", month, reason=reason)


def first_open_day(case: Case) -> datetime.date | None:
    """The first day of the first month that is not closed; None while none is closed."""
    if not case.closed_months:
        return None
    return month_last_day(max(case.closed_months)) + datetime.timedelta(days=1)
