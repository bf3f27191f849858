"""`grant check` and `grant explain`: what an auditor would object to, and why."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import as_of_option
from cli.output import command
from cli.output import day
from cli.output import fail
from cli.output import json_option
from cli.output import language_option
from cli.output import money
from cli.output import option
from cli.output import print_json
from ledger.i18n import _

if TYPE_CHECKING:
    from checks.finding import Finding


@command("check")
@click.argument("folders", metavar="CASE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_of_option
@option("--select", multiple=True, metavar="NAME", help="只做這些檢查(名稱或類別)")
@option("--ignore", multiple=True, metavar="NAME", help="不做這些檢查(名稱或類別)")
@json_option
@language_option
def check_command(
    folders: tuple[Path, ...],
    as_of: datetime.datetime | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    as_json: bool,
) -> None:
    """檢查案件。沒有錯誤時結束碼 0,有錯誤 1,無法檢查 2。"""
    from checks.certify import certify
    from checks.finding import UnknownCheckError
    from ledger.loading import CaseNotFoundError

    results = []
    try:
        for folder in folders:
            judged = certify(folder, as_of=day(as_of), select=_names(select), ignore=_names(ignore))
            results.append((folder, judged.findings))
    except (CaseNotFoundError, UnknownCheckError) as error:
        fail(error)
    if as_json:
        shown = [{"case": str(folder), "findings": [f.as_json() for f in found]} for folder, found in results]
        print_json(shown[0] if len(shown) == 1 else shown)
    else:
        for folder, findings in results:
            show_findings(folder, findings)
    if any(finding.severity == "error" for _folder, findings in results for finding in findings):
        sys.exit(1)


def _names(values: tuple[str, ...]) -> list[str]:
    return [name for value in values for name in value.split(",") if name]


def show_findings(folder: Path, findings: list[Finding]) -> None:
    """The findings of one case, errors first, each with its place."""
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = [finding for finding in findings if finding.severity == "warning"]
    for title, group in ((_("錯誤"), errors), (_("提醒"), warnings)):
        if group:
            click.secho(f"{title}({len(group)})", bold=True)
        for finding in group:
            _show_finding(folder, finding)
    if not findings:
        click.echo(_("{case}:沒有發現問題").format(case=folder))
        return
    total = _("{case}:{errors} 個錯誤,{warnings} 個提醒")
    click.echo(total.format(case=folder, errors=len(errors), warnings=len(warnings)))


def _show_finding(folder: Path, finding: Finding) -> None:
    stake = "" if finding.amount is None else _(",金額 {amount} 元").format(amount=money(finding.amount))
    click.echo(f"  {finding.message}")
    click.secho(f"    {finding.check}{stake}  {_place(folder, finding)}", dim=True)


def _place(folder: Path, finding: Finding) -> str:
    path = Path(finding.file)
    base = folder.resolve()
    shown = path.relative_to(base) if path.is_absolute() and path.is_relative_to(base) else path
    return f"{shown}:{finding.line}"


@command("explain")
@click.argument("name", required=False)
@option("--all", "everything", is_flag=True, help="列出全部檢查的說明")
@language_option
def explain_command(name: str | None, everything: bool) -> None:
    """說明一項檢查:發現什麼、規定與出處、如何改正、例子。"""
    from checks.catalogue import catalogue
    from ledger.docstrings import in_language
    from ledger.docstrings import summary

    checks = catalogue()
    if everything:
        for check in checks.values():
            click.echo(f"## {check.name}\n\n{in_language(check.documentation)}\n")
        return
    if name is None:
        for check in checks.values():
            click.echo(f"{check.name:34} {summary(check.documentation)}")
        return
    if name not in checks:
        from rapidfuzz import process

        near = [match[0] for match in process.extract(name, list(checks), limit=3)]
        fail(_("沒有「{name}」這項檢查;相近的有:{near}").format(name=name, near=_("、").join(near)))
    click.echo(f"{name}\n\n{in_language(checks[name].documentation)}")
