"""What the settlement needs, once the case has ended."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from checks.engine.runner import run_checks
from tests.checks.builder import Books
from tests.checks.pieces.settlement import EVIDENCE


def test_self_funding_short(books: Books) -> None:
    assert books.found("self-funding-short") == []
    # without 22,000 of payroll the cost is 620,001: half of it is 310,000, just enough
    planted = (
        books.plant("net: 22000", "net: 0")
        .plant("費   22000 TWD\n", "費   0 TWD\n")
        .plant("帳款          -22000", "帳款          0")
    )
    assert planted.found("self-funding-short") == []
    richer = planted.plant('improvement" 200000 TWD 200000 TWD\n', 'improvement" 210000 TWD 190000 TWD\n')
    # 157,500 + 120,000 + 40,000 would be earned, 310,000 may be
    (finding,) = richer.findings("self-funding-short")
    assert finding.amount == 7500
    assert "317,500 元" in finding.message
    assert "310,000 元" in finding.message
    assert richer.on(2023, 9, 30).found("self-funding-short") == []


RECEIVED = 310_000
MILESTONE = '2023-09-25 custom "grant-milestone" "registration"\n'


def test_evidence_missing(books: Books) -> None:
    assert books.found("evidence-missing") == []
    planted = books.plant(EVIDENCE, "")
    (finding,) = planted.findings("evidence-missing")
    assert (finding.voucher, finding.amount, finding.subject) == ("", RECEIVED, "factory-registration")
    assert "追繳已撥付款項" in finding.message
    assert planted.on(2023, 9, 30).found("evidence-missing") == []
    assert books.plant("factory-registration", "something-else").found("evidence-missing") == [("", RECEIVED)]


def test_a_milestone_says_the_same_as_the_paper(books: Books) -> None:
    planted = books.plant(EVIDENCE, MILESTONE)
    assert planted.found("evidence-missing") == []
    assert planted.plant("2023-09-25 custom", "2023-11-21 custom").found("evidence-missing") == [
        ("", RECEIVED)
    ]


def test_nothing_but_the_paper_is_found_where_it_alone_is_missing(books: Books) -> None:
    before = {finding.check for finding in books.findings()}
    after = {finding.check for finding in books.plant(EVIDENCE, "").findings()}
    assert after - before == {"evidence-missing"}


COACHING = """
2023-01-01 open Expenses:2業者自籌款:05人事費 TWD
2023-06-01 custom "grant-award" "112-輔導-1"
  scheme: "coaching-supply-chain-112"
  company: "某公司"
  ubn: "11688527"
  start: 2023-06-01
  end: 2023-09-30
"""


def test_reports_of_a_coaching_case_that_are_missing_after_its_end() -> None:
    books = Books(COACHING, as_of=datetime.date(2023, 10, 1))
    found = books.findings("evidence-missing")
    assert [finding.subject for finding in found] == ["智慧化改善建議報告", "低碳化改善建議報告"]
    assert {finding.amount for finding in found} == {160_000}
    assert all("推定" in finding.message for finding in found)
    assert books.on(2023, 9, 30).found("evidence-missing") == []
    one = books.add('2023-09-01 custom "grant-evidence" "report" "documents/一.pdf"\n')
    (finding,) = one.findings("evidence-missing")
    assert finding.subject == "低碳化改善建議報告"
    both = one.add('2023-09-01 custom "grant-evidence" "report" "documents/二.pdf"\n')
    assert both.found("evidence-missing") == []


def test_a_report_counts_when_its_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "一.pdf").touch()
    books = Books(COACHING, as_of=datetime.date(2023, 10, 1)).add(
        '2023-09-01 custom "grant-evidence" "report" "documents/一.pdf"\n'
        '2023-09-01 custom "grant-evidence" "report" "documents/二.pdf"\n'
    )
    found = dataclasses.replace(books, folder=tmp_path).findings("evidence-missing")
    assert [finding.subject for finding in found] == ["低碳化改善建議報告"]


def test_a_paper_that_the_award_asks_for(books: Books) -> None:
    asked = books.add('2023-06-01 custom "grant-required" "audit-report"\n  name: "會計師簽證"\n')
    (finding,) = asked.findings("evidence-missing")
    assert (finding.subject, finding.amount, finding.severity) == ("audit-report", None, "error")
    assert "會計師簽證" in finding.message
    filed = asked.add('2023-09-25 custom "grant-evidence" "audit-report" "documents/簽證.pdf"\n')
    assert filed.found("evidence-missing") == []


def test_evidence_whose_file_is_missing(books: Books, papers: Path) -> None:
    planted = dataclasses.replace(books, folder=papers)
    assert planted.found("evidence-missing") == []
    (papers / "documents" / "特定工廠登記證明.pdf").unlink()
    (finding,) = planted.findings("evidence-missing")
    assert (str(finding.date), finding.subject) == ("2023-09-25", "factory-registration")


def test_every_paper_that_the_scheme_wants_is_asked_for(books: Books) -> None:
    case = books.case()
    assert case.scheme is not None
    wanted = next(paper for paper in case.scheme.evidence if paper.id == "factory-registration")
    report = dataclasses.replace(wanted, id="closing-report", name="結案報告")
    case.scheme = dataclasses.replace(case.scheme, evidence=(wanted, report))
    (finding,) = run_checks(case, select=["evidence-missing"])
    assert finding.subject == "closing-report"
    assert "結案報告" in finding.message


def test_evidence_is_asked_for_by_schemes_that_want_it(books: Books) -> None:
    other = books.plant("managed-factory-112", "small-manufacturer-112").plant(EVIDENCE, "")
    assert other.found("evidence-missing") == []


def test_evidence_may_be_named_by_its_file_alone(books: Books, papers: Path) -> None:
    named = books.plant('"documents/特定工廠登記證明.pdf"', '"特定工廠登記證明.pdf"')
    planted = dataclasses.replace(named, folder=papers)
    assert planted.found("evidence-missing") == []
    (papers / "documents" / "特定工廠登記證明.pdf").unlink()
    assert len(planted.findings("evidence-missing")) == 1
