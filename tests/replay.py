"""Replaying a made case through the commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli.main import grant
from tests.casemaker import Story
from tests.casepapers import name_of

Change = Callable[["Played"], None]


def run(*words: object, codes: tuple[int, ...] = (0,), as_json: bool = True) -> Any:
    """What a command answers with `--json`; its exit code has to be one of `codes`."""
    result = CliRunner().invoke(grant, [*map(str, words), *(["--json"] if as_json else [])])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in codes, result.output
    return json.loads(result.stdout or "null") if as_json else result.output


class Played:
    """A story after new, import, close, settle and check, with what each answered.

    `before` may change the case before the import, `books` before the closes, `after` once all is closed.
    """

    def __init__(
        self,
        story: Story,
        case: Path,
        before: Change | None = None,
        books: Change | None = None,
        after: Change | None = None,
    ) -> None:
        self.story, self.case = story, case
        begin(story, case)
        if before:
            before(self)
        self.imported = run("import", case)
        if books:
            books(self)
        self.closes = [
            run("close", case, name_of(month), "--date", story.closed_on[month])
            for month in story.months
            if month in story.closed_on
        ]
        if after:
            after(self)
        today = story.today
        self.settled = run("settle", case, "--as-of", today, codes=(0, 2))
        self.findings = run("check", case, "--as-of", today, codes=(0, 1))["findings"]

    @property
    def found(self) -> set[tuple[str, str]]:
        """(check, voucher or empty) of every finding."""
        return {(finding["check"], finding["voucher"] or "") for finding in self.findings}

    @property
    def names(self) -> set[str]:
        return {finding["check"] for finding in self.findings}

    def append(self, name: str, text: str) -> None:
        with (self.case / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.case / name
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def begin(story: Story, case: Path) -> None:
    """The case of a story with its files in the inbox, nothing imported yet."""
    award = case.with_name(f"{case.name}-award.toml")
    award.write_text(story.award_toml(), encoding="utf-8")
    run("new", case, "--award", award, as_json=False)
    if story.scheme == "managed-factory-112":
        (case / "documents" / "特登.pdf").write_bytes(b"%PDF-1.4")
        with (case / "award.beancount").open("a", encoding="utf-8") as file:
            file.write(f'\n{story.end} custom "grant-evidence" "factory-registration" "documents/特登.pdf"\n')
    put(story.files(), case / "inbox")


def put(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def books_of(case: Path) -> dict[str, bytes]:
    """The bytes of every book of a case."""
    return {path.name: path.read_bytes() for path in sorted((case / "books").iterdir())}


def copy_of(case: Path, to: Path) -> Path:
    shutil.copytree(case, to)
    return to
