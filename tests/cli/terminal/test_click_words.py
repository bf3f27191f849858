"""What the library of the command line says of its own, in the language in use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import _CONTENTS
from cli.main import grant
from ledger.operations.new_case import new_case
from tests.ledger.ledgers import award_file


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (["close"], "少了參數", "Missing argument"),
        (["closes"], "沒有 'closes' 這個指令", "No such command 'closes'"),
        (["check", "--bla"], "沒有 '--bla' 這個選項", "No such option"),
        (["close", "a", "b", "c"], "多了參數:c", "Got unexpected extra argument"),
        (["form", "x", "y"], "不是可用的", "is not one of"),
        (["check", ".", "--as-of", "昨天"], "「昨天」不是日期", "not a date"),
        (["--help"], "每個月:", "Every month:"),
        (["settle", "--help"], "-o 路徑", "-o PATH"),
        (["serve", "--help"], "--users 檔案", "--users FILE"),
        (["demo", "x", "--portfolio", "many"], "'many' 不是 整數", "'many' is not a valid integer"),
        (["deduct", "x", "很多", "--reason", "r"], "要填整數金額", "a whole amount"),
        (["deduct", "x", "1,000.5", "--reason", "r"], "要填整數金額", "a whole amount"),
        (["shortcut", "nowhere"], "資料夾 'nowhere' 不存在", "Directory 'nowhere' does not exist"),
    ],
)
def test_in_both_languages(words: list[str], chinese: str, english: str) -> None:
    for language, said in (("zh_TW", chinese), ("en", english)):
        assert said in CliRunner().invoke(grant, ["--lang", language, *words]).output


def test_a_program_speaks_the_language_of_its_environment() -> None:
    for language, said in (("C.UTF-8", "少了參數"), ("en_GB.UTF-8", "Missing argument")):
        ran = subprocess.run(
            [sys.executable, "-m", "cli.main", "close"],
            env={**os.environ, "PYTHONPATH": ".", "LANG": language},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in ran.stderr


def test_the_contents_have_every_command_once() -> None:
    names = [name for commands in _CONTENTS.values() for name in commands]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("typed", ["1,000", "1000", "NT$ 1,000", "1,000元"])
def test_an_amount_is_typed_as_people_write_it(tmp_path: Path, typed: str) -> None:
    new_case(tmp_path / "case", award_file({"equipment": (600_000, 600_000)}))
    ran = CliRunner().invoke(
        grant, ["deduct", str(tmp_path / "case"), typed, "--reason", "績效", "--date", "2023-02-01", "--json"]
    )
    assert json.loads(ran.output)["amount"] == 1000, ran.output
