"""Workbooks of cases whose figures no plain difference gives: a grant forfeited, a cap shared by parties."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casemaker import Story
from tests.replay import begin
from tests.replay import run
from tests.reports.conftest import Recalculate
from tests.reports.conftest import equal


def without_registration(case: Path) -> None:
    award = case / "award.beancount"
    lines = award.read_text(encoding="utf-8").splitlines(keepends=True)
    award.write_text("".join(line for line in lines if "grant-evidence" not in line), encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "partners"),
    [(("rescinded", "--rate", "2.5"), 0), (("terminated",), 0), (("rescinded", "--rate", "2.5"), 2)],
)
def test_every_figure_of_a_case_that_the_authority_ended(
    tmp_path: Path, words: tuple[str, ...], partners: int, recalculate: Recalculate
) -> None:
    scheme = "supply-chain-smart-112" if partners else "small-manufacturer-112"
    story = Story(8, scheme=scheme, partners=partners, months=3).money()
    case = tmp_path / "case"
    begin(story, case)
    run("import", case)
    before = run("settle", case, "--as-of", story.today)
    kind, *rate = words
    tried = run("settle", case, "--as-of", story.today, "--end", kind, "--end-date", story.months[2], *rate)
    run("income", case, "penalty", 4321, "--reason", "逾期違約金", "--received", story.months[1], "--yes")
    run("milestone", case, kind, "--date", story.months[2], "--number", "產授字第9號", *rate)
    settled = run("settle", case, "--as-of", story.today)
    told = tried["ended"]["terms"]
    if rate:  # the letter that says the rate has a number by now
        told["rate"]["source"] += " 產授字第9號"
    assert settled["ended"] == tried["ended"] | {"number": "產授字第9號"}
    assert settled["due_to_treasury"] == tried["due_to_treasury"] + 4321
    assert settled["tail_payment"] == (
        -before["received"] if kind == "rescinded" else min(0, before["tail_payment"])
    )
    assert (settled["recall_interest"] > 0) is (kind == "rescinded")
    run("settle", case, "--as-of", story.today, "-o", tmp_path / "r.xlsx", as_json=False)
    assert equal(tmp_path / "r.xlsx", recalculate) > 50
    run("verify", tmp_path / "r.xlsx", case, as_json=False)
    run("form", "remittance", case, "-o", tmp_path / "f.xlsx", "--as-of", story.today, as_json=False)
    assert equal(tmp_path / "f.xlsx", recalculate) > 3
    told = run("form", "receipt", case, "-o", tmp_path / "l.xlsx", codes=(2,), as_json=False)
    assert "不能開領據" in told


@pytest.mark.parametrize("scheme", ["managed-factory-112", "supply-chain-smart-112"])
def test_every_figure_is_what_its_formula_gives(
    tmp_path: Path, scheme: str, recalculate: Recalculate
) -> None:
    partners = 2 if scheme.startswith("supply") else 0
    story = Story(8, scheme=scheme, partners=partners, months=2).money()
    case = tmp_path / "case"
    begin(story, case)
    run("import", case)
    without_registration(case)
    settled = run("settle", case, "--as-of", story.today)
    assert settled["registration_missing"] is (scheme == "managed-factory-112")
    run("settle", case, "--as-of", story.today, "-o", tmp_path / "r.xlsx", as_json=False)
    assert equal(tmp_path / "r.xlsx", recalculate) > 50
    run("verify", tmp_path / "r.xlsx", case, as_json=False)
    if settled["due_to_treasury"] > 0:
        form = ("form", "remittance", case, "-o", tmp_path / "f.xlsx", "--as-of", story.today)
        run(*form, as_json=False)
        assert equal(tmp_path / "f.xlsx", recalculate) > 3
