"""`grant deduct`: a performance deduction that the authority decided."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import print_json
from ledger.util.i18n import _


@command("deduct")
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("amount", type=click.IntRange(min=1))
@option("--reason", required=True, help="理由與文號")
@option("--date", "on", type=date_type, help="核定日(預設為今天)")
@json_option
@language_option
def deduct_command(
    folder: Path, amount: int, *, reason: str, on: datetime.datetime | None, as_json: bool
) -> None:
    """登記機關核定的績效扣款(元),結算時自尾款扣除。"""
    from ledger.operations.register import register_deduction

    date = on.date() if on else datetime.date.today()
    operation = register_deduction(folder, amount, reason, date)
    if as_json:
        print_json({"amount": amount, "date": date.isoformat(), "operation": operation})
        return
    click.echo(_("已登記績效扣款 {amount} 元;要取消請執行 grant undo").format(amount=f"{amount:,}"))
