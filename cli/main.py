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
    "demo": "cli.commands.books.demo",
    "new": "cli.commands.books.new",
    "template": "cli.commands.books.new",
    "read": "cli.commands.books.import_",
    "import": "cli.commands.books.import_",
    "classify": "cli.commands.books.classify",
    "check": "cli.commands.audit.check",
    "explain": "cli.commands.audit.check",
    "doctor": "cli.commands.books.doctor",
    "portfolio": "cli.commands.audit.portfolio",
    "questions": "cli.commands.books.questions",
    "answer": "cli.commands.books.questions",
    "correct": "cli.commands.books.correct",
    "split": "cli.commands.books.correct",
    "remove": "cli.commands.books.correct",
    "revise": "cli.commands.books.revise",
    "restore": "cli.commands.books.history",
    "undo": "cli.commands.books.history",
    "log": "cli.commands.books.history",
    "show": "cli.commands.books.history",
    "close": "cli.commands.books.close",
    "reopen": "cli.commands.books.close",
    "milestone": "cli.commands.books.milestone",
    "evidence": "cli.commands.books.evidence",
    "settle": "cli.commands.reports.settle",
    "waive": "cli.commands.audit.waive",
    "deduct": "cli.commands.audit.deduct",
    "income": "cli.commands.audit.deduct",
    "funding": "cli.commands.audit.deduct",
    "bundle": "cli.commands.audit.bundle",
    "merge": "cli.commands.audit.merge",
    "why": "cli.commands.reports.why",
    "verify": "cli.commands.audit.verify",
    "form": "cli.commands.reports.form",
    "fill": "cli.commands.reports.fill",
    "export": "cli.commands.reports.export",
    "serve": "cli.commands.program.serve",
    "user": "cli.commands.program.user",
    "scheme": "cli.commands.program.scheme",
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


@click.group(
    cls=_Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@language_option
@click.version_option(package_name="grantledger", cls=Option, help="顯示版本")
@click.pass_context
def grant(context: click.Context) -> None:
    """政府補助案件的帳:匯入、檢查、月結、結案。不寫指令時,開啟這個資料夾的案件網頁。"""
    if context.invoked_subcommand is None:
        from cli.commands.program.serve import serve_here

        serve_here()


def main() -> None:
    """Entry point of the `grant` command."""
    gc.set_threshold(_NEW_OBJECTS)
    output.start()
    grant()


if __name__ == "__main__":
    main()
