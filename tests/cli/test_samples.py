"""The sample cases beside the project, replayed through the commands as their README says.

Skipped where ../shared/samples is absent: the project needs nothing from there.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import grant
from tests.cli.samples import CLEAN
from tests.cli.samples import SAMPLES
from tests.cli.samples import Replayed

PLANTED = sorted(path.name for path in (SAMPLES / "planted").glob("*")) if SAMPLES.is_dir() else []

pytestmark = pytest.mark.skipif(not CLEAN, reason="the samples are not beside the project")


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Any:
    cases: dict[str, Replayed] = {}

    def replayed(kind: str, name: str) -> Replayed:
        if name not in cases:
            cases[name] = Replayed(SAMPLES / kind / name, tmp_path_factory.mktemp("samples") / name)
        return cases[name]

    return replayed


@pytest.mark.parametrize(("kind", "name"), [("cases", n) for n in CLEAN] + [("planted", n) for n in PLANTED])
def test_import_counts(replay: Any, kind: str, name: str) -> None:
    case = replay(kind, name)
    expected, got = case.expected["import"], case.imported
    assert got["matched"] == expected["matched"]
    assert got["duplicates"] == expected["two_routes"]
    assert got["rejected"] == []
    lines = expected["dedicated_lines"] + expected["operating_kept"]
    assert got["imported"] == expected["vouchers"] + expected["payroll_rows"] + lines


@pytest.mark.parametrize(("kind", "name"), [("cases", n) for n in CLEAN] + [("planted", n) for n in PLANTED])
def test_every_close_is_as_expected(replay: Any, kind: str, name: str) -> None:
    case = replay(kind, name)
    keys = ("month", "entitlement", "withdrawn_before", "withdrawable", "by_category")
    for got, expected in zip(case.closes, case.expected["close"], strict=True):
        assert {key: got[key] for key in keys} == {key: expected[key] for key in keys}


@pytest.mark.parametrize("name", CLEAN)
def test_settlement_equals_expected(replay: Any, name: str) -> None:
    case = replay("cases", name)
    expected = dict(case.expected["settle"])
    binding = expected.pop("binding_any")
    assert {key: case.settled[key] for key in expected} == expected
    assert case.settled["binding"] in binding


@pytest.mark.parametrize("name", CLEAN)
def test_clean_case_has_no_errors(replay: Any, name: str) -> None:
    case = replay("cases", name)
    assert [finding for finding in case.findings if finding["severity"] == "error"] == []
    assert {finding["check"] for finding in case.findings} <= set(case.expected["may_find"])


@pytest.mark.parametrize("name", PLANTED)
def test_planted_fault_is_found_and_nothing_else(replay: Any, name: str) -> None:
    case = replay("planted", name)
    for fault in case.expected["must_find"]:
        found = [finding for finding in case.findings if finding["check"] == fault["check"]]
        assert found, f"{fault['check']} not found"
        if "voucher" in fault:
            assert fault["voucher"] in {finding["voucher"] for finding in found}
    allowed = {fault["check"] for fault in case.expected["must_find"]} | set(case.expected["may_find"])
    assert {finding["check"] for finding in case.findings} <= allowed


@pytest.mark.parametrize("name", CLEAN)
def test_importing_again_adds_nothing(replay: Any, name: str, tmp_path: Path) -> None:
    case = replay("cases", name)
    again = tmp_path / "case"
    shutil.copytree(case.case, again)
    books = {path.name: path.read_bytes() for path in (again / "books").iterdir()}
    for file in (SAMPLES / "cases" / name / "inbox").iterdir():
        shutil.copyfile(file, again / "inbox" / f"再匯出_{file.name}")
    result = CliRunner().invoke(grant, ["import", str(again), "--json"])
    report = json.loads(result.stdout)
    assert report["imported"] == 0
    assert report["matched"] == 0
    assert report["unmatched"] == []
    assert {path.name: path.read_bytes() for path in (again / "books").iterdir()} == books
