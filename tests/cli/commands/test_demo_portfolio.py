"""A made-up portfolio to try: its faults are found, and a folder that holds anything is left alone."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from cli.main import grant


def test_a_portfolio_to_try(tmp_path: Path) -> None:
    made = CliRunner().invoke(grant, ["demo", str(tmp_path / "p"), "--portfolio", "40", "--no-serve"])
    assert made.exit_code == 0, made.output
    told = CliRunner().invoke(grant, ["portfolio", "check", str(tmp_path / "p"), "--json"])
    checks = {finding["check"] for finding in json.loads(told.output)["findings"]}
    assert all(check in made.output for check in checks - {"representative-second-case"})
    assert {"voucher-claimed-twice", "round-trip", "payee-account-shared"} <= checks
    again = CliRunner().invoke(grant, ["demo", str(tmp_path / "p"), "--portfolio", "40", "--no-serve"])
    assert again.exit_code == 2
