"""Running an operation on a case from the command line: what it changes is told first, then it is written."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import TypeVar

import click

from cli.terminal.output import date_type
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import money
from cli.terminal.output import option
from cli.terminal.output import print_json
from ledger.util.i18n import _

if TYPE_CHECKING:
    import datetime

    from ledger.operations.apply import Ready
    from ledger.operations.edit import Context
    from ledger.operations.edit import Effect

F = TypeVar("F", bound=Callable[..., Any])


class Options(NamedTuple):
    """What every operation's command takes."""

    by: str
    reopen: bool
    date: datetime.date | None
    dry_run: bool
    yes: bool
    as_json: bool


def operation_options(command: F) -> F:
    """The options of every operation; the command gets them as one `Options` by `options_of`."""
    for decorate in (
        language_option,
        json_option,
        option("--yes", is_flag=True, help="不再詢問,直接寫入"),
        option("--dry-run", is_flag=True, help="只顯示會改變什麼,不寫入"),
        option("--date", "on", type=date_type, help="重開月結的日期(預設為今天)"),
        option(
            "--reopen",
            is_flag=True,
            help="資料在已月結的月份時,重開該月後在原處更正(預設為在未月結的月份沖回)",
        ),
        option("--by", default="", help="誰做的(預設為電腦的使用者)"),
    ):
        command = decorate(command)
    return command


def options_of(values: dict[str, Any]) -> Options:
    """The `Options` among a command's keyword arguments."""
    on = values["on"]
    return Options(
        values["by"],
        values["reopen"],
        on,
        values["dry_run"],
        values["yes"],
        values["as_json"],
    )


def operate(folder: Path, options: Options, plan: Callable[[Context], Ready]) -> None:
    """Plan an operation on the case in `folder`, tell what it changes, and write it unless that was not wanted."""
    import datetime

    from checks.runs.judge import judge
    from ledger.files.writer import CaseWriter
    from ledger.loading.loader import load_case
    from ledger.loading.loader import main_file
    from ledger.operations.edit import Context

    base = main_file(folder).parent
    with CaseWriter(base) as writer:
        loaded = load_case(base, datetime.date.max)
        reopen = (options.date or datetime.date.today()) if options.reopen else None
        ready = plan(Context(loaded, writer.text, judge, reopen))
        if not options.as_json:
            show(ready.text, ready.effect)
        wanted = not options.dry_run and _confirmed(options)
        number = ready.write(writer) if wanted else ""
    if options.as_json:
        told = {"operation": number or None, "kind": ready.kind, "text": ready.text}
        print_json(told | ready.effect.as_json())
    elif number:
        click.echo(_("已寫入(操作 {id});要復原請執行 grant undo").format(id=number))
    else:
        click.echo(_("沒有寫入任何東西"))


def _confirmed(options: Options) -> bool:
    if options.yes or options.as_json or not sys.stdin.isatty():
        return True
    return click.confirm(_("要寫入嗎?"))


def show(text: str, effect: Effect) -> None:
    """An operation, and what it changes, in words."""
    click.echo(text)
    for split in effect.splits:
        click.echo(
            _("  憑證 {number} 的政府補助款由 {before} 改為 {after}").format(
                number=split.voucher, before=money(split.before), after=money(split.after)
            )
        )
    for earned in effect.entitlement:
        click.echo(
            _("  {month} 月底累計可提領的支用數由 {before} 改為 {after}").format(
                month=earned.month, before=money(earned.before), after=money(earned.after)
            )
        )
    _told(_("  將出現:{message}"), effect.findings_new)
    _told(_("  將消失:{message}"), effect.findings_gone)


def _told(template: str, findings: Sequence[tuple[str, str, str]]) -> None:
    for _check, _voucher, message in findings:
        click.echo(template.format(message=message))


def at_option(command: F) -> F:
    """`--at OPERATION`: the case as it was just after an operation of its history."""
    return option(
        "--at", "operation", default="", metavar="OPERATION", help="依某個操作之後的帳(編號見 grant log)"
    )(command)


def at_operation(folder: Path, operation: str) -> Path:
    """The case's folder as a command reads it: a copy as of `operation` while the command runs, or itself."""
    return click.get_current_context().with_resource(folder_at(folder, operation))


@contextlib.contextmanager
def folder_at(folder: Path, operation: str) -> Iterator[Path]:
    """The case's folder, or a copy of it as it was after `operation` while the block runs."""
    if not operation:
        yield folder
        return
    from ledger.loading.loader import main_file
    from ledger.operations.as_of import case_at

    with case_at(main_file(folder).parent, operation) as copy:
        yield copy
