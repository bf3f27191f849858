"""`grant shortcut` and `grant completion`: what makes the program quick to reach."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from cli.terminal.output import PathType
from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import language_option
from cli.terminal.output import option
from ledger.util.i18n import _

_NAMES = {"windows": "記帳.cmd", "mac": "記帳.command", "linux": "記帳.desktop"}
_SHELLS = ("bash", "zsh", "fish")


@command("shortcut")
@click.argument("folder", default=".", type=PathType(exists=True, file_okay=False))
@option("--for", "system", type=click.Choice(list(_NAMES)), help="作業系統;不寫時是這台電腦的")
@language_option
def shortcut_command(folder: Path, system: str | None) -> None:
    """在放案件的資料夾做一個可以點兩下的檔案,開啟案件的網頁,不必開命令提示字元。"""
    system = system or _this_system()
    path = folder.resolve() / _NAMES[system]
    text = start_file(system, _program(), path.parent)
    if os.path.lexists(path) and (path.is_symlink() or path.read_bytes() != text):
        fail(_("{file} 已經有了,內容不同;要重做請先刪除它").format(file=path))
    path.write_bytes(text)
    if system != "windows":
        path.chmod(0o755)
    click.echo(_("{file}:點兩下就會開啟這個資料夾的案件網頁").format(file=path))


def start_file(system: str, program: list[str], folder: Path) -> bytes:
    """The file that opens the home page of a folder with a double click.

    `program` is the command and its arguments. Where it stands is found anew each time on Windows and Mac, so that the
    folder can be moved; a desktop entry cannot tell and names `folder`.
    """
    if system == "windows":
        words = " ".join(f'"{word}"'.replace("%", "%%") for word in program)
        lines = ["@echo off", "chcp 65001 >nul", 'cd /d "%~dp0"', words, "if errorlevel 1 pause", ""]
        return "\r\n".join(lines).encode()
    if system == "mac":
        import shlex

        return f'#!/bin/sh\ncd "$(dirname "$0")" || exit 1\nexec {shlex.join(program)}\n'.encode()
    entry = {
        "Type": "Application",
        "Name": "grantledger",
        "Exec": " ".join(_quoted(word) for word in program),
        "Path": str(folder).replace("\\", "\\\\"),
        "Terminal": "true",
    }
    return ("[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in entry.items())).encode()


def _quoted(word: str) -> str:
    """A word of a desktop entry's Exec: quoted, with what the quotes and the file itself take away put before."""
    marked = "".join(f"\\{mark}" if mark in '"`$\\' else mark for mark in word)
    return '"' + marked.replace("\\", "\\\\").replace("%", "%%") + '"'


def _program() -> list[str]:
    """This program: the `grant` beside the interpreter that runs it, or the interpreter itself."""
    beside = Path(sys.executable).with_name("grant.exe" if sys.platform == "win32" else "grant")
    return [str(beside)] if beside.is_file() else [sys.executable, "-m", "cli.main"]


def _this_system() -> str:
    return {"win32": "windows", "darwin": "mac"}.get(sys.platform, "linux")


@command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@language_option
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """按 Tab 補全指令與選項的設定,加到 shell 的設定檔:eval "$(grant completion bash)"。"""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 -- of those that click knows
    click.echo(made(context.find_root().command, {}, "grant", "_GRANT_COMPLETE").source())
