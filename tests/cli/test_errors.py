"""What could not be done is a line in words and exit status 2, whichever command it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.main import _COMMANDS
from cli.main import grant
from cli.terminal.output import command
from ledger.errors import GrantError

NO_CASE = {
    "check": (),
    "settle": (),
    "close": ("2023-07",),
    "reopen": ("2023-07", "--reason", "x"),
    "import": (),
    "classify": (),
    "doctor": (),
    "log": (),
    "undo": (),
    "export": ("-o", "out"),
}


@pytest.mark.parametrize("name", NO_CASE)
def test_a_folder_that_is_no_case(tmp_path: Path, name: str) -> None:
    result = CliRunner().invoke(grant, [name, str(tmp_path), *NO_CASE[name]])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert "main.beancount" in result.stderr
    assert result.stderr.count("\n") == 1


def _command(error: Exception) -> click.Command:
    @command("once")
    def once() -> None:
        """One error."""
        raise error

    return once


REFUSED = {
    errno.ENOSPC: "空間不足",
    errno.EACCES: "權限",
    errno.EROFS: "唯讀",
    errno.EIO: "磁碟",
    errno.ENAMETOOLONG: "太長",
    errno.ENOLCK: os.strerror(errno.ENOLCK),
}


@pytest.mark.parametrize(("number", "said"), REFUSED.items())
def test_what_the_system_refuses_is_a_line(number: int, said: str) -> None:
    result = CliRunner().invoke(_command(OSError(number, os.strerror(number), "帳冊.beancount")))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "帳冊.beancount" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_error_of_ours_is_its_message() -> None:
    result = CliRunner().invoke(_command(GrantError("請先匯入")))
    assert (result.exit_code, result.stderr) == (2, "請先匯入\n")


def test_a_fault_of_the_program_is_not_hidden() -> None:
    assert isinstance(CliRunner().invoke(_command(KeyError("x"))).exception, KeyError)


def test_every_command_goes_through_the_net() -> None:
    with click.Context(grant) as context:
        for name in _COMMANDS:
            found = grant.get_command(context, name)
            assert found is not None
            assert hasattr(type(found), "invoke")
            assert type(found).__module__ == "cli.terminal.output"
