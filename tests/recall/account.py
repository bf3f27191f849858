"""The dedicated account of a clean case: grant money in, what months earned out, the rest to the treasury."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from beancount.core import data

from ledger.case.case import Case
from ledger.entries.builder import bank_entry
from ledger.entries.builder import treasury_entry
from ledger.model.accounts import COMPANY
from ledger.util.dates import month_last_day
from tests.recall.edits import number

if TYPE_CHECKING:
    from tests.recall.ground import Ground

Day = datetime.date
DAY = datetime.timedelta(days=1)

FREE_OF_TAX = 2_000  # a bank withholds no tax up to here


def tax_on(gross: int) -> int:
    """What a bank withholds on one payment of interest."""
    return gross // 10 if gross // 10 > FREE_OF_TAX else 0


def holders(ground: Ground) -> list[str]:
    """Who has a dedicated account: the company (empty), and the partners that have one of their own."""
    return ["", *(table["ubn"] for table in ground.tables.get("partner", ()) if "account" in table)]


def paid_through(ground: Ground, holder: str) -> set[str]:
    """The company numbers of those whose cost an account pays."""
    if holder:
        return {holder}
    partners = {table["ubn"] for table in ground.tables.get("partner", ())}
    return {ground.company, *partners} - set(holders(ground)[1:])


def paid_in(ground: Ground, holder: str = "") -> list[tuple[Day, int]]:
    """The days and amounts of an account's instalments: all that is approved, at the start, unless said else."""
    if ground.instalments is not None and not holder:
        return ground.instalments
    parties = paid_through(ground, holder)
    approved = [
        line["government"]
        for line in ground.tables["budget"]
        if (line.get("party") or ground.company) in parties
    ]
    return [(ground.start, sum(approved))]


def instalments(ground: Ground) -> list[data.Transaction]:
    """The entries of the instalments."""
    return [
        bank_entry("instalment", day, amount, "產業發展署", "補助款撥款", _of(holder))
        for holder in holders(ground)
        for day, amount in paid_in(ground, holder)
    ]


def interest(ground: Ground) -> list[data.Transaction]:
    """Interest, the tax withheld on it, and the whole of both to the treasury, the tax out of the company's bank."""
    entries = []
    for day, gross in ground.interest:
        entries.append(bank_entry("interest", day, gross, "", "存款息", {}))
        if tax_on(gross):
            entries.append(bank_entry("withholding", day, -tax_on(gross), "", "代扣所得稅", {}))
    gross = sum(amount for _day, amount in ground.interest)
    tax = sum(tax_on(amount) for _day, amount in ground.interest)
    if ground.remits and gross:
        day = ground.settled_on
        entries.append(bank_entry("remit-interest", day, tax - gross, "國庫", "專戶孳息繳庫", {}))
        if tax:
            entries.append(treasury_entry(False, day, tax, "國庫", "孳息扣繳稅額繳庫", {}))
    return entries


def withdrawals(ground: Ground, entries: list[data.Directive]) -> list[data.Transaction]:
    """What closed months have earned, drawn after each and after a late instalment; the rest goes back."""
    case = Case(sorted(entries, key=lambda entry: entry.date), as_of=Day.max)
    return [entry for holder in holders(ground) for entry in _drawn_by(ground, case, holder)]


def _drawn_by(ground: Ground, case: Case, holder: str) -> list[data.Transaction]:
    received, parties = paid_in(ground, holder), paid_through(ground, holder)
    days = [(month_last_day(month) + 3 * DAY, month) for month in ground.months]
    days += [(day + DAY, "") for day, _amount in received if day > days[-1][0]]
    found, drawn = [], 0
    for day, month in days:
        shares = case.government_shares(month_last_day(month or ground.months[-1]))
        earned = sum(share for (party, _category), share in shares.items() if party in parties)
        earned = min(earned, sum(amount for came, amount in received if came <= day))
        if earned > drawn and not ground.direct:
            meta = _of(holder) | ({"months": month} if month else {})
            found.append(bank_entry("withdrawal", day, drawn - earned, "", "提領", meta))
        drawn = max(earned, drawn)
    surplus = sum(amount for _day, amount in received) - drawn
    if surplus:
        remitted = bank_entry("remit-surplus", ground.settled_on, -surplus, "國庫", "結餘款繳庫", _of(holder))
        found.append(remitted)
    return found


def _of(holder: str) -> dict[str, str]:
    return {"party": holder} if holder else {}


# --- for plants ----------------------------------------------------------------------------------------


def drawn(ground: Ground, holder: str = "") -> dict[str, int]:
    """What is withdrawn for each month that earned anything, in their order."""
    found = {}
    for entry in ground.directives():
        if not isinstance(entry, data.Transaction) or "months" not in entry.meta:
            continue
        if entry.meta.get("party", "") == holder:
            (amount,) = (number(posting) for posting in entry.postings if posting.account == COMPANY)
            found[entry.meta["months"]] = amount
    return found


def day_of(month: str) -> Day:
    """The day on which a month is withdrawn."""
    return month_last_day(month) + 3 * DAY


def withdraw(ground: Ground, day: Day, amount: int, *, months: str = "", party: str = "") -> None:
    """One more withdrawal."""
    meta = _of(party) | ({"months": months} if months else {})
    ground.more.append(bank_entry("withdrawal", day, -amount, "", "提領支用數", meta))


def put_back(ground: Ground, day: Day, amount: int, *, party: str = "") -> None:
    """So much grant money goes back into the account."""
    ground.more.append(bank_entry("return", day, amount, "", "退回專戶", _of(party)))
