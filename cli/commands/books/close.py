"""`grant close` and `grant reopen`: declare a month final, and what may be withdrawn for it; and take it back."""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path

import click

from cli.terminal.output import command
from cli.terminal.output import date_type
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from cli.terminal.output import print_table
from ledger.util.i18n import _


@command("close")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("month", metavar="YYYY-MM")
@option("--date", "closed_on", type=date_type, help="月結日(預設為當月最後一天)")
@option("--strict", is_flag=True, help="當月有任何錯誤時不月結")
@option(
    "--early",
    is_flag=False,
    flag_value=" ",
    default="",
    metavar="[REASON]",
    help="月份還沒結束就月結;須說明理由",
)
@option("--reason", default="", help="提早月結的理由")
@option("-o", "output", type=path_type, help="同時產生月結提領表(xlsx)")
@json_option
@language_option
def close_command(
    folder: Path,
    month: str,
    closed_on: datetime.date | None,
    *,
    strict: bool,
    early: str,
    reason: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """月結:宣告一個月的帳已定,並算出可提領的金額。"""
    from checks.runs.close_month import close_month

    if early and not (early + reason).strip():
        fail(_("提早月結要說明理由:--early 理由"))
    closed = close_month(
        folder,
        _month(month),
        closed_on,
        strict=strict,
        early=(early.strip() or reason.strip()) if early else "",
    )
    if output is not None:
        from reports.forms.month_end import write_month_end

        write_month_end(closed.case, month, closed.figures.date, output)
    if as_json:
        print_json(closed.as_json())
        return
    from ledger.schemes.categories import category_name

    figures = closed.figures
    rows: list[list[object]] = [
        [category_name(category), amount] for category, amount in figures.by_category.items()
    ]
    rows += [
        [_("累計應得補助款"), figures.entitlement],
        [_("先前已提領"), figures.withdrawn_before],
        [_("本次可提領"), figures.withdrawable],
    ]
    title = _("{month} 月結({date})").format(month=month, date=figures.date)
    print_table(title, [_("項目"), _("金額")], rows, numbers=(1,))
    if closed.was_closed:
        click.echo(_("這個月先前已月結,內容相同,沒有更動。"))
    for missing in closed.missing:
        click.echo(_("還缺:{what}").format(what=missing.what), err=True)
    if closed.in_error:
        click.echo(
            _("可提領的金額中有 {amount} 元的憑證有錯誤未解決。").format(amount=f"{closed.in_error:,}"),
            err=True,
        )
    if closed.findings:
        click.echo(
            _("這個月有 {count} 項查核疑點未解決,已記在月結裡。").format(count=closed.findings), err=True
        )
    sys.stdout.flush()


def _month(text: str) -> str:
    """A month written as YYYY-MM; anything else ends the command."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        fail(_("月份請寫成 YYYY-MM,例如 2023-07"))
    return text


@command("reopen")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("month", metavar="YYYY-MM")
@option("--reason", required=True, help="重開的理由")
@option("--date", "opened_on", type=date_type, help="重開日(預設為今天)")
@json_option
@language_option
def reopen_command(
    folder: Path, month: str, reason: str, opened_on: datetime.date | None, *, as_json: bool
) -> None:
    """重開已月結的月份(連同之後各月),並記下理由;改完要再月結。"""
    from checks.runs.close_month import reopen_month

    date = opened_on or datetime.date.today()
    operation = reopen_month(folder, _month(month), reason, date)
    if as_json:
        print_json({"month": month, "date": date.isoformat(), "reason": reason, "operation": operation})
        return
    click.echo(_("已重開 {month},理由記在 books/{month}.beancount;改完請依序重新月結。").format(month=month))
