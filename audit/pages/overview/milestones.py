"""The moments of a case that were written down, for the overview."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ledger.case.case import Case
from ledger.model.milestones import in_order
from reports.labels import milestone_name


class MilestoneRow(NamedTuple):
    """One moment: the letter's or contract's number, a guarantee's amount (NT$) and last day."""

    name: str
    date: datetime.date
    number: str
    amount: int | None
    until: datetime.date | None


def milestone_rows(case: Case) -> list[MilestoneRow]:
    """The milestones in the order in which a case goes through them."""
    return [
        MilestoneRow(milestone_name(each.kind), each.date, each.number, each.amount, each.until)
        for each in in_order(case.milestones)
    ]
