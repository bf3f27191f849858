"""`grant check` and `grant explain`: what an auditor would object to, and why."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.operation import at_operation
from cli.terminal.operation import at_option
from cli.terminal.output import WholeType
from cli.terminal.output import as_of_option
from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from checks.engine.waivers import Waived
    from checks.runs.check_case import Judged
    from checks.runs.check_many import CheckOptions
    from checks.runs.check_many import Looked
    from checks.runs.check_portfolio import Member
    from checks.runs.forecast import Upcoming

_MOST_DAYS = 3650
_MANY = 4  # cases, from where on a bar tells how far it is


@command("check")
@click.argument("folders", metavar="CASE…", nargs=-1, required=True, type=path_type)
@as_of_option
@option("--select", multiple=True, metavar="NAME", help="只做這些檢查(名稱或類別)")
@option("--ignore", multiple=True, metavar="NAME", help="不做這些檢查(名稱或類別)")
@option("--horizon", type=WholeType(1, _MOST_DAYS), metavar="DAYS", help="並列出幾天內將出現的錯誤與提醒")
@option("--format", "form", type=click.Choice(["table", "json", "sarif"]), default="table", help="輸出的格式")
@option("--all", "everything", is_flag=True, help="每項檢查的意見全部列出,不論多少")
@option("--no-cache", is_flag=True, help="已月結月份的帳本重新解析,不用快取(結果相同)")
@at_option
@json_option
@language_option
def check_command(
    folders: tuple[Path, ...],
    *,
    operation: str,
    as_of: datetime.date | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    horizon: int | None,
    form: str,
    everything: bool,
    no_cache: bool,
    as_json: bool,
) -> None:
    """檢查案件;給兩個以上時也互相比對。沒有錯誤時結束碼 0,有錯誤 1,無法檢查 2。"""
    from checks.runs.check_many import CheckOptions

    if operation and len(folders) > 1:
        fail(_("--at 只能用在一個案件"))
    choice = CheckOptions(
        as_of, _names(select), _names(ignore), horizon, not no_cache, together=len(folders) > 1
    )
    looked = _looked(folders, operation, choice)
    cases = [
        each.judged._replace(folder=folder)
        for folder, each in zip(folders, looked, strict=True)
        if each.judged
    ]
    coming = [each.upcoming for each in looked]
    unsafe = [each.refused for each in looked if each.refused]
    members = [each.member for each in looked]
    if any(members):
        cases = _beside(cases, members)
    _tell_of_repeated(folders)
    if as_json or form == "json":
        shown = [_as_json(judged, upcoming) for judged, upcoming in zip(cases, coming, strict=True)]
        print_json(shown[0] if len(shown) == 1 else shown)
    elif form == "sarif":
        print_json(_as_sarif(cases, coming))
    else:
        _show(cases, coming, horizon, everything=everything)
    if unsafe:
        fail("\n".join(unsafe))
    if any(finding.severity == "error" for judged in cases for finding in judged.findings):
        sys.exit(1)


def _looked(folders: tuple[Path, ...], operation: str, choice: CheckOptions) -> list[Looked]:
    """What stands against each case; ends the command where one cannot be judged at all."""
    from checks.runs.check_many import look_at_all

    found: list[Looked] = []
    with _progress(len(folders)) as step:
        for each in look_at_all([at_operation(folder, operation) for folder in folders], choice):
            if each.failed:
                fail(each.failed)
            found.append(each)
            step()
    return found


@contextlib.contextmanager
def _progress(cases: int) -> Iterator[Callable[[], None]]:
    """What tells of each case that it is done: a bar, where many are waited for at a screen."""
    if cases < _MANY or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("檢查案件"), total=cases)
        yield lambda: bar.advance(task)


def _beside(cases: Sequence[Judged], members: Sequence[Member | None]) -> list[Judged]:
    """Each case with what stands against it because of the others."""
    from checks.runs.check_portfolio import judge_together

    return [judged.beside(verdict) for judged, verdict in zip(cases, judge_together(members), strict=True)]


def _tell_of_repeated(folders: tuple[Path, ...]) -> None:
    """Say once of each case that was given more than once that it counts once."""
    for folder, times in Counter(folder.resolve() for folder in folders).items():
        if times > 1:
            click.echo(
                _("{case} 給了 {times} 次,跨案比對只算一次").format(case=folder, times=times), err=True
            )


def _names(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for value in values for name in value.split(",") if name)


def _as_json(judged: Judged, upcoming: Sequence[Upcoming] | None) -> dict[str, Any]:
    """The contract's keys; then, where there is any: the rules, what was waived, not looked at, and is to come."""
    shown: dict[str, Any] = {
        "case": str(judged.folder),
        "findings": [finding.as_json() for finding in judged.findings],
    }
    found = [*judged.findings, *(waived.finding for waived in judged.waived)]
    found += [each.finding for each in upcoming or ()]
    if found:
        from checks.presentation.explain import rules_json

        shown["rules"] = rules_json(finding.check for finding in found)
    if judged.waived:
        shown["waived"] = [
            waived.finding.as_json() | {"waiver": _waiver_json(waived)} for waived in judged.waived
        ]
    if judged.settings.off:
        shown["not_checked"] = sorted(judged.settings.off)
    if judged.settings.severity:
        shown["severity"] = dict(judged.settings.severity)
    if upcoming is not None:
        shown["horizon"] = [
            each.finding.as_json()
            | {"becomes": each.becomes, "due": each.due.isoformat() if each.due else None}
            for each in upcoming
        ]
    return shown


def _waiver_json(waived: Waived) -> dict[str, Any]:
    """The claim, and who confirmed it."""
    from ledger.model.records import place_of

    waiver, decision = waived.waiver, waived.decision
    at = place_of(waiver.entry)
    shown: dict[str, Any] = {
        "date": at.date.isoformat(),
        "reason": waiver.reason,
        "approval": waiver.approval,
        "file": at.file,
        "line": at.line,
    }
    if decision is not None:
        confirmed = {"by": decision.by, "date": decision.date.isoformat(), "reason": decision.reason}
        shown["confirmed"] = confirmed
    return shown


def _as_sarif(cases: Sequence[Judged], coming: Sequence[Sequence[Upcoming] | None]) -> dict[str, Any]:
    from checks.presentation.sarif import Run
    from checks.presentation.sarif import sarif

    return sarif(
        Run(
            folder=judged.folder,
            findings=judged.findings,
            waived=judged.waived,
            upcoming=upcoming or (),
            settings=judged.settings,
            case_id=judged.case_id,
        )
        for judged, upcoming in zip(cases, coming, strict=True)
    )


def _show(
    cases: Sequence[Judged],
    coming: Sequence[Sequence[Upcoming] | None],
    days: int | None,
    *,
    everything: bool,
) -> None:
    if days is None and not any(judged.findings or judged.waived or judged.notes for judged in cases):
        for judged in cases:
            click.echo(_("{case}:沒有發現問題").format(case=judged.folder))
        return
    from cli.terminal.findings import Horizon
    from cli.terminal.findings import Screen

    screen = Screen(everything=everything)
    for judged, upcoming in zip(cases, coming, strict=True):
        horizon = None if days is None or upcoming is None else Horizon(days, upcoming)
        screen.show(judged.folder, judged.findings, judged.waived, judged.notes, horizon)


@command("explain")
@click.argument("name", required=False)
@option("--all", "everything", is_flag=True, help="列出全部檢查的說明")
@language_option
def explain_command(name: str | None, everything: bool) -> None:
    """說明一項檢查:發現什麼、規定與出處、如何改正、例子。"""
    from checks.engine.catalogue import all_checks
    from ledger.util.docstrings import in_language
    from ledger.util.docstrings import summary

    checks = all_checks()
    if everything:
        from checks.presentation.rule_pages import handbook

        click.echo(handbook(), nl=False)
        return
    if name is None:
        for check in checks.values():
            click.echo(f"{check.name:34} {summary(check.documentation)}")
        return
    if name not in checks:
        from checks.engine.settings import near_names

        near = _("、").join(near_names(name, checks))
        fail(_("沒有「{name}」這項檢查;相近的有:{near}").format(name=name, near=near))
    click.echo(f"{name}\n\n{in_language(checks[name].documentation)}")
