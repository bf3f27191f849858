"""`grant evidence`: a paper filed with the case and written down."""

from __future__ import annotations

import datetime
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
from ledger.util.i18n import _


@command("evidence")
@click.argument("folder", metavar="CASE", type=path_type)
@click.argument("kind", metavar="KIND")
@click.argument("file", metavar="FILE", type=path_type)
@option("--date", "on", type=date_type, help="文件日期(預設為今天)")
@option("--voucher", default="", help="這份文件屬於哪一張憑證")
@option("--name", default="", help="文件名稱(診斷輔導的報告寫報告名稱)")
@json_option
@language_option
def evidence_command(
    folder: Path,
    kind: str,
    file: Path,
    *,
    on: datetime.date | None,
    voucher: str,
    name: str,
    as_json: bool,
) -> None:
    """登記證明文件:檔案存入 documents/,並寫進案件。KIND 是文件種類,例如 factory-registration。"""
    from ledger.files.writer import WriteRefusedError
    from ledger.loading.loader import CaseNotFoundError
    from ledger.operations.register import RegisterError
    from ledger.operations.register import register_evidence

    date = on or datetime.date.today()
    try:
        operation = register_evidence(folder, kind, file, date, voucher=voucher, name=name)
    except (CaseNotFoundError, RegisterError, WriteRefusedError) as error:
        fail(error)
    if as_json:
        print_json({"kind": kind, "date": date.isoformat(), "operation": operation})
        return
    click.echo(_("已登記 {kind}({date});要取消請執行 grant undo").format(kind=kind, date=date))
