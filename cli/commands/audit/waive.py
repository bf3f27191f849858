"""`grant waive`: the company claims that a finding was let pass; the auditor confirms or refuses the claim."""

from __future__ import annotations

from pathlib import Path

import click

from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _


@command("waive")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("check")
@click.argument("voucher")
@option("--reason", default="", help="理由")
@option("--approval", default="", help="核准文號(業者主張放行時必填)")
@option("--confirm", is_flag=True, help="查核人員核定業者的主張")
@option("--refuse", is_flag=True, help="查核人員不同意業者的主張")
@option("--by", default="", metavar="NAME", help="查核人員姓名(--confirm、--refuse;預設為登入電腦的名稱)")
@json_option
@language_option
def waive_command(
    folder: Path,
    check: str,
    voucher: str,
    *,
    reason: str,
    approval: str,
    confirm: bool,
    refuse: bool,
    by: str,
    as_json: bool,
) -> None:
    """放行:業者主張某項疑義已經核准,由查核人員核定或不同意。VOUCHER 為憑證號碼,與憑證無關的寫案號。"""
    from audit.filing.waivers import claim_waiver
    from audit.filing.waivers import decide_waiver

    if confirm and refuse:
        fail(_("--confirm 與 --refuse 只能選一個"))
    if confirm or refuse:
        if approval:
            fail(_("--approval 是業者主張放行時填的,核定時不用"))
        act = decide_waiver(folder, check, voucher, is_confirmed=confirm, reason=reason, by=by)
        text = _("已核定放行 {check}「{voucher}」") if confirm else _("已登錄不同意放行 {check}「{voucher}」")
    else:
        act = claim_waiver(folder, check, voucher, reason=reason, approval=approval)
        text = _("已登錄放行的主張 {check}「{voucher}」;查核人員核定前仍列為提醒")
    if as_json:
        print_json({"check": check, "voucher": voucher, "act": act})
        return
    click.echo(text.format(check=check, voucher=voucher))
