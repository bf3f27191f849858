"""`grant why`: where a figure of a report comes from, down to the lines of the books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _

if TYPE_CHECKING:
    from reports.trace.provenance import Why

_SHOWN = 20


@command("why")
@click.argument("report", metavar="FILE.xlsx", type=path_type)
@click.argument("cells", metavar="CELL…", nargs=-1, required=True)
@option("--sheet", help="工作表(CELL 沒有寫工作表時)")
@option("--all", "everything", is_flag=True, help="列出全部分錄")
@json_option
@language_option
def why_command(
    report: Path, cells: tuple[str, ...], sheet: str | None, everything: bool, as_json: bool
) -> None:
    """說明報表上的一個數字:公式與規定、出處、分錄、憑證、帳本的檔案與行號。

    CELL 寫成「工作表!儲存格」,例如 經費支用彙總表!D8。
    """
    from reports.settlement import explain_cells

    answers = explain_cells(report, [_place(cell, sheet) for cell in cells])
    if as_json:
        shown = [_as_json(answer) for answer in answers]
        print_json(shown[0] if len(shown) == 1 else shown)
        return
    for answer in answers:
        _show(answer, len(answer.sources) if everything else _SHOWN)


def _place(cell: str, sheet: str | None) -> tuple[str, str]:
    """The sheet and the cell that somebody wrote."""
    name, mark, place = cell.rpartition("!")
    title = name.strip("'") if mark else sheet
    if not title:
        fail(_("請寫明工作表,例如 經費支用彙總表!D8,或加 --sheet"))
    return title, place.replace("$", "").upper()


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def _as_json(answer: Why) -> dict[str, Any]:
    rule = answer.rule
    return {
        "sheet": answer.sheet,
        "cell": answer.cell,
        "value": _plain(answer.value),
        "formula": answer.formula,
        "rule": rule._asdict() if rule else None,
        "precedents": [{"cell": name, "value": _plain(value)} for name, value in answer.named],
        "amounts": [
            {
                "cell": f"{leaf.sheet}!{leaf.cell}",
                "value": _plain(leaf.value),
                "entries": [source.place for source in leaf.sources],
            }
            for leaf in answer.leaves
        ],
        "entries": [source._asdict() for source in answer.sources],
    }


def _show(answer: Why, limit: int) -> None:
    click.secho(f"{answer.sheet}!{answer.cell} = {_number(answer.value)}", bold=True)
    if answer.formula:
        click.echo(_("公式:{formula}").format(formula=answer.formula))
    if answer.rule:
        click.echo(_("規定:{text}").format(text=answer.rule.text))
        if answer.rule.source:
            click.echo(
                _("出處:{source}({confidence})").format(
                    source=answer.rule.source, confidence=answer.rule.confidence
                )
            )
    if answer.named:
        click.echo(_("公式所用的儲存格:"))
        for name, value in answer.named[:limit]:
            click.echo(f"  {name} = {_number(value)}")
        _more(len(answer.named) - limit)
    if not answer.sources:
        click.echo(_("這一格沒有帳上的金額。"))
        return
    click.echo(_("分錄({count} 筆):").format(count=len(answer.sources)))
    amounts: dict[str, list[str]] = {}
    for leaf in answer.leaves:
        for source in leaf.sources:
            amounts.setdefault(source.place, []).append(f"{leaf.sheet}!{leaf.cell} = {_number(leaf.value)}")
    for source in answer.sources[:limit]:
        click.secho(f"  {source.place}", bold=True)
        for amount in amounts[source.place]:
            click.echo(f"    → {amount}")
        for line in source.text.split("\n"):
            click.echo(f"    {line}")
    _more(len(answer.sources) - limit)


def _more(left: int) -> None:
    if left > 0:
        click.echo(_("  另有 {count} 筆;加 --all 可看全部").format(count=left))


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
