"""What is filed and booked need not be read again; without the index the outcome is the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from importers import context
from importers import inputs
from importers.ingest import import_files
from ledger.files.award_file import parse_award
from ledger.operations.new_case import new_case
from tests.bench.papers import papers
from tests.importers.makers import tables
from tests.replay import run

FILES = dict(list(papers().items())[:6])


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with six invoices imported from XML."""
    folder = tmp_path / "case"
    new_case(folder, parse_award(tables(), "award.toml"))
    put(folder)
    assert import_files(folder).imported == len(FILES)
    return folder


def put(case: Path, prefix: str = "") -> None:
    for name, text in FILES.items():
        (case / "inbox" / (prefix + name)).write_text(text, encoding="utf-8")


def tree(case: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(case)): path.read_bytes()
        for path in sorted(case.rglob("*"))
        if path.is_file() and not {".grant", ".git"} & set(path.parts)
    }


def both(case: Path, **changes: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What an import answers and leaves, the same with the index and without."""
    other = case.with_name("without")
    shutil.copytree(case, other)
    (other / ".grant" / "filed.json").unlink()
    answers = [(import_files(one, **changes).as_json(), tree(one)) for one in (case, other)]
    shutil.rmtree(other)
    assert answers[0][0] == answers[1][0]
    for name in answers[0][1]:
        assert answers[0][1][name] == answers[1][1][name].replace(b"without", b"case")
    return answers[0]


def refuse(*_arguments: object) -> None:
    raise AssertionError


@pytest.mark.parametrize("prefix", ["", "again-"])
def test_what_comes_again_is_known_without_reading(
    case: Path, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(case)
    put(case, prefix)
    told, after = both(case)
    assert (told["imported"], told["duplicates"]) == (0, len(FILES))
    assert after == before
    put(case, prefix)
    monkeypatch.setattr(inputs, "first_look", refuse)
    monkeypatch.setattr(context, "load_case", refuse)
    assert import_files(case).as_json() == told
    assert tree(case) == before


def test_what_was_taken_out_of_the_books_is_imported_anew(case: Path) -> None:
    for path in (case / "books").iterdir():
        path.write_text("", encoding="utf-8")
    put(case)
    told, _tree = both(case)
    assert told["imported"] == len(FILES)


def test_a_new_file_among_known_ones_is_imported(case: Path) -> None:
    put(case)
    name, text = next(iter(FILES.items()))
    number = name.removesuffix(".xml")
    (case / "inbox" / "new.xml").write_text(text.replace(number, "ZZ00000001"), encoding="utf-8")
    told, _tree = both(case)
    assert (told["imported"], told["duplicates"]) == (1, len(FILES))
    put(case)
    assert both(case)[0]["duplicates"] == len(FILES)


def test_the_same_number_with_another_amount_is_still_a_conflict(case: Path) -> None:
    name, text = next(iter(FILES.items()))
    (case / "inbox" / name).write_text(text.replace("TotalAmount>", "TotalAmount>1"), encoding="utf-8")
    for _time in range(2):
        told, _tree = both(case)
        assert len(told["unmatched"]) + len(told["rejected"]) == 1


def test_a_trial_and_a_copy_from_elsewhere(case: Path, tmp_path: Path) -> None:
    put(case)
    assert both(case, dry_run=True)[0]["duplicates"] == len(FILES)
    outside = tmp_path / "outside"
    shutil.move(case / "inbox", outside)
    (case / "inbox").mkdir()
    assert both(case, files=[outside])[0]["duplicates"] == len(FILES)
    assert len(list(outside.iterdir())) == len(FILES)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": "1"}'])
def test_a_broken_index_is_no_index(case: Path, text: str) -> None:
    (case / ".grant" / "filed.json").write_text(text, encoding="utf-8")
    put(case)
    assert both(case)[0]["duplicates"] == len(FILES)


def test_a_month_closed_since_costs_a_reading_and_changes_nothing(case: Path) -> None:
    run("close", case, "2023-07")
    put(case)
    assert both(case)[0]["duplicates"] == len(FILES)


def test_one_paper_twice_under_two_names_is_filed_once_each_time(case: Path) -> None:
    name, text = next(iter(FILES.items()))
    text = text.replace(name.removesuffix(".xml"), "ZZ00000002")
    for copy in ("a.xml", "b.xml"):
        (case / "inbox" / copy).write_text(text, encoding="utf-8")
    told, after = both(case)
    assert (told["imported"], told["duplicates"]) == (1, 1)
    assert not any(path.startswith("inbox/") for path in after)
    assert text.encode() in after.values()
