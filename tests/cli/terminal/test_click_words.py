"""What the library of the command line says of its own, in the language in use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from cli.main import _CONTENTS
from cli.main import grant


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
