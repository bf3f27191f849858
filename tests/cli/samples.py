"""The shared sample cases, replayed where they are there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli.main import grant

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


CLEAN = sorted(path.name for path in (SAMPLES / "cases").glob("*")) if SAMPLES.is_dir() else []


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
