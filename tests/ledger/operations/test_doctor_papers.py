"""What `doctor` says of papers that are asked for: which, what hangs on them, by when, and the command."""

from __future__ import annotations

from beancount.core import data

from ledger.case.case import Case
from ledger.model.directives import custom
from ledger.operations.doctor import NextStep
from ledger.operations.doctor import Waiting
from ledger.operations.doctor import next_steps
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import bank
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day

BUDGET = {"improvement": (100_000, 100_000)}


def steps(*more: data.Directive, scheme: str = "managed-factory-112") -> list[NextStep]:
    paid = bank("instalment", "2023-06-06", 50_000)
    case: Case = case_of(*awarded(BUDGET, scheme=scheme), paid, *more, as_of=day("2024-06-10"))
    return [step for step in next_steps(case, Waiting()) if step.command.startswith("grant evidence")]


def test_a_registration_that_is_missing_is_told_with_what_hangs_on_it() -> None:
    (step,) = steps()
    assert "特定工廠登記證明文件" in step.what
    assert "50,000" in step.why
    assert (step.command, str(step.by)) == ("grant evidence CASE factory-registration FILE", "2024-05-31")


def test_what_is_only_advisable_is_no_next_step() -> None:
    registered = custom(day("2024-05-20"), "milestone", "registration")
    assert steps(registered) == []
    assert steps(scheme="small-manufacturer-112") == []


def test_a_paper_of_the_award_is_a_next_step() -> None:
    asked = custom(day("2023-06-01"), "required", "audit-report", name="會計師簽證", when="interim")
    (step,) = steps(asked, scheme="small-manufacturer-112")
    assert ("會計師簽證" in step.what, step.command) == (True, "grant evidence CASE audit-report FILE")
