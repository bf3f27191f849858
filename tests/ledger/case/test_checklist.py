"""The checklist of papers: by stage, category and voucher, when each is due and what it costs while it is missing."""

from __future__ import annotations

from beancount.core import data

from ledger.case.case import Case
from ledger.case.papers.checklist import Wanted
from ledger.case.papers.checklist import checklist
from ledger.case.papers.checklist import missing_evidence
from ledger.case.papers.checklist import missing_kinds
from ledger.model.directives import custom
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import bank
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day
from tests.ledger.ledgers import voucher

BUDGET = {"equipment": (100_000, 100_000), "research": (50_000, 50_000), "personnel": (0, 90_000)}


def case(*more: data.Directive, scheme: str = "managed-factory-112", as_of: str = "2024-09-01") -> Case:
    return case_of(*awarded(BUDGET, scheme=scheme), *more, as_of=day(as_of))


def of_kind(checked: Case, kind: str) -> list[Wanted]:
    return [wanted for wanted in checklist(checked) if wanted.kind == kind]


MACHINE = voucher("AB12345678", day("2023-07-01"), ("equipment", 60_000))


def test_a_paper_of_each_voucher_is_asked_for_where_its_cost_counts() -> None:
    assert of_kind(case(), "acceptance-report") == []
    (wanted,) = of_kind(case(MACHINE), "acceptance-report")
    assert (wanted.voucher, wanted.category, wanted.amount) == ("AB12345678", "equipment", 60_000)
    assert (wanted.when, str(wanted.due), wanted.required, wanted.is_there) == (
        "final",
        "2024-05-31",
        False,
        False,
    )
    filed = custom(
        day("2023-07-05"), "evidence", "acceptance-report", "documents/a.pdf", voucher="AB12345678"
    )
    (wanted,) = of_kind(case(MACHINE, filed), "acceptance-report")
    assert (wanted.amount, wanted.is_there) == (0, True)
    other = custom(
        day("2023-07-05"), "evidence", "acceptance-report", "documents/a.pdf", voucher="ZZ99999999"
    )
    assert not of_kind(case(MACHINE, other), "acceptance-report")[0].is_there


def test_a_voucher_that_was_taken_back_needs_no_paper() -> None:
    back = voucher("A1", day("2023-07-09"), ("equipment", -60_000), kind="void", reverses="AB12345678")
    assert of_kind(case(MACHINE, back), "acceptance-report") == []
    part = voucher("A1", day("2023-07-09"), ("equipment", -20_000), kind="allowance", reverses="AB12345678")
    assert [wanted.amount for wanted in of_kind(case(MACHINE, part), "acceptance-report")] == [40_000]


def test_a_paper_of_a_category_is_asked_for_where_it_has_cost() -> None:
    assert of_kind(case(MACHINE), "research-report") == []
    study = voucher("R1", day("2023-08-01"), ("research", 30_000), ("research", 20_000))
    (wanted,) = of_kind(case(study), "research-report")
    assert (wanted.voucher, wanted.amount, wanted.confidence) == ("", 50_000, "sister programme")


def test_the_stages_and_their_days() -> None:
    assert [str(w.due) for w in of_kind(case(), "subsidy-contract")] == ["2023-06-01"]
    signed = custom(day("2023-06-20"), "milestone", "signing")
    passed = custom(day("2023-12-15"), "milestone", "interim-passed")
    assert str(of_kind(case(signed), "subsidy-contract")[0].due) == "2023-06-20"
    assert str(of_kind(case(), "interim-report")[0].due) == "2023-11-30"
    assert str(of_kind(case(passed), "interim-report")[0].due) == "2023-12-15"


def test_papers_of_foreign_purchases_alone() -> None:
    foreign = voucher("F-1", day("2023-07-01"), ("equipment", 10_000), kind="foreign-invoice")
    assert [w.voucher for w in of_kind(case(MACHINE, foreign), "exchange-slip")] == ["F-1"]


def test_what_the_registration_costs_while_it_is_missing() -> None:
    paid = bank("instalment", "2023-06-06", 20_000)
    (wanted,) = of_kind(case(MACHINE, paid), "factory-registration")
    assert (wanted.amount, wanted.required) == (30_000, True)  # half of 60,000: none of it is paid
    much = bank("instalment", "2023-06-06", 70_000)
    assert of_kind(case(MACHINE, much), "factory-registration")[0].amount == 70_000  # all of it is due back


def test_a_paper_of_the_award_beside_those_of_the_scheme() -> None:
    asked = custom(day("2023-06-01"), "required", "audit-report", name="會計師簽證", when="interim")
    (wanted,) = of_kind(case(asked), "audit-report")
    assert (wanted.name, wanted.when, wanted.required) == ("會計師簽證", "interim", True)
    assert wanted in missing_evidence(case(asked))
    assert "audit-report" in {shown["kind"] for shown in (w.as_json() for w in missing_evidence(case(asked)))}


def test_coaching_is_asked_for_its_reports_and_nothing_else() -> None:
    coached = case_of(*awarded({}, scheme="coaching-large-112"))
    assert {wanted.kind for wanted in checklist(coached)} == {"report"}
    assert {wanted.amount for wanted in checklist(coached)} == {240_000}
    assert {wanted.confidence for wanted in checklist(coached)} == {"assumed"}
    assert checklist(case_of()) == []


def test_what_is_missing_is_told_by_kind_with_its_sum() -> None:
    other = voucher("AB12345679", day("2023-08-01"), ("equipment", 5_000))
    kinds = {each.kind: each for each in missing_kinds(case(MACHINE, other))}
    assert (kinds["acceptance-report"].vouchers, kinds["acceptance-report"].amount) == (2, 65_000)
    assert kinds["acceptance-report"].as_json()["due"] == "2024-05-31"
    assert missing_kinds(case(MACHINE, other))[0].required  # what is asked for comes before what is advisable
    assert missing_kinds(case_of()) == []


def test_time_sheets_in_the_books_are_the_paper() -> None:
    pay = voucher("薪2307-王", day("2023-07-31"), ("personnel", 10_000), kind="payroll", person="王大明")
    assert [w.is_there for w in of_kind(case(pay), "timesheet")] == [False]
    sheet = custom(day("2023-07-31"), "timesheet", "王大明", "2023-07", days="3=8")
    assert [w.is_there for w in of_kind(case(pay, sheet), "timesheet")] == [True]
    another = custom(day("2023-08-31"), "timesheet", "王大明", "2023-08", days="3=8")
    assert [w.is_there for w in of_kind(case(pay, another), "timesheet")] == [False]
