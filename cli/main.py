"""`grant`: the command line. Each command's module is loaded only when it is asked for."""

from __future__ import annotations

import gc
import importlib
from typing import cast

import click

from cli.terminal import output
from cli.terminal.output import Group
from cli.terminal.output import Option
from cli.terminal.output import language_option

_NEW_OBJECTS = 100_000  # before the collector looks at them: most commands are over by then

_COMMANDS = {
    "demo": "cli.commands.demo",
    "new": "cli.commands.new",
    "template": "cli.commands.new",
    "read": "cli.commands.import_",
    "import": "cli.commands.import_",
    "classify": "cli.commands.classify",
    "check": "cli.commands.check",
    "explain": "cli.commands.check",
    "doctor": "cli.commands.doctor",
    "portfolio": "cli.commands.portfolio",
    "questions": "cli.commands.questions",
    "answer": "cli.commands.questions",
    "correct": "cli.commands.correct",
    "split": "cli.commands.correct",
    "remove": "cli.commands.correct",
    "revise": "cli.commands.revise",
    "restore": "cli.commands.history",
    "undo": "cli.commands.history",
    "log": "cli.commands.history",
    "show": "cli.commands.history",
    "close": "cli.commands.close",
    "reopen": "cli.commands.close",
    "milestone": "cli.commands.milestone",
    "evidence": "cli.commands.evidence",
    "settle": "cli.commands.settle",
    "waive": "cli.commands.waive",
    "deduct": "cli.commands.deduct",
    "bundle": "cli.commands.bundle",
    "merge": "cli.commands.merge",
    "why": "cli.commands.why",
    "verify": "cli.commands.verify",
    "form": "cli.commands.form",
    "export": "cli.commands.export",
    "serve": "cli.commands.serve",
    "user": "cli.commands.user",
    "scheme": "cli.commands.scheme",
}


class _Group(Group):
    """A group whose commands are imported one by one, so that starting stays cheap."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        module = _COMMANDS.get(name)
        if module is None:
            return None
        return cast("click.Command", getattr(importlib.import_module(module), f"{name}_command"))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@language_option
@click.version_option(package_name="grantledger", cls=Option, help="顯示版本")
def grant() -> None:
    """政府補助案件的帳:匯入、檢查、月結、結案。"""


def main() -> None:
    """Entry point of the `grant` command."""
    gc.set_threshold(_NEW_OBJECTS)
    output.start()
    grant()


if __name__ == "__main__":
    main()
