"""A small case for the command line."""

from __future__ import annotations

from pathlib import Path

from tests.checks.builder import AWARD
from tests.checks.builder import JUNE
from tests.checks.builder import opens

MAIN = 'option "operating_currency" "TWD"\nplugin "checks"\ninclude "award.beancount"\ninclude "books/*.beancount"\n'


def made(folder: Path, books: str = JUNE, main: str = MAIN, award: str = AWARD) -> Path:
    (folder / "books").mkdir(parents=True)
    (folder / "main.beancount").write_text(main, encoding="utf-8")
    (folder / "award.beancount").write_text(opens() + award, encoding="utf-8")
    (folder / "books/2023-06.beancount").write_text(books, encoding="utf-8")
    return folder
