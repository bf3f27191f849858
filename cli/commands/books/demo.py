"""`grant demo`: a finished sample case, made from sample files by the same steps that a company takes."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from cli.terminal.output import WholeType
from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import language_option
from cli.terminal.output import money
from cli.terminal.output import option
from cli.terminal.output import path_type
from ledger.util.i18n import _

FILES = Path(__file__).parents[2] / "demo_files"
TODAY = datetime.date(2024, 4, 30)  # the sample case's "today": everything is paid, withdrawn and remitted
_PORT = 5000
_FEWEST, _MOST = 40, 1000  # cases of a made-up portfolio; every kind of fault has cases of its own
_VOUCHERS, _SEED = 12, 7


@command("demo")
@click.argument("folder", metavar="[DIR]", default="demo", type=path_type)
@option("--serve/--no-serve", default=True, help="完成後開啟 Fava")
@option(
    "--portfolio",
    "cases",
    type=WholeType(_FEWEST, _MOST),
    metavar="N",
    help="改做 N 個虛構案件(40 到 1000),其中種入各種跨案疑點,並建立索引",
)
@language_option
def demo_command(folder: Path, serve: bool, cases: int | None) -> None:
    """示範:由樣本檔案建立案件、匯入、逐月月結、檢查、結算,再開啟 Fava。"""
    import shutil

    from desk.tour import is_demo

    if cases is not None:
        _portfolio(folder, cases)
        _open(folder, serve=serve)
        return
    if folder.exists() and any(folder.iterdir()):
        if not is_demo(folder):
            fail(_("{folder} 已有其他檔案,沒有更動;請另指定一個資料夾").format(folder=folder))
        shutil.rmtree(folder)
    errors = _build(folder)
    workbook = folder / "結算報表.xlsx"
    _say(5, _("結算報表"), _("每個合計都是公式,可用 Excel 或 LibreOffice 開啟:{path}").format(path=workbook))
    click.echo()
    click.secho(
        _("完成。案件在 {folder},帳本是 {main}。").format(folder=folder, main=folder / "main.beancount"),
        bold=True,
    )
    _open(folder, serve=serve)
    if errors:
        raise SystemExit(1)


def _open(folder: Path, *, serve: bool) -> None:
    """Serve the folder, or say how."""
    if serve:
        from cli.commands.program.serve import local_settings
        from cli.commands.program.serve import serve as serve_cases

        serve_cases(local_settings([folder]), "127.0.0.1", _PORT, any_port=True)
    else:
        click.echo(_("要用 Fava 看帳:grant serve {folder}").format(folder=folder))


def _portfolio(folder: Path, cases: int) -> None:
    """Write invented cases with a fault of each kind planted, and their index. Refuses a folder that holds anything."""
    from portfolio.crossed import up_to_date
    from portfolio.index import update_index
    from portfolio.synthetic import PLANTS
    from portfolio.synthetic import make_portfolio

    if folder.exists() and any(folder.iterdir()):
        fail(_("{folder} 已有其他檔案,沒有更動;請另指定一個資料夾").format(folder=folder))
    planted = make_portfolio(folder, cases=cases, vouchers=_VOUCHERS, seed=_SEED, plants=list(PLANTS))
    update_index(folder, day=TODAY)
    up_to_date(folder)
    _say(
        1, _("虛構案件"), _("{cases} 個案件,種入 {kinds} 種跨案疑點:").format(cases=cases, kinds=len(planted))
    )
    for each in planted:
        click.echo(f"   {each.check}:{_('、').join(each.cases)}")


def _say(step: int, title: str, text: str) -> None:
    click.secho(f"{step}. {title}", bold=True)
    click.echo(f"   {text}")


def _build(folder: Path) -> int:
    """Make the case step by step, telling each. Returns the number of errors that the checks find."""
    import shutil

    from cli.commands.books.import_ import show_report
    from desk.tour import DEMO
    from importers.ingest import import_files
    from ledger.files.award_file import read_award_file
    from ledger.operations.new_case import new_case

    scheme = new_case(folder, read_award_file(FILES / "award.toml"))
    (folder / DEMO).touch()
    _say(
        1,
        _("建立案件"),
        _("核定資料 award.toml({scheme})→ {folder}").format(scheme=scheme.name, folder=folder),
    )
    samples = sorted((FILES / "inbox").iterdir())
    for sample in samples:
        shutil.copyfile(sample, folder / "inbox" / sample.name)
    _say(
        2,
        _("匯入"),
        _("{count} 個樣本檔案:銀行交易明細、電子發票、憑證登記表、薪資清冊、掃描檔").format(
            count=len(samples)
        ),
    )
    show_report(import_files(folder), dry_run=False)
    _close_months(folder)
    return _check_and_settle(folder)


def _close_months(folder: Path) -> None:
    from checks.runs.close_month import close_month
    from ledger.loading.loader import load_case
    from ledger.util.dates import months_between

    award = load_case(folder).case.award
    assert award is not None  # noqa: S101 -- new_case() has written it
    _say(3, _("月結"), _("每個月宣告帳已定,算出可提領的補助款:"))
    for month in months_between(award.start, award.end):
        figures = close_month(folder, month, None, strict=False).figures
        line = _("   {month} 累計應得 {earned:>9} 元,先前已提領 {before:>9} 元,本次可提領 {now:>9} 元")
        click.echo(
            line.format(
                month=month,
                earned=money(figures.entitlement),
                before=money(figures.withdrawn_before),
                now=money(figures.withdrawable),
            )
        )


def _check_and_settle(folder: Path) -> int:
    from checks.runs.check_case import judge
    from cli.commands.reports.settle import show_settlement
    from cli.commands.reports.settle import write_settlement_of
    from cli.terminal.findings import Screen
    from ledger.case.settlement import settle_case
    from ledger.loading.loader import load_case

    loaded = load_case(folder, TODAY)
    findings = judge(loaded)
    _say(4, _("檢查與結算"), _("以 {today} 為今天").format(today=TODAY))
    Screen().show(folder, findings)
    settlement = settle_case(loaded.case, "final")
    show_settlement(settlement)
    write_settlement_of(loaded, settlement.stage, xlsx=folder / "結算報表.xlsx")
    return sum(finding.severity == "error" for finding in findings)
