"""Clean cases made from seeds: every figure as worked out apart from the program, and nothing found."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replay import Played
from tests.replay import books_of
from tests.replay import put
from tests.replay import run
from tests.stories import story

SEEDS = [*range(8), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, 80))]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Any:
    cases: dict[int, Played] = {}

    def play(seed: int) -> Played:
        if seed not in cases:
            cases[seed] = Played(story(seed), tmp_path_factory.mktemp("clean") / "case")
        return cases[seed]

    return play


@pytest.mark.parametrize("seed", SEEDS)
def test_every_record_is_taken_in_once(played: Any, seed: int) -> None:
    case = played(seed)
    told, imported = case.story, case.imported
    paid_by_bank = [line for paper in told.standing for line in paper.pays]
    kept = sum(1 for line in told.own_lines if "專戶孳息" in line.memo)
    lines = len(told.grant_lines) + kept + (0 if told.direct else len(paid_by_bank))
    assert imported["imported"] == len(told.standing) + len(told.payroll) + lines
    assert imported["matched"] == (0 if told.direct else len(paid_by_bank))
    assert imported["duplicates"] == sum(len(paper.routes) - 1 for paper in told.standing)
    assert (imported["unmatched"], imported["rejected"], imported["warnings"]) == ([], [], [])


@pytest.mark.parametrize("seed", SEEDS)
def test_closes_and_settlement_are_as_worked_out(played: Any, seed: int) -> None:
    case = played(seed)
    told, settled = case.story, case.settled
    for got, close in zip(case.closes, told.closes, strict=True):
        assert {key: got[key] for key in close} == close
    figures = {
        "received": told.received,
        "recognised_government": told.recognised,
        "accepted": sum(told.cost(told.end).values()),
        "withdrawn": told.recognised,
        "tail_payment": told.recognised - told.received,
        "interest_gross": told.interest,
        "tax_withheld": told.tax,
        "surplus": told.surplus,
        "remitted": told.remitted,
        "due_to_treasury": 0,
    }
    assert {key: settled[key] for key in figures} == figures
    by_category = {line["category"]: line["government"] for line in settled["categories"]}
    assert by_category == told.shares(told.end)
    for party in settled.get("parties", []):
        spent = [cost for (owner, _c), cost in told.cost(told.end).items() if owner == party["party"]]
        assert party["accepted"] == sum(spent)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_but_papers_to_scan(played: Any, seed: int) -> None:
    assert played(seed).names <= {"document-missing"}


@pytest.mark.parametrize("seed", [0, 3, 6, 9])
def test_the_same_files_again_add_nothing(played: Any, seed: int) -> None:
    case = played(seed)
    before = books_of(case.case)
    put({f"再匯出_{name}": content for name, content in case.story.files().items()}, case.case / "inbox")
    again = run("import", case.case)
    assert (again["imported"], again["matched"], again["unmatched"]) == (0, 0, [])
    assert books_of(case.case) == before
