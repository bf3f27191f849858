"""`grant waive` and `grant deduct`: the company's claim, the auditor's decision, the authority's deduction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import grant
from tests.audit.house import BOOKS
from tests.audit.house import make_case

DAY = ("--as-of", "2023-11-20")
CLAIM = ("voucher-outside-period", "AB12345678")


def call(*words: object, code: int = 0) -> Any:
    result = CliRunner().invoke(grant, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if "--json" in words and code != 2 else result.output


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path / "case", BOOKS.replace("voucher-date: 2023-06-12", "voucher-date: 2023-05-12"))


def finding(case: Path) -> list[dict[str, Any]]:
    result = CliRunner().invoke(
        grant, ["check", str(case), "--json", "--select", CLAIM[0], "--as-of", "2999-01-01"]
    )
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return found


def test_a_claim_is_a_warning_until_the_auditor_confirms_it(case: Path) -> None:
    assert [each["severity"] for each in finding(case)] == ["error"]
    call("waive", case, *CLAIM, "--reason", "簽約前核准", "--approval", "產授字第1號")
    (claimed,) = finding(case)
    assert (claimed["severity"], claimed["claim"]) == (
        "warning",
        {"reason": "簽約前核准", "approval": "產授字第1號"},
    )
    assert "grant-waiver" not in (case / "audit.beancount").read_text(encoding="utf-8")
    told = call("waive", case, *CLAIM, "--confirm", "--reason", "經查屬實", "--by", "陳稽核", "--json")
    assert told == {"check": CLAIM[0], "voucher": CLAIM[1], "act": "confirmed"}
    assert finding(case) == []
    audit = (case / "audit.beancount").read_text(encoding="utf-8")
    assert 'act: "confirmed"' in audit
    assert "typed: TRUE" in audit
    (waived,) = call("check", case, "--json", "--select", "period,audit", "--as-of", "2999-01-01")["waived"]
    assert waived["waiver"]["confirmed"]["by"] == "陳稽核"


def test_a_refused_claim_leaves_the_error_and_a_later_confirmation_replaces_the_refusal(case: Path) -> None:
    call("waive", case, *CLAIM, "--reason", "簽約前核准", "--approval", "產授字第1號")
    call("waive", case, *CLAIM, "--refuse", "--reason", "文號不符")
    (refused,) = finding(case)
    assert refused["severity"] == "error"
    assert "claim" not in refused
    call("waive", case, *CLAIM, "--confirm", "--reason", "補正文號後同意")
    assert finding(case) == []


@pytest.mark.parametrize(
    "words",
    [
        (*CLAIM, "--reason", "x"),
        (*CLAIM, "--approval", "x"),
        ("books-unreadable", "", "--reason", "x", "--approval", "x"),
        ("audit-act-misplaced", "F-001", "--reason", "x", "--approval", "x"),
        ("no-such-check", "AB12345678", "--reason", "x", "--approval", "x"),
        (*CLAIM, "--confirm", "--reason", "沒有人主張"),
        (*CLAIM, "--confirm", "--refuse", "--reason", "x"),
    ],
)
def test_what_cannot_be_waived_is_refused_and_nothing_written(case: Path, words: tuple[str, ...]) -> None:
    before = {path: path.read_bytes() for path in case.glob("*.beancount")}
    call("waive", case, *words, code=2)
    assert {path: path.read_bytes() for path in case.glob("*.beancount")} == before


def test_a_deduction_is_booked_and_settled(case: Path) -> None:
    before = call("settle", case, "--json", *DAY)
    call("deduct", case, 10_000, "--reason", "績效未達", "--date", "2023-11-01")
    after = call("settle", case, "--json", *DAY)
    assert (before["deductions"], after["deductions"]) == (0, 10_000)
    call("deduct", case, 0, "--reason", "x", code=2)
    call("deduct", case, 5, "--reason", "  ", code=2)


def test_a_claim_is_of_a_voucher_that_is_booked_or_of_the_case(case: Path) -> None:
    claim = ("--reason", "簽約前核准", "--approval", "產授字第1號")
    assert "ZZ99999999" in call("waive", case, CLAIM[0], "ZZ99999999", *claim, code=2)
    call("waive", case, "period-too-long", "112-納管-0456", *claim)
