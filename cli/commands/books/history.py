"""`grant log`, `show`, `undo`, `restore`: what was done to a case, in words, and taking it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.operation import operate
from cli.terminal.operation import operation_options
from cli.terminal.operation import options_of
from cli.terminal.output import command
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from cli.terminal.output import print_table
from ledger.util.i18n import _

if TYPE_CHECKING:
    from ledger.operations.apply import Ready
    from ledger.operations.edit import Context

_case = click.argument("folder", metavar="CASE", type=path_type)


@command("log")
@_case
@json_option
@language_option
def log_command(folder: Path, *, as_json: bool) -> None:
    """案件的操作紀錄:何時、誰、做了什麼、能不能復原。"""
    import datetime

    from ledger.files.history import History
    from ledger.loading.loader import load_case
    from ledger.operations.edit import Context
    from ledger.operations.undo import refusal

    loaded = load_case(folder, datetime.date.max)
    base = loaded.case.folder or folder
    history = History(base)
    operations = history.operations()
    context = Context(loaded, lambda name: _text(base / name))
    told = [
        {
            "id": operation.id,
            "date": operation.date.isoformat(),
            "by": operation.by,
            "kind": operation.kind,
            "text": operation.text,
            "undoable": not refusal(context, history, operation),
        }
        for operation in operations
    ]
    if as_json:
        print_json({"operations": told})
        return
    if not told:
        click.echo(_("這個案件還沒有操作紀錄;下一次匯入、更正或月結時開始保存"))
        return
    rows = [
        [each["id"], each["date"], each["by"], each["text"], _("可") if each["undoable"] else ""]
        for each in reversed(told)
    ]
    print_table(_("操作紀錄"), [_("編號"), _("日期"), _("經手"), _("內容"), _("可復原")], rows)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""


@command("show")
@_case
@click.argument("operation")
@json_option
@language_option
def show_command(folder: Path, operation: str, *, as_json: bool) -> None:
    """一個操作改了什麼,逐檔列出前後的差異。"""
    from ledger.files.history import History
    from ledger.loading.loader import main_file

    history = History(main_file(folder).parent)
    found = history.operation(operation)
    changed = [
        {"file": change.name, "difference": "\n".join(change.difference(2))}
        for change in history.changes(found)
    ]
    if as_json:
        print_json(
            {
                "id": found.id,
                "date": found.date.isoformat(),
                "by": found.by,
                "kind": found.kind,
                "text": found.text,
                "files": changed,
            }
        )
        return
    click.echo(f"{found.id}  {found.date}  {found.by}  {found.text}")
    for each in changed:
        click.echo("\n" + each["difference"])


@command("undo")
@_case
@click.argument("operation", required=False)
@operation_options
def undo_command(folder: Path, operation: str | None, **values: Any) -> None:
    """復原一個操作(預設為最後一個);匯入復原後,檔案回到 inbox。"""
    _take_back(folder, operation, "undo", values)


@command("restore")
@_case
@click.argument("operation")
@operation_options
def restore_command(folder: Path, operation: str, **values: Any) -> None:
    """恢復被移除的資料:OPERATION 是移除時的操作編號(grant log)。"""
    _take_back(folder, operation, "restore", values)


def _take_back(folder: Path, number: str | None, kind: str, values: dict[str, Any]) -> None:
    from ledger.files.history import History
    from ledger.loading.loader import main_file
    from ledger.operations.apply import ready
    from ledger.operations.undo import last_undoable
    from ledger.operations.undo import plan_undo

    options = options_of(values)
    history = History(main_file(folder).parent)

    def plan(context: Context) -> Ready:
        operation = history.operation(number) if number else last_undoable(history)
        undone = plan_undo(context, history, operation, kind=kind)
        return ready(undone.planned, by=options.by, undoes=operation.id, moves=undone.moves)

    operate(folder, options, plan)
