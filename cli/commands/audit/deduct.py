"""`grant deduct`: a performance deduction; `grant income`: what else the project earned; `grant funding`: who else pays."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.operation import operate
from cli.terminal.operation import operation_options
from cli.terminal.operation import options_of
from cli.terminal.output import AmountType
from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.operations.apply import Ready
    from ledger.operations.edit import Context


@command("deduct")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("amount", type=AmountType(min=1))
@option("--reason", required=True, help="理由與文號")
@option("--date", "on", type=date_type, help="核定日(預設為今天)")
@json_option
@language_option
def deduct_command(
    folder: Path, amount: int, *, reason: str, on: datetime.date | None, as_json: bool
) -> None:
    """登記機關核定的績效扣款(元),結算時自尾款扣除。"""
    from ledger.operations.register import register_deduction

    date = on or datetime.date.today()
    operation = register_deduction(folder, amount, reason, date)
    if as_json:
        print_json({"amount": amount, "date": date.isoformat(), "operation": operation})
        return
    click.echo(_("已登記績效扣款 {amount} 元;要取消請執行 grant undo").format(amount=f"{amount:,}"))


@command("income")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("kind", metavar="scrap|penalty|other")
@click.argument("amount", type=AmountType(min=1))
@option("--reason", required=True, help="來源與文件,例如 下腳出售、某供應商逾期違約金")
@option("--category", default="", help="減列成本的科目(預設為核定的材料費科目)")
@option("--received", type=date_type, help="收到的日期(預設為今天)")
@operation_options
def income_command(
    folder: Path,
    kind: str,
    amount: int,
    reason: str,
    category: str,
    received: datetime.date | None,
    **values: Any,
) -> None:
    """登記計畫的收入(元,未稅):下腳或樣品出售(scrap)、違約金(penalty)、其他(other)。

    依補助計畫別減列科目的成本,或歸國庫、結算時列入應繳國庫。
    """
    from ledger.operations.apply import ready
    from ledger.operations.register import plan_income

    options = options_of(values)
    date = received or datetime.date.today()

    def plan(context: Context) -> Ready:
        planned = plan_income(context, kind, amount, reason, date, category)
        return ready(planned, by=options.by)

    operate(folder, options, plan)


@command("funding")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("agency")
@click.argument("amount", type=AmountType(min=1))
@option("--kind", type=click.Choice(["government", "other"]), default="government", help="政府機關或其他")
@option("--approved", type=date_type, help="核定日(預設為今天)")
@operation_options
def funding_command(
    folder: Path, agency: str, amount: int, kind: str, approved: datetime.date | None, **values: Any
) -> None:
    """登記其他機關或單位對同一計畫的補助(元);檢查會比對合計有沒有超過總經費。"""
    from ledger.operations.register import plan_funding

    options = options_of(values)
    date = approved or datetime.date.today()
    operate(
        folder,
        options,
        lambda context: plan_funding(context, agency, amount, kind, date, options.by),
    )
