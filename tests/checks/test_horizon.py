"""What will be found if nobody does anything: on which day each thing turns, and what is near its limit."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.anchor import anchors
from checks.catalogue import run_checks
from checks.horizon import Upcoming
from checks.horizon import upcoming
from checks.settings import read_settings
from ledger.case import Case
from tests.checks.builder import AUGUST
from tests.checks.builder import AWARD
from tests.checks.builder import JULY
from tests.checks.builder import JUNE
from tests.checks.builder import Books
from tests.checks.builder import load
from tests.checks.builder import opens
from tests.ledger.ledgers import tries


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def looked(text: str, today: str, days: int, config: str | None = None) -> list[Upcoming]:
    entries, errors = load(text)
    assert not errors, errors
    case = Case(entries, as_of=day(today))
    return upcoming(case, entries, days, read_settings(config))


def dues(coming: list[Upcoming], check: str) -> list[tuple[str, str]]:
    return [(str(one.due), one.finding.voucher) for one in coming if one.finding.check == check]


UNPAID = opens() + AWARD + JUNE.split("2023-06-20")[0]  # an invoice of 2023-06-12 that nobody has paid


def test_an_unpaid_voucher_is_told_before_its_time() -> None:
    """90 days from 2023-06-12 are over on 2023-09-10, so it is found from the day after on."""
    assert dues(looked(UNPAID, "2023-08-01", 60), "voucher-unpaid") == [("2023-09-11", "AB12345678")]
    assert dues(looked(UNPAID, "2023-08-01", 41), "voucher-unpaid") == [("2023-09-11", "AB12345678")]
    assert dues(looked(UNPAID, "2023-08-01", 40), "voucher-unpaid") == []
    assert dues(looked(UNPAID, "2023-09-11", 60), "voucher-unpaid") == []  # it is found already


def test_the_end_of_the_period_is_what_makes_a_later_voucher_due() -> None:
    late = UNPAID.replace("2023-06-12", "2023-08-12")
    assert dues(looked(late, "2023-08-20", 60), "voucher-unpaid") == [("2023-10-01", "AB12345678")]


def test_evidence_interest_and_surplus_are_due_once_the_case_has_ended(books: Books) -> None:
    coming = looked(books.text.partition("2023-09-25 custom")[0], "2023-09-21", 14)
    assert dues(coming, "evidence-missing") == [("2023-10-01", "")]
    assert dues(coming, "interest-unremitted") == [("2023-10-01", "")]
    (evidence,) = [one for one in coming if one.finding.check == "evidence-missing"]
    assert (evidence.finding.severity, evidence.becomes) == ("warning", "error")
    assert evidence.message.startswith("自 2023-10-01 起:")


def test_months_to_close_are_told_one_by_one() -> None:
    coming = looked(UNPAID, "2023-07-20", 45)
    told = [(str(one.due), one.finding.subject) for one in coming if one.finding.check == "month-not-closed"]
    assert told == [("2023-08-01", "2023-06"), ("2023-09-01", "2023-07")]
    assert "32 天" in next(one.finding.message for one in coming if one.finding.subject == "2023-06")


def test_an_undrawn_month() -> None:
    closed = Books(opens() + AWARD + JUNE).close("2023-06")
    assert dues(looked(closed.text, "2023-07-10", 60), "withdrawal-outstanding") == [("2023-08-01", "")]


def test_a_category_near_its_budget_has_no_day() -> None:
    """240,000 of 240,000 for equipment; 300,000 of 400,000 for improvement is not near."""
    text = opens() + AWARD + JUNE + JULY + AUGUST
    near = [one for one in looked(text, "2023-09-01", 5) if one.due is None]
    assert [(one.finding.check, one.becomes, one.finding.amount) for one in near] == [
        ("budget-overrun", "error", 0)
    ]
    assert "全新設備之購置費" in near[0].message
    assert "100%" in near[0].message
    more = text.replace("net: 200000 TWD", "net: 260000 TWD").replace(
        "100000 TWD\n  Expenses:2", "130000 TWD\n  Expenses:2"
    )
    more = more.replace("03既有設備之改善費   100000", "03既有設備之改善費   130000")
    more = more.replace("-210000 TWD\n\n2023-08-25", "-270000 TWD\n\n2023-08-25")
    near = [one for one in looked(more, "2023-09-01", 5) if one.due is None]
    assert [one.finding.amount for one in near] == [0, 40_000]
    assert "90%" in near[1].message


def test_a_category_near_its_cap_says_that_the_cap_is_assumed() -> None:
    """30 % of 1,120,000 is 336,000, less than the 360,000 of the budget, and 320,000 of it is used."""
    raised = AWARD.replace('"equipment" 120000 TWD 120000 TWD', '"equipment" 180000 TWD 180000 TWD')
    july = JULY
    for old, new in (
        ("240000", "320000"),
        ("120000", "160000"),
        ("12000 TWD", "16000 TWD"),
        ("252000", "336000"),
    ):
        assert old in july
        july = july.replace(old, new)
    text = opens() + raised + JUNE + july
    near = [one for one in looked(text, "2023-08-20", 5) if one.due is None]
    assert [(one.finding.check, one.finding.amount) for one in near] == [("category-cap-exceeded", 16_000)]
    assert near[0].message.endswith("(此為推定規定,請洽承辦人)")


def test_nothing_is_near_once_the_case_has_ended() -> None:
    assert [one for one in looked(opens() + AWARD + JUNE + JULY, "2023-10-01", 5) if one.due is None] == []


def test_a_guarantee_that_expires() -> None:
    short = opens() + AWARD.replace('"partial"\n', '"partial"\n  guarantee-until: 2023-11-30\n')
    coming = looked(short, "2023-10-15", 47)
    assert dues(coming, "guarantee-too-short") == [("2023-12-01", "")]
    (one,) = [one for one in coming if one.finding.check == "guarantee-too-short"]
    assert (one.finding.severity, one.becomes) == ("warning", "error")
    assert dues(looked(short, "2023-10-15", 46), "guarantee-too-short") == []


def test_what_the_settings_leave_out_does_not_come_either() -> None:
    config = "{'ignore': ['voucher-unpaid', 'budget-overrun'], 'severity': {'month-not-closed': 'error'}}"
    coming = looked(opens() + AWARD + JUNE + JULY, "2023-07-25", 60, config)
    checks = {one.finding.check for one in coming}
    assert "month-not-closed" in checks
    assert not checks & {"voucher-unpaid", "budget-overrun"}
    assert {one.becomes for one in coming if one.finding.check == "month-not-closed"} == {"error"}
    assert {one.finding.severity for one in coming} == {"warning"}


def test_what_is_waived_does_not_come() -> None:
    waiver = '\n2023-07-01 custom "grant-waiver" "voucher-unpaid" "AB12345678"\n  reason: "分期付款"\n'
    assert dues(looked(UNPAID + waiver, "2023-08-01", 60), "voucher-unpaid") == []


def test_the_last_day_of_the_calendar_is_no_trouble() -> None:
    assert looked(UNPAID, "9999-12-31", 60) == []


@pytest.fixture(scope="module")
def growing() -> list[Any]:
    return load(opens() + AWARD + JUNE + JULY + AUGUST)[0]


@given(today=st.dates(datetime.date(2023, 6, 5), datetime.date(2023, 11, 1)), days=st.integers(1, 120))
@tries(25)
def test_each_is_found_on_its_day_and_not_today(growing: list[Any], today: datetime.date, days: int) -> None:
    """The property: absent today, there on its day, absent the day before; and nothing of the last day is left out."""

    def found(date: datetime.date) -> set[str]:
        return {anchor for anchor, _finding in anchors(run_checks(Case(growing, as_of=date)))}

    case = Case(growing, as_of=today)
    turning = [one for one in upcoming(case, growing, days) if one.due is not None]
    assert [one.due for one in turning] == sorted(one.due for one in turning if one.due)
    for one in turning:
        assert one.due is not None
        assert today < one.due <= today + datetime.timedelta(days=days)
        before = found(one.due - datetime.timedelta(days=1))
        since = [f for anchor, f in anchors(run_checks(Case(growing, as_of=one.due))) if anchor not in before]
        assert one.finding.message in {finding.message for finding in since}
    last = found(today + datetime.timedelta(days=days))
    assert len(turning) == len(last - found(today))
