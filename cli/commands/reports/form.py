"""`grant form`: the receipt for an instalment, the remittance sheet and the audit record, filled in."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.operation import at_operation
from cli.terminal.operation import at_option
from cli.terminal.output import AmountType
from cli.terminal.output import as_of_option
from cli.terminal.output import command
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.loading.loader import Loaded


_KINDS = ["receipt", "remittance", "audit-record"]


@command("form")
@click.argument("kind", metavar="receipt|remittance|audit-record", type=click.Choice(_KINDS))
@click.argument("folder", metavar="CASE", type=path_type)
@option("-o", "output", required=True, type=path_type, help="要寫出的檔案(xlsx)")
@option("--amount", type=AmountType(min=1), help="領據金額(預設為下一期應撥付數)")
@option("--party", default="", help="領據由哪一家具領(統一編號;預設為每個有專戶的業者各一張)")
@as_of_option
@at_option
@language_option
def form_command(
    *,
    kind: str,
    folder: Path,
    output: Path,
    amount: int | None,
    party: str,
    as_of: datetime.date | None,
    operation: str,
) -> None:
    """填好的表單:領據(receipt)、孳息及結餘款繳庫單(remittance)、查核紀錄(audit-record)。"""
    from ledger.loading.loader import load_case
    from reports.forms.receipt import write_receipt
    from reports.forms.remittance import write_remittance

    loaded = load_case(at_operation(folder, operation), as_of)
    if kind == "receipt":
        write_receipt(loaded.case, output, amount, party)
    elif kind == "remittance":
        write_remittance(loaded.case, output)
    else:
        _write_audit_record(loaded, output)
    click.echo(_("已產生 {path}").format(path=output))


def _write_audit_record(loaded: Loaded, output: Path) -> None:
    """What was drawn or judged; nothing is written where there is none."""
    from audit.case_view import View
    from audit.record import recorded_vouchers
    from checks.runs.check_case import settings_of
    from reports.forms.audit_record import write_audit_record

    view = View(loaded.case, loaded.entries, settings=settings_of(loaded.options))
    vouchers = recorded_vouchers(view)
    if not vouchers:
        raise click.ClickException(_("還沒有抽樣,也沒有查核意見;請先在查核頁登錄"))
    write_audit_record(loaded.case, vouchers, output)
