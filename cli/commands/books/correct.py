"""`grant correct`, `split`, `remove`: what is booked put right, without a text editor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.operation import operate
from cli.terminal.operation import operation_options
from cli.terminal.operation import options_of
from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import option
from cli.terminal.output import path_type
from ledger.util.i18n import _
from ledger.util.text import whole_number

if TYPE_CHECKING:
    from ledger.operations.apply import Ready
    from ledger.operations.edit import Context

_case = click.argument("folder", metavar="CASE", type=path_type)
_reason = option("--reason", required=True, help="理由")


@command("correct")
@_case
@click.argument("voucher")
@option("--set", "fields", multiple=True, required=True, metavar="FIELD=VALUE", help="要更正的欄位(可重複)")
@_reason
@operation_options
def correct_command(folder: Path, voucher: str, fields: tuple[str, ...], reason: str, **values: Any) -> None:
    """更正已入帳的憑證,不必開文字編輯器。

    可以更正的欄位:item(品項)、category(科目)、claimed(認列金額)、date(憑證日期)、number(號碼)、supplier(對象)、
    seller(賣方統編)、buyer(買方統編)、net(未稅)、tax(稅額)、quantity(數量)、unit(單位)、document(附件)、
    paid(付款日)、method(付款方式),以及憑證登記表的選填欄位,如 journal(傳票號碼)、brand(廠牌)、model(型號)、
    serial(序號)、origin(產地)、place(存放地點)、foreign(外幣金額)、share(本案分攤比率)。已月結的月份以沖回與重列更正,或加 --reopen。
    """
    from ledger.operations.apply import ready
    from ledger.operations.correct import plan_correct

    options = options_of(values)
    wanted = dict(_pair(field) for field in fields)

    def plan(context: Context) -> Ready:
        return ready(plan_correct(context, voucher, wanted, reason), by=options.by)

    operate(folder, options, plan)


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        fail(_("請寫成「欄位=值」,不是「{text}」").format(text=text))
    return name.strip(), value


@command("split")
@_case
@click.argument("voucher")
@click.argument("parts", nargs=-1, required=True, metavar="ITEM=AMOUNT…")
@_reason
@operation_options
def split_command(folder: Path, voucher: str, parts: tuple[str, ...], reason: str, **values: Any) -> None:
    """把一張憑證的未稅金額分到幾個核定品項;沒有分到的部分不予認列。"""
    from ledger.operations.apply import ready
    from ledger.operations.correct import plan_split

    options = options_of(values)
    wanted = [_part(part) for part in parts]

    def plan(context: Context) -> Ready:
        return ready(plan_split(context, voucher, wanted, reason), by=options.by)

    operate(folder, options, plan)


def _part(text: str) -> tuple[str, int]:
    name, _mark, value = text.rpartition("=")
    amount = whole_number(value.replace(",", "").strip())
    if not name or amount is None or amount < 0:
        fail(_("請寫成「品項=金額」,不是「{text}」").format(text=text))
    return name.strip(), amount


@command("remove")
@_case
@click.argument("record", metavar="VOUCHER|IMPORT-ID")
@_reason
@operation_options
def remove_command(folder: Path, record: str, reason: str, **values: Any) -> None:
    """移除一筆資料;同一份檔案再匯入時也不會再入帳。已月結的以沖回分錄代替,或加 --reopen。"""
    from ledger.operations.remove import plan_remove
    from ledger.operations.remove import ready_removal

    options = options_of(values)

    def plan(context: Context) -> Ready:
        return ready_removal(plan_remove(context, record, reason), by=options.by)

    operate(folder, options, plan)
