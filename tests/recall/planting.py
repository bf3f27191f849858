"""Faults and near misses: how one is written down, and how it is judged.

A plant is a function that takes a clean `Ground` and gives the books with one fault in them and what the check
must say of it; a near miss gives books that look much like it and about which the check must say nothing.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from checks.engine.catalogue import all_checks
from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from checks.runs.check_portfolio import judge_together
from checks.runs.check_portfolio import member
from tests.checks.builder import Books
from tests.planting import Plant
from tests.planting import Plants
from tests.recall.ground import Ground
from tests.recall.making import make_ground

Found = tuple[
    str, int | None
]  # the voucher's number, or the entry's day where it has none; the amount at stake


@dataclasses.dataclass(frozen=True)
class Planted:
    """Books with a fault: what the check must find in them, no more and no less, and what follows from it.

    `also` names the other checks that necessarily speak of the same fault. `papers` are the files that lie in
    documents/; None where no check is to look for them. `beside` are the cases judged together with this one. `files` are
    other files of the folder, with their text.
    """

    books: Books
    finds: tuple[Found, ...]
    also: frozenset[str] = frozenset()
    papers: frozenset[str] | None = None
    audit: str | None = None  # the auditor's file, where there is a folder for it
    beside: tuple[Books, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


Maker = Callable[[Ground], Planted]


Trial = Plant[Maker]
"""A plant or a near miss; its ground is what `make_ground` takes."""


class Outcome(NamedTuple):
    """What a trial gave: what should be found by its check, what was, and who else spoke without reason."""

    trial: Trial
    seed: int
    expected: tuple[Found, ...]
    found: tuple[Found, ...]
    others: frozenset[str]


HERE = Path(__file__).parent

TRIALS: Plants[Maker] = Plants()
plant, near_miss = TRIALS.plant, TRIALS.near_miss


def trials() -> list[Trial]:
    """Every plant and near miss, by check in the order of the catalogue."""
    for path in sorted((HERE / "plants").rglob("*.py")):
        importlib.import_module(".".join(("tests", "recall", *path.relative_to(HERE).with_suffix("").parts)))
    order = list(all_checks())
    return sorted(TRIALS, key=lambda trial: (order.index(trial.check), not trial.is_fault))


def judge(trial: Trial, seed: int, folder: Path) -> Outcome:
    """Plant on ground made from a seed and run every check."""
    planted = trial.make(make_ground(seed, **trial.ground))
    assert bool(planted.finds) == trial.is_fault, "a fault is found, a near miss is not"
    books = planted.books
    if planted.papers is not None:
        for name in planted.papers:
            path = folder / "documents" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        for name, text in planted.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        books = dataclasses.replace(books, folder=folder)
    if planted.audit is not None:
        (folder / "audit.beancount").write_text(planted.audit, encoding="utf-8")
        books = dataclasses.replace(books, folder=folder)
    findings = run_checks(books.case()) + _because_of(planted.beside, books)
    own = [finding for finding in findings if finding.check == trial.check]
    found = tuple(sorted((finding.voucher or str(finding.date), finding.amount) for finding in own))
    others = frozenset(finding.check for finding in findings) - {trial.check} - planted.also
    if planted.audit is None:
        others -= {"audit-chain-broken"}  # acts that a plant writes among its books have no chain
    return Outcome(trial, seed, tuple(sorted(planted.finds)), found, others)


def _because_of(others: tuple[Books, ...], books: Books) -> list[Finding]:
    """What is found in these books because of others; nothing is to be found in the others."""
    cases = [books, *others] if others else []
    folders = [dataclasses.replace(each, folder=Path(f"case-{place}")) for place, each in enumerate(cases)]
    verdicts = judge_together([member(each.case()) for each in folders])
    assert not [finding for verdict in verdicts[1:] for finding in verdict.findings]
    return verdicts[0].findings if verdicts else []
