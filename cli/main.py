"""`grant`: the command line. Each command's module is loaded only when it is asked for."""

from __future__ import annotations

import gc
import importlib
import itertools
import re
from typing import cast

import click

from cli.terminal import output
from cli.terminal.output import Group
from cli.terminal.output import Option
from cli.terminal.output import language_option
from cli.terminal.wrap import wrapped
from ledger.util.i18n import N_
from ledger.util.i18n import _

_NEW_OBJECTS = 100_000  # before the collector looks at them: most commands are over by then

# The contents of `grant --help`: a heading and its commands, each with the module that holds it.
_CONTENTS = {
    N_("開始"): {
        "demo": "cli.commands.books.demo",
        "new": "cli.commands.books.new",
        "template": "cli.commands.books.new",
        "serve": "cli.commands.program.serve",
        "shortcut": "cli.commands.program.setup",
        "completion": "cli.commands.program.setup",
        "doctor": "cli.commands.books.doctor",
    },
    N_("每個月"): {
        "read": "cli.commands.books.import_",
        "import": "cli.commands.books.import_",
        "questions": "cli.commands.books.questions",
        "answer": "cli.commands.books.questions",
        "classify": "cli.commands.books.classify",
        "check": "cli.commands.audit.check",
        "explain": "cli.commands.audit.check",
        "close": "cli.commands.books.close",
        "reopen": "cli.commands.books.close",
    },
    N_("更正與復原"): {
        "correct": "cli.commands.books.correct",
        "split": "cli.commands.books.correct",
        "remove": "cli.commands.books.correct",
        "restore": "cli.commands.books.history",
        "undo": "cli.commands.books.history",
        "log": "cli.commands.books.history",
        "show": "cli.commands.books.history",
    },
    N_("核定、證明與其他款項"): {
        "revise": "cli.commands.books.revise",
        "milestone": "cli.commands.books.milestone",
        "evidence": "cli.commands.books.evidence",
        "funding": "cli.commands.audit.deduct",
        "income": "cli.commands.audit.deduct",
    },
    N_("報表"): {
        "settle": "cli.commands.reports.settle",
        "form": "cli.commands.reports.form",
        "fill": "cli.commands.reports.fill",
        "export": "cli.commands.reports.export",
        "why": "cli.commands.reports.why",
        "verify": "cli.commands.audit.verify",
    },
    N_("查核與許多案件"): {
        "waive": "cli.commands.audit.waive",
        "deduct": "cli.commands.audit.deduct",
        "bundle": "cli.commands.audit.bundle",
        "merge": "cli.commands.audit.merge",
        "portfolio": "cli.commands.audit.portfolio",
        "scheme": "cli.commands.program.scheme",
        "user": "cli.commands.program.user",
    },
}
_COMMANDS = {name: module for commands in _CONTENTS.values() for name, module in commands.items()}


class _Group(Group):
    """A group whose commands are imported one by one, so that starting stays cheap."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        module = _COMMANDS.get(name)
        if module is None:
            return None
        return cast("click.Command", getattr(importlib.import_module(module), f"{name}_command"))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under their headings, each with the first sentence of its help."""
        column = max(map(len, _COMMANDS)) + 2
        for heading, names in _CONTENTS.items():
            with formatter.section(_(heading)):
                indent = formatter.current_indent
                for name in names:
                    command = self.get_command(context, name)
                    says = _first_sentence((command.help if command else "") or "")
                    lines = wrapped(says, formatter.width - column - indent)
                    for label, line in itertools.zip_longest([name], lines, fillvalue=""):
                        formatter.write(f"{'':{indent}}{label:<{column}}{line}\n")


def _first_sentence(text: str) -> str:
    return re.split(r"。|(?<=[a-z)])\. |\.\n|\n\n", text.strip(), maxsplit=1)[0].removesuffix(".")


@click.group(
    cls=_Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@language_option
@click.version_option(package_name="grantledger", cls=Option, message="%(prog)s %(version)s", help="顯示版本")
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
    grant(prog_name="grant")


if __name__ == "__main__":
    main()
