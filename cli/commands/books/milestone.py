"""`grant milestone`: a moment of the case that decides money, written down."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import click

from cli.terminal.output import AmountType
from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import percent_type
from cli.terminal.output import print_json
from ledger.util.i18n import _


@command("milestone")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument(
    "kind",
    metavar="approval|signing|interim-passed|final-passed|guarantee|registration|terminated|rescinded",
)
@option(
    "--date",
    "on",
    type=date_type,
    required=True,
    help="日期(核定、簽約、查核通過、保證書開立、登記、終止或解除的日期)",
)
@option("--number", default="", help="文號:核定文號、契約編號、保證書號碼、登記編號")
@option("--amount", type=AmountType(min=0), help="履約保證的金額(元)")
@option("--until", type=date_type, help="履約保證的到期日")
@option("--rate", type=percent_type, help="解除契約或撤銷補助時,應繳回補助款的年利率(%),例如 3.06")
@json_option
@language_option
def milestone_command(
    folder: Path,
    kind: str,
    *,
    on: datetime.date,
    number: str,
    amount: int | None,
    until: datetime.date | None,
    rate: Decimal | None,
    as_json: bool,
) -> None:
    """登記里程碑:核定、簽約、期中與期末查核通過、履約保證、特定工廠登記、終止(terminated)、解除或撤銷(rescinded)。"""
    from ledger.files.writer import WriteRefusedError
    from ledger.loading.loader import CaseNotFoundError
    from ledger.operations.register import RegisterError
    from ledger.operations.register import register_milestone

    try:
        operation = register_milestone(folder, kind, on, number=number, amount=amount, until=until, rate=rate)
    except (CaseNotFoundError, RegisterError, WriteRefusedError) as error:
        fail(error)
    if as_json:
        print_json({"kind": kind, "date": on.isoformat(), "operation": operation})
        return
    click.echo(_("已登記 {kind}({date});要取消請執行 grant undo").format(kind=kind, date=on))
