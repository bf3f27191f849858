"""The days of a case by which something has to be done, and the same as a calendar file (RFC 5545)."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections import defaultdict
from typing import NamedTuple

from icalendar import Calendar
from icalendar import Event

from ledger.case.case import Case
from ledger.case.papers.checklist import missing_evidence
from ledger.operations.doctor import Waiting
from ledger.operations.doctor import next_steps
from ledger.util.i18n import _

CALENDAR_ADDRESS = "grantledger.calendar"  # where a request's environment has the address to subscribe to
CONTENT_TYPE = "text/calendar; charset=utf-8"


class Deadline(NamedTuple):
    """A day, what has to be done by then, and why."""

    day: datetime.date
    what: str
    why: str


def deadlines(case: Case) -> list[Deadline]:
    """The deadlines of a case, the first one first, each once."""
    found = {Deadline(step.by, step.what, step.why) for step in next_steps(case, Waiting()) if step.by}
    papers: dict[tuple[datetime.date, str], list[str]] = defaultdict(list)
    for paper in missing_evidence(case):
        papers[paper.due, paper.name].append(paper.voucher)
    for (day, name), vouchers in papers.items():
        found.add(Deadline(day, _paper_words(name, vouchers), _("結案應附的文件")))
    if case.award is not None:
        found.add(Deadline(case.award.end, _("執行期間結束"), _("之後的支出不能列入補助")))
    return sorted(found)


def _paper_words(name: str, vouchers: list[str]) -> str:
    """What to get ready: of a voucher its number, of many how many they are."""
    what = _("備妥並登記{name}").format(name=name)
    if len(vouchers) > 1:
        return what + _("({count} 張憑證)").format(count=len(vouchers))
    return f"{what} {vouchers[0]}".rstrip()


def calendar_of(case: Case) -> bytes:
    """Every deadline as an all-day event. One that is told the same way keeps its id, so a calendar does not double it."""
    award = case.award
    calendar = Calendar()
    calendar.add("prodid", "-//grantledger//grantledger//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("{company} 的期限").format(company=award.company) if award else _("期限"))
    stamp = datetime.datetime.combine(case.as_of, datetime.time(), datetime.UTC)
    told: Counter[str] = Counter()
    for each in deadlines(case):
        told[each.what] += 1  # the same words for another day are another event
        named = f"{award.id if award else ''}\0{each.what}\0{told[each.what]}"
        event = Event()
        event.add("uid", f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@grantledger")
        event.add("dtstamp", stamp)
        event.add("dtstart", each.day)
        event.add("summary", each.what)
        event.add("description", each.why)
        event.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
        calendar.add_component(event)
    return bytes(calendar.to_ical())
