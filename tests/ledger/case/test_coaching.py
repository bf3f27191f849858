"""Coaching cases: a fixed fee, the company's share, three reports, nothing else."""

from __future__ import annotations

import pytest
from beancount.core import data

from ledger.case.case import Case
from ledger.case.coaching import missing_reports
from ledger.case.instalments import guarantee_of
from ledger.case.instalments import schedules
from ledger.case.settlement import settle_case
from ledger.case.settlement import shares_through
from ledger.model.directives import custom
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day

REPORTS = ["智慧化改善建議報告", "低碳化改善建議報告", "碳盤查報告"]


def report(number: int, name: str = "", on: str = "2024-05-01") -> data.Custom:
    return custom(day(on), "evidence", "report", f"documents/2024-05-0{number}.報告.pdf", name=name)


def coaching(*reports: data.Custom, scheme: str = "coaching-sme-112", as_of: str = "2024-09-01") -> Case:
    return case_of(*awarded({}, scheme=scheme), *reports, as_of=day(as_of))


@pytest.mark.parametrize(
    ("scheme", "government", "own"),
    [
        ("coaching-sme-112", 160_000, 40_000),
        ("coaching-large-112", 240_000, 60_000),
        ("coaching-supply-chain-112", 160_000, 40_000),
    ],
)
def test_the_fixed_fee_is_recognised_once_the_reports_are_there(
    scheme: str, government: int, own: int
) -> None:
    shown = settle_case(coaching(report(1), report(2), report(3), scheme=scheme)).as_json()
    assert shown["categories"] == [
        {
            "category": "coaching",
            "approved_government": government,
            "approved_self": own,
            "accepted": government + own,
            "disallowed": 0,
            "government": government,
            "self": own,
        }
    ]
    assert (shown["recognised_government"], shown["recognised_self"], shown["binding"]) == (
        government,
        own,
        "none",
    )
    assert shown["tail_payment"] == government
    assert (shown["surplus"], shown["due_to_treasury"]) == (0, 0)


def test_the_fee_is_the_company_s() -> None:
    (line,) = shares_through(coaching(report(1), report(2), report(3)), day("2024-05-31"))
    assert (line.party, line.government) == (LEAD, 160_000)


def test_before_the_reports_nothing_is_recognised() -> None:
    case = coaching(report(1), report(2))
    settled = settle_case(case).whole
    assert (settled.recognised_government, settled.approved_government) == (0, 160_000)
    assert settled.accepted == 0
    assert missing_reports(case) == ("碳盤查報告",)


def test_reports_by_name() -> None:
    case = coaching(report(1, "碳盤查報告"), report(2, "低碳化 改善建議報告"))
    assert missing_reports(case) == ("智慧化改善建議報告",)
    assert missing_reports(coaching(report(1, "碳盤查報告"), report(2))) == ("低碳化改善建議報告",)


def test_one_report_registered_twice_is_one() -> None:
    assert len(missing_reports(coaching(report(1), report(1), report(1)))) == 2
    assert len(missing_reports(coaching(*(report(n, "碳盤查報告") for n in (1, 2, 3))))) == 2


def test_as_of_the_day_of_the_last_report() -> None:
    reports = [report(1), report(2), report(3, on="2024-06-01")]
    assert settle_case(coaching(*reports, as_of="2024-05-31")).whole.recognised_government == 0
    assert settle_case(coaching(*reports, as_of="2024-06-01")).whole.recognised_government == 160_000


def test_no_schedule_and_no_guarantee() -> None:
    assert schedules(coaching()) == []
    assert guarantee_of(coaching()) is None


def test_other_cases_want_no_reports() -> None:
    assert missing_reports(coaching(scheme="managed-factory-112")) == ()
    assert missing_reports(case_of()) == ()


def test_the_names_are_those_of_the_scheme() -> None:
    assert list(missing_reports(coaching())) == REPORTS
