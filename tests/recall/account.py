"""The dedicated account of a clean case: grant money in, what months earned out, the rest to the treasury."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from beancount.core import data

from ledger.booking import as_text
from ledger.booking import bank_entry
from ledger.booking import treasury_entry
from ledger.case import Case
from ledger.dates import month_last_day
from tests.checks.builder import load
from tests.checks.builder import opens

if TYPE_CHECKING:
    from tests.recall.ground import Ground

Day = datetime.date

FREE_OF_TAX = 2_000  # a bank withholds no tax up to here


def tax_on(gross: int) -> int:
    """What a bank withholds on one payment of interest."""
    return gross // 10 if gross // 10 > FREE_OF_TAX else 0


def paid_in(ground: Ground) -> list[tuple[Day, int]]:
    """The days and amounts of the instalments: the whole grant at the start, unless the ground says else."""
    if ground.instalments is None:
        return [(ground.start, ground.granted().government)]
    return ground.instalments


def instalments(ground: Ground) -> list[data.Transaction]:
    """The entries of the instalments."""
    return [
        bank_entry("instalment", day, amount, "產業發展署", "補助款撥款", {})
        for day, amount in paid_in(ground)
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
    text = opens(ground.tables["award"]["scheme"]) + as_text(sorted(entries, key=lambda entry: entry.date))
    case = Case(load(text)[0], as_of=Day.max)
    days = [(month_last_day(month) + datetime.timedelta(days=3), month) for month in ground.months]
    days += [(day + datetime.timedelta(days=1), "") for day, _amount in paid_in(ground) if day > days[-1][0]]
    found, drawn = [], 0
    for day, month in days:
        principal = sum(amount for came, amount in paid_in(ground) if came <= day)
        earned = min(case.entitlement(month_last_day(month or ground.months[-1])), principal)
        if earned > drawn and not ground.direct:
            meta = {"months": month} if month else {}
            found.append(bank_entry("withdrawal", day, drawn - earned, "", "提領", meta))
        drawn = max(earned, drawn)
    surplus = sum(amount for _day, amount in paid_in(ground)) - drawn
    if surplus:
        found.append(bank_entry("remit-surplus", ground.settled_on, -surplus, "國庫", "結餘款繳庫", {}))
    return found
