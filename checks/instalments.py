"""Grant money paid in, held against the schedule of `ledger.instalments`."""

from __future__ import annotations

from collections.abc import Iterator

from checks import words
from checks.finding import Found
from ledger.case import Case
from ledger.i18n import _
from ledger.instalments import Expected
from ledger.instalments import schedules
from ledger.records import Movement


def unexpected_instalments(case: Case) -> Iterator[Found]:
    """Instalments whose number or amount the schedule does not know, on every dedicated account."""
    for schedule in schedules(case):
        note = words.assumed(schedule)
        planned = sum(expected.when is not None for expected in schedule.instalments)
        for expected in schedule.instalments:
            if expected.came is not None and not expected.fits(expected.came.grant):
                message, amount = _told(expected, expected.came, planned)
                yield Found(expected.came.entry, message + note, amount)


def _told(expected: Expected, came: Movement, planned: int) -> tuple[str, int]:
    """What is wrong with an instalment, and the amount at stake in NT$."""
    shown = {"date": came.date, "number": expected.number, "amount": words.money(came.grant)}
    if came.grant > expected.at_most:
        message = _("{date} 第 {number} 期撥款 {amount}超過核定補助款的餘額 {rest};請核對撥款函")
        return message.format(**shown, rest=words.money(expected.at_most)), came.grant - expected.at_most
    if expected.when is None:
        message = _("{date} 第 {number} 期撥款 {amount},但撥款期程只有 {planned} 期;請核對撥款函")
        return message.format(**shown, planned=planned), came.grant
    due = expected.amount or 0
    message = _("{date} 第 {number} 期撥款 {amount},依期程應為 {expected};請核對撥款函")
    return message.format(**shown, expected=words.money(due)), abs(came.grant - due)
