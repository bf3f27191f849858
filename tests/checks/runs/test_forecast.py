"""What will be found if nobody does anything: on which day each thing turns, and what is near its limit."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.analysis.wording import assumption
from checks.engine.fingerprint import identities
from checks.engine.runner import run_checks
from checks.engine.settings import read_settings
from checks.runs.forecast import Upcoming
from checks.runs.forecast import upcoming
from ledger.case.case import Case
from tests.checks.builder import AUGUST
from tests.checks.builder import AWARD
from tests.checks.builder import JULY
from tests.checks.builder import JUNE
from tests.checks.builder import Books
from tests.checks.builder import decision
from tests.checks.builder import load
from tests.checks.builder import opens
from tests.checks.pieces.budget import bought
from tests.checks.pieces.confidence import graded
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


BUDGET = '"consumables" 100000 TWD 100000 TWD\n2023-06-01 custom "grant-budget" "equip'


def limits(text: str, today: str, config: str | None = None) -> list[Upcoming]:
    """What is near a budget or a cap; without a day, and whatever else is to come."""
    return [one for one in looked(text, today, 5, config) if one.due is None]


def spent(cost: int, budget: str = "100000 TWD 100000 TWD", award: str = AWARD) -> str:
    """A case with one voucher of consumables, bought on 2023-06-20, and what is approved for them."""
    assert BUDGET in award
    approved = award.replace(BUDGET, BUDGET.replace("100000 TWD 100000 TWD", budget))
    return opens() + approved + (bought("R1", cost, day="2023-06-20") if cost else "")


@pytest.mark.parametrize(
    ("cost", "left"), [(179_999, []), (180_000, [20_000]), (200_000, [0]), (200_001, [])]
)
def test_near_is_from_nine_tenths_to_the_whole(cost: int, left: list[int]) -> None:
    """Of 200,000; what goes beyond it is found and no longer to come."""
    assert [one.finding.amount for one in limits(spent(cost), "2023-07-01")] == left


def test_a_category_with_nothing_approved_or_spent_is_near_nothing() -> None:
    assert limits(spent(0, "0 TWD 0 TWD"), "2023-07-01") == []
    assert limits(spent(0), "2023-07-01") == []
    (one,) = limits(spent(1, "0 TWD 1 TWD"), "2023-07-01")
    assert "已用 1 元,達核定預算 1 元的 100%,只剩 0 元" in one.message


def test_what_is_near_stands_at_the_budget_in_force_and_warns() -> None:
    raised = '2023-06-25 custom "grant-budget" "consumables" 110000 TWD 110000 TWD\n'
    (before,) = limits(spent(200_000) + raised, "2023-07-01")
    (after,) = limits(spent(200_000) + raised + '  approval: "產授字第1號"\n', "2023-07-01")
    assert (str(before.finding.date), before.finding.amount) == ("2023-06-01", 0)
    assert (str(after.finding.date), after.finding.amount) == ("2023-06-25", 20_000)
    for finding in (before.finding, after.finding):
        assert finding.entry is not None
        assert (finding.date, finding.line) == (finding.entry.date, finding.entry.meta["lineno"])
        assert (finding.check, finding.severity) == ("budget-overrun", "warning")
    assert [one.becomes for one in limits(spent(200_000), "2023-07-01")] == ["error"]
    milder = "{'severity': {'budget-overrun': 'warning'}}"
    assert [one.becomes for one in limits(spent(200_000), "2023-07-01", milder)] == ["warning"]


def machine(cost: int) -> str:
    """A voucher of equipment."""
    voucher = bought("R1", cost, item="全電式射出成型機", day="2023-07-10")
    return voucher.replace("01消耗性器材及原材料費", "02全新設備之購置費")


def for_equipment(approved: str) -> str:
    return AWARD.replace('"equipment" 120000 TWD 120000 TWD', f'"equipment" {approved}')


@pytest.mark.parametrize(
    ("approved", "cost", "told"),
    [
        ("180000 TWD 180000 TWD", 330_000, ("category-cap-exceeded", 6000)),  # 30 % of 1,120,000 are 336,000
        ("160000 TWD 160000 TWD", 310_000, ("budget-overrun", 10_000)),  # 30 % of 1,080,000 are 324,000
    ],
)
def test_of_budget_and_cap_the_one_that_leaves_less_is_told(
    approved: str, cost: int, told: tuple[str, int]
) -> None:
    (one,) = limits(opens() + for_equipment(approved) + machine(cost), "2023-08-20")
    assert (one.finding.check, one.finding.amount) == told


SUBSIDY = (
    ("managed-factory-112", "small-manufacturer-112"),
    ('"equipment" 120000 TWD 120000 TWD', '"equipment" 300000 TWD 340000 TWD'),
    ('"consumables" 100000 TWD 100000 TWD', '"consumables" 0 TWD 0 TWD'),
    ('"improvement" 200000 TWD 200000 TWD', '"improvement" 160000 TWD 200000 TWD'),
    ('"personnel" 0 TWD 160000 TWD', '"personnel" 0 TWD 0 TWD'),
)


def test_a_cap_on_the_subsidy_counts_the_government_s_part() -> None:
    """30 % of 1,000,000 may be granted for equipment; of 640,000 spent, 300,000 are the government's."""
    award = AWARD
    for old, new in SUBSIDY:
        award = award.partition('2023-06-01 custom "grant-item"')[0].replace(old, new)
    (one,) = limits(opens("small-manufacturer-112") + award + machine(582_400), "2023-08-20")
    assert (one.finding.check, one.finding.amount) == ("category-cap-exceeded", 27_000)
    assert "已用 273,000 元,達科目上限 300,000 元的 91%" in one.message
    assert not one.message.endswith(assumption())


@pytest.mark.parametrize(("rule", "noted"), [("cap", True), ("cap_base", True), ("subsidy_ratio", False)])
def test_a_cap_is_told_with_the_note_where_it_or_its_base_is_assumed(rule: str, noted: bool) -> None:
    books = opens() + for_equipment("180000 TWD 180000 TWD") + machine(330_000)
    case = Case(load(books)[0], as_of=day("2023-08-20"))
    case.scheme = graded(case.scheme, "seed", (rule,))
    (one,) = [one for one in upcoming(case, [], 0) if one.due is None]
    assert one.finding.check == "category-cap-exceeded"
    assert one.message.endswith(assumption()) == noted


def test_a_category_is_near_through_the_last_day_of_the_case() -> None:
    text = opens() + AWARD + JUNE + JULY
    assert [one.finding.check for one in limits(text, "2023-09-30")] == ["budget-overrun"]
    assert limits(text, "2023-10-01") == []


def test_the_paper_of_a_voucher_dated_ahead_is_looked_for_in_the_case_folder(tmp_path: Path) -> None:
    entries, _errors = load(opens() + AWARD + JUNE)
    case = Case(entries, folder=tmp_path, as_of=day("2023-06-10"))
    assert dues(upcoming(case, entries, 5), "document-missing") == [("2023-06-12", "AB12345678")]
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/2023-06-12.AB12345678.pdf").write_bytes(b"%PDF-1.4")
    assert upcoming(case, entries, 5) == []


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
    confirmed = waiver + decision(waiver)
    assert dues(looked(UNPAID + confirmed, "2023-08-01", 60), "voucher-unpaid") == []


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
        return {anchor for anchor, _finding in identities(run_checks(Case(growing, as_of=date)))}

    case = Case(growing, as_of=today)
    turning = [one for one in upcoming(case, growing, days) if one.due is not None]
    assert [one.due for one in turning] == sorted(one.due for one in turning if one.due)
    for one in turning:
        assert one.due is not None
        assert today < one.due <= today + datetime.timedelta(days=days)
        before = found(one.due - datetime.timedelta(days=1))
        since = [
            f for anchor, f in identities(run_checks(Case(growing, as_of=one.due))) if anchor not in before
        ]
        assert one.finding.message in {finding.message for finding in since}
    last = found(today + datetime.timedelta(days=days))
    assert len(turning) == len(last - found(today))


def test_a_day_on_which_nothing_is_booked_is_not_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at from another day is the same records; an entry between the two days has them read again."""
    entries, _errors = load(UNPAID)
    case = Case(entries, as_of=day("2023-08-01"))
    other = case.on(day("2023-09-11"), entries)
    assert (other.as_of, other.vouchers) == (day("2023-09-11"), case.vouchers)
    assert other.vouchers is case.vouchers
    assert case.as_of == day("2023-08-01")
    before = Case(entries, as_of=day("2023-06-11"))
    assert not before.vouchers
    assert len(before.on(day("2023-06-12"), entries).vouchers) == 1

    def refuse(*_given: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Case, "_read", refuse)
    assert upcoming(case, entries, 60)
