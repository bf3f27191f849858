"""`grant export`: the case as plain tables for other programs."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import cast

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
from cli.terminal.output import print_table
from ledger.util.i18n import _

if TYPE_CHECKING:
    from reports.export.formats import Format


@command("export")
@click.argument("folder", metavar="CASE", type=path_type)
@option("--format", "form", type=click.Choice(["csv", "parquet", "json"]), default="csv", help="檔案格式")
@option("-o", "output", required=True, type=path_type, help="要寫入的資料夾")
@as_of_option
@at_option
@json_option
@language_option
def export_command(
    *,
    folder: Path,
    form: str,
    output: Path,
    as_of: datetime.date | None,
    operation: str,
    as_json: bool,
) -> None:
    """匯出資料表(日記帳、供應商、憑證、付款 …);欄位說明見 docs/data-dictionary.md。"""
    from ledger.files.disk_errors import reason_of
    from ledger.loading.loader import load_case
    from reports.export.case import export_case

    loaded = load_case(at_operation(folder, operation), as_of)
    try:
        counts = export_case(loaded.case, cast("Format", form), output)
    except OSError as error:
        fail(_("{folder} 寫不進去:{reason}").format(folder=output, reason=reason_of(error)))
    if as_json:
        print_json({"folder": str(output), "format": form, "tables": counts})
    else:
        rows: list[list[object]] = [[name, count] for name, count in counts.items()]
        print_table(
            _("已匯出到 {folder}").format(folder=output), [_("資料表"), _("列數")], rows, numbers=(1,)
        )
    if loaded.errors:
        fail(_("帳本有讀不懂的地方,匯出的資料不完整:{message}").format(message=loaded.errors[0].message))
