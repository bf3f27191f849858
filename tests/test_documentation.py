"""The documentation: its examples are run, its tables are made from the code, what it points at is there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import get_args

import click
import pytest

from cli.main import grant
from importers.records import Format
from tests import made_tables

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.en.md"]
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
_COMMAND = re.compile(r"`grant ([a-z]+)\b|^    grant ([a-z]+)\b", re.MULTILINE)


def test_the_worked_examples_come_out() -> None:
    result = doctest.testfile(str(DOCS / "arithmetic.md"), module_relative=False, encoding="utf-8")
    assert result.attempted > 8
    assert result.failed == 0


@pytest.mark.parametrize(("page", "language"), made_tables.PAGES.items(), ids=lambda each: str(each)[-12:])
def test_the_tables_are_those_of_the_code(page: Path, language: str) -> None:
    text = page.read_text(encoding="utf-8")
    assert made_tables.page(text, language) == text, "python -m tests.made_tables"
    assert set(made_tables.TITLES) == set(get_args(Format))


@pytest.mark.parametrize("page", [*PAGES, *READMES, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", [*PAGES, *READMES], ids=lambda path: path.name)
def test_every_command_that_a_page_names_is_one(page: Path) -> None:
    known = set(grant.list_commands(click.Context(grant)))
    for found in _COMMAND.finditer(page.read_text(encoding="utf-8")):
        assert (found[1] or found[2]) in known, found[0]


def test_every_page_is_in_the_contents() -> None:
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"[\w-]+\.md", contents))
    assert listed == {page.name for page in PAGES}
