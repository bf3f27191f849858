"""`grant merge`: acts that an auditor made on a bundle come back into the case."""

from __future__ import annotations

from pathlib import Path

import click

from cli.terminal.output import command
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _


@command("merge")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("file", metavar="AUDIT.beancount", type=path_type)
@json_option
@language_option
def merge_command(folder: Path, file: Path, *, as_json: bool) -> None:
    """併入退回的查核紀錄:原樣接在後面,兩邊都登錄過的逐項列出。"""
    from audit.filing.merge import merge_acts

    merged = merge_acts(folder, file)
    if as_json:
        print_json({"acts": merged.acts, "conflicts": merged.conflicts})
        return
    if not merged.acts:
        click.echo(_("沒有新的查核紀錄"))
        return
    click.echo(_("已併入 {count} 筆查核紀錄").format(count=merged.acts))
    for conflict in merged.conflicts:
        click.echo(_("請確認:{conflict}").format(conflict=conflict))
