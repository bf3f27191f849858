"""A stranger's names steer no terminal: what they hold of it is written out, on every way that a command speaks."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.main import grant
from cli.terminal.output import plain
from cli.terminal.output import plain_output
from ledger.operations.new_case import new_case
from tests.ledger.ledgers import award_file

EVIL = "\x1b[1A\x1b[2K0 個錯誤\x1b]0;t\x07\x9b2J\r"
STEERS = re.compile(r"\x1b(?!\[[0-3;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\r(?!\n)")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("案件 x\n\ty\r\n", "案件 x\n\ty\r\n"),
        ("\x1b[1m粗\x1b[0m", "\x1b[1m粗\x1b[0m"),
        ("\x1b[8m藏", "\\u001b[8m藏"),
        ("\x1b[30m黑", "\\u001b[30m黑"),
        ("a\rb", "a\\u000db"),
        ("\x9b2J", "\\u009b2J"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(st.sampled_from("\x1b[0123;mAJ\r\n\x07\x9b錯 "), max_size=30))
def test_nothing_that_steers_is_left_and_text_stays(text: str) -> None:
    assert not STEERS.search(plain(text))
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=30))
def test_inside_json_it_is_the_same_string(text: str) -> None:
    assert json.loads(plain(json.dumps([text], ensure_ascii=False))) == [text]


def test_echo_and_prints_go_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    with plain_output(), plain_output():
        click.echo(EVIL, color=True)
        sys.stdout.writelines([EVIL])
    assert sys.stdout is stream
    assert "0 個錯誤" in stream.getvalue()
    assert not STEERS.search(stream.getvalue())


@pytest.mark.parametrize(
    "command", [("check",), ("check", "--json"), ("doctor",), ("import",), ("settle",), ("log",)]
)
def test_no_command_passes_on_what_a_case_holds(tmp_path: Path, command: tuple[str, ...]) -> None:
    case = tmp_path / "case"
    new_case(case, award_file({"equipment": (600_000, 600_000)}))
    with (case / "books/2023-06.beancount").open("w", encoding="utf-8") as book:
        book.write(f'2023-06-05 * "{EVIL}" "x"\n  Assets:2進項稅額  5 TWD\n  Liabilities:1應付帳款  -4 TWD\n')
        book.write(f"2023-06-06 nonsense{EVIL}\n")
    (case / "inbox" / f"a\nb{EVIL}.csv").write_text("x", encoding="utf-8")
    done = CliRunner().invoke(grant, [command[0], str(case), *command[1:]], color=True)
    for said in (done.stdout, done.stderr):
        assert not STEERS.search(said), repr(said)
    if command == ("import",):
        assert "\nb" not in done.stderr
