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

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
CLEAN = sorted(path.name for path in (SAMPLES / "cases").glob("*")) if SAMPLES.is_dir() else []
PLANTED = sorted(path.name for path in (SAMPLES / "planted").glob("*")) if SAMPLES.is_dir() else []

pytestmark = pytest.mark.skipif(not CLEAN, reason="the samples are not beside the project")


class Replayed:
    """A sample case after every step of its README, with what the commands answered."""

    def __init__(self, sample: Path, case: Path) -> None:
        self.case = case
        self.expected: dict[str, Any] = json.loads((sample / "expected.json").read_text(encoding="utf-8"))
        self.run("new", case, "--award", sample / "award.toml", as_json=False)
        for file in self.expected["files"]:
            path = case / file["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file["text"], encoding="utf-8")
        self._append("append_before")
        for file in (sample / "inbox").iterdir():
            shutil.copyfile(file, case / "inbox" / file.name)
        self.imported = self.run("import", case)
        self.closes = [
            self.run("close", case, close["month"], "--date", close["date"])
            for close in self.expected["close"]
        ]
        self._append("append")
        as_of = self.expected["as_of"]
        self.settled = self.run("settle", case, "--stage", "final", "--as-of", as_of)
        self.findings = self.run("check", case, "--as-of", as_of, codes=(0, 1))["findings"]

    def _append(self, key: str) -> None:
        for addition in self.expected[key]:
            with (self.case / addition["file"]).open("a", encoding="utf-8") as file:
                file.write(addition["text"])

    def run(self, *words: object, as_json: bool = True, codes: tuple[int, ...] = (0,)) -> Any:
        arguments = [str(word) for word in words] + (["--json"] if as_json else [])
        result = CliRunner().invoke(grant, arguments)
        assert result.exit_code in codes, result.output
        return json.loads(result.stdout) if as_json else None


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
