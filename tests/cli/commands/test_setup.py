"""A start file that is clicked, and the completion of a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.commands.program.setup import start_file
from cli.main import grant

ODD = 'a"b$c`d%e 案件'


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_a_mac_start_file_runs_the_program_where_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    path = folder / "記帳.command"
    says = [sys.executable, "-c", "import os, sys; print(os.getcwd(), sys.argv[1])", ODD]
    path.write_bytes(start_file("mac", says, folder))
    path.chmod(0o755)
    moved = shutil.move(folder, tmp_path / "別處")
    ran = subprocess.run([Path(moved) / "記帳.command"], capture_output=True, text=True, check=True)
    assert ran.stdout == f"{moved} {ODD}\n"


def test_a_windows_start_file() -> None:
    """Not run: no machine with Windows was at hand. Lines end as cmd wants, it reads UTF-8, a percent sign is one."""
    text = start_file("windows", [r"C:\使用者\50%\grant.exe"], Path()).decode()
    assert text == (
        "@echo off\r\nchcp 65001 >nul\r\n"
        'cd /d "%~dp0"\r\n"C:\\使用者\\50%%\\grant.exe"\r\nif errorlevel 1 pause\r\n'
    )


def test_a_desktop_entry_quotes_twice() -> None:
    """As the Desktop Entry Specification has it: the general escape first undone, then that of the Exec key."""
    text = start_file("linux", ["/opt/a$b/grant"], Path("/案件")).decode()
    assert 'Exec="/opt/a\\\\$b/grant"\n' in text
    assert "Path=/案件\n" in text


def test_a_shortcut_is_made_once_and_never_over_another_file(tmp_path: Path) -> None:
    for _again in range(2):
        made = CliRunner().invoke(grant, ["shortcut", str(tmp_path), "--for", "windows"])
        assert made.exit_code == 0, made.output
    (tmp_path / "記帳.cmd").write_text("mine", encoding="utf-8")
    refused = CliRunner().invoke(grant, ["shortcut", str(tmp_path), "--for", "windows"])
    assert refused.exit_code == 2
    assert (tmp_path / "記帳.cmd").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_of_a_shell(shell: str) -> None:
    made = CliRunner().invoke(grant, ["completion", shell])
    assert made.exit_code == 0
    assert "_GRANT_COMPLETE" in made.output


def test_bash_completes_commands() -> None:
    asked = {
        "_GRANT_COMPLETE": "bash_complete",
        "COMP_WORDS": "grant se",
        "COMP_CWORD": "1",
        "PYTHONPATH": ".",
    }
    told = subprocess.run(
        [sys.executable, "-m", "cli.main"], env=os.environ | asked, capture_output=True, text=True, check=True
    )
    assert set(told.stdout.split()) == {"plain,serve", "plain,settle"}
