"""Dates as Taiwanese papers write them.

Inside the program a date is a `datetime.date`; ROC years (民國) exist only at the edges.
Forms seen in bank exports and sheets: `114/07/01` `1140701` `0114/01/02` `01140102`
`2025/09/10` `2025-09-10` `20250910` `2025年9月10日` `114年9月10日`, each maybe followed by a time.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import re
import unicodedata

from ledger.util.i18n import _

ROC_EPOCH = 1911

_SEPARATED = re.compile(r"^\D{0,2}(\d{2,4})\s*[/\-.年]\s*(\d{1,2})\s*[/\-.月]\s*(\d{1,2})(?!\d)")
_PACKED = re.compile(r"^\D{0,2}(\d{7,8})(?!\d)")
_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?")
_MONTH = re.compile(r"(?<!\d)(\d{2,4})\s*[/\-.年]\s*(\d{1,2})(?!\d)")
_MONTH_PACKED = re.compile(r"^(\d{5,6})$")


def gregorian_year(year: int) -> int:
    """The Gregorian year; anything before 1911 is taken as a ROC year."""
    return year + ROC_EPOCH if year < ROC_EPOCH else year


def parse_date(text: str) -> datetime.date | None:
    """The date that `text` begins with, ROC or Gregorian; None where it is no date."""
    text = unicodedata.normalize("NFKC", text).strip()
    if match := _SEPARATED.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _PACKED.match(text):
        digits = match[1]
        year, month, day = int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])
    else:
        return None
    try:
        return datetime.date(gregorian_year(year), month, day)
    except ValueError:
        return None


def typed_date(text: str) -> datetime.date:
    """The date that a person typed, as `parse_date` reads it. Raises ValueError, whose words are for that person."""
    day = parse_date(text)
    if day is None:
        raise ValueError(_("「{value}」不是日期;請寫成 2024-03-05 或 113/03/05").format(value=text))
    return day


def parse_time(text: str) -> str:
    """The time of day in `text` as `HH:MM:SS`, or an empty string."""
    match = _TIME.search(unicodedata.normalize("NFKC", text))
    if match is None:
        return ""
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return ""
    return f"{hour:02}:{minute:02}:{second:02}"


def month_end(day: datetime.date) -> datetime.date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_of(day: datetime.date) -> str:
    """`YYYY-MM` of a date: how this program names a month."""
    return day.isoformat()[:7]


@functools.lru_cache(maxsize=1 << 10)  # the same few months over and over
def month_last_day(month: str) -> datetime.date:
    """The last day of a month named `YYYY-MM`."""
    year, number = month.split("-")
    return month_end(datetime.date(int(year), int(number), 1))


def next_month(month: str) -> str:
    """The month after `YYYY-MM`."""
    return month_of(month_last_day(month) + datetime.timedelta(days=1))


def months_between(first: datetime.date, last: datetime.date) -> list[str]:
    """Every month from that of `first` to that of `last`, both included."""
    months = []
    month = month_of(first)
    while month <= month_of(last):
        months.append(month)
        month = next_month(month)
    return months


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


@functools.lru_cache(maxsize=1 << 10)  # the same few months over and over
def parse_month(text: str) -> str | None:
    """The month named in `text` (`2023-06`, `112/06`, `112年6月`, `11206`, `202306`), as `YYYY-MM`."""
    text = unicodedata.normalize("NFKC", text).strip()
    if match := _MONTH_PACKED.match(text):
        year, month = int(text[:-2]), int(text[-2:])
    elif match := _MONTH.search(text):
        year, month = int(match[1]), int(match[2])
    else:
        return None
    if not 1 <= month <= 12:
        return None
    return f"{gregorian_year(year):04}-{month:02}"


def roc(day: datetime.date) -> str:
    """`112/07/01`: a date as a form of the authority wants it."""
    return f"{day.year - ROC_EPOCH}/{day.month:02}/{day.day:02}"


def roc_month(month: str) -> str:
    """`112/07` from `2023-07`."""
    year, number = month.split("-")
    return f"{int(year) - ROC_EPOCH}/{number}"
