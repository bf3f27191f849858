"""`--at OPERATION`: a report of the books as they were."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from cli.main import grant
from ledger.operations.correct import plan_correct
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import REASON
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case


def accepted(case: Path, *words: str) -> int:
    result = CliRunner().invoke(grant, ["settle", str(case), "--as-of", "2023-12-31", "--json", *words])
    assert result.exit_code == 0, result.output
    return int(json.loads(result.output)["accepted"])


def test_a_settlement_as_of_an_operation(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    do(case, lambda context: plan_correct(context, GAUGE, {"claimed": "30000"}, REASON))
    assert accepted(case) == 50_002
    assert accepted(case, "--at", "1") == 70_002
    assert accepted(case, "--at", "2") == 50_002
    wrong = CliRunner().invoke(grant, ["settle", str(case), "--at", "9"])
    assert (wrong.exit_code, "grant log" in wrong.output) == (2, True)


def test_checks_and_tables_as_of_an_operation(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    do(case, lambda context: plan_correct(context, GAUGE, {"claimed": "30000"}, REASON))
    checked = CliRunner().invoke(grant, ["check", str(case), "--at", "1", "--json"])
    assert json.loads(checked.output)["case"] == str(case)
    two = CliRunner().invoke(grant, ["check", str(case), str(case), "--at", "1"])
    assert two.exit_code == 2
    out = CliRunner().invoke(grant, ["export", str(case), "--at", "1", "-o", str(tmp_path / "out")])
    assert out.exit_code == 0, out.output
