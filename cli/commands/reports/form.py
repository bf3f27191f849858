"""`grant form`: the receipt for an instalment and the remittance sheet, filled in."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from cli.terminal.operation import at_operation
from cli.terminal.operation import at_option
from cli.terminal.output import as_of_option
from cli.terminal.output import command
from cli.terminal.output import day
from cli.terminal.output import language_option
from cli.terminal.output import option
from ledger.util.i18n import _


@command("form")
@click.argument("kind", metavar="receipt|remittance", type=click.Choice(["receipt", "remittance"]))
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@option("-o", "output", required=True, type=click.Path(path_type=Path), help="要寫出的檔案(xlsx)")
@option("--amount", type=click.IntRange(min=1), help="領據金額(預設為下一期應撥付數)")
@as_of_option
@at_option
@language_option
def form_command(
    *,
    kind: str,
    folder: Path,
    output: Path,
    amount: int | None,
    as_of: datetime.datetime | None,
    operation: str,
) -> None:
    """填好的表單:領據(receipt)、孳息及結餘款繳庫單(remittance)。"""
    from ledger.loading.loader import load_case
    from reports.forms.receipt import write_receipt
    from reports.forms.remittance import write_remittance

    case = load_case(at_operation(folder, operation), day(as_of)).case
    if kind == "receipt":
        write_receipt(case, output, amount)
    else:
        write_remittance(case, output)
    click.echo(_("已產生 {path}").format(path=output))
