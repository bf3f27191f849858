"""Bank lines that come after their month was closed: let in, announced, sealed by the next close, and then held."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.case.closes.closed_months import changes
from ledger.loading.loader import load_case
from tests.casemaker import Story
from tests.replay import begin
from tests.replay import run


def closed_before_its_bank(tmp_path: Path) -> tuple[Path, Path, Story]:
    """A case whose first month was closed before any statement was imported; the statements."""
    story = Story(0, months=2).money()
    case, kept = tmp_path / "case", tmp_path / "kept"
    begin(story, case)
    kept.mkdir()
    for file in sorted((case / "inbox").iterdir()):
        if "專戶" in file.name or "活期" in file.name:
            shutil.move(file, kept / file.name)
    assert list(kept.iterdir())
    run("import", case)
    run("close", case, f"{story.months[0]:%Y-%m}")
    return case, kept, story


def changed(case: Path, story: Story) -> list[str]:
    return [
        finding["date"]
        for finding in run("check", case, "--as-of", story.today, codes=(0, 1))["findings"]
        if finding["check"] == "closed-month-changed"
    ]


def late_line(case: Path, story: Story) -> tuple[Path, str]:
    """The file and the text of a line of the dedicated account that came after the close."""
    book = case / "books" / f"{story.months[0]:%Y-%m}.beancount"
    below = book.read_text(encoding="utf-8").partition('custom "grant-close"')[2]
    entries = [text for text in below.split("\n\n") if 'import-id: "bank:' in text]
    return book, entries[-1]


def test_lines_that_an_import_lets_in_are_held_from_then_on(tmp_path: Path) -> None:
    case, kept, story = closed_before_its_bank(tmp_path)
    for file in kept.iterdir():
        shutil.copyfile(file, case / "inbox" / file.name)
    run("import", case)
    assert changed(case, story) == []
    loaded = load_case(case, story.today).case
    assert loaded.late
    book, line = late_line(case, story)
    text = book.read_text(encoding="utf-8")
    for tampered in (
        text.replace(line, ""),
        text + "\n" + line.replace('import-id: "bank:', 'import-id: "bank:9'),
    ):
        book.write_text(tampered, encoding="utf-8")
        assert changed(case, story)
    book.write_text(text, encoding="utf-8")
    run("close", case, f"{story.months[1]:%Y-%m}")
    assert changed(case, story) == []
    sealed = load_case(case, story.today).case
    assert f"{story.months[0]:%Y-%m}" in sealed.closes[1].late
    assert [change for close in sealed.closes for change in changes(sealed, close)] == []
    book.write_text(text.replace(line, ""), encoding="utf-8")
    assert changed(case, story)


def test_an_undone_import_takes_its_announcement_with_it(tmp_path: Path) -> None:
    case, kept, story = closed_before_its_bank(tmp_path)
    book = case / "books" / f"{story.months[0]:%Y-%m}.beancount"
    before = book.read_text(encoding="utf-8")
    for file in kept.iterdir():
        shutil.copyfile(file, case / "inbox" / file.name)
    run("import", case, "--dry-run")
    assert book.read_text(encoding="utf-8") == before
    run("import", case)
    assert "grant-late" in book.read_text(encoding="utf-8")
    assert changed(case, story) == []


@pytest.mark.parametrize("again", [1, 2])
def test_importing_again_announces_nothing_more(tmp_path: Path, again: int) -> None:
    case, kept, _story = closed_before_its_bank(tmp_path)
    for place in range(again + 1):
        for file in kept.iterdir():
            shutil.copyfile(file, case / "inbox" / f"{place}{file.name}")
        run("import", case)
    text = "".join(path.read_text(encoding="utf-8") for path in (case / "books").iterdir())
    assert text.count('custom "grant-late"') == 1
