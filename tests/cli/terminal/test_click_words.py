"""What the library of the command line says of its own, in the language in use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.main import _CONTENTS


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
    ],
)
def test_in_both_languages(words: list[str], chinese: str, english: str) -> None:
    for language, said in (("zh_TW", chinese), ("en", english)):
        ran = subprocess.run(
            [sys.executable, "-m", "cli.main", "--lang", language, *words],
            env={**os.environ, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in ran.stdout + ran.stderr


def test_the_contents_have_every_command_once() -> None:
    names = [name for commands in _CONTENTS.values() for name in commands]
    assert len(names) == len(set(names))
