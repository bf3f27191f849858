"""The moments of a case, as a person would plant them by hand."""

from __future__ import annotations

import pytest

from tests.checks.builder import Books

SIGNED = '\n2023-06-02 custom "grant-milestone" "signing"\n  number: "契-1"\n'
GUARANTEE = '\n2023-06-02 custom "grant-milestone" "guarantee"\n  amount: 84000 TWD\n  until: {}\n'
FINAL = '\n2023-10-05 custom "grant-milestone" "final-passed"\n'


def test_a_case_with_all_its_moments_is_clean(books: Books) -> None:
    told = books.add(SIGNED + GUARANTEE.format("2023-12-31") + FINAL)
    for name in ("milestone-missing", "instalment-before-milestone", "guarantee-too-short"):
        assert told.found(name) == []


def test_the_guarantee_of_a_milestone_is_held_to_the_end_of_the_case(books: Books) -> None:
    short = books.add(SIGNED + GUARANTEE.format("2023-12-29"))
    (finding,) = short.findings("guarantee-too-short")
    assert (finding.amount, finding.severity, str(finding.date)) == (84_000, "warning", "2023-06-02")
    assert short.on(2023, 12, 30).findings("guarantee-too-short")[0].severity == "error"
    extended = short.add(GUARANTEE.format("2023-12-30").replace("2023-06-02", "2023-09-01"))
    assert extended.found("guarantee-too-short") == []  # the same letter, told again


def test_the_award_s_own_last_day_is_the_first_guarantee(award: Books) -> None:
    own = award.plant('  guarantee: "partial"\n', '  guarantee: "partial"\n  guarantee-until: 2023-09-30\n')
    assert len(own.findings("guarantee-too-short")) == 1
    told = own.add(GUARANTEE.format("2023-12-31")).on(2023, 6, 30)
    assert told.findings("guarantee-too-short") == []


def test_a_missing_moment_is_told_once(books: Books) -> None:
    found = books.add(SIGNED).findings("milestone-missing")
    assert [finding.subject for finding in found] == ["guarantee", "final-passed"]
    assert {finding.severity for finding in found} == {"warning"}


@pytest.mark.parametrize(
    "wrong",
    [
        '2023-06-02 custom "grant-milestone" "moon"\n',
        '2023-06-02 custom "grant-milestone" "guarantee"\n  amount: 1.5 TWD\n',
        '2023-06-02 custom "grant-milestone" "guarantee"\n  until: "soon"\n',
        '2023-06-02 custom "grant-funding" "甲" 5 TWD\n  kind: "loan"\n',
        '2023-06-02 custom "grant-funding" "甲"\n',
        '2023-06-02 custom "grant-required" "report"\n  when: "never"\n',
    ],
)
def test_a_directive_that_breaks_the_grammar_is_told(award: Books, wrong: str) -> None:
    assert len(award.add("\n" + wrong).on(2023, 6, 30).findings("books-unreadable")) == 1
