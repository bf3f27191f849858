"""`grant portfolio …`: many cases at once: index, checks across them, samples, report, comparison, watch."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from cli.terminal.output import WholeType
from cli.terminal.output import as_of_option
from cli.terminal.output import date_type
from cli.terminal.output import fail
from cli.terminal.output import group
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import money
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from cli.terminal.output import print_table
from cli.terminal.output import warn
from ledger.util.i18n import _

if TYPE_CHECKING:
    from portfolio.cross_checks import CrossFinding
    from portfolio.dismissals import Dismissal

_dir = click.argument("folder", metavar="DIR", type=path_type)
_path = path_type


@group("portfolio")
@language_option
def portfolio_command() -> None:
    """許多案件一起看:索引、跨案比對、抽樣、報表。"""


@portfolio_command.command("index")
@_dir
@option("--jobs", type=WholeType(1), help="同時讀取的程序數(預設為全部核心)")
@option("--scheduler", default="", metavar="tcp://…", help="改由 Dask 叢集讀取")
@as_of_option
@json_option
@language_option
def index_command(
    folder: Path, *, jobs: int | None, scheduler: str, as_of: datetime.date | None, as_json: bool
) -> None:
    """建立或更新索引:只重讀有變動的案件。"""
    import sys

    from portfolio.index import update_index

    if as_json or not sys.stderr.isatty():
        indexed = update_index(folder, day=as_of, jobs=jobs, scheduler=scheduler)
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(_("讀取案件"), total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            indexed = update_index(folder, day=as_of, jobs=jobs, scheduler=scheduler, progress=progress)
    if as_json:
        print_json(indexed.as_json())
    else:
        click.echo(
            _("案件 {cases} 件:重讀 {read} 件,未變動 {unchanged} 件,讀不懂 {broken} 件").format(
                cases=indexed.cases,
                read=indexed.read,
                unchanged=indexed.unchanged,
                broken=len(indexed.broken),
            )
        )
        for each in indexed.broken:
            click.echo(f"  {each.case}: {each.reason}")


@portfolio_command.command("check")
@_dir
@json_option
@language_option
def check_command(folder: Path, *, as_json: bool) -> None:
    """跨案比對:重複報支、第二案、人月、供應商集中、發票連號、共用帳號、資金回流。"""
    found, dismissed = _found(folder)
    if as_json:
        print_json({"findings": [finding_json(finding, dismissed.get(finding.id)) for finding in found]})
    else:
        for finding in found:
            _say(finding, dismissed.get(finding.id))
        errors = sum(1 for f in found if f.severity == "error" and f.id not in dismissed)
        click.echo(
            _("{errors} 個跨案錯誤,{others} 個提醒或已排除").format(errors=errors, others=len(found) - errors)
        )
    if any(f.severity == "error" and f.id not in dismissed for f in found):
        raise SystemExit(1)


def _found(folder: Path) -> tuple[list[CrossFinding], dict[str, Dismissal]]:
    from portfolio.crossed import up_to_date
    from portfolio.dismissals import read_dismissals

    return up_to_date(folder), read_dismissals(folder)


def finding_json(finding: CrossFinding, dismissal: Dismissal | None) -> dict[str, Any]:
    """A finding as `grant portfolio check --json` shows it."""
    return {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity,
        "case": finding.case,
        "cases": list(finding.cases),
        "date": finding.date.isoformat() if finding.date else None,
        "message": finding.message,
        "amount": finding.amount,
        "voucher": finding.voucher or None,
        "dismissed": dismissal.reason if dismissal else None,
    }


def _say(finding: CrossFinding, dismissal: Dismissal | None) -> None:
    mark = _("已排除") if dismissal else _("錯誤") if finding.severity == "error" else _("提醒")
    click.echo(f"[{mark}] {finding.check} {finding.id}  {finding.case}")
    click.echo(f"    {finding.message}")
    if dismissal:
        click.echo(_("    排除理由:{reason}({by} {date})").format(**dismissal._asdict()))


@portfolio_command.command("dismiss")
@_dir
@click.argument("finding", metavar="ID")
@option("--reason", required=True, help="理由")
@option("--by", default="", help="誰排除的")
@option("--date", "on", type=date_type, help="日期(預設為今天)")
@language_option
def dismiss_command(folder: Path, finding: str, reason: str, by: str, on: datetime.date | None) -> None:
    """看過而排除一項跨案疑點;理由記在 dismissals.toml,疑點仍會顯示。"""
    from portfolio.dismissals import dismiss

    found, _dismissed = _found(folder)
    if finding not in {each.id for each in found}:
        fail(_("沒有編號 {id} 的跨案疑點;編號見 grant portfolio check").format(id=finding))
    dismiss(folder, finding, reason, by, on or datetime.date.today())
    click.echo(_("已排除 {id}").format(id=finding))


@portfolio_command.command("sample")
@_dir
@option(
    "--method", type=click.Choice(["monetary", "random", "stratified"]), default="monetary", help="抽樣方法"
)
@option("--size", type=WholeType(1), default=60, help="件數")
@option("--seed", required=True, help="種子(例如統一發票中獎號碼),同一種子抽出同樣的憑證")
@json_option
@language_option
def sample_command(folder: Path, *, method: str, size: int, seed: str, as_json: bool) -> None:
    """自全部案件的憑證抽樣。"""
    from portfolio.index import reading
    from portfolio.reporting.sampling import draw_portfolio

    with reading(folder) as connection:
        drawn = draw_portfolio(connection, method, size, seed)  # type: ignore[arg-type]
    if as_json:
        print_json(drawn.as_json())
        return
    rows = [[each.path, each.voucher, each.amount] for each in drawn.drawn]
    print_table(_("抽中的憑證"), [_("案件"), _("憑證"), _("報支金額")], rows, numbers=(2,))
    click.echo(
        _("母體 {vouchers} 張、{value} 元(摘要 {population});種子 {seed}").format(
            vouchers=drawn.vouchers, value=money(drawn.value), population=drawn.population, seed=seed
        )
    )


@portfolio_command.command("report")
@_dir
@option("-o", "output", required=True, type=_path, help="報表檔名(xlsx)")
@language_option
def report_command(folder: Path, output: Path) -> None:
    """全部案件的報表:風險排序、跨案疑點、各計畫的錯誤率、查核方式建議。"""
    from portfolio.reporting.report import write_report

    write_report(folder, output)
    click.echo(_("已產生 {path}").format(path=output))


@portfolio_command.command("fingerprint")
@_dir
@option("--key", required=True, type=_path, help="共用金鑰的檔案")
@option("-o", "output", required=True, type=_path, help="指紋檔")
@language_option
def fingerprint_command(folder: Path, key: Path, output: Path) -> None:
    """產生憑證指紋,給其他機關比對而不揭露帳目。"""
    from portfolio.blind import read_key
    from portfolio.blind import write_fingerprints
    from portfolio.index import reading

    with reading(folder) as connection:
        count = write_fingerprints(connection, read_key(key), output)
    click.echo(_("已產生 {path}:{count} 個指紋").format(path=output, count=count))


@portfolio_command.command("compare")
@_dir
@click.argument("file", type=_path)
@option("--key", required=True, type=_path, help="共用金鑰的檔案")
@json_option
@language_option
def compare_command(folder: Path, file: Path, *, key: Path, as_json: bool) -> None:
    """與其他機關的指紋檔比對,列出兩邊都報支的憑證。"""
    from portfolio.blind import compare
    from portfolio.blind import read_key
    from portfolio.index import reading

    with reading(folder) as connection:
        hits = compare(connection, read_key(key), file)
    if as_json:
        print_json({"hits": [{"case": hit.path, "voucher": hit.voucher, "amount": hit.cost} for hit in hits]})
    else:
        rows = [[hit.path, hit.voucher, hit.cost] for hit in hits]
        print_table(_("兩邊都報支的憑證"), [_("案件"), _("憑證"), _("報支金額")], rows, numbers=(2,))
    if hits:
        raise SystemExit(1)


@portfolio_command.command("watch")
@_dir
@click.argument("files", nargs=-1, required=True, type=_path)
@json_option
@language_option
def watch_command(folder: Path, files: tuple[Path, ...], *, as_json: bool) -> None:
    """讀取之後下載的電子發票檔案,找出已報支而後來作廢或減少的發票。"""
    from portfolio.index import reading
    from portfolio.watch import watch

    with reading(folder) as connection:
        found, unread = watch(connection, files)
    if as_json:
        refused = [{"file": each.file, "reason": each.reason} for each in unread]
        print_json({"found": [each.as_json() for each in found], "unread": refused})
    else:
        for each in found:
            click.echo(each.message)
        click.echo(_("{count} 張已報支的發票後來有變動").format(count=len(found)))
    for refusal in unread:
        warn(_("讀不懂 {file}:{reason}").format(file=refusal.file, reason=refusal.reason))
    if found or unread:
        raise SystemExit(1)
