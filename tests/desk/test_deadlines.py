"""The deadlines as a calendar: read strictly by RFC 5545, and by another reader."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import icalendar
import pytest

from desk import deadlines as home
from desk.deadlines import Deadline
from desk.deadlines import calendar_of
from desk.deadlines import deadlines
from ledger.case.case import Case
from ledger.loading.loader import load_case

_DAY = datetime.date(2024, 3, 31)
HARD = [
    Deadline(_DAY, "繳回結餘款與孳息,附繳款書;逾期另計利息 " + "很長的中文" * 30, "a,b;c\\d\n第二行"),
    Deadline(_DAY, "a" * 200, "a" * 63 + "é字🏭" * 20),
    Deadline(_DAY, "同名", "x"),
    Deadline(datetime.date(2024, 4, 30), "同名", "y"),
    Deadline(_DAY, "BEGIN:VEVENT", ""),
]


def strict(content: bytes) -> list[dict[str, str]]:
    """The events of a calendar file; every rule of RFC 5545 that a reader may insist on is held."""
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    physical = content.split(b"\r\n")[:-1]
    for octets in physical:
        assert 0 < len(octets) <= 75, octets  # 3.1: octets, the break left out
        octets.decode("utf-8")  # no letter is cut in two
    lines = content.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    head = lines[: lines.index("BEGIN:VEVENT")] if "BEGIN:VEVENT" in lines else lines
    assert sum(line == "VERSION:2.0" for line in head) == 1
    assert sum(line.startswith("PRODID:") for line in head) == 1
    events: list[dict[str, str]] = []
    inside = False
    for line in lines:
        if line == "BEGIN:VEVENT":
            assert not inside
            events.append({})
            inside = True
        elif line == "END:VEVENT":
            assert inside
            inside = False
        elif inside:
            found = re.fullmatch(r"([A-Z-]+)((?:;[A-Z]+=[^:;]+)*):(.*)", line)
            assert found, line
            name, parameters, value = found.groups()
            assert name not in events[-1], "each of ours stands once"
            if name in {"SUMMARY", "DESCRIPTION"}:
                assert re.fullmatch(r"(?:[^\\;,\n]|\\[\\;,nN])*", value), value  # 3.3.11
                value = re.sub(r"\\(.)", lambda one: "\n" if one[1] in "nN" else one[1], value)
            if name == "DTSTART":
                assert parameters == ";VALUE=DATE"
                assert re.fullmatch(r"\d{8}", value)
            if name == "DTSTAMP":
                assert re.fullmatch(r"\d{8}T\d{6}Z", value)  # 3.8.7.2: in UTC
            events[-1][name] = value
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= event.keys()
    assert len({event["UID"] for event in events}) == len(events)
    return events


@pytest.fixture
def case(folder: Path) -> Case:
    return load_case(folder, datetime.date(2023, 8, 15)).case


def test_every_deadline_is_an_event_with_its_words(case: Case) -> None:
    events = strict(calendar_of(case))
    told = [
        Deadline(datetime.date.fromisoformat(e["DTSTART"]), e["SUMMARY"], e["DESCRIPTION"]) for e in events
    ]
    assert told == deadlines(case) != []
    assert "執行期間結束" in [each.what for each in told]
    assert calendar_of(case) == calendar_of(case)


def test_words_that_are_long_or_mean_something_in_a_calendar_stay_words(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "deadlines", lambda _case: HARD)
    content = calendar_of(case)
    assert [(e["SUMMARY"], e["DESCRIPTION"]) for e in strict(content)] == [(d.what, d.why) for d in HARD]
    other = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert [str(event["summary"]) for event in other] == [each.what for each in HARD]


def test_a_deadline_keeps_its_id_when_its_day_moves(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def ids(*found: Deadline) -> list[str]:
        monkeypatch.setattr(home, "deadlines", lambda _case: list(found))
        return [event["UID"] for event in strict(calendar_of(case))]

    assert ids(HARD[0]) == ids(HARD[0]._replace(day=datetime.date(2025, 1, 1)))
    assert ids(HARD[0]) != ids(HARD[1])


def test_a_case_without_deadlines_has_a_calendar_too(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "deadlines", lambda _case: [])
    assert strict(calendar_of(case)) == []


@pytest.mark.parametrize(
    "broken",
    [
        lambda content: content.replace(b"\r\n", b"\n"),
        lambda content: content.replace(b"\r\n ", b""),
        lambda content: content.replace(b"\\,", b","),
        lambda content: content.replace(b"DTSTAMP", b"X-STAMP"),
        lambda content: re.sub(rb"UID:[^@]+", b"UID:x", content),
    ],
)
def test_the_strict_reader_refuses(case: Case, monkeypatch: pytest.MonkeyPatch, broken: object) -> None:
    monkeypatch.setattr(home, "deadlines", lambda _case: HARD)
    assert callable(broken)
    with pytest.raises(AssertionError):
        strict(broken(calendar_of(case)))
