"""`grant fill`: the authority's own workbook, filled in from a case."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from cli.terminal.operation import at_operation
from cli.terminal.operation import at_option
from cli.terminal.output import as_of_option
from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _


@command("fill")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("template", metavar="TEMPLATE.xlsx", type=path_type)
@option(
    "--map",
    "map_file",
    required=True,
    type=path_type,
    help="對照檔(toml):哪一格、哪一張表填哪個欄位;欄位見 docs/data-dictionary.md",
)
@option("-o", "output", required=True, type=path_type, help="要產生的檔案(xlsx)")
@as_of_option
@at_option
@json_option
@language_option
def fill_command(
    *,
    folder: Path,
    template: Path,
    map_file: Path,
    output: Path,
    as_of: datetime.date | None,
    operation: str,
    as_json: bool,
) -> None:
    """把機關的表單(xlsx)依對照檔填好,公式、格式與保護照原樣。範例:grant template expense-form.xlsx 與 .toml。"""
    from ledger.files.disk_errors import reason_of
    from ledger.loading.loader import load_case
    from reports.fill.fill import fill_workbook
    from reports.fill.map_file import read_map

    filling = read_map(map_file)
    loaded = load_case(at_operation(folder, operation), as_of)
    try:
        filled = fill_workbook(loaded.case, template, filling, output)
    except OSError as error:
        fail(_("{file} 讀不到或寫不進去:{reason}").format(file=error.filename, reason=reason_of(error)))
    if as_json:
        print_json({"file": str(output)} | filled.as_json())
    else:
        for table in filled.tables:
            added = _(",加了 {count} 列").format(count=table.inserted) if table.inserted else ""
            told = _("{sheet}:填了 {rows} 列{added}").format(sheet=table.sheet, rows=table.rows, added=added)
            click.echo(told)
        for left in filled.left_out:
            amount = "" if left.amount is None else _(",申報 {amount} 元").format(amount=f"{left.amount:,}")
            click.echo(
                _("注意:{table} 有 {rows} 列不在對照檔的任何一張表{amount}").format(
                    table=left.table, rows=left.rows, amount=amount
                )
            )
        click.echo(_("已產生 {path};公式在開啟時重新計算").format(path=output))
    if loaded.errors:
        fail(_("帳本有讀不懂的地方,填的資料不完整:{message}").format(message=loaded.errors[0].message))
