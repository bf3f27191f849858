"""What the settlement needs, once the case has ended."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from checks.engine.runner import run_checks
from tests.checks.builder import Books

EVIDENCE = '2023-09-25 custom "grant-evidence" "factory-registration" "documents/特定工廠登記證明.pdf"\n'


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


def test_evidence_missing(books: Books) -> None:
    assert books.found("evidence-missing") == []
    planted = books.plant(EVIDENCE, "")
    (finding,) = planted.findings("evidence-missing")
    assert (finding.voucher, finding.amount, finding.subject) == ("", None, "factory-registration")
    assert planted.on(2023, 9, 30).found("evidence-missing") == []
    assert books.plant("factory-registration", "something-else").found("evidence-missing") == [("", None)]


def test_evidence_whose_file_is_missing(books: Books, papers: Path) -> None:
    planted = dataclasses.replace(books, folder=papers)
    assert planted.found("evidence-missing") == []
    (papers / "documents" / "特定工廠登記證明.pdf").unlink()
    (finding,) = planted.findings("evidence-missing")
    assert (str(finding.date), finding.subject) == ("2023-09-25", "factory-registration")


def test_every_paper_that_the_scheme_wants_is_asked_for(books: Books) -> None:
    case = books.case()
    assert case.scheme is not None
    (wanted,) = case.scheme.evidence
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
