"""`grant verify`: whether a report still is what the books give."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import print_json
from ledger.util.i18n import _
from ledger.util.i18n import speaking

if TYPE_CHECKING:
    from reports.trace.verify import CellDifference

_SHOWN = 40


@command("verify")
@click.argument("report", metavar="FILE.xlsx", type=click.Path(path_type=Path))
@click.argument("folder", metavar="CASE", type=click.Path(path_type=Path))
@json_option
@language_option
def verify_command(report: Path, folder: Path, as_json: bool) -> None:
    """核對報表:依帳本重做一次,逐列比對。相同結束碼 0,不同 1,無法核對 2。"""
    from cli.commands.settle import check_results
    from ledger.loading.loader import load_case
    from reports.settlement import compare_settlement
    from reports.trace.verify import build_info

    made = build_info(report)
    loaded = load_case(folder, made.as_of)
    if loaded.errors:
        fail(_("帳本有讀不懂的地方,無法核對:{message}").format(message=loaded.errors[0].message))
    with speaking(made.language):  # the report's own: the findings in it are sentences
        results = check_results(loaded)
    marks, rows = compare_settlement(report, made, loaded.case, results)
    if as_json:
        shown = [{"what": what, "written": written, "now": now} for what, written, now in marks]
        same = not marks and not rows
        print_json({"same": same, "stamp": shown, "differences": [row._asdict() for row in rows]})
    else:
        _show(report, marks, rows)
    if marks or rows:
        sys.exit(1)


def _show(report: Path, marks: list[tuple[str, str, str]], rows: list[CellDifference]) -> None:
    if not marks and not rows:
        click.echo(_("{file}:與帳本相同").format(file=report))
        return
    for what, written, now in marks:
        click.echo(_("{what}不同:報表 {written},現在 {now}").format(what=what, written=written, now=now))
    if not rows:
        click.echo(_("報表各列的內容與帳本相同"))
    for row in rows[:_SHOWN]:
        where = " ".join(part for part in (f"{row.sheet}!{row.cell}", row.label, row.heading) if part)
        click.secho(where, bold=True)
        click.echo(_("  報表:{written}").format(written=row.written or _("(無)")))
        click.echo(_("  帳本:{now}").format(now=row.now or _("(無)")))
    if len(rows) > _SHOWN:
        click.echo(_("另有 {count} 處不同;加 --json 可看全部").format(count=len(rows) - _SHOWN))
