"""Queries that only read: Fava's query page takes a whole shell, one of whose commands writes to any file."""

from __future__ import annotations

from typing import Any

from beanquery.parser import ast
from fava.core.query_shell import FavaBQLShell
from fava.core.query_shell import FavaShellError

from ledger.util.i18n import _

# What a query may be. The others make tables from any file of the machine, or put rows into them.
_READING = (ast.Select, ast.Balances, ast.Journal, ast.Print)
_COMMANDS = frozenset({"run", "help"})  # of the shell: the case's own queries, and what there is


class ReadingShell(FavaBQLShell):
    """Fava's query shell without what reads or writes outside the case."""

    def onecmd(self, line: str) -> Any:
        """Run one line. Raises FavaShellError for a command that is closed."""
        command, _argument, text = self.parseline(line)
        plain = (command or "").lower()
        if plain not in _COMMANDS and (text.startswith(".") or plain in _shell_commands()):
            raise FavaShellError(_("這裡只能查詢(SELECT、BALANCES、JOURNAL、PRINT 或 run)"))
        return super().onecmd(line)

    def execute(self, query: str, **options: Any) -> Any:
        """Run a query, one of the case's own too. Raises FavaShellError for one that does not only read."""
        if not isinstance(self.context.parse(query), _READING):
            raise FavaShellError(_("這裡只能查詢(SELECT、BALANCES、JOURNAL、PRINT 或 run)"))
        return super().execute(query, **options)


def _shell_commands() -> frozenset[str]:
    """The commands that the shell takes, each without its dot."""
    return frozenset(name[3:].lower() for name in dir(FavaBQLShell) if name.startswith("do_"))
