"""Hours by person and day: the time sheets that pay is held against.

2023-07-31 custom "grant-timesheet" "王大明" "2023-07"      days source import-id
  days: "3=4/8 4=8/8 5=3.5"        day of the month = hours on the project / hours of the day, where they are told

A later sheet of the same person and month stands in place of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from beancount.core import data

from ledger.model import directives
from ledger.util.dates import month_last_day
from ledger.util.text import fold

_DAY = re.compile(r"([1-9]|[12]\d|3[01])=(\d{1,2}(?:\.\d+)?)(?:/(\d{1,2}(?:\.\d+)?))?")


class Hours(NamedTuple):
    """What somebody worked on a day: on the project, and in all where that is told."""

    project: Decimal
    total: Decimal | None = None


class Timesheet(NamedTuple):
    """A person's month, day by day (from 1)."""

    name: str
    month: str  # YYYY-MM
    days: dict[int, Hours]
    entry: data.Custom | None = None

    @property
    def key(self) -> tuple[str, str]:
        """By what pay is matched with it: the folded name and the month."""
        return fold(self.name), self.month

    @property
    def project(self) -> Decimal:
        """The month's hours on the project."""
        return sum((hours.project for hours in self.days.values()), Decimal(0))

    @property
    def total(self) -> Decimal | None:
        """The month's hours in all; None where a day does not tell."""
        told = [hours.total for hours in self.days.values() if hours.total is not None]
        return sum(told, Decimal(0)) if told and len(told) == len(self.days) else None


def read_timesheet(entry: data.Custom) -> Timesheet:
    """One `grant-timesheet`. Raises DirectiveError for a month or a day that is none."""
    name, month = directives.values_of(entry, str, str)[:2]
    days: dict[int, Hours] = {}
    try:
        last = month_last_day(month).day
        for word in directives.text_of(entry, "days").split():
            match = _DAY.fullmatch(word)
            if match is None or int(match[1]) > last:
                raise directives.DirectiveError(f"{entry.type}: {word}", entry)
            days[int(match[1])] = Hours(Decimal(match[2]), Decimal(match[3]) if match[3] else None)
    except ValueError:
        raise directives.DirectiveError(f"{entry.type}: {month}", entry) from None
    return Timesheet(name, month, days, entry)


def timesheet_directive(sheet: Timesheet, source: str) -> data.Custom:
    """The directive of a time sheet, on its month's last day."""
    return directives.custom(
        month_last_day(sheet.month),
        "timesheet",
        sheet.name,
        sheet.month,
        days=days_text(sheet.days),
        source=source,
    )


def days_text(days: Mapping[int, Hours]) -> str:
    """`3=4/8 4=8`: the days in their order."""
    return " ".join(
        f"{day}={_plain(hours.project)}" + ("" if hours.total is None else f"/{_plain(hours.total)}")
        for day, hours in sorted(days.items())
    )


def _plain(number: Decimal) -> str:
    whole = number.to_integral_value()
    return f"{whole:f}" if whole == number else f"{number.normalize():f}"


def in_force(sheets: Iterable[Timesheet]) -> dict[tuple[str, str], Timesheet]:
    """The time sheets that hold, by (folded name, month): of several of one month the last."""
    return {sheet.key: sheet for sheet in sheets}
